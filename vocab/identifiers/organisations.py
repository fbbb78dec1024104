"""Identifiers of organisations: 法人番号, codes of ISO/IEC 6523, ROR."""

import re

from stdnum.jp import cn as _corporate_number

from vocab.check_digits import ror_check_digits
from vocab.identifiers.reading import (
    CHECK_DIGIT,
    IdentifierError,
    found_in,
    plain,
    validated,
)

CORPORATE_NUMBER = "http://hojin-info.go.jp/data/basic/"

TDB = "0170"
JIPDEC = "0147"
_LENGTHS = {"0060": 9, JIPDEC: 6, TDB: 9, "0188": 13}
"""Digits of the codes of D-U-N-S, JIPDEC, 帝国データバンク and 法人番号: in an OID a number has no
zeros before it, which are put back."""

_ISO6523 = re.compile(
    r"(?:iso6523(?:-actorid-upis)?:{1,2})?(?!0000)([0-9]{4}):([0-9A-Za-z]{1,35})"
    r"|(?:urn:oid:|oid[.:])?1\.3\.([1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,34})",
    re.IGNORECASE,
)
_TDB = re.compile(r"(?:TDB(?:企業コード)?:?|urn:oid:1\.3\.170\.)?([0-9]{1,9})", re.IGNORECASE)
_JIPDEC = re.compile(
    r"(?:JIPDEC(?:企業コード)?:?|urn:oid:1\.3\.147\.)?([0-9A-Z]{12}|[0-9]{1,6})", re.IGNORECASE
)
_ROR = re.compile(
    r"(?:https?://(?:www\.)?ror\.org/|ror\.org/|ror:)?0([0-9a-hjkmnp-tv-z]{6})([0-9]{2})/?"
)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def corporate_number(text: str) -> str:
    """Return the 13 digits of a 法人番号 (法人番号の指定等に関する省令 2条).

    Reads the ``T`` of an invoice number (適格請求書発行事業者), and addresses that end in it.
    """
    bare = re.sub("^https?://hojin-info.go.jp/data/basic/", "", plain(text))
    return validated(_corporate_number, text, bare.upper().removeprefix("T"), _right_number)


def _right_number(digits: str) -> str:
    return str(_corporate_number.calc_check_digit(digits[1:])) + digits[1:]


def corporate_number_iri(text: str) -> str:
    """Return gBizINFO's IRI of a 法人番号."""
    return CORPORATE_NUMBER + corporate_number(text)


def organisation_code(text: str) -> str:
    """Return a code of ISO/IEC 6523 as ``{ICD}:{code}``, the ICD with four digits.

    Reads that notation, with Peppol's prefix too, and OIDs below 1.3 (ISO/IEC 6523-1, 7).
    """
    found = found_in(_ISO6523, plain(text), text)
    icd, code = (found[1] or found[3]).zfill(4), (found[2] or found[4]).upper()
    return f"{icd}:{_with_zeros(icd, code)}"


def _with_zeros(icd: str, code: str) -> str:
    return code.zfill(_LENGTHS.get(icd, 0)) if code.isdecimal() else code


def organisation_code_iri(text: str) -> str | None:
    """Return ``urn:oid:1.3.{ICD}.{code}`` (RFC 3061).

    None for a code that has letters, or zeros that an OID would lose.
    """
    icd, _, code = organisation_code(text).partition(":")
    if not code.isdecimal() or _with_zeros(icd, str(int(code))) != code:
        return None
    return f"urn:oid:1.3.{int(icd)}.{int(code)}"


def tdb_code(text: str) -> str:
    """Return the nine digits of a 帝国データバンク企業コード (ICD 0170)."""
    return found_in(_TDB, plain(text), text)[1].zfill(_LENGTHS[TDB])


def tdb_iri(text: str) -> str:
    """Return ``urn:oid:1.3.170.{code}``."""
    return f"urn:oid:1.3.170.{int(tdb_code(text))}"


def jipdec_code(text: str) -> str:
    """Return a 標準企業コード of JIPDEC (ICD 0147): 6 digits, or 12 characters with the branch."""
    code = found_in(_JIPDEC, plain(text), text)[1].upper()
    return code if len(code) == 12 else code.zfill(_LENGTHS[JIPDEC])


def jipdec_iri(text: str) -> str | None:
    """Return ``urn:oid:1.3.147.{code}``; None for a code with a branch, which may have letters."""
    code = jipdec_code(text)
    return f"urn:oid:1.3.147.{int(code)}" if len(code) == _LENGTHS[JIPDEC] else None


def ror(text: str) -> str:
    """Return a ROR identifier: ``0``, six characters and two check digits (ror.org)."""
    found = found_in(_ROR, plain(text).lower(), text)
    number = 0
    for character in found[1]:
        number = number * 32 + _CROCKFORD.index(character)
    right = ror_check_digits(number)
    if found[2] != right:
        raise IdentifierError(CHECK_DIGIT, text, f"0{found[1]}{right}")
    return f"0{found[1]}{found[2]}"


def ror_iri(text: str) -> str:
    """Return ``https://ror.org/{identifier}``."""
    return "https://ror.org/" + ror(text)
