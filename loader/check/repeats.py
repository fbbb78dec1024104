"""Watches for rows that are there twice, and for numbers of rows that are not unique.

Of each row a number of 64 bits is kept (its hash), so a million rows take eight megabytes.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress

from loader.check.subjects import Columns, Subject
from loader.model import Batch, Finding

PART = 500_000
"""How many numbers are compared at a time, to keep memory small."""

KEPT = 10_000_000
"""How many rows are remembered; of a longer table this is told."""

FEW = 0.05
"""Where more rows than this share are repeated, the column does not number them."""


@dataclass(slots=True)
class Repeats:
    """Hashes of rows, in which repetitions are found at the end."""

    rows: "array[int]" = field(default_factory=lambda: array("q"))
    hashes: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, rows: Iterable[int], values: Iterable[object]) -> None:
        """Remember the next rows."""
        self.rows.extend(rows)
        self.hashes.extend(map(hash, values))

    def found(self, all_of_them: bool = False) -> list[tuple[int, int]]:
        """Return the rows that repeat an earlier one, with that; none where they are many.

        ``all_of_them`` asks for them all the same.
        """
        most = max(1, len(self.hashes) * FEW)
        repeated = _repeated(self.hashes)
        first: dict[int, int] = {}
        pairs: list[tuple[int, int]] = []
        wanted = map(repeated.__contains__, self.hashes)
        for row, value in compress(zip(self.rows, self.hashes, strict=True), wanted):
            earlier = first.setdefault(value, row)
            if earlier != row:
                pairs.append((row, earlier))
            if len(pairs) > most and not all_of_them:
                return []
        return pairs


def _repeated(hashes: "array[int]") -> set[int]:
    """Return the numbers that come more than once; they are compared part by part."""
    parts = len(hashes) // PART + 1
    found: set[int] = set()
    for part in range(parts):
        numbers = [value for value in hashes if value % parts == part]
        if len(set(numbers)) < len(numbers):
            found.update(value for value, count in Counter(numbers).items() if count > 1)
    return found


@dataclass(slots=True)
class RepeatWatch:
    """Reports numbers that two rows have or, where rows have no number, rows that are the same.

    ``keyed`` says that the descriptor states a key, which loader/check/keys.py watches.
    """

    columns: Columns
    keyed: bool = False
    _repeats: Repeats = field(default_factory=Repeats)
    _number: int | None = None
    _full: bool = False

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Remember the next rows."""
        if self.keyed or self._full:
            return
        if not self._repeats.rows:
            self._number = self.columns.of(Subject.LOCAL_NUMBER)
        if self._number is None:
            self._repeats.add(batch.rows, zip(*batch.columns, strict=True))
        else:
            cells = batch.columns[self._number]
            filled = list(map(str.strip, cells))
            self._repeats.add(compress(batch.rows, filled), filter(None, filled))
        if len(self._repeats.rows) >= KEPT:
            self._full = True
            yield Finding("check.repeats-not-all-checked", self.columns.file, batch.rows[-1])

    def finish(self) -> Iterator[Finding]:
        """Report what was there twice."""
        code = "check.duplicate-row" if self._number is None else "check.duplicate-number"
        name = None if self._number is None else self.columns.header[self._number]
        for row, earlier in self._repeats.found():
            yield Finding(code, self.columns.file, row, name, details={"earlier": earlier})
