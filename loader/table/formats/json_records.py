"""Reads lists of records from JSON (RFC 8259) and from newline-delimited JSON.

A JSON file is read twice, as a stream: once for what the records have in all (their names are the
columns) and for whether each is of bounded size, and once for the records. Objects inside a record
become columns with dotted names (``address.city``); a list of plain values becomes one cell with
``;`` between them; any other list stays JSON text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import ijson

from loader.encoding import NotATableError
from loader.json_bytes import LARGEST, BoundedJson
from loader.model import Finding, FindingLog, Resource
from loader.table.reader import MOST_COLUMNS, NamedRecords, Record, refuse_wide

DEEPEST = 32
"""Levels of nesting of a record."""

SEPARATOR = ";"

LIMIT = f"{LARGEST:,} characters, {DEEPEST} levels"

PREFERRED = ("records", "results", "data", "items")
"""Names of the list that is taken where a document has several; CKAN's are ``records`` (of a
table in the datastore) and ``results``."""

MOST_LISTS = 100
"""How many lists of a document are looked at."""

SHOWN = 200
"""Characters of a reason that are shown."""

_STARTS = {"start_map": "", "start_array": None}
_ENDS = frozenset({"end_map", "end_array"})
_SCALARS = frozenset({"string", "number", "boolean", "null"})
ERRORS = (ijson.JSONError, ValueError, ArithmeticError, RecursionError)
"""What reading damaged JSON raises."""


@dataclass(slots=True)
class _List:
    """A list of records in a document, and the columns that its records have."""

    path: str
    columns: dict[str, None] = field(default_factory=dict)


def walk(path: Path) -> Iterator[tuple[list[str | None], str, Any]]:
    """Give the events of a document (as ijson.basic_parse) and where each is: the names of the
    objects around it, None for a list.

    ijson.parse, which tells the place as well, is not for documents that nobody has looked at: it
    makes a string of each place, as long as the document is deep.
    """
    around: list[str | None] = []
    with path.open("rb") as stream:
        for event, value in ijson.basic_parse(BoundedJson(stream, path)):
            if event in _ENDS:
                around.pop()
            yield around, event, value
            if event == "map_key":
                around[-1] = value
            elif event in _STARTS:
                around.append(_STARTS[event])
            if len(around) > DEEPEST:
                raise NotATableError("table.json-too-deep", path, limit=LIMIT)


class _Survey:
    """Looks through a document for its lists of records: those that are in no other list.

    Raises NotATableError for a record that is not of bounded size.
    """

    def __init__(self, path: Path) -> None:
        self.lists: list[_List] = []
        self._path = path
        self._list: _List | None = None
        self._level = self._records = self._size = 0
        self._is_record = False

    def look(self, around: list[str | None], event: str, value: object) -> None:
        """Take an event of ``walk``."""
        if self._list is None:
            if event == "start_array":
                self._list = _List(".".join(map(str, around)))
                self._level, self._records = len(around) + 1, 0
        elif event == "end_array" and len(around) < self._level:
            self._close_list(self._list)
        elif len(around) == self._level:
            self._is_record = event == "start_map"
            self._records += self._is_record
            self._size = len(value) if isinstance(value, str) else 0
        else:
            self._member(self._list, around[self._level :], event, value)

    def _close_list(self, found: _List) -> None:
        if found.columns and len(self.lists) < MOST_LISTS:
            self.lists.append(found)
        self._list = None

    def _member(self, found: _List, names: list[str | None], event: str, value: object) -> None:
        """Take what is inside a record; what is inside a list of a record is only measured."""
        self._size += len(value) if isinstance(value, str) else 1
        if self._size > LARGEST:
            row = self._records
            raise NotATableError("table.json-too-deep", self._path, row, limit=LIMIT)
        is_value = event in _SCALARS or event == "start_array"
        is_cell = self._is_record and is_value and None not in names
        if is_cell and len(found.columns) <= MOST_COLUMNS:
            found.columns[".".join(map(str, names))] = None


def open_json(resource: Resource, findings: FindingLog) -> NamedRecords:
    """Open the list of records of a JSON document; raises NotATableError where there is none."""
    path = resource.path
    found = _choose(resource, record_lists(path), findings)
    refuse_wide(path, len(found.columns))
    header = list(found.columns)
    item = f"{found.path}.item" if found.path else "item"

    def rows() -> Iterator[Record]:
        for value in bounded_items(path, item):
            yield _row(value, header)

    return NamedRecords(resource, findings, header, rows, path.stat().st_size)


def bounded_items(path: Path, item: str) -> Iterator[Any]:
    """Give the values at a prefix (of ijson) of a document that has been looked at."""
    with path.open("rb") as stream:
        yield from ijson.items(BoundedJson(stream, path), item)


def open_json_lines(resource: Resource, findings: FindingLog) -> NamedRecords:
    """Open newline-delimited JSON; raises NotATableError where a line cannot be read."""
    path = resource.path
    columns: dict[str, None] = {}
    for value in _lines(path):
        columns.update(dict.fromkeys(_flat(value)))
        refuse_wide(path, len(columns))
    header = list(columns)
    if not header:
        raise NotATableError("table.no-records", path)

    def rows() -> Iterator[Record]:
        for value in _lines(path):
            yield _row(value, header)

    return NamedRecords(resource, findings, header, rows, path.stat().st_size)


def record_lists(path: Path) -> list[_List]:
    """Return the lists of records of a document; raises NotATableError for what is no JSON."""
    survey = _Survey(path)
    try:
        for around, event, value in walk(path):
            survey.look(around, event, value)
    except ERRORS as error:
        reason = " ".join(str(error).split())[:SHOWN]
        raise NotATableError("table.damaged-json", path, reason=reason) from error
    return survey.lists


def _choose(resource: Resource, lists: list[_List], findings: FindingLog) -> _List:
    if resource.records is not None:
        wanted = resource.records.removeprefix("$").lstrip(".").removesuffix("[*]")
        lists = [found for found in lists if found.path == wanted]
    if not lists:
        raise NotATableError("table.no-records", resource.path)
    chosen = min(lists, key=_rank)
    if len(lists) > 1:
        others = ", ".join(found.path for found in lists if found is not chosen)
        details = {"used": chosen.path, "others": others[:SHOWN]}
        findings.add(Finding("table.json-lists", resource.label, details=details))
    return chosen


def _rank(found: _List) -> int:
    name = found.path.rpartition(".")[2]
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8-sig", errors="strict", newline="\n") as stream:
        number = 0
        try:
            while line := stream.readline(LARGEST + 1):
                number += 1
                if len(line) > LARGEST:
                    raise NotATableError("table.json-too-deep", path, number, limit=LIMIT)
                if line.strip():
                    yield json.loads(line, parse_float=Decimal)
        except ERRORS as error:
            reason = f"{number}: {error}"[:SHOWN]
            raise NotATableError("table.damaged-json", path, number, reason=reason) from error


def _row(value: object, header: list[str]) -> Record:
    flat = _flat(value)
    return [flat.get(name, "") for name in header]


def _flat(value: object, before: str = "") -> dict[str, str]:
    """Return the values of an object by their dotted names; nothing for what is no object."""
    flat: dict[str, str] = {}
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict):
                flat |= _flat(inner, f"{before}{key}.")
            else:
                flat[before + key] = _cell(inner)
    return flat


def _cell(value: object) -> str:
    if isinstance(value, list):
        cells = [_cell(item) for item in value if not isinstance(item, dict | list)]
        plain = len(cells) == len(value) and not any(SEPARATOR in cell for cell in cells)
        return (
            SEPARATOR.join(cells) if plain else json.dumps(value, ensure_ascii=False, default=float)
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
