"""Licences: from the words in which people state them to one IRI, and back to a name."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "licences.toml"
_SCHEME = re.compile(r"^https?://(www\.)?")
_PAGE = re.compile(r"/(legalcode|deed)(\.[a-z_-]+)?$|/$")


@cache
def licences() -> dict[str, dict[str, Any]]:
    """Return all known licences by IRI, as ``vocab/licences.toml`` has them."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def iri(text: str) -> str | None:
    """Return the IRI of the licence that a short name, a name or an address means, or None."""
    return _by_word().get(_normal(text))


def label(licence: str, language: str) -> str:
    """Return the name of a licence in ``ja`` or ``en``; the IRI itself where it is not known."""
    known = licences().get(iri(licence) or licence)
    return str(known[language]) if known else licence


def is_open(licence: str) -> bool | None:
    """Whether a licence is open (https://opendefinition.org/); None where it is not known."""
    known = licences().get(iri(licence) or licence)
    return bool(known.get("open", True)) if known else None


@cache
def _by_word() -> dict[str, str]:
    return {
        _normal(word): licence
        for licence, entry in licences().items()
        for word in (licence, entry["ja"], entry["en"], *entry["words"])
    }


def _normal(text: str) -> str:
    """Return a word or address without what people write in different ways."""
    normal = unicodedata.normalize("NFKC", text).strip().lower()
    address = _PAGE.sub("", _SCHEME.sub("", normal))
    return re.sub(r"[\s・._()-]", "", address)
