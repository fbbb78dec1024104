"""Functions of quantities with units, and of the signs by which statistics say why a number fails.

Signs: 総務省統計局「統計表中の記号」 and the notes of ministries' tables (- 該当数値なし, … 不詳,
x and *** 秘匿). Codes: SDMX CL_OBS_STATUS 2.2.
"""

import re
import unicodedata
from decimal import Decimal

from loader.functions.numbers import MISSING, canonical, plain_number
from loader.functions.registry import ValueProblem, function

_FACTORS = {"千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9, "百億": 10}
_FACTORS |= {"千億": 11, "兆": 12}
_FACTOR = "(千億|百億|十億|千万|百万|十万|兆|億|万|千)"
_AMOUNT = r"[+-]?[0-9][0-9,]*+(?:\.[0-9]++)?+"
_PIECE = re.compile(rf"({_AMOUNT}){_FACTOR}?")
_UNIT = re.compile(rf"[(\[]?{_FACTOR}?([^0-9]{{0,20}})")
_MINUS = re.compile("^[\u2212\u2010-\u2015▲△-]")

_NOT_APPLICABLE, _NOT_KNOWN, _SUPPRESSED = "M", "O", "Q"
_STATUS = dict.fromkeys(
    ["-", "ー", "―", "—", "–", "−", "なし", "無し", "該当なし"], _NOT_APPLICABLE
)
_STATUS |= dict.fromkeys(
    ["…", "...", "‥", "・・・", "不詳", "不明", "未集計", "na", "n/a"], _NOT_KNOWN
)
_STATUS |= dict.fromkeys(["x", "χ", "*", "**", "***", "秘匿"], _SUPPRESSED)


@function(
    "quantity",
    [
        ("1,234", "千円", "1234000"),
        ("12.5万人", "", "125000"),
        ("1億2,000万円", "", "120000000"),
        ("▲3", "百万円", "-3000000"),
        ("12.5％", "", "12.5"),
        ("３", "人", "3"),
        ("多数", "人", "", "!value.not-a-number"),
        ("***", "千円", "", "!value.missing-symbol"),
    ],
    datatype="decimal",
)
def quantity(value: str, unit: str = "") -> str:
    """The number (xsd:decimal) of a quantity, multiplied out: 千, 万, 百万, 億, … of its unit or \
of ``unit``."""
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    if not plain:
        return ""
    sign = "-" if _MINUS.match(plain) else ""
    total = _multiplied(_MINUS.sub("", plain).removeprefix("+"), unit)
    if total is None:
        raise ValueProblem("value.not-a-number")
    return canonical(f"{sign}{total:f}")


def _multiplied(plain: str, unit: str) -> Decimal | None:
    """Add up the pieces (1億2,000万); None where the text is no quantity."""
    total, end, scaled = Decimal(0), 0, False
    while piece := _PIECE.match(plain, end):
        number = plain_number(piece[1])
        if number is None:
            return None
        scaled = scaled or piece[2] is not None
        total += Decimal(number).scaleb(_FACTORS.get(piece[2], 0))
        end = piece.end()
    if end == 0 or not _UNIT.fullmatch(plain, end):
        return None
    factor = None if scaled else _UNIT.fullmatch("".join(unit.split()).strip("()[]（）"))
    return total.scaleb(_FACTORS.get(factor[1], 0)) if factor else total


@function(
    "missingCode",
    [
        ("－", "M"),
        ("…", "O"),
        ("Ｘ", "Q"),
        ("***", "Q"),
        ("12", ""),
    ],
)
def missing_code(value: str) -> str:
    """Why there is no number, as SDMX CL_OBS_STATUS has it: M (there can be none), O (not known), \
Q (withheld)."""
    return _STATUS.get("".join(unicodedata.normalize("NFKC", value).lower().split()), "")
