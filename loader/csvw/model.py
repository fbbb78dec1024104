"""A description after it has been read: defaults filled in, inherited properties at the columns.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loader.csvw.datatypes import STRING, Datatype

UNDETERMINED = "und"
"""The language where none is stated (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is to be parsed (Metadata Vocabulary, 5.9). ``header_rows`` None: not stated."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    double_quote: bool = True
    comment: str | None = None
    """What lines of comments begin with; ``#`` where a dialect is stated (5.9), else nothing."""
    skip_rows: int = 0
    skip_columns: int = 0
    header_rows: int = 1
    skip_blank_rows: bool = False
    skip_initial_space: bool = False
    trim: str = "false"
    """``true``, ``false``, ``start`` or ``end``."""
    stated: frozenset[str] = frozenset()
    """The properties that the description states."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The inherited properties of a column (Metadata Vocabulary, 5.7)."""

    about_url: str | None = None
    datatype: Datatype = STRING
    default: str = ""
    lang: str = UNDETERMINED
    null: tuple[str, ...] = ("",)
    ordered: bool = False
    property_url: str | None = None
    required: bool = False
    separator: str | None = None
    value_url: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``titles`` are the words that its header may have, by language."""

    name: str
    cells: Cells = field(default_factory=Cells)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    virtual: bool = False
    suppressed: bool = False
    named: bool = False
    """Whether the description states the name."""
    annotations: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose cells refer to a row of another table: by its URL or its schema's."""

    columns: tuple[str, ...]
    resource: str | None
    schema: str | None
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a table and what holds between them."""

    columns: tuple[Column, ...] = ()
    id: str | None = None
    primary_key: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rest: Cells = field(default_factory=Cells)
    """The properties of columns that are not described."""
    stated: bool = True
    """Whether there is a ``tableSchema`` at all; if not, the header of the file names columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a description."""

    url: str
    schema: Schema
    dialect: Dialect
    id: str | None = None
    suppressed: bool = False
    notes: tuple[object, ...] = ()
    annotations: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableGroup:
    """What a description describes. ``language`` is that of its texts."""

    tables: tuple[Table, ...]
    id: str | None = None
    notes: tuple[object, ...] = ()
    annotations: Mapping[str, object] = field(default_factory=dict)
