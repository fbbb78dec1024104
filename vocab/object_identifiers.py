"""Identifiers of things, classes and records: UUID, EPC, OID, JP番号 and NDC, each checked.

Readers give the canonical notation or raise IdentifierError, as those of vocab/identifiers.py.
"""

import re
import unicodedata
from uuid import UUID

from vocab.identifiers import MALFORMED, IdentifierError

_UUID = re.compile(r"(?:urn:uuid:)?\{?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\}?")
_OID = re.compile(
    r"(?:urn:oid:|oid[.:])?((?:[01]\.[1-3]?[0-9]|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*)"
)
_EPC = re.compile(r"urn:epc:id:([a-z]{3,10}):([A-Za-z0-9!\"%&'()*+,./:;<=>?_-]+)")
_JPNO = re.compile(r"(?:JP(?:NO)?:?)?([0-9]{8})")
_NDC = re.compile(r"([0-9]{1,3}|[0-9]{3}\.[0-9]{1,9})")
_ALPHABETS = {"9": "http://id.ndl.go.jp/class/ndc9/", "10": "http://id.ndl.go.jp/class/ndc10/"}
_KEYS = {"sgtin": (6, 12), "sscc": (6, 12), "sgln": (6, 12), "grai": (6, 12), "giai": (6, 12)}
"""Schemes of EPC that begin with a GS1 company prefix, and its digits (TDS 2.0, 6.3)."""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def uuid(text: str) -> str:
    """Return a UUID in lower case with hyphens (RFC 9562, 4)."""
    found = _UUID.fullmatch(_plain(text).lower())
    if not found:
        raise IdentifierError(MALFORMED, text)
    return str(UUID(found[1]))


def uuid_iri(text: str) -> str:
    """Return ``urn:uuid:`` and the UUID (RFC 9562, 4)."""
    return "urn:uuid:" + uuid(text)


def oid_iri(text: str) -> str:
    """Return ``urn:oid:`` and the object identifier (RFC 3061); arcs as X.660 allows them."""
    found = _OID.fullmatch(_plain(text).lower())
    if not found:
        raise IdentifierError(MALFORMED, text)
    return "urn:oid:" + found[1]


def epc_iri(text: str) -> str:
    """Return the pure identity of an EPC, ``urn:epc:id:…`` (GS1 EPC Tag Data Standard, 6)."""
    found = _EPC.fullmatch(_plain(text))
    if not found or not _has_company(found[1], found[2]):
        raise IdentifierError(MALFORMED, text)
    escaped = re.sub('["%&/<>?]', lambda sign: f"%{ord(sign.group()):02X}", _unescaped(found[2]))
    return f"urn:epc:id:{found[1]}:{escaped}"


def _has_company(scheme: str, rest: str) -> bool:
    if scheme not in _KEYS:
        return True
    company = rest.partition(".")[0]
    least, most = _KEYS[scheme]
    return company.isdigit() and least <= len(company) <= most


def _unescaped(text: str) -> str:
    return re.sub("%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text)


def jpno(text: str) -> str:
    """Return the eight digits of a JP番号 (National Diet Library, 全国書誌番号)."""
    found = _JPNO.fullmatch(_plain(text).upper())
    if not found:
        raise IdentifierError(MALFORMED, text)
    return found[1]


def ndc(text: str) -> str:
    """Return a notation of 日本十進分類法: three digits, and a point before further ones."""
    plain = re.sub(r"^NDC(?:8|9|10)?:", "", _plain(text).upper())
    digits = plain if "." in plain or len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"
    if not _NDC.fullmatch(digits):
        raise IdentifierError(MALFORMED, text)
    return digits


def ndc_iri(text: str, edition: str) -> str:
    """Return Web NDL Authorities' IRI of a notation; the edition is 9 or 10."""
    return _ALPHABETS[edition] + ndc(text)
