"""Repairs of columns of codes and numbers that name things, where what is right can be verified.

Width: letters and digits that are full-width. Zeros that a spreadsheet took: only of
全国地方公共団体コード, whose check digit or list of areas proves it (vocab/identifiers.py); nothing
proves the zero of a telephone number or a postal code.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from loader.check.codes import ZERO_LOST, area_code_problem
from loader.check.subjects import Subject
from loader.fix.cells import CellRule
from vocab.identifiers import area_codes, municipality_check_digit

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ－（）　]|[‐-―−ー]")
_DASHES = re.compile("(?<=[0-9A-Za-z)])[\u2010-\u2015\u2212\u30fc\uff70\uff0d](?=[0-9A-Za-z(])")
_CODE = re.compile("[0-9A-Za-z()+./_ -]*[0-9][0-9A-Za-z()+./_ -]*")
_SHORT = re.compile("(?:^|\n)[0-9]{4,5}(?:\n|$)")

CODES = frozenset(
    {
        Subject.AREA_CODE,
        Subject.CORPORATE_NUMBER,
        Subject.ISBN,
        Subject.ISSN,
        Subject.POSTAL_CODE,
        Subject.TELEPHONE,
        Subject.LOCAL_NUMBER,
        Subject.LATITUDE,
        Subject.LONGITUDE,
    }
)


def _narrow(cell: str) -> str:
    """Return a code in ASCII; the cell itself where that is not all of it."""
    narrow = unicodedata.normalize("NFKC", _DASHES.sub("-", cell))
    return narrow if _CODE.fullmatch(narrow) else cell


WIDTH = CellRule(
    "code-width",
    lambda text: not text.isascii() and _WIDE.search(text) is not None,
    _narrow,
)


def zero_rule(forms: Counter[str]) -> CellRule | None:
    """Return the repair of a column of area codes whose cells have these forms (``area_form``).

    Six digits must be what the column's whole codes have, or five; where five digits can be read
    both ways nothing is proved.
    """
    whole, short = forms["six"], forms["five"]
    six = forms["lost-of-six"] > 0 and (whole > 0 or short == 0)
    five = forms["lost-of-five"] > 0 and whole == 0
    if six == five:
        return None
    return CellRule(
        "code-zero",
        lambda text: _SHORT.search(text) is not None,
        _zero_to_six if six else _zero_to_five,
    )


def area_forms(cells: Iterable[str]) -> Counter[str]:
    """Count the forms of area codes."""
    return Counter(area_form(cell) for cell in cells if cell.strip())


def area_form(cell: str) -> str:
    """Return whether a code has six digits or five, or has lost the zero of either."""
    digits = _narrow(cell.strip())
    if area_code_problem(digits) == ZERO_LOST:
        return "lost-of-six" if len(digits) == 5 else _four(digits)
    if area_code_problem(digits) is None and len(digits) in (5, 6):
        return {5: "five", 6: "six"}[len(digits)]
    return "other"


def _four(digits: str) -> str:
    return "lost-of-five" if f"0{digits}" in area_codes() else "other"


def _zero_to_six(cell: str) -> str:
    if area_form(cell) != "lost-of-six":
        return cell
    code = f"0{cell}"
    return code if municipality_check_digit(code[:5]) == code[5] else cell


def _zero_to_five(cell: str) -> str:
    return f"0{cell}" if area_form(cell) == "lost-of-five" else cell
