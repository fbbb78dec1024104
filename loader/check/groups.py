"""Watches for values that stand only on the first row of a group (the guide's table 9-3, item 5).

Merged cells of a spreadsheet become that in CSV: the first column (behind the numbers of the rows)
is filled once, then blank until the next group. Only a clear pattern counts, because blanks may
just mean that there is no value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loader.model import Batch, Finding

LEAST_GROUPS = 2
KEPT = 10_000
"""How many values are remembered; where there are more, they are no groups."""


@dataclass(slots=True)
class GroupWatch:
    """Counts filled and blank cells of a column, the first where nothing else is said."""

    file: str
    header: Sequence[str]
    at: int = 0
    _values: set[str] = field(default_factory=set)
    _filled: int = 0
    _blank: int = 0
    _first_blank: int = 0
    _clear: bool = True

    def look(self, batch: Batch) -> tuple[Finding, ...]:
        """Look at the next rows, as long as the pattern can still be there; tell nothing yet."""
        if self._clear and len(self.header) > self.at + 1:
            self._count(batch)
        return ()

    def _count(self, batch: Batch) -> None:
        first, second = batch.columns[self.at], batch.columns[self.at + 1]
        for row, cell, beside in zip(batch.rows, first, second, strict=True):
            if not self._take(row, cell.strip(), beside.strip()):
                self._clear = False
                break

    def _take(self, row: int, cell: str, beside: str) -> bool:
        """Count a row; return whether it fits: the first is filled, no value comes twice."""
        if not cell:
            self._blank += 1
            self._first_blank = self._first_blank or row
            return bool(self._filled and beside)
        self._filled += 1
        if cell in self._values or len(self._values) >= KEPT:
            return False
        self._values.add(cell)
        return True

    def finish(self) -> Iterator[Finding]:
        """Give the finding, if the pattern held for the whole table."""
        if self._clear and self._filled >= LEAST_GROUPS and self._blank > self._filled:
            details = {"count": self._blank}
            yield Finding(
                "check.group-value",
                self.file,
                self._first_blank,
                self.header[self.at],
                details=details,
            )
