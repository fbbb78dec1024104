"""What ``validate`` and ``shapes infer`` look at of a release: all of it, or a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.fetch import Fetcher, Refusal
from loader.model import FindingLog
from loader.release import Release
from loader.source.served_release import ENDPOINT, ServedRelease, is_release_address

_OF_A_DATASET = ("dumps/{}.nq", "reports/{}.json", "packages/{}.json")


@dataclass(frozen=True, slots=True)
class Scope:
    """The datasets of a release that are looked at; ``house`` says whether its own graphs are."""

    release: Release
    names: Sequence[str]
    house: bool

    @classmethod
    def whole(cls, path: Path) -> "Scope":
        """All of the release in a folder; raises ReleaseError."""
        release = Release(path)
        return cls(release, list(release.datasets), True)

    def wants_dump(self, file: str) -> bool:
        """Whether a file of the manifest is the dump of a dataset that is looked at."""
        return file in {f"dumps/{name}.nq" for name in self.names}

    def wants(self, file: str) -> bool:
        """Whether a file of the manifest is needed for it."""
        house = house_files(self.release)
        folders = tuple(f"sources/{name}/" for name in self.names)
        own = {form.format(name) for name in self.names for form in _OF_A_DATASET}
        return file in own or file.startswith(folders) or (self.house and file in house)


def house_files(release: Release) -> list[str]:
    """The graphs of a release that are about all of it."""
    return [name for name in release.graph_files if not name.startswith("dumps/")]


def is_served(url: str, graph: str | None) -> bool:
    """Whether an address is that of an endpoint or of a release, and not of a file."""
    return bool(graph) or url.endswith(ENDPOINT) or is_release_address(url)


def served_scope(
    url: str,
    graph: str | None,
    fetcher: Fetcher,
    folder: Path,
    findings: FindingLog,
    dumps_only: bool = False,
) -> Scope | None:
    """Fetch what is asked for of the release that an address serves, into ``folder``.

    None where it serves none, or where ``graph`` is no dataset of it, and, with a violation in the
    log, where it cannot be fetched.
    """
    served = ServedRelease.at(url, fetcher)
    if served is None:
        return None
    try:
        release = served.fetch_manifest(folder)
        scope = _scope(release, graph)
        if scope is not None:
            served.fetch_files(release, scope.wants_dump if dumps_only else scope.wants)
    except Refusal as refusal:
        findings.add(refusal.finding(served.address))
        return None
    return scope


def _scope(release: Release, graph: str | None) -> Scope | None:
    if graph is None:
        return Scope.whole(release.path)
    names = [name for name, entry in release.datasets.items() if entry["graph"] == graph]
    return Scope(release, names, False) if names else None
