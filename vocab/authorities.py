"""Code lists of the Publications Office of the EU, in which DCAT-AP states its controlled values.

``vocab/authorities.toml`` names the codes, and the words and notations by which people state them.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

AUTHORITY = "http://publications.europa.eu/resource/authority/"

_TABLE = Path(__file__).parent / "authorities.toml"


def frequency(text: str) -> str | None:
    """Return the IRI of an update frequency: an ISO 8601 duration, a word, or such an IRI."""
    return _find("frequency", text)


def language(tag: str) -> str | None:
    """Return the IRI of a language by its tag (BCP 47); subtags do not matter."""
    return _find("language", tag.split("-")[0])


def file_type(media_type: str) -> str | None:
    """Return the IRI of a file type by its media type."""
    return _find("file-type", media_type)


def theme(text: str) -> str | None:
    """Return the IRI of a data theme by its code or a word."""
    return _find("data-theme", text)


def _find(table: str, text: str) -> str | None:
    prefix = f"{AUTHORITY}{table}/"
    code = _by_word(table).get(_normal(text.removeprefix(prefix)))
    return prefix + code if code else None


@cache
def _by_word(table: str) -> dict[str, str]:
    codes = tomllib.loads(_TABLE.read_text(encoding="utf-8"))[table]
    return {_normal(word): code for code, words in codes.items() for word in (code, *words)}


def _normal(text: str) -> str:
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", text).lower())
