"""Sources elsewhere, as the configuration names them: the entries of ``[[sources]]``."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from loader.errors import ConfigurationError

SOURCE_KEYS: Mapping[str, type] = {
    "name": str,
    "kind": str,
    "url": str,
    "organisation": str,
    "query": str,
    "page_size": int,
    "metadata": dict,
}
"""The keys of an entry of ``[[sources]]``."""


class Kind(StrEnum):
    """What answers at the address of a source."""

    HTTP = "http"
    CKAN = "ckan"
    SPARQL = "sparql"


_NEEDED = {Kind.HTTP: (), Kind.CKAN: ("organisation",), Kind.SPARQL: ()}
_ALLOWED = {
    Kind.HTTP: {"metadata"},
    Kind.CKAN: {"organisation"},
    Kind.SPARQL: {"query", "page_size", "metadata"},
}
_EVERY = ("name", "kind", "url")


@dataclass(frozen=True, slots=True)
class RemoteSource:
    """A source elsewhere: an address, a CKAN site's organisation, or a SPARQL endpoint."""

    kind: Kind
    url: str
    name: str = ""
    """How it is called on the command line; the dataset's name. Empty for a bare address."""
    organisation: str = ""
    query: Path | None = None
    """A file with a CONSTRUCT query; all triples where there is none."""
    page_size: int = 5_000
    """Solutions that are asked for at once."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Keys of a descriptor (docs/descriptor.md) for the dataset."""


def read_sources(path: Path, entries: Sequence[Any]) -> tuple[RemoteSource, ...]:
    """Read the entries of the file at ``path``; raises ConfigurationError."""
    found: dict[str, RemoteSource] = {}
    for number, entry in enumerate(entries, 1):
        source = _source(path, f"sources[{number}]", entry)
        if source.name in found:
            raise ConfigurationError("config.source-twice", path=path, name=source.name)
        found[source.name] = source
    return tuple(found.values())


def _source(path: Path, place: str, entry: Any) -> RemoteSource:
    if not isinstance(entry, Mapping):
        raise ConfigurationError("config.wrong-type", path=path, key=place, value=entry)
    _check_source_keys(path, place, entry)
    try:
        kind = Kind(entry["kind"])
    except ValueError as error:
        known = ", ".join(Kind)
        raise ConfigurationError(
            "config.source-kind", path=path, name=entry["name"], value=entry["kind"], known=known
        ) from error
    for key in _NEEDED[kind]:
        if key not in entry:
            raise ConfigurationError("config.source-key-missing", path=path, place=place, key=key)
    for key in entry:
        if key not in (*_EVERY, *_ALLOWED[kind]):
            raise ConfigurationError(
                "config.source-key-useless", path=path, name=entry["name"], key=key, kind=kind
            )
    values = dict(entry) | {"kind": kind}
    if "query" in entry:
        values["query"] = path.parent / entry["query"]
    return RemoteSource(**values)


def _check_source_keys(path: Path, place: str, entry: Mapping[str, Any]) -> None:
    for key in _EVERY:
        if key not in entry:
            raise ConfigurationError("config.source-key-missing", path=path, place=place, key=key)
    for key, value in entry.items():
        name = f"{place}.{key}"
        if key not in SOURCE_KEYS:
            near = difflib.get_close_matches(key, SOURCE_KEYS, 1, 0.4)
            raise ConfigurationError(
                "config.unknown-key", path=path, key=name, near=near[0] if near else "name"
            )
        if not isinstance(value, SOURCE_KEYS[key]) or not _usable(key, value):
            raise ConfigurationError("config.wrong-type", path=path, key=name, value=value)


def _usable(key: str, value: Any) -> bool:
    if key == "page_size":
        return not isinstance(value, bool) and bool(value >= 1)
    if key == "name":
        return re.fullmatch(r"[\w-]{1,64}", value) is not None
    return bool(value != "")
