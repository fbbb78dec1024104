"""Watches for personal data in whole columns: 個人番号, and names beside private addresses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loader.check.personal import (
    TWELVE_DIGITS,
    are_names,
    is_individual_number,
    is_twelve_digits,
    name_column,
    private_columns,
    speaks_of_individual_numbers,
)
from loader.check.subjects import Columns
from loader.model import EXAMPLES_KEPT, Batch, Finding

LEAST_NUMBERS = 5
"""One number in eleven has a right check digit by chance; five of five practically never have."""

SURE = 0.9


@dataclass(slots=True)
class _Numbers:
    """The twelve-digit numbers of a column."""

    all: int = 0
    right: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PrivacyWatch:
    """Reports what must not be published before somebody has looked at it."""

    columns: Columns
    _numbers: dict[int, _Numbers] = field(default_factory=dict)
    _name: int | None = field(init=False)
    _private: list[str] = field(init=False)
    _told: bool = False

    def __post_init__(self) -> None:
        self._name = name_column(self.columns.header)
        self._private = private_columns(self.columns.header)

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Check the next rows."""
        yield from self._names(batch)

    def look_at(self, index: int, text: str, rows: Sequence[int], cells: Sequence[str]) -> None:
        """Count the twelve-digit numbers of a column, which is also there as one text."""
        if not TWELVE_DIGITS.search(text):
            return
        numbers = self._numbers.setdefault(index, _Numbers())
        for row, cell in zip(rows, cells, strict=True):
            if not is_twelve_digits(cell):
                continue
            numbers.all += 1
            if is_individual_number(cell):
                numbers.right += 1
                if len(numbers.rows) < EXAMPLES_KEPT:
                    numbers.rows.append(row)

    def _names(self, batch: Batch) -> Iterator[Finding]:
        if self._told or self._name is None or not self._private:
            return
        if are_names(batch.columns[self._name]):
            self._told = True
            header = self.columns.header[self._name]
            others = "、".join(self._private)
            yield Finding(
                "personal.name-and-address",
                self.columns.file,
                None,
                header,
                details={"others": others},
            )

    def finish(self) -> Iterator[Finding]:
        """Report columns of 個人番号; the numbers themselves are never shown."""
        for index, numbers in self._numbers.items():
            header = self.columns.header[index]
            said = numbers.right > 0 and speaks_of_individual_numbers(header)
            if said or (numbers.right >= max(LEAST_NUMBERS, numbers.all * SURE)):
                for row in numbers.rows:
                    details = {"count": numbers.right}
                    yield Finding(
                        "personal.individual-number",
                        self.columns.file,
                        row,
                        header,
                        details=details,
                    )
