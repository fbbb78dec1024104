"""The links of a release: found, chosen, written; what the catalogue and the manifest say of them.

``links.nq`` of a release has all links; ``links/`` what the next publish goes on from.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader import release
from loader.build import ReleaseBuilder
from loader.build.spool import LineSpool
from loader.config import Config
from loader.links import Links, find_pairs
from loader.links.ledger import read_ledger
from loader.links.selection import Status
from loader.published import Linkset
from loader.release import Release

FILE = "links.nq"
_LINES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the links of a release; ``sha256`` is that of ``links.nq``."""

    linksets: tuple[Linkset, ...]
    proposed: int
    sha256: str

    def manifest(self, threshold: float) -> dict[str, Any]:
        """Return what the manifest says of the links (docs/releases.md)."""
        counted: dict[str, Counter[str]] = {}
        for linkset in self.linksets:
            for name, key in _counted(linkset):
                counted.setdefault(name, Counter())[key] += linkset.triples
        return {
            "published": sum(one.triples for one in self.linksets if not one.uri_space),
            "proposed": self.proposed,
            "threshold": threshold,
            "datasets": {name: dict(sorted(counts.items())) for name, counts in counted.items()},
        }


def _counted(linkset: Linkset) -> list[tuple[str, str]]:
    """Name the datasets that a set of links counts for, and as what."""
    if linkset.uri_space:
        return [(linkset.dataset, linkset.target)]
    return [(linkset.dataset, "datasets"), (linkset.target, "datasets")]


def link_release(builder: ReleaseBuilder, current: Release | None, config: Config) -> Linked:
    """Link the datasets of the release that is being built.

    Raises SourceError for a ledger that cannot be read.
    """
    before = release.current(builder.home)
    earlier = [*before.earlier_bases, before.base_iri] if before else []
    ledger = read_ledger(builder.home, config.policy.base, earlier)
    names = sorted(builder.datasets)
    unchanged = [name for name in names if current and _is_same(builder, current, name)]
    before_path = current.path if current else None
    find_pairs(builder.folder, before_path, unchanged, names, always=bool(ledger))
    dates = {name: _date(entry) for name, entry in builder.datasets.items()}
    links = Links(builder.folder, config.policy, dates)
    spool = LineSpool(builder.folder.parent / "runs" / "links")
    for line in links.lines(ledger, config.links_threshold):
        spool.add([line])
    dump = spool.finish(builder.folder / FILE)
    return Linked(tuple(links.linksets()), links.statuses[Status.PROPOSED], dump.sha256)


def _is_same(builder: ReleaseBuilder, current: Release, name: str) -> bool:
    return bool(builder.datasets[name] == current.datasets.get(name))


def _date(entry: Mapping[str, Any]) -> str:
    return str(entry["modified"] or entry["issued"] or "")
