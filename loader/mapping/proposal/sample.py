"""The first rows of a table, and what expressions of a mapping give for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from loader.functions import FUNCTIONS, ValueProblem
from loader.mapping.expressions import ROW
from loader.mapping.model import Call, Constant, Expression, Reference, Template, references
from loader.table import Table

MOST_ROWS = 20_000
MOST_CELLS = 1_000_000
"""A sample ends where either is reached; the cells of a million are about 100 MB at most."""

VALUES_LOOKED_AT = 1_000
"""How many values of a column are tried on a function."""

MISSING = "value.missing-symbol"


class NoValue(Exception):
    """A sign for no value (``-``): neither read nor unreadable."""


@dataclass(frozen=True)
class Sample:
    """The first rows of a table, column by column."""

    header: Sequence[str]
    columns: Sequence[Sequence[str]]
    whole: bool
    """Whether the table has no more rows than these."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each column."""
        return {name: number for number, name in enumerate(self.header)}

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def cells(self, name: str) -> Sequence[str]:
        """The cells of a column."""
        return self.columns[self.numbers[name]]

    def values(self, name: str) -> list[str]:
        """Return the first cells of a column that are not blank."""
        found = [cell for cell in self.cells(name) if cell.strip()]
        return found[:VALUES_LOOKED_AT]

    def examples(self, name: str, count: int) -> list[str]:
        """Return a few different values of a column."""
        return list(dict.fromkeys(" ".join(cell.split()) for cell in self.values(name)))[:count]

    def results(self, expression: Expression, rows: int) -> Iterator[str]:
        """Give what an expression gives for the first rows that have a cell that it reads.

        Nothing stands for a value that cannot be read; signs for no value are passed over.
        """
        names = [found.name for found in references(expression) if found.name in self.numbers]
        for row in range(min(rows, len(self))):
            if not names or any(self.cells(name)[row].strip() for name in names):
                try:
                    yield self._value(expression, row)
                except NoValue:
                    continue

    def _value(self, expression: Expression, row: int) -> str:
        if isinstance(expression, Constant):
            return expression.value
        if isinstance(expression, Reference):
            return self._cell(expression.name, row)
        if isinstance(expression, Template):
            parts = [self._value(part, row) for part in expression.parts]
            return "".join(parts) if all(parts) else ""
        return self._called(expression, row)

    def _cell(self, name: str, row: int) -> str:
        if name in self.numbers:
            return self.cells(name)[row].strip()
        return str(row) if name == ROW else name.removeprefix("_")

    def _called(self, call: Call, row: int) -> str:
        arguments = {name: self._value(value, row) for name, value in call.arguments}
        try:
            given = FUNCTIONS[call.function].body(**arguments)
        except ValueProblem as problem:
            if problem.code == MISSING:
                raise NoValue from problem
            return problem.gives
        return given if isinstance(given, str) else "\n".join(given)


def take_sample(table: Table) -> Sample:
    """Read the first rows of a table."""
    columns: list[list[str]] = [[] for _ in table.header]
    whole = True
    for batch in table.batches():
        for column, cells in zip(columns, batch.columns, strict=True):
            column.extend(cells)
        if len(columns[0]) >= MOST_ROWS or len(columns[0]) * len(columns) >= MOST_CELLS:
            whole = False
            break
    return Sample(table.header, columns, whole)
