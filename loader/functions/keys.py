"""Functions that name things: the local part of an IRI from a row (docs/uri-policy.md)."""

import unicodedata
from functools import lru_cache

from loader.functions.registry import Gives, ValueProblem, function
from vocab import identifiers
from vocab.identifiers import IdentifierError
from vocab.iris import encode


@function(
    "thingKey",
    [
        ("131016", "12", "", "", "sample", "131016-12"),
        ("", "１２", "", "", "sample", "sample-12"),
        ("", "", "中央 図書館", "玄関", "sample", "sample-中央_図書館-玄関"),
        ("131016", "", "", "玄関", "sample", "", "!identifier.no-key"),
    ],
)
def thing_key(code: str, number: str, name: str, place: str, scope: str) -> str:
    """The local part of a thing's IRI: code and number, else scope, name and place."""
    if number and not number.isspace():
        return f"{_issuer(code) or _segment(scope)}-{_segment(number)}"
    if not name or name.isspace():
        raise ValueProblem("identifier.no-key", row_wide=True)
    words = (_segment(scope), _segment(name), _segment(place))
    return "-".join(word for word in words if word)


@function(
    "thingIri",
    [
        ("aed", "131016", "1", "", "", "sample", "", "", "id/aed/131016-1"),
        ("aed", "131016", "1", "", "", "sample", "address", "", "id/aed/131016-1#address"),
        ("book", "", "", "題", "", "sample", "", "doi-10.1/2", "id/book/doi-10.1%2F2"),
        ("book", "", "", "題", "", "sample", "", "", "id/book/sample-題"),
    ],
    gives=Gives.RELATIVE_IRI,
)
def thing_iri(
    kind: str,
    code: str = "",
    number: str = "",
    name: str = "",
    place: str = "",
    scope: str = "",
    part: str = "",
    local: str = "",
) -> str:
    """The IRI of a thing, or of a part of it, relative to the base of the publication.

    The local part is ``local`` where that is given, else ``thingKey`` of the others.
    """
    key = _segment(local) if local else thing_key(code, number, name, place, scope)
    plain = key.isascii() and key.replace("-", "").isalnum()
    whole = f"id/{_encoded(kind)}/{key if plain else encode(key)}"
    return f"{whole}#{_encoded(part)}" if part else whole


def _segment(value: str) -> str:
    if value.isascii() and value.isalnum():
        return value
    return "_".join(unicodedata.normalize("NFKC", value).split())


@lru_cache(maxsize=1024)
def _encoded(word: str) -> str:
    return encode(word)


@lru_cache(maxsize=4096)
def _issuer(code: str) -> str:
    """Return the six digits of a municipality code, or nothing where it is none."""
    try:
        return identifiers.municipality_code(code)
    except IdentifierError:
        return ""
