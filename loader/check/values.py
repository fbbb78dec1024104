"""Checks of the cells of columns whose subject is known (loader/check/subjects.py).

``good`` is what a right cell looks like: only the others are looked at closely, each value once.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from loader.check.codes import area_code_problem, number_problem
from loader.check.contacts import (
    GOOD_POSTAL_CODE,
    GOOD_TELEPHONE,
    postal_code_problem,
    telephone_problem,
)
from loader.check.dates import GOOD_DAY, day_problem
from loader.check.subjects import Subject

Problem = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """What is asked of the cells of a column; ``problem`` gives the code of a finding."""

    problem: Problem
    good: str | None = None

    def problems(self, text: str, cells: Sequence[str]) -> dict[str, list[int]]:
        """Return the codes of what is wrong with cells, each with the positions of these.

        ``text`` is all of them, a line break before, between and behind.
        """
        if self._are_good(text):
            return {}
        wrong = {cell: code for cell in self._doubtful(cells) if (code := self.problem(cell))}
        found: dict[str, list[int]] = {}
        for at, cell in enumerate(cells) if wrong else ():
            if cell in wrong:
                found.setdefault(wrong[cell], []).append(at)
        return found

    def _doubtful(self, cells: Sequence[str]) -> Iterator[str]:
        good = re.compile(self.good).fullmatch if self.good else None
        return (cell for cell in set(cells) if cell and not (good and good(cell)))

    def _are_good(self, text: str) -> bool:
        return bool(self.good and re.fullmatch(rf"\n(?:(?:{self.good})?\n)*", text))


def _full_width_problem(cell: str) -> str | None:
    return "check.full-width-number" if _FULL_WIDTH.search(cell) else None


_FULL_WIDTH = re.compile("[０-９]")
_WIDTH = ValueCheck(_full_width_problem, r"[\x00-\x09\x0b-\x7f]+")

VALUE_CHECKS: dict[Subject | None, tuple[ValueCheck, ...]] = {
    Subject.TELEPHONE: (
        ValueCheck(telephone_problem, GOOD_TELEPHONE),
        _WIDTH,
    ),
    Subject.POSTAL_CODE: (ValueCheck(postal_code_problem, GOOD_POSTAL_CODE), _WIDTH),
    Subject.AREA_CODE: (ValueCheck(area_code_problem), _WIDTH),
    Subject.CORPORATE_NUMBER: (ValueCheck(partial(number_problem, "corporate-number")), _WIDTH),
    Subject.ISBN: (ValueCheck(partial(number_problem, "isbn")),),
    Subject.ISSN: (ValueCheck(partial(number_problem, "issn")),),
    Subject.DAY: (ValueCheck(day_problem, GOOD_DAY),),
}
