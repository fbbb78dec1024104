"""Reads the sheets of workbooks: XLSX, XLS and ODS.

A sheet is read once, by a process of its own (loader/table/formats/workbook_process.py), into a
temporary CSV file whose records are the sheet's rows; from there on it is a table like any other.
Of a formula the value is used that was calculated when the workbook was saved.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.encoding import NotATableError
from loader.model import Finding, FindingLog, Resource
from loader.table.formats import workbook_process
from loader.table.formats.workbook_marks import (
    MOST_UNPACKED,
    ContentError,
    Mark,
    marks_of,
    unpacked_size,
)
from loader.table.reader import Record
from loader.table.text import TextReader

WORKBOOKS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""Media types."""

MOST_SHEETS = 200
"""How many sheets of a workbook are looked at."""

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; ``number`` counts from 1."""

    number: int
    name: str
    hidden: bool
    empty: bool


@dataclass(slots=True, weakref_slot=True)
class SheetReader:
    """The rows of a sheet, from the temporary CSV file, which goes when the reader goes."""

    rows: TextReader
    encoding: str = ""
    delimiter: str = ""
    header: None = None
    may_have_lost: bool = False

    @property
    def size(self) -> int:
        """Bytes of the temporary file."""
        return self.rows.size

    @property
    def bytes_read(self) -> int:
        """How many of them have been read."""
        return self.rows.bytes_read

    def sample(self) -> list[Record]:
        """Return the first rows; raises NotATableError."""
        return self.rows.sample()

    def records(self, first: int, size: int) -> Iterator[list[Record]]:
        """Give the rows from number ``first`` on."""
        return self.rows.records(first, size)


def sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook; raises NotATableError where it cannot be read."""
    told = _ask(path)["sheets"][:MOST_SHEETS]
    return [Sheet(number, **sheet) for number, sheet in enumerate(told, start=1)]


def open_sheet(resource: Resource, findings: FindingLog) -> SheetReader:
    """Open the sheet that a resource names, or the first that is neither hidden nor empty."""
    path = resource.path
    area = _area(path, resource.cells) if resource.cells else None
    handle, name = tempfile.mkstemp(prefix="tsunagu-", suffix=".csv")
    os.close(handle)
    target = Path(name)
    reader = SheetReader(
        TextReader(target, resource.label, "utf-8", "", ",", False, findings, size=0)
    )
    weakref.finalize(reader, target.unlink, missing_ok=True)
    told = _ask(path, json.dumps(resource.sheet), json.dumps(area), name)
    reader.rows.size = target.stat().st_size
    if not reader.rows.size:
        raise NotATableError("source.empty-file", path)
    _report_merged(resource, told["merged"], findings)
    if zipfile.is_zipfile(path):
        _report_marks(resource, told["number"], findings)
    return reader


def _refuse_large(path: Path) -> None:
    """Raise NotATableError, or OSError, for a workbook that is not given to the process."""
    with path.open("rb") as stream:
        if not stream.read(1):
            raise NotATableError("source.empty-file", path)
    if not zipfile.is_zipfile(path):
        return
    try:
        size = unpacked_size(path)
    except ContentError as error:
        raise NotATableError("table.damaged-workbook", path, reason=str(error)) from error
    if size > MOST_UNPACKED:
        raise NotATableError("table.workbook-too-large", path)


def _ask(path: Path, *arguments: str) -> dict[str, Any]:
    """Let the process read the workbook; raises NotATableError for what it refuses or dies of."""
    _refuse_large(path)
    command = [sys.executable, "-I", workbook_process.__file__, str(path.absolute()), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise NotATableError("table.workbook-too-large", path)
    told: dict[str, Any] = json.loads(done.stdout)
    if "refused" in told:
        raise NotATableError(told.pop("refused"), path, **told)
    return told


def _area(path: Path, stated: str) -> workbook_process.Area:
    """Return the rows and columns of a range such as ``B3:F200``."""
    ends = [_CELL.fullmatch(end) for end in stated.split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        raise NotATableError("table.no-such-range", path, range=stated)
    (top, left), (bottom, right) = (
        (int(end[2]) - 1, _column(end[1])) for end in ends if end is not None
    )
    return (top, left, bottom, right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _report_merged(resource: Resource, ranges: list[str], findings: FindingLog) -> None:
    for found in ranges:
        row = int(found.partition(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        findings.add(Finding("table.merged-cells", resource.label, row, value=found))


def _report_marks(resource: Resource, number: int, findings: FindingLog) -> None:
    try:
        marks = marks_of(resource.path, number)
    except ContentError as error:
        raise NotATableError("table.damaged-workbook", resource.path, reason=str(error)) from error
    _report(resource, "table.formula", marks.formulas, findings)
    _report(resource, "table.formula-without-value", marks.formulas_without_value, findings)
    _report(resource, "table.error-cell", marks.errors, findings)
    _report(resource, "table.hidden-cells", marks.hidden, findings)


def _report(resource: Resource, code: str, mark: Mark, findings: FindingLog) -> None:
    for index, (address, text) in enumerate(mark.cells):
        last = index + 1 == len(mark.cells)
        times = 1 + (mark.count - len(mark.cells) if last else 0)
        row = int("".join(filter(str.isdecimal, address)) or 0) or None
        details = {"cell": address}
        findings.add(Finding(code, resource.label, row, value=text, details=details), times)
