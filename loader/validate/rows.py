"""Runs of lines that were made of the same rows, and what they say of the thing of each row."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from loader.runs import Columns
from loader.validate.echoes import Place


@dataclass(slots=True)
class _Statements:
    """The numbers of statements, and the predicate of each."""

    numbers: list[Any] = field(default_factory=list)
    predicates: list[str] = field(default_factory=list)

    def add(self, numbers: object, predicate: str) -> None:
        self.numbers.append(numbers)
        self.predicates.append(predicate)


@dataclass(slots=True)
class Rows:
    """Runs that were made of the same column of subjects: what they say of the thing of each row.

    ``things`` are empty where a row has none.
    """

    things: list[str]
    constant: _Statements = field(default_factory=_Statements)
    """What is the same in all rows: a number each."""
    varying: _Statements = field(default_factory=_Statements)
    """What differs: a number for each row, 0 where the row has no such statement."""
    runs: list[tuple[Sequence[str], list[bool] | None]] = field(default_factory=list)
    """The lines, and which rows have one, where not all have."""
    _by_place: dict[Place, list[tuple[Columns, list[bool] | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(
        self,
        run: Sequence[str],
        columns: Columns,
        part: str,
        present: list[bool] | None,
        numbers: int | list[int],
    ) -> None:
        """Take a run with the number of all of its statements, or of each row."""
        self.runs.append((run, present))
        self._by_place[part, columns.predicate].append((columns, present))
        if isinstance(numbers, int) and present is not None:
            numbers = [numbers if there else 0 for there in present]
        kind = self.constant if isinstance(numbers, int) else self.varying
        kind.add(numbers, columns.predicate)

    def keys(self) -> list[tuple[int, ...]]:
        """What differs, by row."""
        return list(zip(*self.varying.numbers, strict=True)) or [()] * len(self.things)

    def statements(self, key: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The number and the predicate of each statement of a row with that key."""
        yield from zip(self.constant.numbers, self.constant.predicates, strict=True)
        for number, predicate in zip(key, self.varying.predicates, strict=True):
            if number:
                yield number, predicate

    def only(self, row: int, place: Place) -> str | None:
        """The object of the only statement of a row at a place, up to the end of its line."""
        found = [
            columns.rest(row)
            for columns, present in self._by_place.get(place, ())
            if present is None or present[row]
        ]
        return found[0] if len(found) == 1 else None

    def lines_about(self, things: Collection[str]) -> Iterator[str]:
        """The lines about some things."""
        wanted = [thing in things for thing in self.things]
        if any(wanted):
            for lines, present in self.runs:
                yield from compress(lines, compress(wanted, present) if present else wanted)
