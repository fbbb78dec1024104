"""Opens a file of a package as a table and streams its rows, in memory that does not grow.

A reader (loader/table/reader.py), chosen by the media type, gives records; the header row is found
(loader/table/dialect.py) where it is not stated; rows that do not fit are reported while they are
read (loader/table/rows.py).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from loader.encoding import NotATableError
from loader.model import Batch, Finding, FindingLog, Resource
from loader.table.dialect import Layout, find_layout, is_blank, is_linkdata
from loader.table.formats import open_reader
from loader.table.header import header_cells, unique_names
from loader.table.reader import SAMPLE, Reader, Record
from loader.table.rows import RowShaper

CELLS_AT_ONCE = 25_000
"""A batch has no more cells than this: what fits the processor's cache is turned into columns
twice as fast, and a wide table takes no more memory than a long one."""

HEADER_CELLS = 3
"""A line with so many words directly above the header belongs to it: titles are shorter."""

MOST_CELLS = 1_000_000
FEWEST_ROWS = 200
"""A batch of a wide table still has so many rows, for the sake of what is done once a batch."""


@dataclass(slots=True)
class Table:
    """A table that was found readable; its rows are read by batches."""

    resource: Resource
    header: tuple[str, ...]
    header_row: int
    """The number of the header's record; 0 where there is none."""
    first_data_row: int
    reader: Reader
    findings: FindingLog

    @property
    def encoding(self) -> str:
        """The encoding's name in the IANA registry; empty where the file is not text."""
        return self.reader.encoding

    @property
    def delimiter(self) -> str:
        """The character between cells; empty where there is none."""
        return self.reader.delimiter

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.reader.size

    @property
    def bytes_read(self) -> int:
        """How much of the file has been read, for a progress bar."""
        return self.reader.bytes_read

    def batches(self, size: int = 10_000) -> Iterator[Batch]:
        """Give the rows, at most ``size`` at a time (fewer where there are many columns)."""
        name = self.resource.label
        shaper = RowShaper(name, self.header, self.findings, self.reader.may_have_lost)
        first, empty = self.first_data_row, True
        for records in self.reader.records(first, min(size, self._rows_at_once)):
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
        findings.add(replace(refusal.finding, file=resource.label))
    except OSError as error:
        reason = error.strerror or str(error)
        findings.add(Finding("source.unreadable", resource.label, details={"reason": reason}))
    return None


def _open(resource: Resource, findings: FindingLog, known: Collection[str]) -> Table:
    reader = open_reader(resource, findings)
    records = reader.sample()
    if reader.header is not None:
        layout, cells = Layout(0, 1), list(reader.header)
    else:
        layout = _layout(resource, records, known)
        cells = header_cells(resource.fields, records, layout)
    blank = map(is_blank, records[layout.first_data_row - 1 :])
    if not cells or (len(records) < SAMPLE and all(blank)):
        raise NotATableError("table.no-rows", resource.path)
    _report_layout(resource, records, layout, findings)
    return Table(
        resource=resource,
        header=unique_names(cells, resource.label, layout.header_row, findings),
        header_row=layout.header_row,
        first_data_row=layout.first_data_row,
        reader=reader,
        findings=findings,
    )


def _layout(resource: Resource, records: Sequence[Record], known: Collection[str]) -> Layout:
    path = resource.path
    if all(map(is_blank, records)):
        raise NotATableError("source.empty-file", path)
    layout = find_layout(records, known, resource.header_row)
    if layout.header_row > len(records):
        raise NotATableError("table.no-rows", path)
    return layout


def _report_layout(
    resource: Resource, records: Sequence[Record], layout: Layout, findings: FindingLog
) -> None:
    if not layout.lines_above:
        return
    cells = (cell.strip() for record in records for cell in record)
    title = next(cell for cell in cells if cell)
    details = {"count": layout.lines_above, "header_row": layout.header_row}
    findings.add(Finding(_code(records, layout), resource.label, 1, value=title, details=details))


def _code(records: Sequence[Record], layout: Layout) -> str:
    """Return what the lines above the header are called."""
    if is_linkdata(records):
        return "table.linkdata-lines"
    above = records[layout.header_row - 2] if layout.header_row > 1 else ()
    is_header = sum(1 for cell in above if cell.strip()) >= HEADER_CELLS
    return "table.header-lines" if is_header else "table.title-lines"
