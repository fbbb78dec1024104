"""Japanese and international identifiers: read as files hold them, checked, written one way.

Each reader gives the canonical notation or raises IdentifierError with a code of
``vocab/findings/identifier.toml``; each ``…_iri`` gives the IRI of the same. docs/identifiers.md
lists the notations that are read and the sources of the rules.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from stdnum import isbn as _isbn
from stdnum import issn as _issn
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.jp import cn as _corporate_number

CHECK_DIGIT = "identifier.check-digit"
MALFORMED = "identifier.malformed"
NOT_A_CODE = "identifier.not-a-code"

AREA = "http://data.e-stat.go.jp/lod/sac/C"
"""Standard area codes of e-Stat, by the first five digits (https://data.e-stat.go.jp/lodw/)."""

CORPORATE_NUMBER = "http://hojin-info.go.jp/data/basic/"
DOI = "https://doi.org/"
UCODE = "urn:ucode:_"

PREFECTURES = range(1, 48)
"""The numbers of the 47 prefectures (JIS X 0401)."""

_AREA_CODES = Path(__file__).parent / "area-codes.txt"
_WEIGHTS = (6, 5, 4, 3, 2)
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500\u00ad]")
_DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*(?:https?://doi\.org/)?)?"
    r"(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f]+)",
    re.IGNORECASE,
)
_UCODE = re.compile(r"(?:urn:ucode:)?_?(?:0x)?([0-9A-F]{32})", re.IGNORECASE)


class IdentifierError(ValueError):
    """A cell that is not the identifier it should be; ``code`` names the finding."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class _Scheme(Protocol):
    """What python-stdnum offers for a scheme of numbers."""

    def validate(self, number: str) -> str: ...


def municipality_check_digit(five: str) -> str:
    """Return the check digit of a five-digit 全国地方公共団体コード.

    Weights 6 5 4 3 2, 11 minus the remainder by 11, last digit
    (総務省「全国地方公共団体コード仕様」).
    """
    total = sum(int(digit) * weight for digit, weight in zip(five, _WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def municipality_code(text: str) -> str:
    """Return the six digits of a 全国地方公共団体コード, check digit included.

    Reads six digits, five (no check digit, or no leading zero) and four (neither); full-width
    digits and blanks. Raises IdentifierError (check-digit, not-a-code).
    """
    digits = _plain(text)
    if not re.fullmatch("[0-9]{4,6}", digits):
        raise IdentifierError(NOT_A_CODE, text)
    code = _six_digits(digits)
    if municipality_check_digit(code[:5]) != code[5]:
        raise IdentifierError(CHECK_DIGIT, text)
    return code


def _six_digits(digits: str) -> str:
    """Give four to six digits their leading zero and check digit, where they lack them.

    Five digits are taken for a code without check digit, unless no area ever had that code and
    with a leading zero they are the code of one, check digit and all (a spreadsheet ate the zero).
    """
    if len(digits) == 6:
        return digits
    with_zero = "0" + digits
    if len(digits) == 4:
        return with_zero + municipality_check_digit(with_zero)
    known = area_codes()
    lost_zero = digits not in known and with_zero[:5] in known
    if lost_zero and municipality_check_digit(with_zero[:5]) == with_zero[5]:
        return with_zero
    return digits + municipality_check_digit(digits)


@cache
def area_codes() -> frozenset[str]:
    """The five-digit codes of all areas since 1970, those that are abolished included."""
    lines = _AREA_CODES.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def area_iri(code6: str) -> str | None:
    """Return e-Stat's IRI of a municipality code, or None outside the prefectures 01–47."""
    return AREA + code6[:5] if int(code6[:2]) in PREFECTURES else None


def prefecture_code(code6: str) -> str:
    """Return the six-digit code of the prefecture that a code lies in."""
    five = code6[:2] + "000"
    return five + municipality_check_digit(five)


def corporate_number(text: str) -> str:
    """Return the 13 digits of a 法人番号 (法人番号の指定等に関する省令 2条)."""
    return _validate(_corporate_number, text, _plain(text).upper().removeprefix("T"))


def corporate_number_iri(text: str) -> str:
    """Return gBizINFO's IRI of a 法人番号."""
    return CORPORATE_NUMBER + corporate_number(text)


def isbn13(text: str) -> str:
    """Return the 13 digits of an ISBN-10 or ISBN-13 (ISO 2108), hyphens or not."""
    bare = re.sub(r"^ISBN(?:-?1[03])?:?(?=[0-9])", "", _plain(text).upper())
    found = _validate(_isbn, text, bare)
    return str(_isbn.to_isbn13(found))


def isbn_iri(text: str) -> str:
    """Return ``urn:isbn:`` and 13 digits (RFC 8254 keeps the namespace of RFC 3187)."""
    return "urn:isbn:" + isbn13(text)


def issn(text: str) -> str:
    """Return an ISSN as ``NNNN-NNNN`` (ISO 3297)."""
    bare = re.sub(r"^E?-?ISSN(?:-L)?:?", "", _plain(text).upper())
    return str(_issn.format(_validate(_issn, text, bare)))


def issn_iri(text: str) -> str:
    """Return ``urn:issn:NNNN-NNNN`` (RFC 3044, RFC 8254)."""
    return "urn:issn:" + issn(text)


def doi(text: str) -> str:
    """Return a DOI, ``10.…/…``, in lower case (ISO 26324: letters of ASCII are caseless).

    Reads ``doi:``, ``https://doi.org/``, ``http://dx.doi.org/`` and the bare DOI.
    """
    found = _DOI.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        raise IdentifierError(MALFORMED, text)
    return re.sub("[A-Z]+", lambda letters: letters.group().lower(), found.group(1))


def doi_iri(text: str) -> str:
    """Return ``https://doi.org/10.…/…``, what IRIs reserve percent-encoded."""
    return DOI + re.sub(r"[^\w!$&'()*+,;=:@/.~-]", _percent, doi(text))


def ucode(text: str) -> str:
    """Return the 32 hexadecimal digits of a ucode, in upper case (ITU-T H.642.1)."""
    found = _UCODE.fullmatch(_plain(text).replace("-", ""))
    if not found:
        raise IdentifierError(MALFORMED, text)
    return found.group(1).upper()


def ucode_iri(text: str) -> str:
    """Return ``urn:ucode:_`` and 32 hexadecimal digits (RFC 6588)."""
    return UCODE + ucode(text)


READERS: dict[str, Callable[[str], str]] = {
    "municipality": municipality_code,
    "corporate-number": corporate_number,
    "isbn": isbn13,
    "issn": issn,
    "doi": doi,
    "ucode": ucode,
}
"""The readers by the name of their scheme."""


def _plain(text: str) -> str:
    """Return ``text`` half-width, with one kind of dash and without blanks."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(_DASHES.sub("-", normal).split())


def _percent(match: re.Match[str]) -> str:
    return quote(match.group(), safe="")


def _validate(scheme: _Scheme, text: str, bare: str) -> str:
    if not bare.isascii():
        raise IdentifierError(MALFORMED, text)
    try:
        return scheme.validate(bare)
    except InvalidChecksum as error:
        raise IdentifierError(CHECK_DIGIT, text) from error
    except ValidationError as error:
        raise IdentifierError(MALFORMED, text) from error
