"""Detectors of telephone numbers and postal codes that are not as they should be."""

import re
import unicodedata

from loader.check.personal import is_bare_mobile
from loader.functions.addresses import postal_code
from loader.functions.registry import ValueProblem
from loader.functions.text import telephone

ZERO_LOST = "check.zero-lost"
MISSING = "value.missing-symbol"

GOOD_TELEPHONE = r"0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9}"
GOOD_POSTAL_CODE = r"\d{3}-?\d{4}"

_TELEPHONE_WITHOUT_ZERO = re.compile(r"[1-9]\d{0,3}-\d{1,4}-\d{4}|[1-9]0?\d{8}")
_NINE_OR_TEN = (9, 10)
_POSTAL_CODE_WITHOUT_ZERO = re.compile(r"\d{5,6}|\d{1,2}-\d{4}")


def telephone_problem(cell: str) -> str | None:
    """Return the code of what is wrong with a telephone number."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    digits = sum(map(str.isdigit, plain))
    if is_bare_mobile(plain):
        return "personal.mobile-number"
    if _TELEPHONE_WITHOUT_ZERO.fullmatch(plain) and digits in _NINE_OR_TEN:
        return ZERO_LOST
    if not digits:
        return None
    try:
        telephone(cell)
    except ValueProblem as problem:
        return None if problem.code == MISSING else problem.code
    return None


def postal_code_problem(cell: str) -> str | None:
    """Return the code of what is wrong with a postal code."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if _POSTAL_CODE_WITHOUT_ZERO.fullmatch(plain):
        return ZERO_LOST
    try:
        postal_code(cell)
    except ValueProblem as problem:
        return None if problem.code == MISSING else problem.code
    return None
