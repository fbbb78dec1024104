"""The first pass over a table: where it begins and ends, and what its columns have.

What is decided for a whole column (its unit, its codes, whether it is of groups) is decided here;
memory does not grow with the table.
"""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from loader.check.groups import GroupWatch
from loader.check.rows import NOTES
from loader.check.subjects import Columns
from loader.check.tables import TablesWatch
from loader.fix.evidence import Evidence
from loader.fix.header import Name, repaired_names
from loader.model import Batch, FindingLog
from loader.table import Table
from loader.table.dialect import Layout, is_blank
from loader.table.header import header_cells
from loader.table.rows import RowShaper

ROWS_AT_ONCE = 2_000
MOST_TABLES = 50
"""A file with more tables than this is not divided."""

MOST_SURPLUS = 20
"""Columns that rows may have beyond the header; a table with longer rows is left out."""

MOST_NOTES = 200
"""Rows at the end of a table that may be notes."""

Line = tuple[int, list[str]]
"""A record above or below a table, with its number."""


@dataclass(slots=True)
class Survey:
    """One table of a file: its header, its rows, and the lines above it.

    ``first`` and ``last`` are the numbers of its records, the header not included.
    """

    file: str
    names: tuple[Name, ...]
    header_row: int
    first: int
    above: list[Line]
    columns: Columns
    last: int = 0
    widest: int = 0
    """Cells of the longest row, blank ones at its end not counted."""
    evidence: list[Evidence] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    """Numbers of the records at the end that are notes."""
    has_data: bool = False
    """Whether there is a row that is neither a note nor the header again."""
    groups: GroupWatch = field(init=False)
    header: list[str] = field(init=False)
    """The names of all columns, those of cells beyond the header included."""
    _tables: TablesWatch = field(init=False)

    def __post_init__(self) -> None:
        self.header = [name.name for name in self.names]
        self.columns.header = self.header
        self.groups = GroupWatch(self.file, self.columns.header)
        self._tables = TablesWatch(self.columns)
        self.evidence = [Evidence() for _ in self.names]
        self.widest = len(self.names)

    def next_table(self, first: int, records: Sequence[list[str]]) -> int | None:
        """Return the number of the record that is the header of another table."""
        shaper = RowShaper(self.file, tuple(self.header), FindingLog())
        batch = shaper.batch(first, records)
        if batch is None:
            return None
        self._judge(batch)
        return next((finding.row for finding in self._tables.look(batch)), None)

    def _judge(self, batch: Batch) -> None:
        """Judge the columns by the rows above the first gap, where there are some."""
        pairs = zip(batch.rows, range(batch.rows[0], batch.rows[-1] + 1), strict=False)
        block = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        head = Batch(batch.rows[:block], [column[:block] for column in batch.columns])
        for some in (head, batch):
            if None in self.columns.kinds:
                for _ in self.columns.judge(self._data_of(some) or some):
                    pass

    def _data_of(self, batch: Batch) -> Batch | None:
        """Return the rows that are neither notes nor repeat the header; None for no such rows."""
        first = batch.columns[0]
        if not any(cell == self.names[0].written or _is_noted(cell) for cell in first):
            return batch
        rows = zip(*batch.columns, strict=True)
        pairs = zip(batch.rows, rows, strict=True)
        kept = [
            (number, row)
            for number, row in pairs
            if not is_note(row) and not self.repeats_header(row)
        ]
        if not kept:
            return None
        numbers, data = zip(*kept, strict=True)
        return Batch(numbers, list(zip(*data, strict=True)))

    def repeats_header(self, record: Sequence[str]) -> bool:
        """Whether a row has the names of the columns again."""
        names = self.names
        if len(names) < 2 or record[0] != names[0].written or is_blank(record[:1]):
            return False
        same = [name.written for name in names] == list(record[: len(names)])
        return same and is_blank(record[len(names) :])

    def look(self, first: int, records: Sequence[list[str]]) -> None:
        """Take the next records of this table."""
        self.last = first + len(records) - 1
        self.widest = max([self.widest, *map(_width, _odd(records, self.widest))])
        self._widen()
        shaper = RowShaper(self.file, tuple(self.header), FindingLog())
        batch = shaper.batch(first, records)
        if batch is None:
            return
        self.has_data = self.has_data or self._data_of(batch) is not None
        self._judge(batch)
        for index, cells in enumerate(batch.columns):
            kind, subject = self.columns.kinds[index], self.columns.subjects[index]
            self.evidence[index].look(cells, kind, subject)
        self.groups.look(batch)
        self._take_notes(batch)

    def _widen(self) -> None:
        """Add columns for the cells beyond the header."""
        most = min(self.widest, len(self.names) + MOST_SURPLUS)
        while len(self.header) < most:
            name = f"列{len(self.header) + 1}"
            self.header.append(name if name not in self.header else f"{name} (2)")
            self.columns.kinds.append(None)
            self.columns.subjects.append(None)
            self.evidence.append(Evidence())

    def _take_notes(self, batch: Batch) -> None:
        cells = zip(*(column[::-1] for column in batch.columns), strict=True)
        rows = zip(reversed(batch.rows), cells, strict=True)
        found = [number for number, _ in takewhile(lambda row: is_note(row[1]), rows)]
        earlier = self.notes if len(found) == len(batch) else []
        self.notes = [*earlier, *reversed(found)][-MOST_NOTES:]


