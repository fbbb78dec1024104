"""Repairs of cells that are right in any column: blanks, line breaks, invisible letters, kana.

Names are never brought into another form of Unicode: 髙 and 高 are two letters.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from loader.check.cells import CHECKS

_BLANKS = " \u3000\t\u00a0\r\n"
_PADDED = re.compile(rf"(?:^|\n)[{_BLANKS}]|[{_BLANKS}](?:\n|$)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Letters that are not seen and say nothing in any script; joiners (U+200C, U+200D) do."""
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff6f\uff71-\uff9d][\uff61-\uff9f]*")
"""Runs of kana and their punctuation; a long vowel sign (U+FF70) at the start may be a dash."""
_SPREAD = next(check for check in CHECKS if check.code == "check.decorative-space")

Hint = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class CellRule:
    """A repair of single cells.

    ``hint`` says of the cells of a column, joined by line breaks, whether any can need it;
    ``repair`` gives a cell as it should be, which is the cell itself where nothing is wrong.
    """

    name: str
    hint: Hint
    repair: Callable[[str], str]


def _line_break(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _kana(cell: str) -> str:
    return _HALF_WIDTH_KANA.sub(_full_width, cell)


def _full_width(match: re.Match[str]) -> str:
    full = unicodedata.normalize("NFKC", match.group())
    # A sound mark that joins no letter would become a combining character.
    return match.group() if "\u3099" in full or "\u309a" in full else full


def _spread(cell: str) -> str:
    return cell if _SPREAD.find(cell) is None else "".join(cell.split())


PADDING = CellRule(
    "padding",
    lambda text: _PADDED.search(text) is not None,
    lambda cell: cell.strip(_BLANKS),
)

EVERYWHERE = (
    CellRule(
        "invisible",
        lambda text: not text.isascii() and _INVISIBLE.search(text) is not None,
        lambda cell: _INVISIBLE.sub("", cell),
    ),
    PADDING,
    CellRule("line-break", lambda text: "\r" in text, _line_break),
    CellRule(
        "kana-width",
        lambda text: not text.isascii() and _HALF_WIDTH_KANA.search(text) is not None,
        _kana,
    ),
    CellRule(
        "decorative-space",
        lambda text: not text.isascii() and (" " in text or "\u3000" in text),
        _spread,
    ),
)
