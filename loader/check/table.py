"""Looks at a table while it streams by; remembers little, so memory does not grow with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loader.check.cells import BY_TABLE, CellCheck, ColumnText, checks_for
from loader.check.columns import Kind, lacks_unit, states_unit
from loader.check.headers import header_findings, named
from loader.check.keys import KeyWatch
from loader.check.levels import assess
from loader.check.lines import has_line_ends, has_mixed_line_ends
from loader.check.privacy import PrivacyWatch
from loader.check.rows import (
    note_rows,
    repeated_headers,
    second_headers,
    totals_rows,
)
from loader.check.subjects import Columns
from loader.check.values import VALUE_CHECKS
from loader.check.watches import SHARED, Watch, untold, watches
from loader.model import EXAMPLES_KEPT, Batch, Finding, FindingLog, Package, Resource


@dataclass(slots=True)
class TableChecker:
    """Checks one table: ``look`` at each batch, ``finish`` at the end."""

    package: Package
    resource: Resource
    header: Sequence[str]
    findings: FindingLog
    standard: bool = False
    """Whether the table is one of a standard dataset, whose definition states the datum."""
    columns: Columns = field(init=False)
    _without_unit: list[str] = field(default_factory=list)
    _keys: KeyWatch = field(init=False)
    _watches: tuple[Watch, ...] = field(init=False)
    _privacy: PrivacyWatch = field(init=False)
    _shared: FindingLog = field(default_factory=FindingLog)
    """Findings that a mapping may also tell, which then are not told twice."""
    _rows: int = 0

    def __post_init__(self) -> None:
        fields = {described.name: described for described in self.resource.fields}
        self.columns = Columns(self._file, self.header, fields)
        self._keys = KeyWatch(self._file, self.header, self.resource.primary_key, self.findings)
        self._privacy = PrivacyWatch(self.columns)
        others = watches(self.package, self.resource, self.columns, self.standard)
        self._watches = (*others, self._privacy)
        self._take(header_findings(self._file, self.header))

    @property
    def _file(self) -> str:
        return self.resource.label

    def look(self, batch: Batch) -> None:
        """Check the next rows."""
        for index in self.columns.judge(batch):
            described = self.columns.fields.get(self.header[index])
            if lacks_unit(self.header[index], batch.columns[index], described):
                self._without_unit.append(self.header[index])
        if not self._rows:
            kinds = self.columns.kinds
            self._take(second_headers(self._file, self.header, batch, kinds))
        for index, cells in enumerate(batch.columns):
            self._check_column(index, batch.rows, cells)
        self._check_rows(batch)
        self._keys.look(batch)
        for watch in self._watches:
            self._take(watch.look(batch))
        self._rows += len(batch)

    def finish(self) -> None:
        """Report what only the whole table shows, and the level that it reaches."""
        self._keys.finish()
        if self._without_unit and not any(map(states_unit, self.header)):
            details = {"columns": named(self._without_unit)}
            self._take([Finding("check.unit-missing", self._file, details=details)])
        for watch in self._watches:
            self._take(watch.finish())
        if self._rows and has_line_ends(self.resource) and has_mixed_line_ends(self.resource.path):
            self._take([Finding("table.mixed-line-ends", self._file)])
        self.findings.extend(untold(self._shared, self.findings, self.package))
        self._report_level()

    def _take(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._log_of(finding.code).add(finding)

    def _log_of(self, code: str) -> FindingLog:
        return self._shared if code.startswith(SHARED) else self.findings

    def _check_column(self, index: int, rows: Sequence[int], cells: Sequence[str]) -> None:
        name, kind = self.header[index], self.columns.kinds[index]
        column = ColumnText.of(cells, name)
        for check in checks_for(kind):
            if check.hint(column):
                self._apply(check, name, rows, cells)
        self._privacy.look_at(index, column.text, rows, cells)
        for value_check in VALUE_CHECKS.get(self.columns.subjects[index], ()):
            for code, places in value_check.problems(column.text, cells).items():
                self._take_cells(code, name, rows, cells, places)

    def _take_cells(
        self, code: str, name: str, rows: Sequence[int], cells: Sequence[str], places: list[int]
    ) -> None:
        """Report cells; the log keeps few of them, so only these are made."""
        log = self._log_of(code)
        shown, rest = places[:EXAMPLES_KEPT], len(places) - EXAMPLES_KEPT
        for at in shown:
            finding = Finding(code, self.columns.file, rows[at], name, cells[at])
            log.add(finding, 1 + rest if at == shown[-1] and rest > 0 else 1)

    def _apply(
        self, check: CellCheck, name: str, rows: Sequence[int], cells: Sequence[str]
    ) -> None:
        column = None if check.code in BY_TABLE else name
        for row, cell in zip(rows, cells, strict=True):
            details = check.find(cell) if cell else None
            if details is not None:
                placeholders = {**details, "header": name}
                finding = Finding(check.code, self._file, row, column, cell, placeholders)
                self.findings.add(finding)

    def _check_rows(self, batch: Batch) -> None:
        first, kinds = batch.columns[0], self.columns.kinds
        if self.header[0] in first:
            self._take(repeated_headers(self._file, self.header, batch))
        self._take(totals_rows(self._file, self.header, batch, kinds))
        if kinds[0] is not Kind.NUMBER or not "".join(first).isascii():
            self._take(note_rows(self._file, self.header, batch))

    def _report_level(self) -> None:
        found = assess(self.package, self._file, self.findings)
        code = "check.level" if found.reasons else "check.level-best"
        details = {
            "level": f"{found.level}-{found.grade}" if found.grade else found.level,
            "stars": found.stars,
            "reasons": ", ".join(found.reasons),
        }
        self.findings.add(Finding(code, self._file, details=details))
