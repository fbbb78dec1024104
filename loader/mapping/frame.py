"""A batch of rows while it is mapped: what was computed from it, and what was found in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from loader.model import Batch, Finding, FindingLog

Values: TypeAlias = Sequence[Any]
"""One value for each row: a ``str`` (``""`` is nothing) or, of many, a tuple of them."""


@dataclass(slots=True)
class Frame:
    """A batch, the columns computed from it so far (by number), and where findings go."""

    batch: Batch
    file: str
    findings: FindingLog
    computed: dict[int, Values] = field(default_factory=dict)
    reported: set[tuple[str, str | None, int]] = field(default_factory=set)

    def report(self, code: str, index: int, column: str | None, value: str | None) -> None:
        """Take a finding about a row; the same one is taken once, however many terms need it."""
        row = self.batch.rows[index]
        if (code, column, row) not in self.reported:
            self.reported.add((code, column, row))
            self.findings.add(Finding(code, self.file, row, column, value))


Column: TypeAlias = Callable[[Frame], Values]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be computed: a constant, or a column of values."""

    constant: str | None = None
    column: Column | None = None
    many: bool = False
    header: str | None = None
    """The column of the table that findings about the value name."""


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
