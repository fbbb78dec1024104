"""The configuration of a home: ``tsunagu.toml`` (docs/configuration.md)."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from loader.errors import ConfigurationError
from loader.remote_sources import Kind as Kind
from loader.remote_sources import RemoteSource as RemoteSource
from loader.remote_sources import read_sources
from vocab.iris import IriPolicy

N = TypeVar("N", int, float, int | None)

FILE = "tsunagu.toml"
DEFAULT_BASE_IRI = "http://localhost:8000/"
THRESHOLD = 0.95
"""From what confidence on a link is published, where the home says nothing else."""
MOST_REMOVED_PERCENT = 20.0

KEYS: Mapping[str, type | tuple[type, ...]] = {
    "base_iri": str,
    "site.title": (str, dict),
    "site.description": (str, dict),
    "site.homepage": str,
    "site.publisher.name": (str, dict),
    "site.publisher.id": str,
    "fetch.allow_private": bool,
    "fetch.max_megabytes": int,
    "fetch.seconds": int,
    "publish.most_removed_percent": (int, float),
    "releases.keep": int,
    "releases.keep_days": int,
    "releases.keep_written": int,
    "signing.certificate": str,
    "signing.key": str,
    "signing.tsa": str,
    "signing.tsa_certificate": str,
    "links.threshold": (int, float),
    "sources": list,
    "serve": dict,
}
"""The keys of the file, and the types that their values may have."""


@dataclass(frozen=True, slots=True)
class FetchRules:
    """What may be fetched, and how much: limits for one file or one answer."""

    allow_private: bool = False
    """Whether addresses of networks that are not the public internet may be fetched."""
    max_bytes: int = 500_000_000
    """After decompression."""
    seconds: float = 600


@dataclass(frozen=True, slots=True)
class Signing:
    """What signs a release besides the keys of the home (docs/proof.md)."""

    certificate: Path | None = None
    """The organisation's X.509 certificate, PEM; ``key`` is its private key."""
    key: Path | None = None
    tsa: str | None = None
    """Address of a time stamp authority (RFC 3161)."""
    tsa_certificate: Path | None = None
    """The root certificate by which its time stamps are checked, PEM."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Which releases are kept: the newest, and those of so many days; all where neither is said.

    Those that were made by writing over the web are counted apart from those that were published.
    """

    keep: int | None = None
    days: int | None = None
    written: int = 100
    """How many of those that were made by writing over the web are kept."""

    @property
    def prunes(self) -> bool:
        """Whether any release may be removed."""
        return self.keep is not None or self.days is not None


@dataclass(frozen=True, slots=True)
class Config:
    """What a home says of the publication: the base IRI and the site, texts by language."""

    policy: IriPolicy
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    homepage: str | None = None
    publisher_name: Mapping[str, str] = field(default_factory=dict)
    publisher_id: str | None = None
    fetch: FetchRules = FetchRules()
    sources: tuple[RemoteSource, ...] = ()
    signing: Signing = Signing()
    links_threshold: float = THRESHOLD
    """The confidence (0 to 1) from which on a link is published (docs/links.md)."""
    most_removed_percent: float = MOST_REMOVED_PERCENT
    """The share of a dataset's things that may disappear without ``--accept``."""
    retention: Retention = Retention()


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
        fetch=_fetch_rules(home / FILE, values),
        sources=read_sources(home / FILE, values.get("sources", [])),
        signing=_signing(home / FILE, values),
        links_threshold=_threshold(home / FILE, values.get("links.threshold", THRESHOLD)),
        most_removed_percent=_number(
            home / FILE, values, "publish.most_removed_percent", MOST_REMOVED_PERCENT, 0
        ),
        retention=Retention(
            _number(home / FILE, values, "releases.keep", None),
            _number(home / FILE, values, "releases.keep_days", None),
            _number(home / FILE, values, "releases.keep_written", Retention().written),
        ),
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


def _fetch_rules(path: Path, values: Mapping[str, Any]) -> FetchRules:
    defaults = FetchRules()
    megabytes = _number(path, values, "fetch.max_megabytes", defaults.max_bytes // 1_000_000)
    seconds = _number(path, values, "fetch.seconds", defaults.seconds)
    return FetchRules(values.get("fetch.allow_private", False), megabytes * 1_000_000, seconds)


def _number(path: Path, values: Mapping[str, Any], key: str, default: N, least: int = 1) -> N:
    value = values.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not value >= least:
        raise ConfigurationError("config.wrong-type", path=path, key=key, value=value)
    number: N = value
    return number


def _signing(path: Path, values: Mapping[str, Any]) -> Signing:
    named = {key: values.get(f"signing.{key}") for key in ("certificate", "key", "tsa_certificate")}
    if (named["certificate"] is None) != (named["key"] is None):
        raise ConfigurationError("config.signing-half", path=path)
    files = {key: path.parent / name for key, name in named.items() if name}
    return Signing(tsa=values.get("signing.tsa"), **files)


def _threshold(path: Path, value: float) -> float:
    if isinstance(value, bool) or not 0 <= value <= 1:
        raise ConfigurationError("config.wrong-type", path=path, key="links.threshold", value=value)
    return float(value)
