"""The sources that a mapping document names, when it is run by itself: CSV, TSV and JSON files."""

import csv
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from loader.errors import ConfigurationError, SourceError
from loader.functions.registry import nearest
from loader.mapping.context import Columns, unknown_column
from loader.mapping.expressions import Expressions
from loader.mapping.json_source import FAULTS, JsonSource, UnknownReference, unreadable
from loader.mapping.model import LogicalSource, Reference
from loader.model import Batch

BATCH_ROWS = 500
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_JSON = frozenset({"json", "jsonpath", "ndjson"})
csv.field_size_limit(1 << 24)


class CsvSource:
    """An open CSV source (RFC 4180): its header and its rows; rows without any cell are none."""

    several = False

    def __init__(self, path: Path, stated: LogicalSource) -> None:
        self.path = path
        self._stated = stated
        self._rows = self._read()
        try:
            self.header = next(self._rows, [])
        except (*FAULTS, csv.Error) as error:
            raise unreadable(path, error) from error
        self._columns = Columns(self.header, {}, {}, lambda _: "")

    def resolve(self, reference: Reference, file: Path | str) -> int:
        """Return the number of the column that a reference is; raises ConfigurationError."""
        found = self._columns.find(reference.name)
        if found is None:
            raise unknown_column(file, reference, self.header)
        return found

    def batches(self, size: int) -> Iterator[Batch]:
        """Give the rows, which are filled up or cut to the width of the header."""
        width, first = len(self.header), 2
        padding = [""] * width
        try:
            while rows := list(islice(self._rows, size)):
                fitted = [(row + padding)[:width] for row in rows]
                numbers = range(first, first + len(rows))
                first += len(rows)
                yield Batch(numbers, list(zip(*fitted, strict=True)))
        except (*FAULTS, csv.Error) as error:
            raise unreadable(self.path, error) from error

    def _read(self) -> Iterator[list[str]]:
        stated = self._stated.delimiter
        delimiter = _DELIMITERS[self._stated.formulation] if stated == "," else stated
        nulls = frozenset(self._stated.nulls)
        with self.path.open(encoding=self._stated.encoding, newline="") as stream:
            for row in csv.reader(stream, delimiter=delimiter, quotechar=self._stated.quote):
                if row and nulls:
                    yield ["" if cell in nulls else cell for cell in row]
                elif row:
                    yield row


Source = CsvSource | JsonSource


def open_source(folder: Path, stated: LogicalSource) -> Source:
    """Open a source below the folder of the document; raises SourceError where it is not there."""
    path = folder / stated.path
    if stated.formulation not in _JSON | _DELIMITERS.keys():
        raise ConfigurationError(
            "mapping.unsupported-source", source=f"{stated.path} ({stated.formulation})"
        )
    if not path.is_file():
        near = nearest(stated.path, (found.name for found in folder.iterdir()))
        raise SourceError("mapping.no-source", source=path, nearest=near)
    return JsonSource(path, stated) if stated.formulation in _JSON else CsvSource(path, stated)


def expressions_over(
    source: Source, externals: Mapping[str, str], document: Path | str
) -> Expressions:
    """Return a compiler of expressions whose references are those of a source."""

    def resolve(reference: Reference) -> int | str:
        if reference.name in externals and not reference.column:
            return externals[reference.name]
        return source.resolve(reference, document)

    return Expressions(source.header, resolve, source.several)


def batches(source: Source, document: Path | str) -> Iterator[Batch]:
    """Give the rows of a source; raises ConfigurationError about a reference that no row has."""
    try:
        yield from source.batches(BATCH_ROWS)
    except UnknownReference as unknown:
        raise unknown_column(document, unknown.reference, ()) from unknown
