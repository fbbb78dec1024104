"""The second pass over a table: its rows are repaired, written and looked at by the checks."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from loader.check import TableChecker
from loader.fix.dates import SUFFIX, has_western
from loader.fix.inference import Types
from loader.fix.log import Change, ChangeLog
from loader.fix.plan import ColumnPlan, column_plans
from loader.fix.survey import Survey
from loader.model import Field, Finding, FindingLog, Package, Resource
from loader.table.dialect import is_blank
from loader.table.rows import RowShaper

Row = tuple[str, ...]


@dataclass(slots=True)
class TableWriter:
    """Writes one table. ``file`` is the source as messages name it; ``left`` takes findings."""

    survey: Survey
    rules: Collection[str]
    package: Package
    resource: Resource
    stream: IO[str]
    log: ChangeLog
    left: FindingLog
    keep_gaps: bool = False
    may_have_lost: bool = False
    types: Types = field(init=False)
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    names: list[str] = field(init=False)
    _plans: list[ColumnPlan] = field(init=False)
    _checker: TableChecker = field(init=False)
    _shaper: RowShaper = field(init=False)
    _fills_groups: bool = field(init=False)
    _group: str = ""
    _notes: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        survey = self.survey
        self._plans = column_plans(survey, self.rules)
        self.names = list(_with_western(self._plans))
        self.types = Types.of(self.names, survey.columns)
        label = self.resource.label
        self._checker = TableChecker(self.package, self._described(), self.names, self.left)
        self._shaper = RowShaper(label, tuple(self.names), self.left, self.may_have_lost)
        self._fills_groups = "group-value" in self.rules and any(survey.groups.finish())
        self._notes = frozenset(survey.notes if "note-line" in self.rules else ())
        self._header()

    def _described(self) -> Resource:
        """The resource with the units that were found, so that they are not missed."""
        known = {described.name for described in self.resource.fields}
        units = [
            Field(plan.name, type="number", unit=plan.unit)
            for plan in self._plans
            if plan.unit and plan.name not in known
        ]
        fields = (*self.resource.fields, *units)
        return Resource(self.resource.name, self.resource.path, fields=fields)

    def _header(self) -> None:
        csv.writer(self.stream).writerow(self.names)
        survey = self.survey
        changes = [
            Change(survey.header_row, name.name, name.written, name.name, " ".join(name.rules))
            for name in survey.names
            if name.rules and survey.header_row
        ]
        added = [
            Change(survey.header_row or None, plan.name, "", plan.name, "header-empty")
            for plan in self._plans[len(survey.names) :]
        ]
        western = [
            Change(survey.header_row or None, plan.name + SUFFIX, "", plan.name + SUFFIX, rule)
            for rule in ("western-year",)
            for plan in self._plans
            if plan.western
        ]
        self.log.write(survey.file, [*changes, *added, *western])

    def write(self, first: int, records: Sequence[list[str]]) -> None:
        """Repair and write the next records."""
        changes: list[Change] = []
        numbers, rows = self._rows(first, records, changes)
        if rows:
            self._write(numbers, list(zip(*rows, strict=True)), changes)
        changes.sort(key=lambda change: change.row or 0)
        self.log.write(self.survey.file, changes)

    def _rows(
        self, first: int, records: Sequence[list[str]], changes: list[Change]
    ) -> tuple[list[int], list[list[str]]]:
        """Return the rows of data, all of one length, and their numbers."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        width = len(self._plans)
        for number, record in enumerate(records, first):
            if len(record) != width:
                record = self._fit(number, record, width, changes)
            if self._is_data(number, record, changes):
                numbers.append(number)
                rows.append(record)
        return numbers, rows

    @staticmethod
    def _fit(number: int, record: list[str], width: int, changes: list[Change]) -> list[str]:
        if len(record) < width and not is_blank(record):
            changes.append(Change(number, "", str(len(record)), str(width), "row-length"))
        return record[:width] + [""] * (width - len(record))

    def _is_data(self, number: int, record: list[str], changes: list[Change]) -> bool:
        if is_blank(record):
            if not self.keep_gaps:
                changes.append(Change(number, "", "", "", "blank-row"))
            return self.keep_gaps
        if not self.survey.has_data:
            return True
        if number in self._notes:
            self.notes.append(record[0].strip())
            changes.append(Change(number, self.names[0], record[0], "", "note-line"))
            return False
        if "repeated-header" in self.rules and self.survey.repeats_header(record):
            text = " / ".join(cell for cell in record if cell.strip())
            changes.append(Change(number, "", text, "", "repeated-header"))
            return False
        return True

    def _write(self, numbers: list[int], columns: list[Row], changes: list[Change]) -> None:
        repaired: list[Sequence[str]] = []
        for index, (plan, cells) in enumerate(zip(self._plans, columns, strict=True)):
            after = self._repaired(plan, numbers, cells, changes)
            if index == 0 and self._fills_groups:
                after = self._filled(plan.name, numbers, after, changes)
            repaired.append(after)
            if plan.western:
                repaired.append(self._western(plan, numbers, after, changes))
        self.types.look(repaired)
        rows = list(map(list, zip(*repaired, strict=True)))
        csv.writer(self.stream).writerows(rows)
        batch = self._shaper.batch(self.rows + 2, rows)
        if batch is not None:
            self._checker.look(batch)
        self.rows += len(rows)

    @staticmethod
    def _repaired(
        plan: ColumnPlan, numbers: Sequence[int], cells: Row, changes: list[Change]
    ) -> Sequence[str]:
        repairs = plan.repairs(cells)
        if not repairs:
            return cells
        for number, cell in zip(numbers, cells, strict=True):
            if cell in repairs:
                changes.append(Change(number, plan.name, cell, *repairs[cell]))
        return [repairs[cell][0] if cell in repairs else cell for cell in cells]

    def _filled(
        self, name: str, numbers: Sequence[int], cells: Sequence[str], changes: list[Change]
    ) -> Sequence[str]:
        filled: list[str] = []
        for number, cell in zip(numbers, cells, strict=True):
            if cell.strip():
                self._group = cell
            else:
                changes.append(Change(number, name, cell, self._group, "group-value"))
            filled.append(self._group)
        return filled

    def _western(
        self,
        plan: ColumnPlan,
        numbers: Sequence[int],
        cells: Sequence[str],
        changes: list[Change],
    ) -> list[str]:
        assert plan.western is not None
        found: list[str] = []
        for at, (number, cell) in enumerate(zip(numbers, cells, strict=True)):
            date = plan.western.of(cell)
            if date is None:
                row, label = self.rows + 2 + at, self.resource.label
                self.left.add(Finding("fix.date-not-read", label, row, plan.name, cell))
            elif date:
                changes.append(Change(number, plan.name + SUFFIX, "", date, "western-year"))
            found.append(date or "")
        return found

    def finish(self) -> None:
        """Report what is left; the file must have been closed."""
        self._checker.finish()

    def units(self) -> dict[str, str]:
        """The units that were taken out of cells, by column."""
        return {plan.name: plan.unit for plan in self._plans if plan.unit}

    @property
    def western(self) -> set[str]:
        """The columns that have a Western one beside them."""
        return {name for name in self.names if has_western(name, self.names)}


def _with_western(plans: Sequence[ColumnPlan]) -> Iterator[str]:
    for plan in plans:
        yield plan.name
        if plan.western:
            yield plan.name + SUFFIX
