"""Repairs of dates: Western dates as ISO 8601 has them, and a Western column beside an era's.

Only a date that can be read in one way is touched; times, days of the week and ranges stay.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from loader.check.columns import ERA_YEAR, WESTERN_YEAR
from loader.fix.cells import CellRule
from loader.functions.dates import date, iso, reading
from loader.functions.registry import ValueProblem
from vocab.headers import normalize_header

SUFFIX = "_西暦"
"""What the name of a Western column has behind that of the column of eras."""

_WRITTEN = re.compile(r"[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|([-/.])[0-9]{1,2}\2[0-9]{1,2})")
_ISO = re.compile("(?:(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?\n)*+")
_SHORT_ERA = re.compile(r"[MTSHR]\s*(元|[0-9]{1,2})\s*[-/.年].*", re.IGNORECASE)

_CALENDAR = re.compile("西暦|和暦|[()_・/ -]")

MEMO = 10_000
"""How many different cells are remembered with what they become."""


def _iso(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell)
    if not _WRITTEN.fullmatch(plain):
        return cell
    try:
        return date(plain) or cell
    except ValueProblem:
        return cell


DATES = CellRule("date-iso", lambda text: _ISO.fullmatch(text + "\n") is None, _iso)


def is_era(cell: str) -> bool:
    """Whether a cell tells a year by era alone."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if WESTERN_YEAR.search(plain):
        return False
    return bool(ERA_YEAR.search(plain) or _SHORT_ERA.fullmatch(plain))


def has_western(name: str, names: Collection[str]) -> bool:
    """Whether another column of a table is called as that one, and Western."""
    others = {_bare(other) for other in names if "西暦" in other and other != name}
    return _bare(name) in others


def _bare(name: str) -> str:
    """Return the name of a column without what tells its calendar."""
    return _CALENDAR.sub("", normalize_header(name))


@dataclass(slots=True)
class Western:
    """Gives the Western dates of the cells of a column, to the precision that they have."""

    _memo: dict[str, str | None] = field(default_factory=dict)

    def of(self, cell: str) -> str | None:
        """Return the date (``2013``, ``2013-04``, ``2013-04-01``); None where it cannot be read."""
        if not cell.strip():
            return ""
        if cell not in self._memo:
            if len(self._memo) >= MEMO:
                self._memo.clear()
            self._memo[cell] = _western(cell)
        return self._memo[cell]


def _western(cell: str) -> str | None:
    try:
        return iso(reading(cell))
    except ValueProblem:
        return None
