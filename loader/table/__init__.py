"""Opens a file of a package as a table and streams its rows, in memory that does not grow.

Encoding (loader/encoding.py), delimiter and header row (loader/table/dialect.py) are found where
they are not stated; rows that do not fit are reported while they are read (loader/table/rows.py).
"""

import csv
import io
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from loader.encoding import Encoding, NotATableError, find_codec, find_encoding
from loader.model import Batch, Finding, FindingLog, Resource
from loader.table.dialect import LONGEST_CELL, Layout, find_delimiter, find_layout, is_blank
from loader.table.header import header_cells, unique_names
from loader.table.rows import RowShaper

READ_AT_ONCE = 1 << 18
"""Bytes."""

LINES_TRIED = 50
TRIED = 1 << 16
"""How many lines, and how many characters of each, the delimiter is found in."""

MOST_COLUMNS = 20_000

SAMPLE = 200
"""How many records are looked at before the table is read."""

CELLS_AT_ONCE = 25_000
"""A batch has no more cells than this: what fits the processor's cache is turned into columns
twice as fast, and a wide table takes no more memory than a long one."""

MOST_CELLS = 1_000_000
FEWEST_ROWS = 200
"""A batch of a wide table still has so many rows, for the sake of what is done once a batch."""

_END = "\x02end of file\x03"
"""A record of our own behind the last: inside an open quotation mark it becomes part of a cell."""


