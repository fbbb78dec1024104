"""Reads ``[serve]`` of a home's ``tsunagu.toml`` (docs/configuration.md)."""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from endpoint.evaluation.allocator import AUTO, SYSTEM
from endpoint.settings import Key, Settings
from loader.errors import ConfigurationError

FILE = "tsunagu.toml"
_HASH = re.compile("[0-9a-f]{64}")
_TILES = re.compile(r"https?://[A-Za-z0-9.:-]+/[^\s;,\"'<>]*")
_ENDPOINT = re.compile(r"https?://[^\s<>\"{}|\\^`#@]+")
_TABLES = ("trusted_proxies", "keys", "service_endpoints")
_AT_LEAST_ONE = ("query_workers", "page_workers", "pinned_workers")


def read_settings(home: Path) -> Settings:
    """Return the settings of a home; raises ConfigurationError where they make no sense."""
    path = home / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError("serve.unreadable", path=path, reason=error) from error
    found = content.get("serve", {})
    _require(isinstance(found, Mapping), path, "serve", found)
    _require_tiles(path, found)
    _require_allocator(path, found.get("allocator", AUTO))
    numbers = {key: value for key, value in found.items() if key not in _TABLES}
    for name in _AT_LEAST_ONE:
        _require(found.get(name, 1) != 0, path, f"serve.{name}", 0)
    return Settings(
        **_typed(path, "serve", numbers, Settings),
        trusted_proxies=_networks(path, found.get("trusted_proxies", [])),
        keys=_keys(path, found.get("keys", [])),
        service_endpoints=_endpoints(path, found.get("service_endpoints", [])),
    )


def _require_tiles(path: Path, found: Mapping[str, Any]) -> None:
    """The address goes into the Content-Security-Policy; who made the images has to be named."""
    tiles = found.get("map_tiles") or ""
    well_formed = isinstance(tiles, str) and (not tiles or bool(_TILES.fullmatch(tiles)))
    _require(well_formed, path, "serve.map_tiles", tiles)
    whole = not tiles or all(place in tiles for place in ("{z}", "{x}", "{y}"))
    _require(whole, path, "serve.map_tiles", tiles)
    named = not tiles or bool(found.get("map_attribution"))
    _require(named, path, "serve.map_attribution", found.get("map_attribution", ""))


def _require_allocator(path: Path, named: object) -> None:
    """A library that is not there would be left out without a word."""
    library = isinstance(named, str) and Path(named).is_absolute() and Path(named).is_file()
    _require(library or named in (AUTO, SYSTEM), path, "serve.allocator", named)


def _require(condition: bool, path: Path, key: str, value: object) -> None:
    if not condition:
        raise ConfigurationError("serve.wrong-value", path=path, key=key, value=value)


def _typed(
    path: Path, place: str, found: Mapping[str, Any], kind: type[Settings] | type[Key]
) -> dict[str, Any]:
    """The values of a table, each of the type that the field of its name has."""
    known = {field.name: str(field.type) for field in fields(kind)}
    values = {}
    for key, value in found.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.0)[0]
            name = f"{place}.{key}"
            raise ConfigurationError("serve.unknown-key", path=path, key=name, near=near)
        _require(_fits(value, known[key]), path, f"{place}.{key}", value)
        values[key] = float(value) if "float" in known[key] else value
    return values


def _fits(value: object, kind: str) -> bool:
    """Numbers are limits: never below nothing."""
    for name in ("str", "bool"):
        if name in kind:
            return type(value).__name__ == name
    allowed = (int, float) if "float" in kind else (int,)
    return isinstance(value, allowed) and not isinstance(value, bool) and value >= 0


def _networks(path: Path, found: Any) -> tuple[str, ...]:
    _require(isinstance(found, list), path, "serve.trusted_proxies", found)
    for network in found:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigurationError(
                "serve.wrong-value", path=path, key="serve.trusted_proxies", value=network
            ) from error
    return tuple(map(str, found))


def _endpoints(path: Path, found: Any) -> tuple[str, ...]:
    _require(isinstance(found, list), path, "serve.service_endpoints", found)
    for address in found:
        well_formed = isinstance(address, str) and bool(_ENDPOINT.fullmatch(address))
        _require(well_formed, path, "serve.service_endpoints", address)
    return tuple(found)


def _keys(path: Path, found: Any) -> tuple[Key, ...]:
    _require(isinstance(found, Sequence), path, "serve.keys", found)
    keys = []
    for number, entry in enumerate(found, 1):
        place = f"serve.keys[{number}]"
        _require(isinstance(entry, Mapping), path, place, entry)
        for needed in ("name", "sha256"):
            _require(needed in entry, path, f"{place}.{needed}", "")
        _require(bool(_HASH.fullmatch(str(entry["sha256"]))), path, f"{place}.sha256", "…")
        keys.append(Key(**_typed(path, place, entry, Key)))
    return tuple(keys)
