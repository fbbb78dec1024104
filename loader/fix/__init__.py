"""Repairs tables without guessing: what is certain is mended and logged, all else stays as it is.

A package is read twice: ``survey`` finds its tables and what their columns have, ``writing``
repairs and writes them as UTF-8 CSV (RFC 4180). docs/fix.md lists the rules.
"""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from loader.descriptor.naming import free_name, safe_file_name
from loader.errors import SourceError
from loader.fix.descriptor import Written, descriptor
from loader.fix.log import Change, ChangeLog
from loader.fix.remaining import left_over, write_remaining
from loader.fix.rules import CHOSEN, RULES, chosen_rules
from loader.fix.source import file_changes
from loader.fix.survey import MOST_SURPLUS, Survey, Surveyor, pieces
from loader.fix.writing import TableWriter
from loader.mapping.registry import known_columns
from loader.model import Finding, FindingLog, Package, Resource, Severity
from loader.source.contents import stem
from loader.table import Table, open_table
from loader.table.dialect import is_comment
from loader.table.formats import OPENERS

__all__ = ["CHOSEN", "RULES", "Fixed", "chosen_rules", "fix_package"]

DESCRIPTOR = "datapackage.json"
CHANGES = "_changes.csv"
REMAINING = "_remaining.csv"
"""The logs: files whose names begin with ``_`` are no part of what is published."""

FIXED = frozenset(
    media_type for media_type, opener in OPENERS.items() if "geographic" not in opener
)
"""Tables that become CSV; what is on a map stays in its own format."""

_UNREADABLE = frozenset({"table.open-quote", "table.cell-too-long"})
"""Findings that say that records were lost in reading."""


@dataclass(frozen=True, slots=True)
class FixedTable:
    """A table that was written: its source, its file, and its size."""

    source: str
    file: str
    rows: int
    columns: int


@dataclass(slots=True)
class Fixed:
    """What came of it."""

    folder: Path
    tables: list[FixedTable] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    """How many cells, rows and files each rule changed."""
    remaining: FindingLog = field(default_factory=FindingLog)

    @property
    def exit_code(self) -> int:
        """1 where a warning or a violation is left, or a table could not be written."""
        grave = (Severity.WARNING, Severity.VIOLATION)
        return int(any(self.remaining.count(severity) for severity in grave))


