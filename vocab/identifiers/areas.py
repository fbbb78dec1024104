"""Codes of areas: 全国地方公共団体コード, 標準地域コード, 町字ID, postal codes."""

import re

from vocab.area_history import area_codes
from vocab.check_digits import municipality_check_digit
from vocab.identifiers.reading import (
    CHECK_DIGIT,
    NOT_A_CODE,
    IdentifierError,
    found_in,
    plain,
)

AREA = "http://data.e-stat.go.jp/lod/sac/C"
"""Standard area codes of e-Stat, by the first five digits (https://data.e-stat.go.jp/lodw/)."""

PREFECTURES = range(1, 48)
"""The numbers of the 47 prefectures (JIS X 0401)."""

_AREA_IRI = re.compile(
    r"(?:https?://(?:data\.e-stat\.go\.jp/lod/sac/C|statdb\.nstac\.go\.jp/lod/sac/C?)"
    r"|sac:C?)([0-9]{5})(?:-[0-9]{8})?"
)
_POSTAL_CODE = re.compile("〒?([0-9]{3})[^0-9]?([0-9]{4})")
_TOWN = re.compile("[0-9]{4,7}")


def municipality_code(text: str) -> str:
    """Return the six digits of a 全国地方公共団体コード, check digit included.

    Reads six digits, five (no check digit, or no leading zero), four (neither), and e-Stat's IRI
    of the area; full-width digits and blanks. Raises IdentifierError (check-digit, not-a-code).
    """
    bare = plain(text)
    named = _AREA_IRI.fullmatch(bare)
    digits = named[1] + municipality_check_digit(named[1]) if named else bare
    if not re.fullmatch("[0-9]{4,6}", digits):
        raise IdentifierError(NOT_A_CODE, text)
    code = _six_digits(digits)
    right = municipality_check_digit(code[:5])
    if right != code[5]:
        raise IdentifierError(CHECK_DIGIT, text, code[:5] + right)
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


def standard_area_code(text: str) -> str:
    """Return the five digits of a 標準地域コード: the same codes without check digit."""
    return municipality_code(text)[:5]


def area_iri(code6: str) -> str | None:
    """Return e-Stat's IRI of a municipality code, or None outside the prefectures 01–47."""
    return AREA + code6[:5] if int(code6[:2]) in PREFECTURES else None


def prefecture_code(code6: str) -> str:
    """Return the six-digit code of the prefecture that a code lies in."""
    five = code6[:2] + "000"
    return five + municipality_check_digit(five)


def postal_code(text: str) -> str:
    """Return the seven digits of a postal code, as ic:郵便番号 has them."""
    return "".join(found_in(_POSTAL_CODE, plain(text), text).groups())


def town_id(text: str) -> str:
    """Return the seven digits of a 町字ID: four of the 大字, three of the 丁目 or 小字.

    It is unique inside a municipality. Zeros that a spreadsheet took from its beginning are put
    back (デジタル庁 アドレス・ベース・レジストリ: the length is fixed).
    """
    return found_in(_TOWN, plain(text), text)[0].zfill(7)
