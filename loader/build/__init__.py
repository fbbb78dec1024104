"""The writing half of a release: built aside, verified, and switched to in one step.

A release is put together in ``<home>/.building/<id>`` and renamed to ``<home>/releases/<id>`` when
it is whole and on the disk; then ``<home>/current`` is replaced by one rename. Until that moment
nothing that is served has changed.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from loader.build.difference import compare, files_of
from loader.build.durable import (
    BUILDING,
    UNSERVED,
    announce,
    clear_leftovers,
    sync,
    sync_tree,
)
from loader.build.growth import WHOLE, Base, base_beside, base_of, grow
from loader.build.lock import LOCK as LOCK
from loader.build.lock import WRITING as WRITING
from loader.build.lock import exclusive as exclusive
from loader.build.spool import Dump, LineSpool
from loader.build.store import StoreFiller
from loader.build.store_files import measure
from loader.hard_links import are_shared, carry
from loader.release import (
    CURRENT,
    LAYOUT_VERSION,
    MANIFEST,
    RELEASES,
    Release,
    current,
    releases,
    sha256,
)


@dataclass
class ReleaseBuilder:
    """Puts a release together. Use it as a context manager: leaving it clears what is unfinished.

    ``datasets`` is the part of the manifest about each dataset, by name.
    """

    home: Path
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    _filler: StoreFiller = field(init=False, repr=False)
    _base: Base | None = field(init=False, repr=False, default=None)
    _earlier: Release | None = field(init=False, repr=False, default=None)
    _store: dict[str, Any] = field(init=False, repr=False, default_factory=dict)
    _files: dict[str, dict[str, Any]] = field(init=False, repr=False, default_factory=dict)
    _dumps: dict[Path, dict[str, Any]] = field(init=False, repr=False, default_factory=dict)
    """What is known of the dumps since they were written."""

    @property
    def folder(self) -> Path:
        """Where the release is put together."""
        return self.home / BUILDING / "release"

    def __enter__(self) -> "ReleaseBuilder":
        clear_leftovers(self.home, current(self.home))
        for name in ("dumps", "about", "reports", "sources", "packages"):
            (self.folder / name).mkdir(parents=True)
        self._filler = StoreFiller(self.folder / "store")
        return self

    def __exit__(self, *_: object) -> None:
        self._filler.close()
        shutil.rmtree(self.home / BUILDING, ignore_errors=True)

    def build_on(self, release: Release, changed_bytes: int) -> None:
        """Let the store grow from that of ``release`` where little of it changes.

        ``changed_bytes`` is the size of the sources that are mapped again. It decides whether
        lines are loaded while they are made; ``fill`` decides anew when it knows what differs.
        """
        self._base = base_of(release, changed_bytes)

    def build_beside(self, release: Release) -> None:
        """Let the store grow from that of ``release``, of which only what is written changes."""
        self._base = base_beside(release)

    def carry_over(self, release: Release, without: str) -> None:
        """Carry over all files of an earlier release but one, by hard links."""
        self._earlier = release
        self.datasets = dict(release.datasets)
        for name in release.manifest["files"]:
            if name != without:
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                carry(release.path / name, target)

    def spool(self, dataset: str) -> LineSpool:
        """Return where the lines of a dataset are collected.

        They also go to the store, where that does not grow from an earlier one.
        """
        folder = self.home / BUILDING / "runs" / dataset
        if self._base is not None:
            return LineSpool(folder)
        return LineSpool(folder, on_piece=lambda text: self._filler.load(dataset, text))

    def aside(self, name: str) -> LineSpool:
        """Return where the lines of another graph are collected, for a file of the release."""
        return LineSpool(self.home / BUILDING / "runs" / f"graph-{name}")

    def write_dump(self, name: str, spool: LineSpool) -> Dump:
        """Write the canonical dump of a dataset."""
        dump = spool.finish(self.folder / "dumps" / f"{name}.nq")
        self._dumps[dump.path] = {"bytes": dump.bytes, "sha256": dump.sha256}
        return dump

    def write_about(self, name: str, lines: Sequence[str]) -> None:
        """Write the lines about a dataset that lie in graphs of the house, such as provenance."""
        _write_lines(self.folder / "about" / f"{name}.nq", lines)

    def write_json(self, folder: str, name: str, content: Mapping[str, Any]) -> None:
        """Write a report (``reports``) or a description (``packages``) of a dataset."""
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (self.folder / folder / f"{name}.json").write_text(text, encoding="utf-8")

    def copy_source(self, dataset: str, file: str, path: Path) -> None:
        """Keep a source file as it was published."""
        folder = self.folder / "sources" / dataset
        folder.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / file)

    def drop(self, name: str) -> None:
        """Forget what was written of a dataset that is held back."""
        self._filler.spoil(name)
        self._clear(name)

    def _clear(self, name: str) -> None:
        self.datasets.pop(name, None)
        for path in self._files_of(self.folder, name):
            self._dumps.pop(path, None)
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "sources" / name, ignore_errors=True)

    def keep(self, release: Release, name: str) -> None:
        """Carry a dataset over from an earlier release, by hard links.

        What this publish wrote of it must have been dropped, or have the same dump.
        """
        self._clear(name)
        self._earlier = release
        self.datasets[name] = release.datasets[name]
        (self.folder / "sources" / name).mkdir()
        sources = sorted((release.path / "sources" / name).iterdir())
        for path in [*self._files_of(release.path, name), *sources]:
            carry(path, self.folder / path.relative_to(release.path))

    @staticmethod
    def _files_of(folder: Path, name: str) -> list[Path]:
        return [
            folder / "dumps" / f"{name}.nq",
            folder / "about" / f"{name}.nq",
            folder / "reports" / f"{name}.json",
            folder / "packages" / f"{name}.json",
        ]

    def write_graph(self, name: str, lines: Sequence[str]) -> None:
        """Write a graph of the house that is about all datasets, such as ``catalog``."""
        _write_lines(self.folder / f"{name}.nq", lines)

    def write_file(self, name: str, content: bytes) -> None:
        """Write a document at the top of the release."""
        (self.folder / name).write_bytes(content)

    def same_as(self, release: Release) -> bool:
        """Whether the release would hold the same datasets and graphs as ``release``."""
        mine = {path.name: sha256(path) for path in self.folder.glob("*.nq")}
        theirs = {path.name: sha256(path) for path in release.path.glob("*.nq")}
        return _content(self.datasets) == _content(release.datasets) and mine == theirs

    def begin_store(self) -> None:
        """Compact the store in the background, where it is made whole: all datasets are there."""
        if self._base is None:
            self._filler.compact(sorted((self.folder / "dumps").glob("*.nq")))

    def fill(self) -> int:
        """Fill the store with all dumps and graphs, and verify it; return how many quads it has."""
        self._hash_files()
        quads = self._grow(self._base) if self._base else None
        if quads is None:
            self._store = dict(WHOLE)
            quads = self._filler.finish(files_of(self.folder))
            self._filler.close()
        self._store["files"] = measure(
            self.folder / "store", self._base.release if self._base else None
        )
        return quads

    def _grow(self, base: Base) -> int | None:
        """Make the store from that of an earlier release; None where it has to be built whole."""
        aside, store = self.home / BUILDING / "difference", self.folder / "store"
        found = compare(base.release.path, self.folder, aside, base.most_lines)
        quads = grow(base, store, found) if found else None
        if quads is None:
            shutil.rmtree(store, ignore_errors=True)
            return None
        self._store = base.entry
        return quads

    def finish(
        self,
        identifier: str,
        manifest: Mapping[str, Any],
        seal: Callable[[Path], None] = lambda _: None,
    ) -> Release:
        """Write the manifest, see that all is on the disk, and move the release to its place.

        ``seal`` gets the folder of the release when its manifest is written, to sign it.
        """
        own = {"id": identifier, "datasets": self.datasets, "store": self._store}
        self._write_manifest({**manifest, **own})
        seal(self.folder)
        announce(self.home, identifier)
        return settle(self.folder, self.home, identifier)

    def _hash_files(self) -> None:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.parent.name != "store":
                name = str(path.relative_to(self.folder))
                self._files[name] = self._as_stated(name) or self._hashed(path)

    def _as_stated(self, name: str) -> dict[str, Any] | None:
        """Return what an earlier manifest says of a file that is shared with its release."""
        if self._earlier and are_shared(self._earlier.path / name, self.folder / name):
            stated: dict[str, Any] | None = self._earlier.manifest["files"].get(name)
            return stated
        return None

    def _hashed(self, path: Path) -> dict[str, Any]:
        sync(path)
        return self._dumps.get(path) or {"bytes": path.stat().st_size, "sha256": sha256(path)}

    def _write_manifest(self, manifest: Mapping[str, Any]) -> None:
        content = {**manifest, "layout": LAYOUT_VERSION, "files": self._files}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


def _content(datasets: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what is said of datasets, without what it was made from."""
    return {
        name: {key: value for key, value in entry.items() if key != "inputs"}
        for name, entry in datasets.items()
    }


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(sorted(set(lines))), encoding="utf-8")


def new_identifier(home: Path, now: datetime, fingerprint: str) -> str:
    """Return an identifier that sorts after all releases of the home, whatever the clock says."""
    known = releases(home)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    if known and known[-1].id >= stamp:
        previous, _, _ = known[-1].id.partition("-")
        base, _, counter = previous.partition(".")
        stamp = f"{base}.{int(counter or 0) + 1:04d}"
    return f"{stamp}-{fingerprint[:8]}"


def settle(folder: Path, home: Path, identifier: str) -> Release:
    """Move a release that is whole to its place, when all of it is on the disk."""
    sync_tree(folder)
    place = home / RELEASES / identifier
    place.parent.mkdir(exist_ok=True)
    sync(home)
    os.rename(folder, place)
    sync(place.parent)
    return Release(place)


def switch(home: Path, release: Release) -> None:
    """Make ``release`` the one that is served, by one rename of a symbolic link."""
    temporary = home / f".{CURRENT}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path(RELEASES) / release.id)
    os.replace(temporary, home / CURRENT)
    sync(home)
    (home / UNSERVED).unlink(missing_ok=True)
