"""Watches for years that are told by era alone (the guide's table 9-3, item 7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loader.check.columns import ERA_YEAR, WESTERN_YEAR, Kind
from loader.check.subjects import Columns
from loader.model import Batch, Finding
from vocab.headers import normalize_header

_CALENDAR = re.compile(r"\(.*\)|西暦|和暦|w3cdtf|iso|[_/]")
_WESTERN = re.compile("西暦|w3cdtf|iso8601")
_YEARS = frozenset({"", "年", "年度", "元号", "年号"})
"""What is left of the header of a year beside one that says 西暦 and no more."""


@dataclass(slots=True)
class EraWatch:
    """Reports cells of columns of dates, unless the row has the Western year in a like column."""

    columns: Columns

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Check the next rows."""
        for index, kind in enumerate(self.columns.kinds):
            if kind is Kind.DATE:
                yield from self._era_years(index, batch)

    def finish(self) -> Iterator[Finding]:
        """Nothing more."""
        yield from ()

    def _era_years(self, index: int, batch: Batch) -> Iterator[Finding]:
        cells = batch.columns[index]
        eras = {cell for cell in set(cells) if _is_era_only(cell)}
        if not eras:
            return
        header = self.columns.header[index]
        beside = [batch.columns[at] for at in self._like(index)]
        for at, (row, cell) in enumerate(zip(batch.rows, cells, strict=True)):
            if cell in eras and not any(WESTERN_YEAR.search(column[at]) for column in beside):
                yield Finding("check.era-year", self.columns.file, row, header, cell)

    def _like(self, index: int) -> list[int]:
        """The columns that tell the same in another calendar, as their headers say."""
        names = list(map(normalize_header, self.columns.header))
        bare = _CALENDAR.sub("", names[index])
        return [
            at
            for at, name in enumerate(names)
            if at != index
            and (
                (name == "西暦" and bare in _YEARS)
                or _CALENDAR.sub("", name) == bare
                or _is_western(name, bare)
            )
        ]


def _is_western(name: str, bare: str) -> bool:
    return _WESTERN.search(name) is not None and (not bare or bare in name)


def _is_era_only(cell: str) -> bool:
    return ERA_YEAR.search(cell) is not None and WESTERN_YEAR.search(cell) is None
