"""Described files opened as tables: the dialect, and the columns that the description names."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from loader.csvw.beside import Description, read_description
from loader.csvw.derive import Derived
from loader.csvw.described import columns_of, without_urls
from loader.csvw.model import UNDETERMINED, Column, Dialect
from loader.csvw.problems import MetadataError, Scope
from loader.model import Field, Finding, FindingLog, Resource
from loader.table import Table, open_table

_READ_BY_TABLE = frozenset(
    {"encoding", "delimiter", "header", "headerRowCount", "skipRows", "@id", "@type"}
)
"""The properties of a dialect that the house's own reader knows."""

_DEFAULTS = Dialect(comment="#")


@dataclass(frozen=True, slots=True)
class Described:
    """A file with its description, opened."""

    description: Description
    table: Table
    derived: Derived

    @property
    def says_rdf(self) -> bool:
        """Whether the description says what the cells become in RDF."""
        columns = self.derived.columns
        return any(column.virtual or not without_urls(column.cells) for column in columns)


def open_described(
    resource: Resource, url: str, findings: FindingLog, known: Collection[str] = ()
) -> Described | None:
    """Open a file that has a description; ``url`` is that of its folder.

    None, with a finding, where the description or the file cannot be used.
    """
    assert resource.description is not None
    try:
        description = read_description(resource.description, resource.path, url, findings)
    except MetadataError as error:
        findings.add(error.finding)
        return None
    table = open_table(_with_dialect(resource, description, findings), findings, known)
    if table is None:
        return None
    dialect = description.table.dialect
    if table.header_row == 0 and dialect.skip_rows:
        table = replace(table, first_data_row=dialect.skip_rows + 1)
    scope = Scope(resource.label, description.table.url, UNDETERMINED, findings)
    header = [(name,) for name in table.header] if table.header_row else []
    columns = columns_of(description.table.schema, header, len(table.header), scope)
    keys = description.table.schema.primary_key
    pairs = zip(table.header, columns, strict=False)
    key = tuple(name for name, column in pairs if column.name in keys)
    if key and not resource.primary_key:
        table = replace(table, resource=replace(table.resource, primary_key=key))
    derived = Derived(description.table, columns, table.header, resource.label, findings)
    return Described(description, table, derived)


def _with_dialect(resource: Resource, description: Description, findings: FindingLog) -> Resource:
    """Return the resource as the dialect says; what is not stated is found from the file."""
    dialect = description.table.dialect
    stated = dialect.stated
    for key in sorted(stated - _READ_BY_TABLE):
        if not _is_default(key, dialect):
            details = {"key": f"dialect.{key}"}
            findings.add(Finding("csvw.dialect", description.path.name, details=details))
    has_header = bool({"header", "headerRowCount", "skipRows"} & stated)
    row = dialect.skip_rows + dialect.header_rows if dialect.header_rows else 0
    return replace(
        resource,
        encoding=resource.encoding or (dialect.encoding if "encoding" in stated else None),
        delimiter=resource.delimiter or (dialect.delimiter if "delimiter" in stated else None),
        header_row=row if resource.header_row is None and has_header else resource.header_row,
        fields=resource.fields or tuple(map(_field, description.table.schema.columns)),
    )


def _is_default(key: str, dialect: Dialect) -> bool:
    name = {
        "commentPrefix": "comment",
        "doubleQuote": "double_quote",
        "quoteChar": "quote",
        "skipBlankRows": "skip_blank_rows",
        "skipColumns": "skip_columns",
        "skipInitialSpace": "skip_initial_space",
        "trim": "trim",
    }.get(key)
    # Cells are trimmed and blank rows passed over in any case.
    harmless = name in (None, "skip_blank_rows", "trim")
    return harmless or getattr(dialect, name or "") == getattr(_DEFAULTS, name or "")


def _field(column: Column) -> Field:
    titles = next(iter(column.titles.values()), ())
    return Field(titles[0] if titles else column.name)