def fix_package(package: Package, out: Path, rules: Collection[str], language: str) -> Fixed:
    """Repair the tables of a package and write them into ``out``, a folder that is new or empty.

    Raises SourceError (fix.not-empty, fix.nothing). The folder is made aside and moved at the
    end, so it is whole or not there.
    """
    refuse_used(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        fixed = _Fixing(package, aside, rules, language).run()
        aside.chmod(0o755)
        os.replace(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return replace(fixed, folder=out)


def refuse_used(out: Path) -> None:
    """Raise SourceError where something is at a place already."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise SourceError("fix.not-empty", path=out)


@dataclass(slots=True)
class _Fixing:
    package: Package
    folder: Path
    rules: Collection[str]
    language: str
    _left: FindingLog = field(default_factory=FindingLog)
    _written: list[Written] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def run(self) -> Fixed:
        with (self.folder / CHANGES).open("w", encoding="utf-8", newline="") as stream:
            log = ChangeLog(stream)
            for resource in self.package.resources:
                if resource.media_type in FIXED:
                    self._table(resource, log)
                else:
                    self._left.add(Finding("fix.other-file", resource.label))
        if not self._written:
            first = next(iter(self._left.groups()), None)
            reason = first.examples[0].text(self.language) if first else "-"
            raise SourceError("fix.nothing", name=self.package.name, reason=reason)
        content = descriptor(self.package, self._written)
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (self.folder / DESCRIPTOR).write_text(text, encoding="utf-8")
        remaining = left_over(self._left, [table.writer for table in self._written])
        write_remaining(self.folder / REMAINING, remaining, self.language)
        return Fixed(self.folder, list(map(_summary, self._written)), log.counts, remaining)

    def _table(self, resource: Resource, log: ChangeLog) -> None:
        findings = FindingLog()
        table = open_table(resource, findings, known_columns())
        if table is None:
            self._left.extend(findings)
            return
        surveyor = Surveyor(table, self.rules)
        surveys = surveyor.survey()
        self._left.extend(findings)
        if not self._is_whole(resource, surveys, findings):
            return
        log.write(resource.label, file_changes(table))
        self._write(table, surveys, log, surveyor.undivided)

    def _is_whole(
        self, resource: Resource, surveys: Sequence[Survey], findings: FindingLog
    ) -> bool:
        """Whether all of a table can be written."""
        for survey in surveys:
            if survey.widest > len(survey.names) + MOST_SURPLUS:
                details = {"expected": len(survey.names), "found": survey.widest}
                code = "fix.rows-too-long"
                self._left.add(Finding(code, resource.label, details=details))
                return False
        return all(group.examples[0].code not in _UNREADABLE for group in findings.groups())

    def _write(
        self, table: Table, surveys: Sequence[Survey], log: ChangeLog, undivided: bool
    ) -> None:
        with ExitStack() as files:
            writers = [
                self._writer(table, survey, number, log, files)
                for number, survey in enumerate(surveys, 1)
            ]
            for writer in writers:
                writer.keep_gaps = undivided
            number = table.first_data_row
            for records in table.reader.records(number, 5_000):
                for survey, first, part in pieces(surveys, number, records):
                    writers[surveys.index(survey)].write(first, part)
                number += len(records)
        for writer in writers:
            writer.finish()
            self._finish(table.resource, writer)

    def _writer(
        self, table: Table, survey: Survey, number: int, log: ChangeLog, files: ExitStack
    ) -> TableWriter:
        resource = self._target(table.resource, number)
        stream = resource.path.open("w", encoding="utf-8", newline="")
        log.write(survey.file, _lines_changed(survey, number))
        return TableWriter(
            survey=survey,
            rules=self.rules,
            package=self.package,
            resource=resource,
            stream=files.enter_context(stream),
            log=log,
            left=self._left,
            may_have_lost=table.reader.may_have_lost,
        )

    def _target(self, source: Resource, number: int) -> Resource:
        """Return the resource that a table becomes."""
        part = f"-{number}" if number > 1 else ""
        alone = not source.part
        own = safe_file_name(stem(source.file)) if alone else source.name
        name = free_name(f"{own}{part}.csv", self._taken)
        self._taken.add(name)
        return Resource(
            name=source.name + part,
            path=self.folder / name,
            fields=source.fields,
            primary_key=source.primary_key,
        )

    def _finish(self, source: Resource, writer: TableWriter) -> None:
        above = [_text(cells) for _, cells in writer.survey.above]
        self._written.append(Written(source, writer, [*above, *writer.notes]))
        label = writer.resource.label
        if any(map(_is_of_several, (cells for _, cells in writer.survey.above))):
            self._left.add(Finding("fix.upper-header", label, 1))
        surplus = writer.survey.widest - len(writer.survey.names)
        if surplus > 0:
            self._left.add(Finding("fix.surplus-cells", label, 1, details={"count": surplus}))


def _lines_changed(survey: Survey, number: int) -> Iterator[Change]:
    for row, cells in survey.above:
        for at, cell in enumerate(cells, 1):
            if cell.strip():
                yield Change(row, str(at), cell, "", "title-line")
    if number > 1:
        text = " / ".join(name.written for name in survey.names)
        yield Change(survey.header_row, "", text, "", "split-table")


def _is_of_several(cells: Sequence[str]) -> bool:
    """Whether a line has several cells, and is no comment as LinkData has them."""
    return not is_comment(cells) and sum(1 for cell in cells if cell.strip()) > 1


def _text(cells: Sequence[str]) -> str:
    return " / ".join(cell.strip() for cell in cells if cell.strip())


def _summary(table: Written) -> FixedTable:
    writer = table.writer
    file = writer.resource.path.name
    return FixedTable(table.source.label, file, writer.rows, len(writer.names))
