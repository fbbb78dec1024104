"""Functions of people and organisations who made something: identifiers of authority files."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from loader.functions.registry import Gives, ValueProblem, function

_SEPARATOR = re.compile(r"\|\||[;；\n]")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_ISNI = re.compile(r"(?:(?:orcid|isni)[:\s]*)?((?:[0-9]{4}[- ]?){3}[0-9]{3}[0-9X])", re.IGNORECASE)
_VIAF = re.compile(r"viaf[:\s]*([0-9]{1,22})", re.IGNORECASE)
_NDLNA = re.compile(r"(?:(?:ndlna|ndl)[:\s]*)?([0-9]{8,9})", re.IGNORECASE)

_ORCID_BLOCKS = ((15_000_000, 35_000_000), (900_000_000_000, 900_100_000_000))
"""The ISNIs, without check digit, that ORCID gives out
(https://support.orcid.org/hc/en-us/articles/360006897674)."""


@function(
    "authorityIris",
    [
        ("00104237", ("https://id.ndl.go.jp/auth/ndlna/00104237",)),
        (
            "0000-0002-1825-0097||viaf:37004329",
            ("https://orcid.org/0000-0002-1825-0097", "http://viaf.org/viaf/37004329"),
        ),
        ("ISNI 0000 0001 2146 438X", ("https://isni.org/isni/000000012146438X",)),
        ("https://id.ndl.go.jp/auth/ndlna/00104237", ("https://id.ndl.go.jp/auth/ndlna/00104237",)),
        ("0000-0002-1825-0098", "", "!identifier.check-digit"),
        ("山田花子", "", "!identifier.malformed"),
        ("", ()),
    ],
    many=True,
    gives=Gives.IRI,
)
def authority_iris(value: str) -> tuple[str, ...]:
    """The people or organisations by their identifiers (NDLNA, ORCID, ISNI, VIAF or \
addresses), with || or ; between them."""
    pieces = _SEPARATOR.split(unicodedata.normalize("NFKC", value))
    return tuple(dict.fromkeys(_iri(piece.strip()) for piece in pieces if piece.strip()))


def _iri(piece: str) -> str:
    if _ADDRESS.fullmatch(piece):
        return piece
    for pattern, make in _FORMS:
        found = pattern.fullmatch(piece)
        if found:
            return make(found[1])
    raise ValueProblem("identifier.malformed")


def _isni_iri(written: str) -> str:
    digits = re.sub("[- ]", "", written).upper()
    if digits[-1] != _check_character(digits[:-1]):
        raise ValueProblem("identifier.check-digit")
    number = int(digits[:-1])
    if any(first <= number <= last for first, last in _ORCID_BLOCKS):
        return "https://orcid.org/" + "-".join(_fours(digits))
    return f"https://isni.org/isni/{digits}"


def _fours(digits: str) -> Iterator[str]:
    return (digits[start : start + 4] for start in range(0, len(digits), 4))


def _check_character(digits: str) -> str:
    """Return the check character of ISO 7064, MOD 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_ISNI, _isni_iri),
    (_VIAF, lambda number: f"http://viaf.org/viaf/{number}"),
    (_NDLNA, lambda number: f"https://id.ndl.go.jp/auth/ndlna/{number}"),
)
