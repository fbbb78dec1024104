"""Deals lines out to the groups of things that are validated once more."""

from collections.abc import Sequence
from typing import TextIO

from loader.validate.index import Group, mark, thing_of


class Distribution:
    """Writes each line to the files of the groups that need it."""

    def __init__(self, groups: Sequence[Group], files: Sequence[TextIO]) -> None:
        self._files = files
        self._numbers: tuple[int, ...]
        self._where: dict[int, tuple[int, ...]] = {}
        for number, group in enumerate(groups):
            one = (number,)
            for thing in group.needed.tolist():
                known = self._where.get(thing)
                self._where[thing] = (*known, number) if known else one
        self._subject, self._numbers = "", ()
        self.counts = [0] * len(groups)
        """How many lines each group got."""

    def feed(self, lines: Sequence[str]) -> None:
        """Take lines."""
        for line in lines:
            subject = line.partition(" ")[0]
            if subject != self._subject:
                self._subject = subject
                self._numbers = self._where.get(mark(thing_of(subject)), ())
            for number in self._numbers:
                self._files[number].write(line)
                self.counts[number] += 1
