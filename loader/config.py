"""The configuration of a home: ``tsunagu.toml`` (docs/configuration.md)."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loader.errors import ConfigurationError
from vocab.iris import IriPolicy

FILE = "tsunagu.toml"
DEFAULT_BASE_IRI = "http://localhost:8000/"

KEYS: Mapping[str, type | tuple[type, ...]] = {
    "base_iri": str,
    "site.title": (str, dict),
    "site.description": (str, dict),
    "site.homepage": str,
    "site.publisher.name": (str, dict),
    "site.publisher.id": str,
}
"""The keys of the file, and the types that their values may have."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a home says of the publication: the base IRI and the site, texts by language."""

    policy: IriPolicy
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    homepage: str | None = None
    publisher_name: Mapping[str, str] = field(default_factory=dict)
    publisher_id: str | None = None


def find_home(asked: Path | None) -> Path:
    """Return the home: what was asked for, else ``TSUNAGU_HOME``, else ``./var``."""
    return asked or Path(os.environ.get("TSUNAGU_HOME") or "var")


def read_config(home: Path, base_iri: str | None = None) -> Config:
    """Read ``tsunagu.toml`` of a home; ``base_iri`` overrides its key.

    Raises ConfigurationError for a file that is not TOML, a key that does not exist and a value
    that is of the wrong kind.
    """
    values = _checked(home / FILE)
    base = base_iri or values.get("base_iri") or DEFAULT_BASE_IRI
    try:
        policy = IriPolicy(base if base.endswith("/") else base + "/")
    except ValueError as error:
        raise ConfigurationError("config.base-iri", value=base) from error
    return Config(
        policy,
        title=_by_language(values.get("site.title"), {"ja": "オープンデータ", "en": "Open data"}),
        description=_by_language(
            values.get("site.description"),
            {
                "ja": "5つ星のリンクトデータとして公開しているオープンデータ",
                "en": "Open data published as five-star Linked Data",
            },
        ),
        homepage=values.get("site.homepage"),
        publisher_name=_by_language(
            values.get("site.publisher.name"), {"ja": "データ公開者", "en": "Data publisher"}
        ),
        publisher_id=values.get("site.publisher.id"),
    )


def _checked(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError("config.unreadable", path=path, reason=error) from error
    values = dict(_flat(content, ""))
    for key, value in values.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1, 0.4)
            raise ConfigurationError(
                "config.unknown-key", path=path, key=key, near=near[0] if near else "base_iri"
            )
        if not isinstance(value, KEYS[key]):
            raise ConfigurationError("config.wrong-type", path=path, key=key, value=value)
    return values


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = prefix + key
        nested = isinstance(value, Mapping) and name not in KEYS
        found.extend(_flat(value, name + ".") if nested else [(name, value)])
    return found


def _by_language(value: str | dict[str, str] | None, default: dict[str, str]) -> dict[str, str]:
    if isinstance(value, str):
        return {"ja": value}
    return value or default
