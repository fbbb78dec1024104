"""The cells that results are about, as they are written in the file.

What is validated is what the mapping made of a cell. So the rows that are told of are read from the
tables once more, when it is known which they are; memory is bounded by the results that are kept.
"""

from collections.abc import Callable, Mapping, Set

from loader.table import Table

Open = Callable[[], Table | None]
"""Opens a table once more."""

Wanted = Mapping[str, Mapping[int, Set[str]]]
"""The columns that are asked for, by file and row."""

MOST_CHARACTERS = 1_000
"""What is told of a cell at most; a longer one ends in ``…``."""


class Cells:
    """Finds cells by file, row (number of the record, from 1) and header."""

    def __init__(self) -> None:
        self._tables: dict[str, Open] = {}
        self._found: dict[tuple[str, int, str], str] = {}

    def know_table(self, file: str, open_once_more: Open) -> None:
        """Take how a file is read, by the name that results are told under."""
        self._tables[file] = open_once_more

    def read(self, wanted: Wanted) -> None:
        """Read what is wanted of the files that are known; no further than the last row of it."""
        for file, rows in wanted.items():
            table = self._tables[file]() if file in self._tables and rows else None
            if table is not None:
                self._read(file, table, rows)

    def _read(self, file: str, table: Table, rows: Mapping[int, Set[str]]) -> None:
        places = {name: place for place, name in enumerate(table.header)}
        last = max(rows)
        for batch in table.batches():
            for place, row in enumerate(batch.rows):
                for name in rows.get(row, ()):
                    if name in places:
                        cell = batch.columns[places[name]][place]
                        self._found[file, row, name] = _shortened(cell)
            if batch.rows[-1] >= last:
                return

    def of(self, file: str, row: int | None, column: str) -> str | None:
        """The cell as written; None where it was not read."""
        return None if row is None else self._found.get((file, row, column))


def _shortened(cell: str) -> str:
    return cell if len(cell) <= MOST_CHARACTERS else cell[:MOST_CHARACTERS] + "…"
