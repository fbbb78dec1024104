"""Identifiers of anything: ucode, UUID, EPC, OID."""

import re
import unicodedata
from uuid import UUID

from vocab.identifiers.reading import MALFORMED, IdentifierError, found_in, plain

UCODE = "urn:ucode:_"

_UCODE = re.compile(r"(?:urn:ucode:)?_?(?:0x)?([0-9A-F]{32})", re.IGNORECASE)
_UUID = re.compile(r"(?:urn:uuid:)?\{?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\}?")
_OID = re.compile(
    r"(?:urn:oid:|oid[.:])?((?:[01]\.[1-3]?[0-9]|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*)"
)
_EPC = re.compile(
    r"(?:urn:epc:id:)?(sgtin|sscc|sgln|grai|giai|gsrnp?|gdti|cpi|sgcn|ginc|gsin|itip|upui|pgln|gid"
    r"|usdod|adi|bic|imovn):([A-Za-z0-9!\"%&'()*+,./:;<=>?_-]+)"
)
_EPC_TAG = re.compile(r"urn:epc:tag:(sgtin|sscc|sgln|grai|giai)-[0-9]{2,3}:[0-7]\.(.+)")
_WHOLE = {"sgtin": 13, "sscc": 17, "sgln": 12, "grai": 12}
"""Digits of company prefix and reference together (GS1 EPC Tag Data Standard 2.0, 6.3)."""

_COMPANY = range(6, 13)
"""Digits of a GS1 company prefix."""


def _without_blanks(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def ucode(text: str) -> str:
    """Return the 32 hexadecimal digits of a ucode, in upper case (ITU-T H.642.1)."""
    return found_in(_UCODE, plain(text).replace("-", ""), text)[1].upper()


def ucode_iri(text: str) -> str:
    """Return ``urn:ucode:_`` and 32 hexadecimal digits (RFC 6588)."""
    return UCODE + ucode(text)


def uuid(text: str) -> str:
    """Return a UUID in lower case with hyphens (RFC 9562, 4)."""
    return str(UUID(found_in(_UUID, _without_blanks(text).lower(), text)[1]))


def uuid_iri(text: str) -> str:
    """Return ``urn:uuid:`` and the UUID (RFC 9562, 4)."""
    return "urn:uuid:" + uuid(text)


def oid(text: str) -> str:
    """Return an object identifier, its arcs as X.660 allows them."""
    return found_in(_OID, _without_blanks(text).lower(), text)[1]


def oid_iri(text: str) -> str:
    """Return ``urn:oid:`` and the object identifier (RFC 3061)."""
    return "urn:oid:" + oid(text)


def epc(text: str) -> str:
    """Return an EPC without ``urn:epc:id:``; what a tag says of its packing is left out.

    ``sgtin:4512345.167890.2`` is the pure identity of ``urn:epc:tag:sgtin-96:2.4512345.167890.2``
    (GS1 EPC Tag Data Standard, 6 and 12).
    """
    found = found_in(_EPC, _EPC_TAG.sub(r"\1:\2", _without_blanks(text)), text)
    if not _has_right_lengths(found[1], found[2]):
        raise IdentifierError(MALFORMED, text)
    escaped = re.sub('["%&/<>?]', lambda sign: f"%{ord(sign.group()):02X}", _unescaped(found[2]))
    return f"{found[1]}:{escaped}"


def epc_iri(text: str) -> str:
    """Return the pure identity of an EPC, ``urn:epc:id:…`` (GS1 EPC Tag Data Standard, 6)."""
    return "urn:epc:id:" + epc(text)


def _has_right_lengths(scheme: str, rest: str) -> bool:
    """Whether company prefix and reference have the digits that the scheme states."""
    company, _, reference = rest.partition(".")
    if scheme not in _WHOLE:
        return scheme != "giai" or (company.isdigit() and len(company) in _COMPANY)
    digits = company + reference.partition(".")[0]
    return digits.isdigit() and len(company) in _COMPANY and len(digits) == _WHOLE[scheme]


def _unescaped(text: str) -> str:
    return re.sub("%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text)
