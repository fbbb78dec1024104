"""Looks at a table while it streams by; remembers little, so memory does not grow with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.check.cells import BY_TABLE, CellCheck, ColumnText, checks_for
from loader.check.columns import Kind, kind_of, lacks_unit
from loader.check.groups import GroupWatch
from loader.check.keys import KeyWatch
from loader.check.levels import assess
from loader.check.rows import note_rows, repeated_headers, second_headers, totals_rows
from loader.model import Batch, Field, Finding, FindingLog, Package, Resource

SHOWN = 10
"""How many columns a message names."""


@dataclass(slots=True)
class TableChecker:
    """Checks one table: ``look`` at each batch, ``finish`` at the end."""

    package: Package
    resource: Resource
    header: Sequence[str]
    findings: FindingLog
    _kinds: list[Kind | None] = field(init=False)
    _without_unit: list[str] = field(default_factory=list)
    _keys: KeyWatch = field(init=False)
    _groups: GroupWatch = field(init=False)
    _rows: int = 0

    def __post_init__(self) -> None:
        self._kinds = [None] * len(self.header)
        self._keys = KeyWatch(self._file, self.header, self.resource.primary_key, self.findings)
        self._groups = GroupWatch(self._file, self.header)

    @property
    def _file(self) -> str:
        return self.resource.label

    def look(self, batch: Batch) -> None:
        """Check the next rows."""
        for index, cells in enumerate(batch.columns):
            if self._kinds[index] is None:
                self._judge(index, cells)
        if not self._rows:
            self.findings.extend(list(second_headers(self._file, self.header, batch, self._kinds)))
        for index, cells in enumerate(batch.columns):
            self._check_column(index, batch.rows, cells)
        self._check_rows(batch)
        self._keys.look(batch)
        self._groups.look(batch)
        self._rows += len(batch)

    def finish(self) -> None:
        """Report what only the whole table shows, and the level that it reaches."""
        if self._without_unit:
            shown = self._without_unit[:SHOWN]
            more = " …" if len(self._without_unit) > SHOWN else ""
            columns = {"ja": "、".join(shown) + more, "en": ", ".join(shown) + more}
            details = {"columns": columns}
            self.findings.add(Finding("check.unit-missing", self._file, details=details))
        self.findings.extend(list(self._groups.finish()))
        self._report_level()

    def _judge(self, index: int, cells: Sequence[str]) -> None:
        described = self._field(index)
        self._kinds[index] = kind_of(cells, described)
        if self._kinds[index] is Kind.NUMBER and lacks_unit(self.header[index], cells, described):
            self._without_unit.append(self.header[index])

    def _field(self, index: int) -> Field | None:
        name = self.header[index]
        return next((field for field in self.resource.fields if field.name == name), None)

    def _check_column(self, index: int, rows: Sequence[int], cells: Sequence[str]) -> None:
        column = ColumnText.of(cells)
        for check in checks_for(self._kinds[index]):
            if check.hint(column):
                self._apply(check, self.header[index], rows, cells)

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
        first = batch.columns[0]
        if self.header[0] in first:
            self.findings.extend(list(repeated_headers(self._file, self.header, batch)))
        if self._kinds[0] is not Kind.NUMBER or self._odd(first):
            self.findings.extend(list(totals_rows(self._file, self.header, batch)))
            self.findings.extend(list(note_rows(self._file, self.header, batch)))

    @staticmethod
    def _odd(cells: Sequence[str]) -> bool:
        """Whether a column of numbers has words in it."""
        return not "".join(cells).isascii()

    def _report_level(self) -> None:
        found = assess(self.package, self._file, self.findings)
        code = "check.level" if found.reasons else "check.level-best"
        details = {
            "level": f"{found.level}-{found.grade}" if found.grade else found.level,
            "stars": found.stars,
            "reasons": ", ".join(found.reasons),
        }
        self.findings.add(Finding(code, self._file, details=details))
