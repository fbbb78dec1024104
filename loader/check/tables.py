"""Watches for several tables in one file (the guide's table 9-3, item 2), below or beside another.

That a header is repeated as it is, loader/check/rows.py finds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from loader.check.columns import Kind, is_number
from loader.check.subjects import Columns
from loader.model import Batch, Finding

LEAST_WORDS = 2
AFTER_A_GAP = 3
"""How many rows after a blank one may be the header of another table, after its title."""


@dataclass(slots=True)
class TablesWatch:
    """Reports where another table seems to begin."""

    columns: Columns
    _row: int = 0

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Look at the rows that follow blank ones."""
        previous, self._row = self._row or batch.rows[0] - 1, batch.rows[-1]
        consecutive = batch.rows[0] == previous + 1
        if consecutive and batch.rows[-1] - batch.rows[0] == len(batch) - 1:
            return
        rows = [previous, *batch.rows]
        starts = [at for at, (one, other) in enumerate(pairwise(rows)) if other != one + 1]
        for start in starts:
            at = self._header_after(batch, start)
            if at is not None:
                words = [column[at].strip() for column in batch.columns]
                value = " / ".join(word for word in words if word)
                file = self.columns.file
                yield Finding("check.several-tables", file, batch.rows[at], value=value[:100])

    def _header_after(self, batch: Batch, start: int) -> int | None:
        for at in range(start, min(start + AFTER_A_GAP, len(batch))):
            if self._is_header([column[at].strip() for column in batch.columns]):
                return at
        return None

    def _is_header(self, cells: Sequence[str]) -> bool:
        """Whether words stand where all else are numbers or dates, each once, and no number."""
        measured = [
            cell
            for cell, kind in zip(cells, self.columns.kinds, strict=True)
            if cell and kind in (Kind.NUMBER, Kind.DATE)
        ]
        filled = [cell for cell in cells if cell]
        words = [cell for cell in measured if _is_word(cell)]
        return (
            len(words) >= LEAST_WORDS
            and len(words) == len(measured)
            and len(set(filled)) == len(filled)
            and all(map(_is_word, filled))
        )

    def finish(self) -> Iterator[Finding]:
        """Report tables that stand side by side: an empty column, then the same headers again."""
        names, kinds = self.columns.header, self.columns.kinds
        for at in range(1, len(names) - 1):
            if kinds[at] is None and names[at] == f"列{at + 1}":
                before, after = set(names[:at]), map(_unnumbered, names[at + 1 :])
                repeated = [name for name in after if name in before]
                if len(repeated) >= LEAST_WORDS:
                    value = " / ".join(repeated[:5])
                    yield Finding("check.tables-side-by-side", self.columns.file, value=value)
                    return


def _is_word(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not is_number(cell)


def _unnumbered(name: str) -> str:
    """Return the name as it was before it was made unique (loader/table/header.py)."""
    return name.rpartition(" (")[0] or name
