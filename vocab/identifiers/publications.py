"""Identifiers of publications: ISBN, ISSN, DOI, JP番号, and the notations of NDC."""

import re
import unicodedata
from urllib.parse import unquote

from stdnum import ean as _ean
from stdnum import isbn as _isbn
from stdnum import issn as _issn

from vocab.identifiers.reading import (
    MALFORMED,
    IdentifierError,
    encoded,
    found_in,
    plain,
    validated,
)

DOI = "https://doi.org/"

_DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:/]\s*(?:https?://doi\.org/)?)?"
    r"(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f]+)",
    re.IGNORECASE,
)
_JPNO = re.compile(r"(?:JP(?:NO)?:?)?([0-9]{8})")
_NDC = re.compile(r"([0-9]{1,3}|[0-9]{3}\.[0-9]{1,9})")
_CLASSES = {"9": "http://id.ndl.go.jp/class/ndc9/", "10": "http://id.ndl.go.jp/class/ndc10/"}


def isbn13(text: str) -> str:
    """Return the 13 digits of an ISBN-10 or ISBN-13 (ISO 2108), hyphens or not."""
    bare = re.sub(r"^(?:URN:)?ISBN(?:-?1[03])?:?(?=[0-9])", "", plain(text).upper())
    found = validated(_isbn, text, bare, _right_isbn)
    return str(_isbn.to_isbn13(found))


def _right_isbn(digits: str) -> str:
    ten, thirteen = _isbn._calc_isbn10_check_digit, _ean.calc_check_digit
    right = digits[:-1] + (ten if len(digits) == 10 else thirteen)(digits[:-1])
    return str(_isbn.to_isbn13(right))


def isbn_iri(text: str) -> str:
    """Return ``urn:isbn:`` and 13 digits (RFC 8254 keeps the namespace of RFC 3187)."""
    return "urn:isbn:" + isbn13(text)


def issn(text: str) -> str:
    """Return an ISSN as ``NNNN-NNNN`` (ISO 3297)."""
    address = re.sub(r"^HTTPS?://PORTAL\.ISSN\.ORG/RESOURCE/", "", plain(text).upper())
    bare = re.sub(r"^(?:URN:)?[EP]?-?ISSN(?:-L)?[:/]?", "", address)
    return str(_issn.format(validated(_issn, text, bare, _right_issn)))


def _right_issn(digits: str) -> str:
    return str(_issn.format(digits[:-1] + _issn.calc_check_digit(digits[:-1])))


def issn_iri(text: str) -> str:
    """Return ``urn:issn:NNNN-NNNN`` (RFC 3044, RFC 8254)."""
    return "urn:issn:" + issn(text)


def doi(text: str) -> str:
    """Return a DOI, ``10.…/…``, in lower case (ISO 26324: letters of ASCII are caseless).

    Reads ``doi:``, ``info:doi/``, ``https://doi.org/``, ``http://dx.doi.org/`` and the bare DOI.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if re.match("https?:", bare, re.IGNORECASE):
        bare = unquote(bare)
    found = found_in(_DOI, bare, text)
    return re.sub("[A-Z]+", lambda letters: letters.group().lower(), found[1])


def doi_iri(text: str) -> str:
    """Return ``https://doi.org/10.…/…``, what IRIs reserve percent-encoded."""
    return DOI + encoded(doi(text))


def jpno(text: str) -> str:
    """Return the eight digits of a JP番号 (National Diet Library, 全国書誌番号)."""
    return found_in(_JPNO, plain(text).upper(), text)[1]


def ndc(text: str) -> str:
    """Return a notation of 日本十進分類法: three digits, and a point before further ones."""
    bare = re.sub(r"^NDC(?:8|9|10)?:", "", plain(text).upper())
    digits = bare if "." in bare or len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"
    if not _NDC.fullmatch(digits):
        raise IdentifierError(MALFORMED, text)
    return digits


def ndc_iri(text: str, edition: str) -> str:
    """Return Web NDL Authorities' IRI of a notation; the edition is 9 or 10."""
    return _CLASSES[edition] + ndc(text)
