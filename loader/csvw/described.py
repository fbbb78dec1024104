"""A description applied to a file: which columns the rows have, and what its cells become.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 5.4 and 6;
Metadata Vocabulary (https://www.w3.org/TR/tabular-metadata/), 5.1.3 and 5.5.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from urllib.parse import urljoin

from loader.csvw.cells import Parsed
from loader.csvw.context import expand as expand_name
from loader.csvw.model import UNDETERMINED, Cells, Column, Schema
from loader.csvw.problems import Scope
from loader.csvw.schema import name_of
from loader.csvw.uri_template import Value, expand

Header = Sequence[tuple[str, ...]]
"""The cells of the header rows, column by column."""


def columns_of(schema: Schema, header: Header, width: int, scope: Scope) -> tuple[Column, ...]:
    """Return the columns of a file: as described, else as its header says, else by number.

    A header that is not what the description says is reported; the description is followed.
    """
    described = [column for column in schema.columns if not column.virtual]
    virtual = [column for column in schema.columns if column.virtual]
    if not schema.stated:
        return _embedded(schema, header, width)
    if described and header:
        _check(described, header, scope)
    for number in range(len(described) + 1, max(width, len(header)) + 1):
        described.append(Column(f"_col.{number}", schema.rest))
    return (*described, *virtual)


def _embedded(schema: Schema, header: Header, width: int) -> tuple[Column, ...]:
    """Return the columns that the header describes (embedded metadata)."""
    columns = []
    for number in range(1, max(width, len(header)) + 1):
        words = header[number - 1] if number <= len(header) else ()
        titles = {UNDETERMINED: words} if words else {}
        columns.append(Column(name_of(titles, UNDETERMINED, number), schema.rest, titles))
    return tuple(columns)


def _check(described: Sequence[Column], header: Header, scope: Scope) -> None:
    """Report columns that are not compatible with the header (5.5.1)."""
    if len(described) != len(header):
        scope.warn(f"{len(described)} / {len(header)}", "csvw.other-columns")
    for column, words in zip_longest(described, header):
        if column is not None and words and not _compatible(column, words):
            scope.warn(f"{column.name} / {words[0]}", "csvw.other-header")


def _compatible(column: Column, words: Sequence[str]) -> bool:
    """Whether a header is one of the titles; languages match when truncated (BCP 47)."""
    if not column.titles:
        return True
    lang = column.cells.lang
    return any(
        word in titles and _same_language(language, lang)
        for language, titles in column.titles.items()
        for word in words
    )


def _same_language(one: str, other: str) -> bool:
    if UNDETERMINED in (one, other):
        return True
    shortest = min(len(one), len(other))
    return one[:shortest].lower() == other[:shortest].lower()


@dataclass(slots=True)
class UrlMaker:
    """Makes the URLs of the cells of one row from templates (Metadata Vocabulary, 5.1.3)."""

    table: str
    values: Mapping[str, Value]

    def url(self, template: str, column: Column, number: int) -> str:
        """Return the URL that a template gives for a cell in column ``number`` (from 1)."""
        variables = {
            **self.values,
            "_column": str(number),
            "_sourceColumn": str(number),
            "_name": column.name,
        }
        text = expand(template, variables)
        return expand_name(text) or urljoin(self.table, text)


def row_values(
    columns: Sequence[Column], parsed: Sequence[Parsed], number: int, source: int
) -> dict[str, Value]:
    """Return the variables that templates of a row may use."""
    found: dict[str, Value] = {"_row": str(number), "_sourceRow": str(source)}
    for column, cell in zip(columns, parsed, strict=False):
        texts = tuple(value.text for value in cell.values)
        found[column.name] = (
            texts if column.cells.separator is not None else next(iter(texts), None)
        )
    return found


def without_urls(cells: Cells) -> bool:
    """Whether nothing is said about what cells become in RDF."""
    return replace(cells, about_url=None, property_url=None, value_url=None) == cells