@dataclass(slots=True)
class Table:
    """A table that was found readable. ``encoding`` is an IANA name; rows are read by batches."""

    resource: Resource
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    header_row: int
    size: int
    """Bytes of the file."""
    findings: FindingLog
    codec: str
    may_have_lost: bool
    first_data_row: int
    bytes_read: int = 0
    """How much of the file has been read, for a progress bar."""

    def batches(self, size: int = 10_000) -> Iterator[Batch]:
        """Give the rows, at most ``size`` at a time (fewer where there are many columns)."""
        name = self.resource.path.name
        shaper = RowShaper(name, self.header, self.findings, self.may_have_lost)
        first, empty = self.first_data_row, True
        for records in self._records(min(size, self._rows_at_once)):
            batch = shaper.batch(first, records)
            first += len(records)
            if batch is not None:
                empty = False
                yield batch
        if empty:
            self.findings.add(Finding("table.no-rows", name))

    @property
    def _rows_at_once(self) -> int:
        rows = max(FEWEST_ROWS, CELLS_AT_ONCE // len(self.header))
        return max(1, min(rows, MOST_CELLS // len(self.header)))

    def _records(self, size: int) -> Iterator[list[list[str]]]:
        with _open_text(self.resource.path, self.codec) as text:
            reader = _reader(text, self.delimiter)
            for _ in islice(reader, self.first_data_row - 1):
                pass
            number, going_on = self.first_data_row, True
            while going_on:
                records, going_on = self._next(reader, size, number)
                self.bytes_read = os.lseek(text.fileno(), 0, os.SEEK_CUR)
                number += len(records)
                yield records

    def _next(
        self, reader: Iterator[list[str]], size: int, number: int
    ) -> tuple[list[list[str]], bool]:
        """Return the next records and whether more may follow.

        The last record of a damaged file is reported and left out.
        """
        records: list[list[str]] = []
        file = self.resource.path.name
        try:
            records.extend(islice(reader, size))
        except csv.Error:
            row = number + len(records)
            self.findings.add(Finding("table.cell-too-long", file, row, details=_LONGEST))
            return records, False
        if not records or not records[-1] or not records[-1][-1].endswith(_END):
            return records, True
        last = records.pop()
        if last != [_END]:
            row, value = number + len(records), "".join(last).removesuffix(_END)
            self.findings.add(Finding("table.open-quote", file, row, value=value[:80]))
        return records, False


_LONGEST = {"limit": LONGEST_CELL}


def open_table(
    resource: Resource, findings: FindingLog, known: Collection[str] = ()
) -> Table | None:
    """Open a resource as a table, or report why there is none and return None.

    ``known`` are the headers of all standard datasets in their normal form
    (vocab.headers.normalize_header), by which the header row is recognised.
    """
    try:
        return _open(resource, findings, known)
    except NotATableError as refusal:
        findings.add(refusal.finding)
    except OSError as error:
        reason = error.strerror or str(error)
        findings.add(Finding("source.unreadable", resource.path.name, details={"reason": reason}))
    return None


def _open(resource: Resource, findings: FindingLog, known: Collection[str]) -> Table:
    path = resource.path
    encoding = find_encoding(path, resource.encoding)
    delimiter, records = _sample(resource, encoding)
    if not any(not is_blank(record) for record in records):
        raise NotATableError("source.empty-file", path)
    layout = find_layout(records, known, resource.header_row)
    if layout.header_row > len(records):
        raise NotATableError("table.no-rows", path)
    cells = header_cells(resource.fields, records, layout)
    if not cells:
        raise NotATableError("table.no-rows", path)
    if len(records) < SAMPLE and all(map(is_blank, records[layout.first_data_row - 1 :])):
        raise NotATableError("table.no-rows", path)
    _report_encoding(resource, encoding, findings)
    _report_layout(resource, records, layout, findings)
    return Table(
        resource=resource,
        header=unique_names(cells, path.name, layout.header_row, findings),
        encoding=encoding.name,
        delimiter=delimiter,
        header_row=layout.header_row,
        size=path.stat().st_size,
        findings=findings,
        codec=encoding.codec,
        may_have_lost=encoding.may_have_lost,
        first_data_row=layout.first_data_row,
    )


def _open_text(path: Path, codec: str) -> io.TextIOWrapper:
    return path.open(encoding=codec, newline="", buffering=READ_AT_ONCE)


def _reader(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(chain(text, [_END]), delimiter=delimiter)


def _sample(resource: Resource, encoding: Encoding) -> tuple[str, list[list[str]]]:
    """Return the delimiter and the first records."""
    with _open_text(resource.path, encoding.codec) as text:
        lines = [line[:TRIED] for line in islice(text, LINES_TRIED)]
    delimiter = resource.delimiter or find_delimiter(lines)
    records: list[list[str]] = []
    with _open_text(resource.path, encoding.codec) as text:
        try:
            for record in islice(_reader(text, delimiter), SAMPLE):
                _refuse_wide(resource.path, record)
                records.append(record)
        except csv.Error as error:
            row = len(records) + 1
            raise NotATableError("table.cell-too-long", resource.path, row, **_LONGEST) from error
    if records[-1] == [_END]:
        records.pop()
    return delimiter, records


def _refuse_wide(path: Path, record: Sequence[str]) -> None:
    if len(record) > MOST_COLUMNS:
        raise NotATableError("table.too-wide", path, limit=f"{MOST_COLUMNS:,} columns")


def _report_encoding(resource: Resource, encoding: Encoding, findings: FindingLog) -> None:
    stated = resource.encoding
    if encoding.ascii_only:
        return
    details = {"encoding": encoding.name, "stated": stated}
    if stated and _family(find_codec(stated)) != _family(encoding.codec):
        code = "table.encoding-mismatch"
    elif not stated and _family(encoding.codec) != "utf-8":
        code = "table.encoding-inferred"
    else:
        return
    findings.add(Finding(code, resource.path.name, details=details))


def _family(codec: str | None) -> str | None:
    return "utf-8" if codec == "utf-8-sig" else codec


def _report_layout(
    resource: Resource, records: Sequence[list[str]], layout: Layout, findings: FindingLog
) -> None:
    if not layout.lines_above:
        return
    cells = (cell.strip() for record in records for cell in record)
    title = next(cell for cell in cells if cell)
    details = {"count": layout.lines_above, "header_row": layout.header_row}
    findings.add(Finding("table.title-lines", resource.path.name, 1, value=title, details=details))
