"""Checks of single cells (the guide's table 9-3, items 4, 7 and what endangers the reader).

A check first looks at a whole column, joined into one text, and only where that shows something
goes through the cells; a clean column costs a few searches in C.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from loader.check import codes, dates, personal, text
from loader.check.columns import ANY_NUMBER, WITH_NOTE, WITH_UNIT, Kind, is_free_text
from vocab.headers import normalize_header

BY_TABLE = frozenset({"check.padding"})
"""Findings that are grouped for the whole table: what is in one column is in most of them."""

WIDE = "０１２３４５６７８９"

_BLANKS = " \u3000\t\u00a0"
_PADDING = ("\n ", " \n", "\n\u3000", "\u3000\n", "\t", "\u00a0")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_FORMULA = re.compile(r"\s*([=＝]\s*[-+@(A-Za-z\"'0-9]|[-+@＋－＠][A-Za-z_]\w*\s*[(|!])")
_FULL_WIDTH = re.compile("[０-９．，－]")
_SEPARATED = re.compile("[0-9０-９][,，][0-9０-９]{3}")
_SPREAD_WORDS = frozenset(
    {
        "全国",
        "総数",
        "合計",
        "総計",
        "小計",
        "平均",
        "男子",
        "女子",
        "男性",
        "女性",
        "国宝",
        "不明",
        "不詳",
    }
)
"""Words that are written with a blank between the letters; two letters may also be a name."""
_SPREAD_HINT = re.compile(r"\n[一-鿿][ \u3000]")


@dataclass(frozen=True, slots=True)
class ColumnText:
    """The cells of a column as one text, a line break before, between and behind them.

    ``name`` is the column's header.
    """

    text: str
    is_ascii: bool
    has_blanks: bool
    is_plain: bool
    """Whether there is nothing but letters, marks, signs and ordinary blanks in it."""
    name: str = ""

    @classmethod
    def of(cls, cells: Sequence[str], name: str = "") -> "ColumnText":
        """Join the cells and look at what all checks ask for."""
        text = "\n" + "\n".join(cells) + "\n"
        has_blanks = any(blank in text for blank in _BLANKS)
        return cls(text, text.isascii(), has_blanks, "".join(cells).isprintable(), name)


Hint = Callable[[ColumnText], bool]


@dataclass(frozen=True, slots=True)
class CellCheck:
    """One check: ``hint`` says whether a column's text can hold a case, ``find`` what a cell is.

    ``find`` returns the placeholders of the message, or None. ``kind`` limits the check to columns
    of that kind.
    """

    code: str
    hint: Hint
    find: Callable[[str], dict[str, object] | None]
    kind: Kind | None = None


def _holds(*parts: str) -> Hint:
    return lambda column: any(part in column.text for part in parts)


def _holds_foreign(*parts: str) -> Hint:
    return lambda column: not column.is_ascii and any(part in column.text for part in parts)


def _begins(*letters: str) -> Hint:
    """Cells begin so; a letter alone is found far faster than with the line break before it."""
    return lambda column: any(
        letter in column.text and f"\n{letter}" in column.text for letter in letters
    )


def _has_padding(column: ColumnText) -> bool:
    return column.has_blanks and any(part in column.text for part in _PADDING)


def _is_spread(column: ColumnText) -> bool:
    return column.has_blanks and _SPREAD_HINT.search(column.text) is not None


def _may_have_units(column: ColumnText) -> bool:
    text = column.text
    if is_free_text(column.name):
        return False
    return not column.is_ascii or "%" in text or text.lower() != text.upper()


def _has(pattern: re.Pattern[str]) -> Hint:
    return lambda column: not column.is_plain and pattern.search(column.text) is not None


def _formula(cell: str) -> dict[str, object] | None:
    return {} if _FORMULA.match(cell) else None


def _separated(cell: str) -> dict[str, object] | None:
    return {} if _SEPARATED.search(cell) else None


def _contains(pattern: re.Pattern[str]) -> Callable[[str], dict[str, object] | None]:
    def find(cell: str) -> dict[str, object] | None:
        match = pattern.search(cell)
        if match is None or text.LOST in cell:
            return None
        return {"character": f"U+{ord(match.group()[0]):04X}"}

    return find


def _padding(cell: str) -> dict[str, object] | None:
    bare = cell.strip(_BLANKS)
    return {} if bare and cell != bare else None


def _spread(cell: str) -> dict[str, object] | None:
    parts = cell.split()
    return {} if len(parts) > 1 and "".join(parts) in _SPREAD_WORDS else None


def _full_width(cell: str) -> dict[str, object] | None:
    return {} if _FULL_WIDTH.search(cell) and ANY_NUMBER.fullmatch(cell.strip()) else None


def _is(question: Callable[[str], bool]) -> Callable[[str], dict[str, object] | None]:
    return lambda cell: {} if question(cell) else None


def _may_have_markup(column: ColumnText) -> bool:
    marks = ("<" in column.text and ">" in column.text) or "&" in column.text
    return marks and text.markup_in(column.text) is not None


def _markup(cell: str) -> dict[str, object] | None:
    found = text.markup_in(cell)
    return {"markup": found} if found else None


def _has_half_width_kana(column: ColumnText) -> bool:
    return not column.is_ascii and text.has_half_width_kana(column.text)


def _narrow(cell: str) -> bool:
    return text.has_half_width_kana(cell) and text.original_of(cell) is None


def _may_be_garbled(column: ColumnText) -> bool:
    return not column.is_ascii and text.may_be_garbled(column.text, column.is_plain)


def _garbled(cell: str) -> dict[str, object] | None:
    found = text.original_of(cell)
    return {"original": found} if found else None


def _may_be_scientific(column: ColumnText) -> bool:
    return "+" in column.text and ("E+" in column.text or "e+" in column.text)


def _has_date_accidents(column: ColumnText) -> bool:
    return (
        "-" in column.text
        and dates.may_have_accidents(column.text)
        and not dates.speaks_of_time(normalize_header(column.name))
    )


def _has_days_among_numbers(column: ColumnText) -> bool:
    return (
        "月" in column.text
        and dates.has_hyphened(column.text)
        and not dates.speaks_of_time(normalize_header(column.name))
    )


def _may_be_mobile(column: ColumnText) -> bool:
    has_start = any(start in column.text for start in ("070", "080", "090"))
    return has_start and personal.mobile_in(column.text)


def _mobile(cell: str) -> dict[str, object] | None:
    return {} if personal.mobile_in(cell) else None


def _unit(cell: str) -> dict[str, object] | None:
    match = WITH_UNIT.fullmatch(cell.strip())
    return {"unit": match["unit"]} if match else None


def _note(cell: str) -> dict[str, object] | None:
    match = WITH_NOTE.fullmatch(cell.strip())
    return {"note": match["note"]} if match else None


CHECKS = (
    CellCheck("check.padding", _has_padding, _padding),
    CellCheck("check.decorative-space", _is_spread, _spread),
    CellCheck("check.formula", _begins(*"=＝+-@＋＠ "), _formula),
    CellCheck("text.control-character", _has(_CONTROL), _contains(_CONTROL)),
    CellCheck("text.bidirectional", _has(_BIDIRECTIONAL), _contains(_BIDIRECTIONAL)),
    CellCheck("text.invisible", _has(_INVISIBLE), _contains(_INVISIBLE)),
    CellCheck("text.private-use", _has(_PRIVATE), _contains(_PRIVATE)),
    CellCheck("text.question-marks", _holds("?", "？"), _is(text.has_question_marks)),
    CellCheck("text.replaced-letter", _holds_foreign("〓"), _is(text.has_geta)),
    CellCheck("text.markup", _may_have_markup, _markup),
    CellCheck("text.half-width-kana", _has_half_width_kana, _is(_narrow)),
    CellCheck("text.garbled", _may_be_garbled, _garbled),
    CellCheck("check.error-value", _begins("#", "＃"), _is(text.is_error_value)),
    CellCheck("check.scientific-number", _may_be_scientific, _is(codes.is_scientific)),
    CellCheck("check.excel-date", _has_date_accidents, _is(dates.is_accident)),
    CellCheck("check.excel-date", _has_days_among_numbers, _is(dates.is_month_and_day)),
    CellCheck("personal.mobile-number", _may_be_mobile, _mobile),
    CellCheck("check.thousands-separator", _holds(",", "，"), _separated, Kind.NUMBER),
    CellCheck("check.full-width-number", _holds_foreign(*WIDE), _full_width, Kind.NUMBER),
    CellCheck("check.unit-in-value", _may_have_units, _unit, Kind.NUMBER),
    CellCheck("check.note-in-number", _holds(*"*＊※†注"), _note, Kind.NUMBER),
)


def checks_for(kind: Kind | None) -> Iterator[CellCheck]:
    """Give the checks that suit a column."""
    return (check for check in CHECKS if check.kind in (None, kind))
