"""Tables to RDF as the recommendation has it, in standard and in minimal mode.

Generating RDF from Tabular Data on the Web (https://www.w3.org/TR/csv2rdf/). What comes out are
lines of N-Triples, row by row; memory does not grow with the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from loader.csvw.annotations import triples, value_triples
from loader.csvw.cells import Parsed, Value, parse_cell
from loader.csvw.context import CSVW, RDF, XSD
from loader.csvw.described import UrlMaker, columns_of, row_values
from loader.csvw.metadata import read_metadata
from loader.csvw.model import UNDETERMINED, Cells, Column, Dialect, Schema, Table, TableGroup
from loader.csvw.place import PATTERNS, Place
from loader.csvw.problems import MetadataError, Scope
from loader.csvw.records import Records, Row
from loader.model import Finding, FindingLog
from vocab import lines

RDFS_COMMENT = lines.iri("http://www.w3.org/2000/01/rdf-schema#comment")
_TYPE = lines.iri(RDF + "type")
LINES_AT_ONCE = 2_000


@cache
def _csvw(term: str) -> str:
    return lines.iri(CSVW + term)


@dataclass(frozen=True, slots=True)
class Request:
    """What to convert: a description or a table at ``url``.

    ``metadata`` is the description that the user names, ``linked`` those of a Link header.
    """

    url: str
    metadata: str | None = None
    linked: Sequence[str] = ()
    patterns: Sequence[str] = PATTERNS
    minimal: bool = False


def convert(request: Request, place: Place, findings: FindingLog) -> Iterator[list[str]]:
    """Give the lines that a description and its tables make, some at a time.

    Raises MetadataError where the description cannot be used, SourceError for a table.
    """
    group = group_of(request, place, findings)
    writer = _Writer(place, findings, request.minimal)
    batch: list[str] = []
    for subject, predicate, object_ in writer.group(group):
        batch.append(f"{subject} {predicate} {object_} .\n")
        if len(batch) >= LINES_AT_ONCE:
            yield batch
            batch = []
    yield batch


def convert_file(
    path: Path, url: str, findings: FindingLog, minimal: bool = False
) -> Iterator[list[str]]:
    """Give the lines that a description makes; ``url`` is that of its folder.

    A description that cannot be used is a finding; raises SourceError for a table.
    """
    request = Request(url + path.name, minimal=minimal)
    try:
        yield from convert(request, Place(path.parent, url), findings)
    except MetadataError as error:
        findings.add(error.finding)


def group_of(request: Request, place: Place, findings: FindingLog) -> TableGroup:
    """Return the description of what is asked for (tabular data model, 5)."""
    if request.metadata:
        return read_metadata(request.metadata, place.load, findings)
    if request.url.endswith(".json"):
        return read_metadata(request.url, place.load, findings)
    for url in place.locate(request.url, request.linked, request.patterns):
        if place.path(url) is None:
            continue
        own = FindingLog()
        group = read_metadata(url, place.load, own)
        if request.url in {table.url for table in group.tables}:
            findings.extend(own)
            return group
        file = url.rpartition("/")[2]
        findings.add(Finding("csvw.not-about", file, value=request.url.rpartition("/")[2]))
    return TableGroup((Table(request.url, Schema(stated=False), Dialect()),))


@dataclass(slots=True)
class _Writer:
    """Writes the triples of a group of tables."""

    place: Place
    findings: FindingLog
    minimal: bool
    _nodes: int = 0

    def node(self) -> str:
        """Return a new blank node."""
        self._nodes += 1
        return f"_:b{self._nodes}"

    def group(self, group: TableGroup) -> Iterator[tuple[str, str, str]]:
        """Give the triples of a group (csv2rdf, 4.6.1 and 4.6.2)."""
        node = lines.iri(group.id) if group.id else self.node()
        if not self.minimal:
            yield node, _TYPE, _csvw("TableGroup")
            yield from self._said(node, group)
        for table in group.tables:
            if not table.suppressed:
                yield from self._table(node, table)

    def _said(self, node: str, what: TableGroup | Table) -> Iterator[tuple[str, str, str]]:
        yield from triples(node, what.annotations, self.node)
        for note in what.notes:
            yield from value_triples(node, _csvw("note"), note, self.node)

    def _table(self, group: str, table: Table) -> Iterator[tuple[str, str, str]]:
        path = self.place.path(table.url)
        if path is None:
            raise MetadataError("csvw.file-missing", table.url.rpartition("/")[2], "url", table.url)
        node = lines.iri(table.id) if table.id else self.node()
        records = Records(path, table.dialect)
        if not self.minimal:
            yield group, _csvw("table"), node
            yield node, _TYPE, _csvw("Table")
            yield node, _csvw("url"), lines.iri(table.url)
            yield from self._said(node, table)
        scope = Scope(path.name, table.url, UNDETERMINED, self.findings)
        rows = _Rows(table, scope, self)
        for row in records.rows():
            yield from rows.triples(node, row, records)
        if not self.minimal:
            for comment in records.comments:
                yield node, RDFS_COMMENT, lines.literal(comment)


@dataclass(slots=True)
class _Rows:
    """Writes the rows of one table (csv2rdf, 4.6.6 to 4.6.8)."""

    table: Table
    scope: Scope
    writer: _Writer
    _columns: tuple[Column, ...] = field(default=())

    def triples(self, table: str, row: Row, records: Records) -> Iterator[tuple[str, str, str]]:
        """Give the triples of a row."""
        if not self._columns:
            schema = self.table.schema
            self._columns = columns_of(schema, records.header, len(row.cells), self.scope)
        parsed = self._parsed(row)
        values = row_values(self._columns, parsed, row.number, row.source_number)
        node = "" if self.writer.minimal else self.writer.node()
        if node:
            yield from self._row(table, node, row, parsed)
        yield from self._cells(node, parsed, UrlMaker(self.table.url, values))

    def _parsed(self, row: Row) -> list[Parsed]:
        parsed = []
        for number, column in enumerate(self._columns):
            text = row.cells[number] if number < len(row.cells) else ""
            cell = Parsed() if column.virtual else parse_cell(text, column.cells)
            self._report(row, column, text, cell)
            parsed.append(cell)
        return parsed

    def _report(self, row: Row, column: Column, text: str, cell: Parsed) -> None:
        codes = (cell.code, *(value.code for value in cell.values))
        for code in filter(None, codes):
            name, source = column.name, row.source_number
            self.scope.findings.add(Finding(code, self.scope.file, source, name, text))

    def _row(
        self, table: str, node: str, row: Row, parsed: Sequence[Parsed]
    ) -> Iterator[tuple[str, str, str]]:
        url = f"{self.table.url}#row={row.source_number}"
        yield table, _csvw("row"), node
        yield node, _TYPE, _csvw("Row")
        yield node, _csvw("rownum"), lines.literal(str(row.number), None, XSD + "integer")
        yield node, _csvw("url"), lines.iri(url)
        for column, cell in zip(self._columns, parsed, strict=True):
            if column.name in self.table.schema.row_titles:
                for value in cell.values:
                    yield node, _csvw("title"), _literal(value, column.cells)

    def _cells(
        self, row: str, parsed: Sequence[Parsed], urls: UrlMaker
    ) -> Iterator[tuple[str, str, str]]:
        default = ""
        described = set()
        for number, (column, cell) in enumerate(zip(self._columns, parsed, strict=True), 1):
            if column.suppressed:
                continue
            about = column.cells.about_url
            if about is None:
                default = subject = default or self.writer.node()
            else:
                subject = lines.iri(urls.url(about, column, number))
            if row and subject not in described:
                described.add(subject)
                yield row, _csvw("describes"), subject
            yield from self._cell(subject, column, number, cell, urls)

    def _cell(
        self, subject: str, column: Column, number: int, cell: Parsed, urls: UrlMaker
    ) -> Iterator[tuple[str, str, str]]:
        cells = column.cells
        if cells.property_url is None:
            predicate = lines.iri(f"{self.table.url}#{column.name}")
        else:
            predicate = lines.iri(urls.url(cells.property_url, column, number))
        if cells.value_url is not None:
            if column.virtual or cell.values:
                yield subject, predicate, lines.iri(urls.url(cells.value_url, column, number))
        elif cells.separator is not None and cells.ordered:
            yield from self._list(subject, predicate, [_literal(v, cells) for v in cell.values])
        else:
            for value in cell.values:
                yield subject, predicate, _literal(value, cells)

    def _list(
        self, subject: str, predicate: str, items: Sequence[str]
    ) -> Iterator[tuple[str, str, str]]:
        """Give an RDF list; of no items rdf:nil."""
        for item in items:
            node = self.writer.node()
            yield subject, predicate, node
            yield node, lines.iri(RDF + "first"), item
            subject, predicate = node, lines.iri(RDF + "rest")
        yield subject, predicate, lines.iri(RDF + "nil")


def _literal(value: Value, cells: Cells) -> str:
    """Return a value as a literal (csv2rdf, 4.5); one that does not fit its type is a string."""
    datatype = cells.datatype
    plain = value.code is not None or datatype.iri == XSD + "string"
    if plain and cells.lang != UNDETERMINED:
        return lines.literal(value.text, cells.lang)
    return lines.literal(value.text, None, None if plain else datatype.iri)
