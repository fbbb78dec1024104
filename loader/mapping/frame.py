"""A batch of rows while it is mapped: what was computed from it, and what was found in it."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from loader.model import Batch, Finding, FindingLog

Values: TypeAlias = Sequence[Any]
"""One value for each row: a ``str`` (``""`` is nothing) or, of many, a tuple of them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a function said of the value of a row (``index`` in the batch); of the row itself
    where ``row_wide``."""

    index: int
    code: str
    column: str | None
    value: str | None
    row_wide: bool = False


@dataclass(slots=True)
class Frame:
    """A batch, the columns computed from it so far (by number), and where findings go.

    ``problems`` are those of computations, by the computation; they become findings only where
    the result is used (loader/mapping/watches.py). In a long table findings about the column
    ``cell_column`` name the column of the file: the last column has its number in ``headers``.
    """

    batch: Batch
    file: str
    findings: FindingLog
    computed: dict[int, Values] = field(default_factory=dict)
    problems: dict[Hashable, list[Problem]] = field(default_factory=dict)
    reported: set[tuple[str, str | None, int]] = field(default_factory=set)
    repeats: "dict[Column, bool]" = field(default_factory=dict)
    cell_column: str | None = None
    headers: Sequence[str] = ()

    def report(self, problem: Problem) -> None:
        """Take a finding about a row; the same one is taken once, however many terms need it."""
        row = self.batch.rows[problem.index]
        column = problem.column
        if column is not None and column == self.cell_column:
            column = self.headers[int(self.batch.columns[-1][problem.index]) - 1]
        key = (problem.code, column, row)
        if key not in self.reported:
            self.reported.add(key)
            self.findings.add(Finding(problem.code, self.file, row, column, problem.value))

    def has_repeats(self, column: "Column") -> bool:
        """Whether a value, other than nothing, is there in several rows of a column."""
        found = self.repeats.get(column)
        if found is None:
            values = column(self)
            distinct = set(values)
            blank = values.count("") - 1 if "" in distinct else 0
            found = self.repeats[column] = len(values) - blank > len(distinct)
        return found


Column: TypeAlias = Callable[[Frame], Values]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be computed: a constant, or a column of values."""

    constant: str | None = None
    column: Column | None = None
    many: bool = False
    header: str | None = None
    """The column of the table that findings about the value name."""
    memos: frozenset[Hashable] = frozenset()
    """The computations whose problems are problems of the value."""

    @property
    def never(self) -> bool:
        """Whether it is nothing in every row."""
        return self.column is None and not self.constant


def columns(parts: Iterable[Compiled]) -> tuple[Column, ...]:
    """Return the columns of several values, without those that are the same in every row."""
    return tuple(part.column for part in parts if part.column is not None)


def memos_of(parts: Iterable[Compiled]) -> frozenset[Hashable]:
    """Return the computations behind several values."""
    return frozenset(memo for part in parts for memo in part.memos)


class Slots:
    """Gives computations their number, under which a frame keeps the result."""

    def __init__(self) -> None:
        self._count = 0

    def cached(self, compute: Column) -> Column:
        """Return ``compute``, done once for each frame."""
        number = self._count
        self._count += 1

        def column(frame: Frame) -> Values:
            found = frame.computed.get(number)
            if found is None:
                found = frame.computed[number] = compute(frame)
            return found

        return column
