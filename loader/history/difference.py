"""Two releases and what differs between them, for those who write it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from loader.history.changes import DatasetChanges
from loader.history.comparison import differing, is_same_file
from loader.release import WRITTEN, Release


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two releases; ``datasets`` holds those that do not differ, too."""

    old: Release
    new: Release
    datasets: Sequence[DatasetChanges]
    added: int = 0
    """Statements that were written over the web, and ``removed``."""
    removed: int = 0

    @property
    def differs(self) -> bool:
        """Whether anything that is said of a thing does, or the datasets are others."""
        return any(changes.differs for changes in self.datasets) or bool(self.written)

    @property
    def written(self) -> int:
        """How many statements differ that were written over the web."""
        return self.added + self.removed

    @property
    def broken_things(self) -> int:
        """How many things are gone that something still points at."""
        return sum(changes.broken_things for changes in self.datasets)


def written_between(old: Release, new: Release) -> tuple[int, int]:
    """Count the statements written over the web that only the new, and that only the old has."""
    paths = old.path / WRITTEN, new.path / WRITTEN
    if is_same_file(*paths):
        return 0, 0
    found = [(len(come), len(gone)) for gone, come in differing(*paths)]
    return sum(come for come, _ in found), sum(gone for _, gone in found)
