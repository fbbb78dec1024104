"""Reads a workbook in a process of its own, whose memory and time are bounded.

The libraries that read XLSX, XLS and ODS build each sheet in memory, as large as its farthest cell
says: a file of a few kilobytes can ask for more than any machine has, and what then ends is this
process, not the publish. It is started by loader/table/formats/workbook.py, with the interpreter's
isolated mode, and imports nothing of the house.

    workbook_process.py WORKBOOK                              tells the sheets
    workbook_process.py WORKBOOK SHEET AREA TARGET            writes a sheet as CSV (UTF-8)

AREA is a JSON array of first row and column, last row and column, or null.
What it tells is one JSON document on standard output.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

MEMORY = 2 << 30
TIME = 120
WRITTEN = 4 << 30
"""Bytes of address space, seconds of processor time, bytes of the file that is written."""

DIGITS = 16
"""A number of more decimal digits than a binary number of 64 bits holds is shown with 15, as
spreadsheet programs do: 0.30000000000000004 is 0.3."""

Area = tuple[int, int, int, int]
"""First row and column, last row and column, from 0, both included."""

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, each by row and column, from 0."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks; 0 where it could be done or was refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    json.dump(answer(Path(arguments[0]), arguments[1:]), sys.stdout)
    return 0


def answer(path: Path, asked: list[str]) -> dict[str, Any]:
    """Return what is told of a workbook, or the code of the finding with which it is refused."""
    try:
        return _told(path, asked)
    except calamine.PasswordError:
        return {"refused": "table.encrypted"}
    except calamine.CalamineError as error:
        return {"refused": "table.damaged-workbook", "reason": str(error)}


def _told(path: Path, asked: list[str]) -> dict[str, Any]:
    workbook = calamine.CalamineWorkbook.from_path(str(path))
    if not asked:
        return {"sheets": [_told_of(workbook, sheet) for sheet in workbook.sheets_metadata]}
    stated, area, target = asked
    number = _number_of(workbook, json.loads(stated))
    if number is None:
        names = ", ".join(workbook.sheet_names)
        return {"refused": "table.no-such-sheet", "sheet": json.loads(stated), "sheets": names}
    sheet = workbook.get_sheet_by_index(number)
    return {"number": number, "merged": _write(sheet, json.loads(area), Path(target))}


def _told_of(workbook: calamine.CalamineWorkbook, sheet: calamine.SheetMetadata) -> dict[str, Any]:
    hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
    return {"name": sheet.name, "hidden": hidden, "empty": _is_empty(workbook, sheet)}


def _is_empty(workbook: calamine.CalamineWorkbook, sheet: calamine.SheetMetadata) -> bool:
    is_grid = sheet.typ == calamine.SheetTypeEnum.WorkSheet
    return not is_grid or workbook.get_sheet_by_name(sheet.name).start is None


def _number_of(workbook: calamine.CalamineWorkbook, stated: str | int | None) -> int | None:
    """Return the number, from 0, of the sheet that is meant: by name, or number from 1; of the
    first that is neither hidden nor empty where none is stated."""
    for number, sheet in enumerate(workbook.sheets_metadata):
        if stated in (sheet.name, number + 1):
            return number
        is_shown = sheet.visible == calamine.SheetVisibleEnum.Visible
        if stated is None and is_shown and not _is_empty(workbook, sheet):
            return number
    return 0 if stated is None else None


def _write(sheet: calamine.CalamineSheet, area: Area | None, target: Path) -> list[str]:
    """Write the rows from the first of the sheet on, so that their numbers are the sheet's.

    Returns the ranges of cells that are merged.
    """
    if sheet.start is None or sheet.end is None:
        return []
    top, left, bottom, right = area or (0, sheet.start[1], *sheet.end)
    # The library gives the rows above the first value, but not the columns before it.
    before = sheet.start[1]
    columns = slice(max(0, left - before), max(0, right - before + 1))
    ranges = sorted(
        (start, end)
        for start, end in sheet.merged_cell_ranges or ()
        if top <= start[0] <= bottom and left <= start[1] <= right
    )
    inside = [found for found in ranges if before <= found[0][1] <= sheet.end[1]]
    rows = islice(_filled(sheet.iter_rows(), _fills(inside, bottom), before), bottom + 1)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for number, row in enumerate(rows):
            writer.writerow(map(_text, row[columns]) if number >= top else ())
    return [f"{address(*start)}:{address(*end)}" for start, end in ranges]


def _fills(ranges: list[Range], bottom: int) -> dict[int, list[int]]:
    """Return by row the columns that take the value above them.

    Only a merged range one column wide is filled: its value holds for each of its rows. What is
    merged across columns is a title or the heading of a group, and no value of the other columns.
    """
    fills: dict[int, list[int]] = {}
    for start, end in ranges:
        if start[1] == end[1]:
            for row in range(start[0] + 1, min(end[0], bottom) + 1):
                fills.setdefault(row, []).append(start[1])
    return fills


def _filled(
    rows: Iterator[list[Any]], fills: dict[int, list[int]], before: int
) -> Iterator[list[Any]]:
    """Give the rows filled; ``before`` is how many columns they leave out at their start."""
    above: list[Any] = []
    for number, row in enumerate(rows):
        for column in fills.get(number, ()):
            row[column - before] = above[column - before]
        above = row
        yield row


def _text(value: object) -> str:
    """Return a cell as text: numbers without spurious digits, dates and times by ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, timedelta):
        return _clock(round(value.total_seconds()))
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(timespec="seconds")
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return _clock(value.hour * 3600 + value.minute * 60 + value.second)
    return str(value)


def _number(value: float) -> str:
    exact = Decimal(repr(value))
    short = exact if len(exact.as_tuple().digits) <= DIGITS else Decimal(f"{value:.15g}")
    return f"{short:f}".removesuffix(".0")


def _clock(seconds: int) -> str:
    hours, minutes, left = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours:02}:{minutes:02}" + (f":{left:02}" if left else "")


def address(row: int, column: int) -> str:
    """Return the address of a cell (A1) by the numbers of its row and column, from 0."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return the letters of a column (A, B … AA) by its number, from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