def is_note(cells: Sequence[str]) -> bool:
    """Whether nothing but a note stands in a row of several columns."""
    if len(cells) < 2 or any(map(str.strip, cells[1:])):
        return False
    return _is_noted(cells[0])


def _is_noted(cell: str) -> bool:
    return "".join(unicodedata.normalize("NFKC", cell).lower().split()).startswith(NOTES)


def _odd(records: Sequence[list[str]], width: int) -> list[list[str]]:
    return [record for record in records if len(record) > width]


def _width(record: Sequence[str]) -> int:
    """Return how many cells a record has, blank ones at its end not counted."""
    width = len(record)
    while width and not record[width - 1].strip():
        width -= 1
    return width


@dataclass(slots=True)
class Surveyor:
    """Finds the tables of a file, by reading it once."""

    table: Table
    rules: Collection[str]
    undivided: bool = False
    """Whether there are tables that were left together."""
    found: list[Survey] = field(default_factory=list)

    def survey(self) -> list[Survey]:
        """Return what the file has."""
        table = self.table
        above = [
            (number, record)
            for number, record in enumerate(table.reader.sample()[: table.first_data_row - 1], 1)
            if number != table.header_row and not is_blank(record)
        ]
        cells = self._header_cells()
        self._begin(table.header_row, table.first_data_row, above, cells)
        number = table.first_data_row
        for records in table.reader.records(number, ROWS_AT_ONCE):
            self._take(number, records)
            number += len(records)
        return self.found

    def _header_cells(self) -> list[str]:
        table = self.table
        if not table.header_row:
            return list(table.header)
        layout = Layout(table.header_row, table.first_data_row)
        return header_cells(table.resource.fields, table.reader.sample(), layout)

    def _begin(self, row: int, first: int, above: list[Line], cells: Sequence[str]) -> None:
        names = repaired_names(cells, self.rules)
        fields = {described.name: described for described in self.table.resource.fields}
        columns = Columns(self.table.resource.label, [name.name for name in names], fields)
        label = self.table.resource.label
        self.found.append(Survey(label, names, row, first, above, columns, first - 1))

    def _take(self, first: int, records: list[list[str]]) -> None:
        while records:
            header = self.found[-1].next_table(first, records)
            above = _lines_above(first, records, header) if header else None
            if header is None or above is None or not self._may_divide():
                self.undivided = self.undivided or header is not None
                self.found[-1].look(first, records)
                return
            self.found[-1].look(first, records[: (above[0][0] if above else header) - first])
            rest = records[header - first :]
            cells = header_cells((), rest, Layout(1, 2))
            self._begin(header, header + 1, above, cells)
            first, records = header + 1, rest[1:]

    def _may_divide(self) -> bool:
        return "split-table" in self.rules and len(self.found) < MOST_TABLES


def _lines_above(first: int, records: Sequence[list[str]], header: int) -> list[Line] | None:
    """Return the title lines between the last blank row and a header.

    None where there are lines of several cells between, or the blank row is not among the records.
    """
    lines: list[Line] = []
    for number in range(header - 1, first - 1, -1):
        record = records[number - first]
        if is_blank(record):
            return lines[::-1]
        if sum(1 for cell in record if cell.strip()) > 1:
            return None
        lines.append((number, record))
    return None


def pieces(
    surveys: Sequence[Survey], first: int, records: list[list[str]]
) -> Iterator[tuple[Survey, int, list[list[str]]]]:
    """Give the parts of consecutive records that belong to each table."""
    for survey in surveys:
        start = max(first, survey.first)
        stop = min(first + len(records) - 1, survey.last)
        if start <= stop:
            yield survey, start, records[start - first : stop - first + 1]
