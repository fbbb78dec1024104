"""Detectors of codes and numbers that cannot be right: check digits, zeros and digits lost."""

import re
import unicodedata

from vocab.area_history import area_history
from vocab.identifiers import (
    CHECK_DIGIT,
    NOT_A_CODE,
    PREFECTURES,
    READERS,
    IdentifierError,
    area_codes,
    municipality_check_digit,
)

ZERO_LOST = "check.zero-lost"
NO_SUCH_AREA = "identifier.no-such-area"

_SCIENTIFIC = re.compile(r"[1-9](\.\d+)?E\+?(09|1\d)", re.IGNORECASE)
"""A number of ten digits or more as a spreadsheet shows it: its last digits are gone."""


def area_code_problem(cell: str) -> str | None:
    """Return the code of what is wrong with a 全国地方公共団体コード or 標準地域コード.

    Five digits may lack the check digit, and so may four that also lack a zero; a spreadsheet took
    the zero where only the code with one is that of an area.
    """
    digits = "".join(unicodedata.normalize("NFKC", cell).split())
    if not digits:
        return None
    if not re.fullmatch("[0-9]{4,6}", digits):
        return NOT_A_CODE
    if len(digits) == 6:
        return _six_digits_problem(digits)
    if len(digits) == 4:
        return ZERO_LOST
    return _five_digits_problem(digits)


def _six_digits_problem(digits: str) -> str | None:
    if municipality_check_digit(digits[:5]) != digits[5]:
        return CHECK_DIGIT
    return None if _is_known(digits[:5]) else NO_SUCH_AREA


def _five_digits_problem(digits: str) -> str | None:
    if _is_known(digits):
        return None
    shortened = f"0{digits}"
    whole = municipality_check_digit(shortened[:5]) == shortened[5]
    return ZERO_LOST if whole and shortened[:5] in area_codes() else NO_SUCH_AREA


def _is_known(five: str) -> bool:
    """Whether an area has or had the code; what begins with no prefecture's is a sample's."""
    return five in area_codes() or int(five[:2]) not in PREFECTURES


def area_code_is_of(cell: str, date: str) -> bool:
    """Whether a municipality code that exists was in use on a date (ISO 8601, since 1970-04-01).

    True also where nothing is known of the code.
    """
    five = cell.strip()[:5]
    history = area_history()
    return not history.versions(five) or history.at(five, date) is not None


def number_problem(scheme: str, cell: str) -> str | None:
    """Return the code of what is wrong with a number of a scheme of vocab.identifiers.READERS.

    Of books only the check digit is judged: their columns have remarks and several numbers too.
    """
    text = cell.strip()
    if not text or is_scientific(text):
        return None
    try:
        READERS[scheme](text)
    except IdentifierError as error:
        told = error.code == CHECK_DIGIT or scheme == "corporate-number"
        return error.code if told else None
    return None


def is_scientific(cell: str) -> bool:
    """Whether a spreadsheet has shortened a long number (4.01E+12)."""
    return _SCIENTIFIC.fullmatch(cell.strip()) is not None
