"""The change log: every cell, row and file that was changed, written as it happens."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

COLUMNS = ("file", "row", "column", "before", "after", "rule")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``row`` is the number of the record in the source, None for the whole file.

    ``column`` is empty where a whole row was taken out; ``rule`` has the names of all rules that
    made ``after`` of ``before``, with blanks between.
    """

    row: int | None
    column: str
    before: str
    after: str
    rule: str


@dataclass(slots=True)
class ChangeLog:
    """Writes changes as CSV and counts them by rule."""

    stream: IO[str]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        csv.writer(self.stream).writerow(COLUMNS)

    def write(self, file: str, changes: Iterable[Change]) -> None:
        """Write changes of one source file."""
        writer = csv.writer(self.stream)
        for change in changes:
            row = "" if change.row is None else str(change.row)
            writer.writerow((file, row, change.column, change.before, change.after, change.rule))
            self.counts.update(change.rule.split())
