"""Two releases and what differs between them, for those who write it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from loader.history.changes import DatasetChanges
from loader.release import Release


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two releases; ``datasets`` holds those that do not differ, too."""

    old: Release
    new: Release
    datasets: Sequence[DatasetChanges]

    @property
    def differs(self) -> bool:
        """Whether anything that is said of a thing does, or the datasets are others."""
        return any(changes.differs for changes in self.datasets)

    @property
    def broken_things(self) -> int:
        """How many things are gone that something still points at."""
        return sum(changes.broken_things for changes in self.datasets)
