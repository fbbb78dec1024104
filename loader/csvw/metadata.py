"""Reads a description: a group of tables, or a single one, checked and with defaults filled in.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.2 to 5.4 and 6.
Errors are MetadataErrors; warnings go to the findings.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin

from loader.csvw.annotations import common_properties, is_language, notes
from loader.csvw.context import CONTEXT
from loader.csvw.dialect import read_dialect
from loader.csvw.model import UNDETERMINED, Dialect, Schema, Table, TableGroup
from loader.csvw.problems import Scope
from loader.csvw.properties import (
    INHERITED,
    boolean,
    check_type,
    inherited,
    known,
    link,
    read_id,
)
from loader.csvw.schema import check_foreign_keys, read_schema
from loader.model import FindingLog

Load = Callable[[str], dict[str, Any]]
"""Reads the JSON object at a URL; raises MetadataError."""

_BOTH = {"@id", "@type", "@context", "dialect", "notes", "tableDirection", "tableSchema"}
_GROUP = INHERITED | _BOTH | {"tables", "transformations"}
_TABLE = INHERITED | _BOTH | {"url", "suppressOutput", "transformations"}
_TRANSFORMATION = frozenset(
    {"@id", "@type", "url", "scriptFormat", "targetFormat", "source", "titles"}
)


def read_metadata(url: str, load: Load, findings: FindingLog) -> TableGroup:
    """Read the description at a URL; raises MetadataError where it cannot be used."""
    content = load(url)
    scope = context(content, Scope(url.rpartition("/")[2], url, UNDETERMINED, findings))
    if "tables" in content or content.get("@type") == "TableGroup":
        group = _Group(content, scope, load).read()
    else:
        # A table that stands by itself is the only one of a group without properties (5.3).
        group = TableGroup((_Group({}, scope, load).table(content, scope),))
    check_foreign_keys(group, scope)
    return group


def context(content: Mapping[str, Any], scope: Scope) -> Scope:
    """Return the scope that ``@context`` sets up: base URL and language (5.2)."""
    stated = content.get("@context", CONTEXT)
    items = stated if isinstance(stated, list) else [stated]
    place = scope.at("@context")
    if not items or items[0] != CONTEXT or len(items) > 2:
        raise place.error(stated)
    if len(items) == 1:
        return scope
    local = items[1]
    if not isinstance(local, Mapping) or not local.keys() <= {"@base", "@language"}:
        raise place.error(local)
    base, language = scope.base, UNDETERMINED
    if "@base" in local:
        base = link(local["@base"], place.at("@base"))
    if is_language(local.get("@language")):
        language = local["@language"]
    elif "@language" in local:
        place.at("@language").warn(local["@language"])
    return Scope(scope.file, base, language, scope.findings, scope.place)


class _Group:
    """Reads a group of tables; what it states is the default of its tables."""

    def __init__(self, content: Mapping[str, Any], scope: Scope, load: Load) -> None:
        self._content = content
        self._scope = scope
        self._load = load
        self._inherited = inherited(content, scope)

    def read(self) -> TableGroup:
        """Return the group."""
        content, scope = self._content, self._scope
        check_type(content, "TableGroup", scope)
        known(content, _GROUP, scope)
        self._check(content, scope)
        entries = content.get("tables")
        if not isinstance(entries, list) or not entries:
            raise scope.at("tables").error(entries, "csvw.missing-property")
        tables = []
        for number, entry in enumerate(entries):
            place = scope.at("tables").at(number)
            if isinstance(entry, Mapping):
                tables.append(self.table(entry, place))
            else:
                place.warn(entry)
        if not tables:
            raise scope.at("tables").error(entries)
        return TableGroup(
            tuple(tables),
            read_id(content, scope),
            notes(content.get("notes"), scope.at("notes")),
            common_properties(content, scope),
        )

    def table(self, content: Mapping[str, Any], scope: Scope) -> Table:
        """Return a table of the group."""
        check_type(content, "Table", scope)
        known(content, _TABLE, scope)
        self._check(content, scope)
        url = content.get("url")
        if not isinstance(url, str):
            raise scope.at("url").error(url, "csvw.missing-property")
        suppressed = content.get("suppressOutput", False)
        return Table(
            urljoin(scope.base, url),
            self._schema(content, scope),
            self._dialect(content, scope),
            read_id(content, scope),
            boolean(suppressed, scope.at("suppressOutput")),
            notes(content.get("notes"), scope.at("notes")),
            common_properties(content, scope),
        )

    def _schema(self, content: Mapping[str, Any], scope: Scope) -> Schema:
        stated = content.get("tableSchema", self._content.get("tableSchema"))
        above = self._inherited | inherited(content, scope)
        place = scope.at("tableSchema")
        if isinstance(stated, str):
            url = urljoin(scope.base, stated)
            stated = self._load(url)
            file = url.rpartition("/")[2]
            place = context(stated, Scope(file, url, UNDETERMINED, scope.findings))
        return read_schema(stated, above, place)

    def _dialect(self, content: Mapping[str, Any], scope: Scope) -> Dialect:
        stated = content.get("dialect", self._content.get("dialect"))
        place = scope.at("dialect")
        if isinstance(stated, str):
            url = urljoin(scope.base, stated)
            stated = self._load(url)
            place = Scope(url.rpartition("/")[2], url, scope.language, scope.findings)
        return read_dialect(stated, place)

    def _check(self, content: Mapping[str, Any], scope: Scope) -> None:
        """Check what has no effect on the tables here."""
        direction = content.get("tableDirection", "auto")
        if direction not in ("rtl", "ltr", "auto"):
            scope.at("tableDirection").warn(direction)
        _check_transformations(content.get("transformations", []), scope.at("transformations"))


def _check_transformations(stated: object, scope: Scope) -> None:
    if not isinstance(stated, list):
        scope.warn(stated)
        return
    for number, entry in enumerate(stated):
        place = scope.at(number)
        if not isinstance(entry, Mapping):
            place.warn(entry)
            continue
        check_type(entry, "Template", place)
        read_id(entry, place)
        known(entry, _TRANSFORMATION, place)
        for key in ("url", "scriptFormat", "targetFormat"):
            if key not in entry:
                place.at(key).warn(None, "csvw.unknown-property")
