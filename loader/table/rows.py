"""Turns the records of a table into batches of columns, and reports rows that are not as wide.

The way is short for batches whose records all fit, which is nearly all of them; only a batch with
an odd record is looked at row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.model import Batch, Finding, FindingLog
from loader.table.dialect import is_blank
from vocab.headers import normalize_header

LOST = "\ufffd"

NUMBERS = frozenset(map(normalize_header, ("NO", "番号", "連番", "通番", "No.", "#property")))
"""Headers of a first column that counts the rows."""

SHOWN = 5
"""How many cells of a short row a finding shows; of a long one it shows all that are cut off."""


@dataclass(slots=True)
class RowShaper:
    """Fits records to the header of one table."""

    file: str
    header: tuple[str, ...]
    findings: FindingLog
    may_have_lost: bool = False
    _blank: list[range] = field(default_factory=list)
    _numbered: bool = field(init=False)

    def batch(self, first: int, records: Sequence[list[str]]) -> Batch | None:
        """Return records, the first of them number ``first``, as a batch; None if all are blank."""
        batch = self._fitting(first, records) or self._fitted(first, records)
        if self.may_have_lost and batch is not None:
            self._report_lost(batch)
        return batch

    def __post_init__(self) -> None:
        first = normalize_header(self.header[0])
        self._numbered = len(self.header) > 2 and first in NUMBERS

    def _is_blank(self, record: Sequence[str]) -> bool:
        """Whether a record says nothing: forms are handed out with the numbers filled in."""
        if not self._numbered:
            return is_blank(record)
        return is_blank(record[1:]) and (not record or not record[0].strip(" 0123456789"))

    def _fitting(self, first: int, records: Sequence[list[str]]) -> Batch | None:
        """The short way: every record is wide enough, none is blank, nothing is cut off."""
        width = len(self.header)
        widths = set(map(len, records))
        if len(widths) != 1 or min(widths) < width:
            return None
        columns = list(zip(*records, strict=True))
        start = columns[1 if self._numbered else 0]
        may_be_blank = "" in start or any(map(str.isspace, start))
        if may_be_blank and any(map(self._is_blank, records)):
            return None
        if any(any(map(str.strip, column)) for column in columns[width:]):
            return None
        self._report_blank()
        return Batch(range(first, first + len(records)), columns[:width])

    def _fitted(self, first: int, records: Sequence[list[str]]) -> Batch | None:
        numbers: list[int] = []
        rows: list[list[str]] = []
        for number, record in enumerate(records, start=first):
            if self._is_blank(record):
                self._remember_blank(number)
                continue
            self._report_blank()
            numbers.append(number)
            rows.append(self._fit(number, record))
        return Batch(numbers, list(zip(*rows, strict=True))) if rows else None

    def _fit(self, number: int, record: list[str]) -> list[str]:
        width = len(self.header)
        surplus = record[width:]
        missing = width - len(record)
        if missing > 0 or not is_blank(surplus):
            self._report_ragged(number, record, surplus)
        return record[:width] + [""] * missing

    def _report_ragged(self, number: int, record: list[str], surplus: list[str]) -> None:
        shown = [cell for cell in surplus or record[:SHOWN] if cell.strip()]
        details = {"expected": len(self.header), "found": len(record)}
        value = " / ".join(shown)
        self.findings.add(Finding("table.ragged-row", self.file, number, None, value, details))

    def _remember_blank(self, number: int) -> None:
        if self._blank and self._blank[-1].stop == number:
            self._blank[-1] = range(self._blank[-1].start, number + 1)
        else:
            self._blank.append(range(number, number + 1))

    def _report_blank(self) -> None:
        """Report blank rows once a row follows: at the end of a file they mean nothing."""
        for numbers in self._blank:
            for number in numbers:
                self.findings.add(Finding("table.blank-row", self.file, number))
        self._blank.clear()

    def _report_lost(self, batch: Batch) -> None:
        for name, column in zip(self.header, batch.columns, strict=True):
            for number, cell in zip(batch.rows, column, strict=True):
                if LOST in cell:
                    finding = Finding("table.lost-characters", self.file, number, name, cell)
                    self.findings.add(finding)
