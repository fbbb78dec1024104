"""Keeps a tombstone of everything that disappears, from release to release.

Written while a release is built, from the sorted files of the releases before it; what a dataset
lost is read only where its files changed, so the cost is that of the changed datasets.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from loader.hard_links import carry
from loader.history.changes import DatasetChanges, labels, state_of
from loader.history.comparison import Change, Comparison, Kind, is_same_file
from loader.history.replacement import NOTHING, Replacement, Replacements
from loader.release import Release
from loader.tombstones import (
    FOLDER,
    SITE,
    SUFFIX,
    Tombstone,
    key_of,
    names,
    tombstone_file,
    tombstones,
)

Event = tuple[bytes, Tombstone | None]
"""An IRI that is gone with its tombstone, or that is there again with None; sorted by the key."""

_SITE_FILES = ("catalog.nq", "vocabulary.nq")
"""What the site says of itself; links between datasets are no description of things."""


@dataclass(slots=True)
class Graveyard:
    """Writes the tombstones of a release that is being built in ``folder``.

    ``earlier`` are the releases whose IRIs must not be forgotten, the current one first.
    ``ledgers`` lead, by dataset, from IRIs (relative to ``base``) to those that a ledger gives
    the same things. ``gone`` is the time of this publish (ISO 8601).
    """

    folder: Path
    base: str
    gone: str
    earlier: Sequence[Release]
    ledgers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def fill(self, datasets: Iterable[str]) -> list[DatasetChanges]:
        """Write them; return what differs from the current release in the datasets that do.

        ``datasets`` are the names of those that the new release has.
        """
        (self.folder / FOLDER).mkdir(exist_ok=True)
        known = {name for release in self.earlier for name in release.datasets}
        known |= {name for release in self.earlier for name in names(release)} - {SITE}
        new = set(datasets)
        found = [self._dataset(name, name in new) for name in sorted(known | new)]
        self._write(SITE, _SITE_FILES, None)
        return [changes for changes in found if changes is not None]

    def _dataset(self, name: str, is_there: bool) -> DatasetChanges | None:
        changes = None
        if self.earlier and (is_there or name in self.earlier[0].datasets):
            changes = DatasetChanges(name, state_of(name, self.earlier[0].datasets, is_there))
        self._write(name, (f"dumps/{name}.nq", f"about/{name}.nq"), changes)
        return changes if changes and changes.differs else None

    def _write(self, name: str, files: Sequence[str], changes: DatasetChanges | None) -> None:
        """Write the tombstones of a dataset, or carry them over where none of its files changed."""
        target = self.folder / FOLDER / f"{name}{SUFFIX}"
        if all(self._has(release, name, files) for release in self.earlier):
            for release in self.earlier[:1]:
                if tombstone_file(release, name).exists():
                    carry(tombstone_file(release, name), target)
            return
        told = [self._of(release, name, files, changes) for release in self.earlier]
        with target.open("wb") as stream:
            for _, same in groupby(heapq.merge(*told, key=_key), key=_key):
                stream.write(max(same, key=lambda stone: stone.release).line())
        if target.stat().st_size == 0:
            target.unlink()

    def _has(self, release: Release, name: str, files: Iterable[str]) -> bool:
        """Whether a release has the files as they are now, and the tombstones of the first."""
        stones = (tombstone_file(found, name) for found in (release, self.earlier[0]))
        return is_same_file(*stones) and all(
            is_same_file(release.path / file, self.folder / file) for file in files
        )

    def _of(
        self, release: Release, name: str, files: Sequence[str], changes: DatasetChanges | None
    ) -> Iterator[Tombstone]:
        """Give what is gone since a release, or was gone then and is not there again."""
        events: list[Iterable[Event]] = [
            ((stone.key, stone) for stone in tombstones(tombstone_file(release, name)))
        ]
        for file in files:
            counted = changes if file.startswith("dumps/") and release is self.earlier[0] else None
            events.append(self._events(release, name, file, counted))
        for _, same in groupby(heapq.merge(*events, key=_first), key=_first):
            stones = [stone for _, stone in same]
            if None not in stones:
                yield max(filter(None, stones), key=lambda stone: (stone.release, stone.labels))

    def _events(
        self, release: Release, name: str, file: str, changes: DatasetChanges | None
    ) -> Iterator[Event]:
        """Give what a file of a release has lost and gained since, as IRIs below the base."""
        new = self.folder / file
        comparison = Comparison(release.path / file, new)
        replacements = Replacements(self.base, new, self.ledgers.get(name, {}))
        for change in comparison.changes():
            path = change.iri.removeprefix(self.base)
            ours = path not in ("", change.iri)
            replaced = NOTHING
            if ours and change.kind is Kind.REMOVED:
                replaced = replacements.of(path, change)
            if changes is not None:
                changes.take(change, replaced.moved)
            if ours and change.kind is Kind.REMOVED:
                yield key_of(path), self._stone(release, name, path, change, replaced)
            elif ours and change.kind is Kind.ADDED:
                yield key_of(path), None
        if changes is not None:
            changes.before, changes.after = comparison.before, comparison.after

    def _stone(
        self, release: Release, name: str, path: str, change: Change, replaced: Replacement
    ) -> Tombstone:
        return Tombstone(
            path,
            "" if name == SITE else name,
            release.id,
            self.gone,
            labels(change),
            replaced.moved,
            replaced.replaced_by,
        )


def to_remember(current: Release | None, known: Sequence[Release]) -> list[Release]:
    """Return the releases whose IRIs must not be forgotten by the next one, the current one first.

    What was rolled back was published, too; and the first release with tombstones has to know what
    all before it had.
    """
    if current is None:
        return []
    complete = (current.path / FOLDER).is_dir()
    others = [release for release in known if release.id != current.id]
    wanted = [release for release in others if not complete or release.id > current.id]
    same_base = [release for release in wanted if release.base_iri == current.base_iri]
    return [current, *reversed(same_base)]


def _key(stone: Tombstone) -> bytes:
    return stone.key


def _first(event: Event) -> bytes:
    return event[0]
