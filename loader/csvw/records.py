"""Reads a table as its dialect says: comments, header rows, and rows with their numbers.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 8. Rows are read
one by one, so memory does not grow with the file.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path

from loader.csvw.model import Dialect
from loader.encoding import find_codec
from loader.errors import SourceError

LONGEST_CELL = 1 << 20
"""Characters."""


TRIMS: dict[str, Callable[[str], str]] = {
    "true": str.strip,
    "start": str.lstrip,
    "end": str.rstrip,
}
"""What takes white space from cells, by the value of ``trim``."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number among the rows (from 1), that of its record in the file, and its cells."""

    number: int
    source_number: int
    cells: list[str]


class _Lines:
    """The lines of a file, of which the next can be looked at."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._lines = iter(text)
        self.next: str | None = next(self._lines, None)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.next
        if line is None:
            raise StopIteration
        self.next = next(self._lines, None)
        return line


@dataclass(slots=True)
class Records:
    """A file as a table. ``header`` has the header's cells, column by column, after ``open``."""

    path: Path
    dialect: Dialect
    comments: list[str] = field(default_factory=list)
    header: list[tuple[str, ...]] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Give the rows; raises SourceError for a file that cannot be read."""
        dialect = self.dialect
        try:
            codec = find_codec(dialect.encoding) or "utf-8"
            codec = "utf-8-sig" if codec == "utf-8" else codec
            with self.path.open(encoding=codec, newline="") as text:
                yield from self._read(_Lines(text))
        except (OSError, ValueError, csv.Error) as error:
            raise SourceError(
                "mapping.source-unreadable", source=self.path, reason=str(error)
            ) from error

    def _read(self, lines: _Lines) -> Iterator[Row]:
        records = self._records(lines)
        source = self._skip(lines)
        header: list[list[str]] = []
        number = 0
        while lines.next is not None:
            source += 1
            if self._is_comment(lines):
                continue
            cells = next(records)[self.dialect.skip_columns :]
            if len(header) < self.dialect.header_rows:
                header.append(cells)
                self._take_header(header)
            elif not (self.dialect.skip_blank_rows and not any(cells)):
                number += 1
                yield Row(number, source, cells)

    def _records(self, lines: _Lines) -> Iterator[list[str]]:
        dialect = self.dialect
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            doublequote=dialect.double_quote,
            escapechar=None if dialect.double_quote else "\\",
            skipinitialspace=dialect.skip_initial_space,
        )
        trim = TRIMS.get(dialect.trim)
        return (list(map(trim, record)) for record in reader) if trim else reader

    def _skip(self, lines: _Lines) -> int:
        """Pass over the first rows; what they say are comments."""
        skipped = 0
        while skipped < self.dialect.skip_rows and lines.next is not None:
            skipped += 1
            if not self._is_comment(lines):
                self._comment(next(lines))
        return skipped

    def _is_comment(self, lines: _Lines) -> bool:
        prefix = self.dialect.comment
        if not prefix or lines.next is None or not lines.next.startswith(prefix):
            return False
        self._comment(next(lines)[len(prefix) :])
        return True

    def _comment(self, line: str) -> None:
        text = line.strip()
        if text:
            self.comments.append(text)

    def _take_header(self, rows: list[list[str]]) -> None:
        width = max(map(len, rows))
        padded = [row + [""] * (width - len(row)) for row in rows]
        self.header = [
            tuple(cell.strip() for cell in column if cell.strip())
            for column in zip(*padded, strict=True)
        ]
