"""Reads schemas: columns, keys and references between tables.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.5 and 5.6.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

from loader.csvw.annotations import common_properties
from loader.csvw.model import UNDETERMINED, Cells, Column, ForeignKey, Schema, Table, TableGroup
from loader.csvw.problems import Scope
from loader.csvw.properties import (
    INHERITED,
    boolean,
    check_type,
    inherited,
    known,
    natural_language,
    read_id,
)

_SCHEMA = INHERITED | {
    "@id",
    "@type",
    "@context",
    "columns",
    "foreignKeys",
    "primaryKey",
    "rowTitles",
}
_COLUMN = INHERITED | {"@id", "@type", "name", "suppressOutput", "titles", "virtual"}
_NAME = re.compile(r"(%[0-9A-Fa-f]{2}|[A-Za-z0-9])(%[0-9A-Fa-f]{2}|[A-Za-z0-9_.])*")
_FOREIGN_KEY = {"columnReference", "reference"}
_REFERENCE = {"resource", "schemaReference", "columnReference"}


def read_schema(content: Any, above: Mapping[str, Any], scope: Scope) -> Schema:
    """Read a schema; ``above`` are the inherited properties of its table and group."""
    if content is None:
        return Schema(rest=Cells(**above), stated=False)
    if not isinstance(content, Mapping):
        scope.warn(content)
        content = {}
    check_type(content, "Schema", scope)
    known(content, _SCHEMA, scope)
    above = {**above, **inherited(content, scope)}
    columns = _columns(content.get("columns", []), above, scope.at("columns"))
    named = frozenset(column.name for column in columns if column.named)
    return Schema(
        columns,
        read_id(content, scope),
        _references(content.get("primaryKey", []), named, scope.at("primaryKey")),
        _references(content.get("rowTitles", []), named, scope.at("rowTitles")),
        _foreign_keys(content.get("foreignKeys", []), named, scope.at("foreignKeys")),
        Cells(**above),
    )


def _columns(stated: Any, above: Mapping[str, Any], scope: Scope) -> tuple[Column, ...]:
    if not isinstance(stated, list):
        scope.warn(stated)
        return ()
    columns: list[Column] = []
    for number, entry in enumerate(stated):
        place = scope.at(number)
        if not isinstance(entry, Mapping):
            place.warn(entry)
            continue
        column = _column(entry, len(columns) + 1, above, place)
        if column.named and column.name in {other.name for other in columns}:
            raise place.at("name").error(column.name)
        if columns and columns[-1].virtual and not column.virtual:
            raise place.at("virtual").error(column.name)
        columns.append(column)
    return tuple(columns)


def _column(
    content: Mapping[str, Any], number: int, above: Mapping[str, Any], scope: Scope
) -> Column:
    check_type(content, "Column", scope)
    read_id(content, scope)
    known(content, _COLUMN, scope)
    titles: dict[str, tuple[str, ...]] = {}
    if "titles" in content:
        titles = natural_language(content["titles"], scope.at("titles"))
    stated = _name(content.get("name"), scope.at("name"))
    return Column(
        stated or name_of(titles, scope.language, number),
        Cells(**{**above, **inherited(content, scope)}),
        titles,
        boolean(content.get("virtual", False), scope.at("virtual")),
        boolean(content.get("suppressOutput", False), scope.at("suppressOutput")),
        stated is not None,
        common_properties(content, scope),
    )


def _name(stated: Any, scope: Scope) -> str | None:
    if stated is None or (isinstance(stated, str) and _NAME.fullmatch(stated)):
        return stated
    scope.warn(stated)
    return None


def name_of(titles: Mapping[str, tuple[str, ...]], language: str, number: int) -> str:
    """Return the name of a column that states none: its first title, else its number (5.6)."""
    title = next((titles[tag][0] for tag in (language, UNDETERMINED) if titles.get(tag)), None)
    if title is None:
        return f"_col.{number}"
    return quote(title, safe="", errors="replace").replace("-", "%2D").replace("~", "%7E")


def _references(stated: Any, named: frozenset[str], scope: Scope) -> tuple[str, ...]:
    """Return a reference to columns, without effect where one of them is not there."""
    names = stated if isinstance(stated, list) else [stated]
    if all(isinstance(name, str) and name in named for name in names):
        return tuple(names)
    scope.warn(stated)
    return ()


# --- foreign keys -------------------------------------------------------------------------------


def _foreign_keys(stated: Any, named: frozenset[str], scope: Scope) -> tuple[ForeignKey, ...]:
    if not isinstance(stated, list):
        scope.warn(stated)
        return ()
    found = []
    for number, entry in enumerate(stated):
        place = scope.at(number)
        if isinstance(entry, Mapping):
            found.append(_foreign_key(entry, named, place))
        else:
            place.warn(entry)
    return tuple(found)


def _foreign_key(entry: Mapping[str, Any], named: frozenset[str], scope: Scope) -> ForeignKey:
    reference = entry.get("reference")
    if not entry.keys() <= _FOREIGN_KEY:
        raise scope.error(", ".join(sorted(entry.keys() - _FOREIGN_KEY)))
    if not isinstance(reference, Mapping) or not reference.keys() <= _REFERENCE:
        raise scope.at("reference").error(reference)
    resource, schema = reference.get("resource"), reference.get("schemaReference")
    if (resource is None) == (schema is None):
        raise scope.at("reference").error(reference)
    columns = _names(entry.get("columnReference"), scope.at("columnReference"))
    for name in columns:
        if name not in named:
            raise scope.at("columnReference").error(name, "csvw.unresolved")
    place = scope.at("reference")
    return ForeignKey(
        columns,
        urljoin(scope.base, str(resource)) if resource is not None else None,
        urljoin(scope.base, str(schema)) if schema is not None else None,
        _names(reference.get("columnReference"), place.at("columnReference")),
    )


def _names(stated: Any, scope: Scope) -> tuple[str, ...]:
    names = stated if isinstance(stated, list) else [stated]
    if not names or not all(isinstance(name, str) for name in names):
        raise scope.error(stated)
    return tuple(names)


def check_foreign_keys(group: TableGroup, scope: Scope) -> None:
    """Raise MetadataError where a foreign key refers to a table or column that is not there."""
    for table in group.tables:
        for key in table.schema.foreign_keys:
            target = _target(group, key)
            if target is None:
                raise scope.at("foreignKeys").error(key.resource or key.schema, "csvw.unresolved")
            names = {column.name for column in target.schema.columns}
            for name in key.referenced:
                if name not in names:
                    raise scope.at("foreignKeys").error(name, "csvw.unresolved")


def _target(group: TableGroup, key: ForeignKey) -> Table | None:
    for table in group.tables:
        if key.resource is not None and table.url == key.resource:
            return table
        if key.schema is not None and table.schema.id == key.schema:
            return table
    return None
