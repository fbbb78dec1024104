"""Answers of a CKAN site (package_search, package_show) as a table: a row for each file.

https://docs.ckan.org/en/latest/api/: ``result`` is a package, or ``result.results`` lists them;
each has ``resources``. A package without files has one row.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from loader.json_bytes import LARGEST
from loader.model import FindingLog, Resource
from loader.table.formats.json_records import ERRORS, SEPARATOR, bounded_items, walk
from loader.table.reader import NamedRecords, Record

EVENTS = 2_000
"""How much of a document is looked at for what it is: names, values, starts and ends."""

PACKAGE = (
    *("id", "name", "title", "notes", "url", "license_id", "license_title", "license_url"),
    *("author", "maintainer", "version", "metadata_created", "metadata_modified"),
)
RESOURCE = (
    *("id", "name", "description", "url", "format", "mimetype", "size"),
    *("created", "last_modified"),
)
HEADER = [*PACKAGE, "organization", "tags", "groups", *(f"resource_{name}" for name in RESOURCE)]

_ITEMS = {
    ("result", "results", None, "resources"): "result.results.item",
    ("result", "resources"): "result",
}
"""Where the lists of resources are, and what a package then is (a prefix of ijson)."""


def packages_of(path: Path) -> str | None:
    """Return where the packages of a document are; None for one that is no answer about them."""
    try:
        for around, event, _ in islice(walk(path), EVENTS):
            found = _ITEMS.get(tuple(around)) if event == "start_array" else None
            if found and (found != "result" or path.stat().st_size <= LARGEST):
                return found
    except ERRORS:
        return None
    return None


def open_packages(resource: Resource, findings: FindingLog, item: str) -> NamedRecords:
    """Open the packages at ``item``."""

    def rows() -> Iterator[Record]:
        for package in bounded_items(resource.path, item):
            if isinstance(package, dict):
                yield from _rows(package)

    return NamedRecords(resource, findings, HEADER, rows, resource.path.stat().st_size)


def _rows(package: Mapping[str, Any]) -> Iterator[Record]:
    organization = package.get("organization")
    start = [_text(package.get(name)) for name in PACKAGE]
    start += [_name(organization), _names(package.get("tags")), _names(package.get("groups"))]
    resources = package.get("resources")
    found = [entry for entry in resources if isinstance(entry, dict)] if resources else []
    for entry in found or [{}]:
        yield [*start, *(_text(entry.get(name)) for name in RESOURCE)]


def _names(value: object) -> str:
    names = map(_name, value) if isinstance(value, list) else ()
    return SEPARATOR.join(name for name in names if name)


def _name(value: object) -> str:
    """Return how a tag, a group or an organisation is called."""
    if isinstance(value, dict):
        return _text(value.get("display_name") or value.get("title") or value.get("name"))
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)
