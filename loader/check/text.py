"""Detectors of damaged text: what a wrong conversion has left in cells and headers."""

import re

_QUESTION_MARKS = re.compile(
    r"[?？]{2,}|[^/=&]*[?？]{4,}[^/=&]*|[^/=&]*([0-9]\?[0-9]|[一-鿿]\?[一-鿿の])[^/=&]*", re.DOTALL
)
"""Nothing else, many, or one where a dash was (9:00?17:00, 1812?3); addresses have their own."""
_GETA = "〓"
LOST = "\ufffd"
"""What a letter becomes that could not be read; loader/table/rows.py reports it."""

_MARKUP = re.compile(
    r"</?(br|p|b|i|u|a|div|span|font|strong|em|ul|ol|li|table|tr|td)( [^<>]*)?/?>"
    r"|&(nbsp|amp|lt|gt|quot|#[0-9]{1,6});",
    re.IGNORECASE,
)
_HALF_WIDTH_KANA = re.compile("[ｦ-ﾝ]")

_TELLTALE = "縺繧繝譁蜿蟶逕荳螟髱鬮鄒蟄ãäåæçèé"
_UTF8_AS_CP932 = re.compile("[縺繧繝譁蜿蟶逕荳螟髱鬮鄒蟄]")
_UTF8_AS_LATIN = re.compile("[ãäåæçèé][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_CP932_AS_LATIN = re.compile("[\u0081-\u009f][\u0040-\u00fc]")
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-鿿]")

_CONVERSIONS = (
    (_UTF8_AS_CP932, "cp932", "utf-8"),
    (_UTF8_AS_LATIN, "cp1252", "utf-8"),
    (_UTF8_AS_LATIN, "latin-1", "utf-8"),
    (_CP932_AS_LATIN, "latin-1", "cp932"),
)
"""What the text looks like, the encoding it was taken to be in, and the one it was in."""

ERROR_VALUE = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|[#＃]{3,}")
"""What a spreadsheet shows where a formula fails or a column is too narrow."""


def may_be_garbled(text: str, is_plain: bool) -> bool:
    """Whether a text has a letter that garbled text has, so that its cells are worth a look.

    Letters are looked for one by one, which is far faster than a set of them. Text that is plain
    has no control characters.
    """
    if not is_plain and _CP932_AS_LATIN.search(text):
        return True
    return any(map(text.__contains__, _TELLTALE))


def has_question_marks(cell: str) -> bool:
    """Whether letters have become question marks."""
    return _QUESTION_MARKS.fullmatch(cell.strip()) is not None


def markup_in(cell: str) -> str | None:
    """Return the first mark of a web page (HTML) in a text."""
    found = _MARKUP.search(cell)
    return found.group() if found else None


def has_half_width_kana(cell: str) -> bool:
    """Whether there is half-width kana, which other programs may not take for the same word."""
    return _HALF_WIDTH_KANA.search(cell) is not None


def has_geta(cell: str) -> bool:
    """Whether a letter was replaced by 〓, as printers do who lack it."""
    return _GETA in cell and cell.strip(_GETA + " \u3000") != ""


def original_of(cell: str) -> str | None:
    """Return what garbled text (mojibake) was; None for text that is as it should be.

    Text that was cut in the middle of a letter loses that letter.
    """
    for shape, taken_for, written_in in _CONVERSIONS:
        if not shape.search(cell):
            continue
        found = cell.encode(taken_for, "ignore").decode(written_in, "ignore")
        if _is_better(found, cell):
            return found
    return None


def _is_better(found: str, cell: str) -> bool:
    """Whether a conversion gives Japanese of the length that the garbled text must have had."""
    letters = len(_JAPANESE.findall(found))
    return letters >= 2 and letters * 2 >= len(found) and len(found) * 1.2 <= len(cell)


def is_error_value(cell: str) -> bool:
    """Whether a cell has the error of a formula in place of a value."""
    return ERROR_VALUE.fullmatch(cell.strip()) is not None
