"""Detectors of what makes the words of a header hard to match: widths, dashes, blanks, eras."""

import re
from collections.abc import Callable, Iterator, Sequence

from loader.check.columns import ERA_YEAR, WESTERN_YEAR
from loader.check.text import original_of
from loader.model import Finding

SHOWN = 10
"""How many columns a message names."""

_DASH = re.compile(
    "[ァ-ヺ][\u2010-\u2015\u2212\u2500\u2501\uff0d\uff70](?=[ァ-ヺ一-鿿]|$)|[ァ-ヺ]-(?=[ァ-ヺ])"
)
_WIDTH = re.compile("[Ａ-Ｚａ-ｚ０-９＿ｦ-ﾝ]")
_SPREAD = re.compile(r"([一-鿿ぁ-んァ-ヶ][ \u3000]+)+[一-鿿ぁ-んァ-ヶ]")
_LOST = "\ufffd"


def has_wrong_dash(name: str) -> bool:
    """Whether a dash stands for the long vowel sign (コ―ド for コード)."""
    return _DASH.search(name) is not None


def has_other_width(name: str) -> bool:
    """Whether there are full-width letters and digits, or half-width kana."""
    return _WIDTH.search(name) is not None


def is_spread(name: str) -> bool:
    """Whether blanks stand between all letters for the looks (名　称)."""
    return _SPREAD.fullmatch(name) is not None


def has_era_only(name: str) -> bool:
    """Whether a year is given by era alone (令和5年度)."""
    return ERA_YEAR.search(name) is not None and WESTERN_YEAR.search(name) is None


_CHECKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("check.header-dash", has_wrong_dash),
    ("check.header-width", has_other_width),
    ("check.header-blank", is_spread),
    ("check.header-era", has_era_only),
    ("check.header-garbled", lambda name: original_of(name) is not None or _LOST in name),
)


_MOMENT = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[ T]?[0-9]{1,2}[:時].*")


def header_findings(file: str, header: Sequence[str]) -> Iterator[Finding]:
    """Give one finding for each thing that is wrong with the header, naming the columns."""
    for code, is_so in _CHECKS:
        found = [name for name in header if is_so(name)]
        if found:
            yield Finding(code, file, details={"columns": named(found)})
    moments = [name for name in header if _MOMENT.fullmatch(name)]
    if len(moments) == 1:
        yield Finding("check.header-value", file, None, moments[0])


def named(columns: Sequence[str]) -> dict[str, str]:
    """Return columns as a message lists them, in both languages."""
    more = " …" if len(columns) > SHOWN else ""
    shown = columns[:SHOWN]
    return {"ja": "、".join(shown) + more, "en": ", ".join(shown) + more}
