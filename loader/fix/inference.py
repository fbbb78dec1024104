"""What type the values of a column have, found while the repaired rows are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.check.columns import UNITS
from loader.check.subjects import Columns, Subject
from loader.fix.codes import CODES

_PATTERNS = {
    "integer": re.compile(r"(?:(?:-?(?:0|[1-9][0-9]{0,17}))?\n)*+"),
    "number": re.compile(r"(?:(?:-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?)?\n)*+"),
    "date": re.compile(r"(?:(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?\n)*+"),
}
"""Types of Table Schema and the cells that have them, each with a line break behind."""

_IN_HEADER = re.compile(rf"[(（\[［](?:単位[:：]?)?(?P<unit>{UNITS})[)）\]］]$", re.IGNORECASE)

_PLACES = (Subject.LATITUDE, Subject.LONGITUDE)


@dataclass(slots=True)
class Types:
    """The types that all cells of each column have had so far."""

    possible: list[set[str]]
    filled: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self.filled = [False] * len(self.possible)

    @classmethod
    def of(cls, names: Sequence[str], columns: Columns) -> "Types":
        """Begin with all types for each column; codes are strings from the start."""
        subjects = dict(zip(columns.header, columns.subjects, strict=True))
        return cls([_candidates(subjects.get(name)) for name in names])

    def look(self, columns: Sequence[Sequence[str]]) -> None:
        """Take the next cells."""
        for index, cells in enumerate(columns):
            self.filled[index] = self.filled[index] or any(cells)
            if not self.possible[index]:
                continue
            text = "\n".join(cells) + "\n"
            for name in list(self.possible[index]):
                if not _PATTERNS[name].fullmatch(text):
                    self.possible[index].discard(name)

    def found(self) -> list[str]:
        """Return the narrowest type of each column; ``string`` where nothing else is certain."""
        return [
            next((name for name in _PATTERNS if filled and name in possible), "string")
            for possible, filled in zip(self.possible, self.filled, strict=True)
        ]


def _candidates(subject: Subject | None) -> set[str]:
    if subject in CODES and subject not in _PLACES:
        return set()
    return {"number"} if subject in _PLACES else set(_PATTERNS)


def unit_in_header(name: str) -> str | None:
    """Return the unit that a header has in brackets at its end (``気温[℃]``)."""
    found = _IN_HEADER.search(name)
    return found["unit"] if found else None
