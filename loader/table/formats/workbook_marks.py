"""What the XML of a workbook tells beside its values: formulas, errors, hidden rows and columns.

XLSX: ISO/IEC 29500-1, 18.3 (worksheets). ODS: OpenDocument 1.3, part 3, 9 (tables). XLS is not
looked into. The XML is read as a stream; a document type declaration is refused.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from loader.table.formats.workbook_process import address as cell_address
from loader.table.formats.workbook_process import column_letters
from loader.table.zip_files import open_zip

READ_AT_ONCE = 1 << 16
"""Bytes."""

MOST_UNPACKED = 512 << 20
"""Bytes of all members of a workbook, unpacked."""

KEPT = 10
"""How many cells of a kind are named."""

ContentError = (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError)
"""What reading damaged content raises."""

SHOWN = 80
"""Characters of a formula that are shown."""

_MARKS = re.compile(rb"<([\w.-]{1,20}:)?f[\s/>]|[\"']e[\"']|hidden|<!|\x00")
_LONGEST_MARK = 30
"""Bytes. NUL tells UTF-16, ``<!`` a document type declaration."""

_Start = Callable[[str, dict[str, str]], None]


@dataclass(slots=True)
class Mark:
    """Cells of one kind: how many, and the first of them as (address, text)."""

    count: int = 0
    cells: list[tuple[str, str]] = field(default_factory=list)

    def add(self, address: str, text: str = "") -> None:
        """Count a cell."""
        self.count += 1
        if len(self.cells) < KEPT:
            self.cells.append((address, text))


@dataclass(slots=True)
class Marks:
    """What is found in one sheet. ``formulas_without_value`` were never calculated."""

    formulas: Mark = field(default_factory=Mark)
    formulas_without_value: Mark = field(default_factory=Mark)
    errors: Mark = field(default_factory=Mark)
    hidden: Mark = field(default_factory=Mark)

    def add_formula(self, address: str, formula: str, has_value: bool) -> None:
        """Count a formula."""
        mark = self.formulas if has_value else self.formulas_without_value
        mark.add(address, "=" + formula[:SHOWN])


def unpacked_size(path: Path) -> int:
    """Return how many bytes the members of a zip file say that they have; raises BadZipFile."""
    with open_zip(path) as archive:
        return sum(member.file_size for member in archive.infolist())


def marks_of(path: Path, number: int) -> Marks:
    """Return what is found in the sheet of that number (from 0); raises ``ContentError``."""
    with open_zip(path) as archive:
        if "content.xml" in archive.namelist():
            return _of_ods(archive, number)
        part = _part(archive, number)
        with archive.open(part) as stream:
            if not _may_have_marks(stream):
                return Marks()
        with archive.open(part) as stream:
            scan = _XlsxScan()
            _parse(stream, scan.start, scan.text)
            scan.close_cell()
            return scan.marks


def _may_have_marks(stream: IO[bytes]) -> bool:
    """Whether the XML of a worksheet has anything to look for; most have not, and telling that
    takes a tenth of the time of parsing."""
    end = b""
    while chunk := stream.read(READ_AT_ONCE):
        if _MARKS.search(end + chunk):
            return True
        end = chunk[-_LONGEST_MARK:]
    return False


def _parse(stream: IO[bytes], start: _Start, text: Callable[[str], None] | None = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    while chunk := stream.read(READ_AT_ONCE):
        parser.Parse(chunk)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise ValueError("DOCTYPE")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _part(archive: zipfile.ZipFile, number: int) -> str:
    """Return the name of the member that holds a sheet (ECMA-376 part 2, 9.3: relationships)."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            sheets.extend(v for key, v in attributes.items() if key.endswith("relationships id"))

    def relationship(_: str, attributes: dict[str, str]) -> None:
        targets[attributes.get("Id", "")] = attributes.get("Target", "")

    with archive.open("xl/workbook.xml") as stream:
        _parse(stream, sheet)
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        _parse(stream, relationship)
    if number >= len(sheets):
        raise KeyError(number)
    return posixpath.normpath(posixpath.join("/xl", targets[sheets[number]])).lstrip("/")


class _XlsxScan:
    """Looks at the elements of a worksheet, one after the other."""

    def __init__(self) -> None:
        self.marks = Marks()
        self._cell: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._in = ""

    def start(self, full_name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        name = self._in = full_name.rpartition(" ")[2]
        if name == "c":
            self.close_cell()
            self._cell = attributes
        elif name in ("f", "v"):
            self._texts[name] = ""
        elif name in ("row", "col") and attributes.get("hidden") in ("1", "true"):
            first = attributes.get("min")
            self.marks.hidden.add(column_letters(int(first) - 1) if first else attributes["r"])

    def text(self, text: str) -> None:
        """Take text; of formulas and values the beginning is kept."""
        if self._in in self._texts:
            self._texts[self._in] = (self._texts[self._in] + text)[:SHOWN]

    def close_cell(self) -> None:
        """Mark the cell that ends here."""
        address, texts = self._cell.get("r", ""), self._texts
        if "f" in texts:
            self.marks.add_formula(address, texts["f"], bool(texts.get("v")))
        if self._cell.get("t") == "e":
            self.marks.errors.add(address, texts.get("v", ""))
        self._cell, self._texts = {}, {}


class _OdsScan:
    """Looks at the elements of content.xml: at the cells of one of its sheets."""

    def __init__(self, number: int) -> None:
        self.marks = Marks()
        self._number = number
        self._sheet = -1
        self._row = self._column = self._width = 0
        self._height = 1

    def start(self, full_name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        name = full_name.rpartition(" ")[2]
        if name == "table":
            self._sheet += 1
            self._row, self._height = 0, 0
        if self._sheet != self._number:
            return
        stated = {_local(key): value for key, value in attributes.items()}
        if name == "table-row":
            self._row += self._height
            self._height = int(stated.get("number-rows-repeated", 1))
            self._column = self._width = 0
        elif name in ("table-cell", "covered-table-cell"):
            self._column += self._width
            self._width = int(stated.get("number-columns-repeated", 1))
            if "formula" in stated:
                address = cell_address(self._row, self._column)
                self.marks.add_formula(address, stated["formula"], "value-type" in stated)


def _of_ods(archive: zipfile.ZipFile, number: int) -> Marks:
    scan = _OdsScan(number)
    with archive.open("content.xml") as stream:
        _parse(stream, scan.start)
    return scan.marks
