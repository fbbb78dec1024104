"""The ``datapackage.json`` of repaired tables: what a descriptor said before, and what was found.

Tabular Data Package: https://specs.frictionlessdata.io/tabular-data-package/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loader.fix.inference import unit_in_header
from loader.fix.writing import TableWriter
from loader.model import Package, Resource

_KEPT = ("mapping", "unpivot", "licenses", "sources", "homepage")
_KEPT_OF_SCHEMA = ("primaryKey", "foreignKeys", "missingValues", "uniqueKeys")


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it was written: its source, and the lines that were no rows."""

    source: Resource
    writer: TableWriter
    lines: Sequence[str]
    """Title lines and notes, in their order."""


def descriptor(package: Package, tables: Sequence[Written]) -> dict[str, Any]:
    """Return the descriptor of a package whose tables were repaired."""
    stated = {key: value for key, value in package.descriptor.items() if key != "resources"}
    own = {"name": package.name} | ({} if package.stated else {"title": package.title["ja"]})
    return {**stated, **own, "resources": [_resource(package, table) for table in tables]}


def _resource(package: Package, table: Written) -> dict[str, Any]:
    writer, before = table.writer, _entry(package, table.source)
    title, description = _texts(before, table.lines)
    found = {
        "profile": "tabular-data-resource",
        "name": writer.resource.name,
        "path": writer.resource.path.name,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "headerRow": 1},
        "schema": _schema(before.get("schema", {}), writer),
        **{key: before[key] for key in _KEPT if key in before},
    }
    return {key: value for key, value in found.items() if value}


def _entry(package: Package, resource: Resource) -> Mapping[str, Any]:
    """Return what the descriptor said of a resource."""
    entries = [
        entry
        for entry in package.descriptor.get("resources", ())
        if (package.folder / str(entry.get("path", ""))) == package.folder / resource.file
    ]
    named = [entry for entry in entries if entry.get("name") == resource.name]
    return next(iter([*named, *entries]), {})


def _texts(before: Mapping[str, Any], lines: Sequence[str]) -> tuple[Any, Any]:
    """Return title and description: what was stated stays, the lines come behind it."""
    title, rest = before.get("title"), list(lines)
    if not title and rest:
        title = rest.pop(0)
    description = before.get("description", "")
    if isinstance(description, Mapping):
        description = {**description, "ja": _joined([description.get("ja", ""), *rest])}
        return title, description
    return title, _joined([description, *rest])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _schema(before: Mapping[str, Any], writer: TableWriter) -> dict[str, Any]:
    known = {entry["name"]: entry for entry in before.get("fields", ())}
    written = {name.name: " ".join(name.written.split()) for name in writer.survey.names}
    units = writer.units()
    fields = [
        _field(name, type_, units.get(name), known.get(name) or known.get(written.get(name, "")))
        for name, type_ in zip(writer.names, writer.types.found(), strict=True)
    ]
    kept = {key: before[key] for key in _KEPT_OF_SCHEMA if key in before}
    return {"fields": fields, **kept}


def _field(
    name: str, type_: str, unit: str | None, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    if type_ in ("integer", "number"):
        unit = unit or unit_in_header(name)
    found = {"type": type_} | ({"unit": unit} if unit else {})
    return {"name": name, **found, **(before or {})} | {"name": name}
