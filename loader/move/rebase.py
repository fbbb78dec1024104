"""A release under another base IRI: the same data, every IRI of ours moved, line by line.

Nothing is mapped again and the sources are not needed; memory does not grow with the data. The
dumps and the catalogue are what publishing the same data under the new base IRI gives.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from loader.build import ReleaseBuilder, exclusive, new_identifier, switch
from loader.build.spool import Dump
from loader.clock import now
from loader.config import Config
from loader.describe import describe_site
from loader.errors import ReleaseError
from loader.hard_links import carry
from loader.linking import link_release
from loader.model import FindingLog
from loader.move.bases import FILE, move_lines, rebased, with_bases
from loader.proof.seal import Sealer, open_sealer
from loader.release import Release, current
from loader.tombstones import FOLDER as TOMBSTONES
from loader.written import with_written

_MADE_ANEW = ("catalog.", "vocabulary.", FILE)
"""What is made from the descriptions of the datasets, or is not of one base IRI."""


@dataclass(slots=True)
class Rebase:
    """Moves what is served to the base IRI of ``config``; ``findings`` are those of signing."""

    home: Path
    config: Config
    started: datetime = field(default_factory=now)
    findings: FindingLog = field(default_factory=FindingLog)
    _sealer: Sealer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # A key that cannot sign is told before the work begins, not after it.
        self._sealer = open_sealer(self.home, self.config)

    def run(self) -> Release:
        """Make the release and switch to it. Raises a TsunaguError; nothing has changed then."""
        with exclusive(self.home), ReleaseBuilder(self.home) as builder:
            before = current(self.home)
            if before is None:
                raise ReleaseError("serve.nothing", home=self.home)
            if before.base_iri == self.config.policy.base:
                raise ReleaseError("rebase.same", base=before.base_iri)
            made = self._release(builder, before)
            switch(self.home, made)
        return made

    def _release(self, builder: ReleaseBuilder, before: Release) -> Release:
        for name in before.datasets:
            self._dataset(builder, before, name)
        linked = link_release(builder, None, self.config)
        manifest = describe_site(builder, self.config, self.started, linked)
        self._others(builder, before)
        manifest = with_bases(manifest, builder, before, self.config.policy)
        manifest = with_written(manifest, builder.folder)
        quads = builder.fill()
        identifier = new_identifier(self.home, self.started, manifest["fingerprint"])
        return builder.finish(
            identifier,
            {**manifest, "quads": quads},
            lambda folder: self._sealer.seal(folder, self.findings),
        )

    def _dataset(self, builder: ReleaseBuilder, before: Release, name: str) -> None:
        spool = builder.spool(name)
        move_lines(before.dump(name), self._mover(before), spool)
        dump = builder.write_dump(name, spool)
        self._package(builder, before, name, dump)
        self._entry(builder, before, name)

    def _mover(self, before: Release) -> "_Mover":
        return _Mover(before.base_iri, self.config.policy.base)

    def _package(self, builder: ReleaseBuilder, before: Release, name: str, dump: Dump) -> None:
        path = Path("packages") / f"{name}.json"
        content = json.loads((before.path / path).read_bytes())
        content |= {"dump_bytes": dump.bytes, "dump_sha256": dump.sha256}
        content["classes"] = sorted(map(self._mover(before).text, content["classes"]))
        builder.write_json("packages", name, content)

    def _entry(self, builder: ReleaseBuilder, before: Release, name: str) -> None:
        entry, base = before.datasets[name], self.config.policy.base
        fingerprint = hashlib.sha256(f"{entry['fingerprint']} {base}".encode()).hexdigest()
        # Nobody can tell without the sources what making it again would be made from.
        kept = {key: value for key, value in entry.items() if key != "inputs"}
        builder.datasets[name] = {
            **kept,
            "graph": self.config.policy.graph(name),
            "fingerprint": fingerprint,
        }

    def _others(self, builder: ReleaseBuilder, before: Release) -> None:
        """Move the files that are not made anew; what is neither quads nor a report stays."""
        graphs = set(before.graph_files)
        if (before.path / TOMBSTONES).is_dir():
            # Its being there says that nothing was lost before, also where it is empty.
            (builder.folder / TOMBSTONES).mkdir()
        for name in before.manifest["files"]:
            target = builder.folder / name
            if target.exists() or name.startswith(_MADE_ANEW):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if name in graphs:
                spool = builder.aside(name.replace("/", "-"))
                move_lines(before.path / name, self._mover(before), spool)
                spool.finish(target)
            elif name.startswith("reports/"):
                report = json.loads((before.path / name).read_bytes())
                builder.write_json("reports", target.stem, self._mover(before).report(report))
            else:
                carry(before.path / name, target)


@dataclass(frozen=True, slots=True)
class _Mover:
    old: str
    new: str

    def __call__(self, line: str) -> str:
        return rebased(line, self.old, self.new)

    def text(self, text: str) -> str:
        return text.replace(self.old, self.new)

    def report(self, content: Any) -> Any:
        """Move the IRIs in texts of ours; what a publisher wrote into a cell stays."""
        if isinstance(content, str):
            return self.text(content)
        if isinstance(content, list):
            return [self.report(item) for item in content]
        if isinstance(content, Mapping):
            return {
                key: item if key == "value" else self.report(item) for key, item in content.items()
            }
        return content
