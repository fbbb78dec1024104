"""Watches whether the municipality codes of a table were in use at the time that it speaks of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from loader.check.codes import area_code_is_of, area_code_problem
from loader.check.subjects import Columns, Subject
from loader.functions.dates import iso, reading
from loader.functions.registry import ValueProblem
from loader.model import Batch, Finding
from vocab.area_history import BEGINNING
from vocab.headers import normalize_header

_TIME_OF_DATA = re.compile(
    r"((調査|基準|集計|実施|受付|公表|報告|発表|測定|観測|集計|作成)[_の]?)?(年月日|日付|日|時点)"
    r"|年月|(survey|base|reference|report)?_?date"
)
"""Headers of the time of the data itself; a thing may be older than the code of where it is."""

_FIRST_DAY = {4: "-04-01", 7: "-01", 10: ""}
"""What makes a day of a (fiscal) year or a month: its first."""


@dataclass(slots=True)
class AreaDateWatch:
    """Reports codes of another time.

    ``period`` is the first and last day that the descriptor states for the whole table, used
    where no column has the date.
    """

    columns: Columns
    period: tuple[str, str] | None = None
    _date: int | None = field(init=False)

    def __post_init__(self) -> None:
        names = map(normalize_header, self.columns.header)
        found = (at for at, name in enumerate(names) if _TIME_OF_DATA.fullmatch(name))
        self._date = next(found, None)

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Check the next rows."""
        at = self.columns.of(Subject.AREA_CODE)
        if at is None or (self._date is None and self.period is None):
            return
        codes = batch.columns[at]
        dates = batch.columns[self._date] if self._date is not None else [""] * len(batch)
        pairs = list(zip(codes, dates, strict=True))
        wrong = {pair for pair in set(pairs) if not self._fits(*pair)}
        if wrong:
            yield from self._told(batch.rows, pairs, wrong, self.columns.header[at])

    def _fits(self, code: str, date: str) -> bool:
        days = [day for day in (day_of(date),) if day] if self._date is not None else self.period
        return not days or any(_in_use(code, day) for day in days)

    def _told(
        self,
        rows: Sequence[int],
        pairs: Sequence[tuple[str, str]],
        wrong: set[tuple[str, str]],
        header: str,
    ) -> Iterator[Finding]:
        for row, pair in zip(rows, pairs, strict=True):
            if pair in wrong:
                code = "identifier.code-of-another-time"
                yield Finding(code, self.columns.file, row, header, pair[0])

    def finish(self) -> Iterator[Finding]:
        """Nothing more."""
        yield from ()


@lru_cache(4096)
def _in_use(code: str, day: str) -> bool:
    if day < BEGINNING or area_code_problem(code) is not None:
        return True
    return area_code_is_of(code, day)


@lru_cache(4096)
def day_of(cell: str) -> str:
    """Return the day, or the first day of the month or fiscal year, in ISO 8601; else nothing."""
    try:
        stated = iso(reading(cell))
    except ValueProblem:
        return ""
    return stated + _FIRST_DAY[len(stated)]
