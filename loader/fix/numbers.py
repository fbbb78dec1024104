"""Repairs of columns of numbers: width, signs, separators, and units, which the descriptor takes.

A cell is changed only where all of it is a number (loader/check/columns.py); remarks in it stay.
"""

import re
import unicodedata

from loader.check.columns import ANY_NUMBER, WITH_UNIT
from loader.fix.cells import CellRule
from vocab.headers import normalize_header

_WIDE = {
    ord(wide): narrow
    for wide, narrow in zip("０１２３４５６７８９，．－＋", "0123456789,.-+", strict=True)
}
_WIDE_HINT = re.compile("[０-９，．－＋]")
_NEGATIVE = re.compile(r"[▲△−－](?=[0-9])")
_NEGATIVE_HINT = re.compile("[▲△−－]")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_SEPARATOR_HINT = re.compile("[0-9],[0-9]{3}")
_LETTERS = re.compile("[^-+0-9.,\n]")

_LISTS = re.compile(
    r"コ-ド|番号|(^|_)no\.?$|№|(^|_)id$|code|号|室$|階|地番|電話|(^|_)(tel|fax|phone)"
)
"""Normalised headers of columns in which a comma may stand between two numbers."""


def _width(cell: str) -> str:
    is_number = ANY_NUMBER.fullmatch(cell) or WITH_UNIT.fullmatch(cell)
    return cell.translate(_WIDE) if is_number else cell


def _sign(cell: str) -> str:
    is_number = ANY_NUMBER.fullmatch(cell) or WITH_UNIT.fullmatch(cell)
    return _NEGATIVE.sub("-", cell, count=1) if is_number and _NEGATIVE.match(cell) else cell


def _ungrouped(cell: str) -> str:
    number, unit = parts(cell)
    if not _GROUPED.fullmatch(number):
        return cell
    return number.replace(",", "") + unit


def parts(cell: str) -> tuple[str, str]:
    """Return the number of a cell and what follows it: blanks and its unit, or nothing."""
    found = WITH_UNIT.fullmatch(cell)
    if found is None:
        return cell, ""
    end = found.end(1)
    return cell[:end], cell[end:]


def unit_of(cell: str) -> str | None:
    """Return the unit of a number, in one spelling; None where it has none."""
    found = WITH_UNIT.fullmatch(cell)
    return unicodedata.normalize("NFKC", found["unit"]) if found else None


def _without_unit(cell: str) -> str:
    return parts(cell)[0]


def number_rules(name: str, unit: str | None) -> tuple[CellRule, ...]:
    """Return the repairs of a column of numbers; ``unit`` is what all its numbers have."""
    rules = [
        CellRule("number-width", lambda text: _WIDE_HINT.search(text) is not None, _width),
        CellRule("negative-sign", lambda text: _NEGATIVE_HINT.search(text) is not None, _sign),
    ]
    if not _LISTS.search(normalize_header(name)):
        rule = CellRule(
            "thousands-separator",
            lambda text: _SEPARATOR_HINT.search(text.translate(_WIDE)) is not None,
            _ungrouped,
        )
        rules.append(rule)
    if unit:
        rules.append(
            CellRule("unit", lambda text: _LETTERS.search(text) is not None, _without_unit)
        )
    return tuple(rules)
