"""Workbooks: what is read of XLSX, XLS and ODS, what is reported, and what is refused."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loader.descriptor.resources import MEDIA_TYPES
from loader.encoding import NotATableError
from loader.model import FindingLog, Resource
from loader.table import Table, open_table
from loader.table.formats import workbook, workbook_process
from loader.table.formats.workbook_process import column_letters

CASES = Path(__file__).parents[2] / "cases" / "workbook"
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ODS = "urn:oasis:names:tc:opendocument:xmlns"


def write_xlsx(path: Path, rows: str, before: str = "", after: str = "") -> Path:
    """Write a workbook of one sheet by the XML of its rows."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="一覧" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/a.xml"/></Relationships>',
        "xl/worksheets/a.xml": f'{before}<worksheet xmlns="{MAIN}">{after}'
        f"<sheetData>{rows}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def cell(address: str, value: str, kind: str = "str", formula: str = "") -> str:
    """The XML of a cell."""
    return f'<c r="{address}" t="{kind}">{formula}<v>{value}</v></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    """The XML of a row."""
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


HEADER = row(1, cell("A1", "番号"), cell("B1", "名称"))


def opened(path: Path, findings: FindingLog, **stated: Any) -> Table | None:
    """Open a workbook as a table."""
    media_type = MEDIA_TYPES[path.suffix]
    return open_table(Resource("x", path, media_type=media_type, **stated), findings)


def read(path: Path, **stated: Any) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The header, the rows with their numbers, and the findings, said in both languages."""
    findings = FindingLog()
    table = opened(path, findings, **stated)
    rows: list[list[Any]] = []
    if table is not None:
        rows.append(list(table.header))
        for batch in table.batches():
            rows += map(list, zip(batch.rows, *batch.columns, strict=True))
        assert table.bytes_read == table.size > 0
        assert (table.encoding, table.delimiter) == ("", "")
    return rows, told(findings)


def told(findings: FindingLog) -> list[tuple[Any, ...]]:
    """The findings in short."""
    short = []
    for group in findings.groups():
        for finding in group.examples:
            assert all(finding.text(word) and finding.advice(word) for word in ("ja", "en"))
            short.append((finding.code, finding.row, finding.value))
    return short


VALUES: Sequence[tuple[object, str]] = [
    ("公園", "公園"),
    (1, "1"),
    (1.0, "1"),
    (0.1 + 0.2, "0.3"),
    (134.0452448693125, "134.0452448693125"),
    (1e-7, "0.0000001"),
    (12345678901234567890, "12345678901234570000"),
    (True, "true"),
    (False, "false"),
    (date(2024, 4, 1), "2024-04-01"),
    (datetime(2024, 4, 1, 9, 30), "2024-04-01T09:30:00"),
    (time(9, 0), "09:00"),
    (time(9, 0, 30), "09:00:30"),
    (timedelta(hours=26), "26:00"),
    ("'=1", "'=1"),
    ("改行\nのある文", "改行\nのある文"),
]


def write_values(path: Path) -> Path:
    """Write a workbook with all kinds of values."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("値", 0)
    sheet.append(["番号", "値"])
    for number, (value, _) in enumerate(VALUES):
        sheet.append([number, value])
    sheet.merge_cells("A16:A17")
    book.save(path)
    return path


def test_values(tmp_path: Path) -> None:
    rows, findings = read(write_values(tmp_path / "a.xlsx"))
    assert [cells[2] for cells in rows[1:]] == [text for _, text in VALUES]
    assert findings == [("table.merged-cells", 16, "A16:A17")]


def test_rows_have_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        row(3, cell("C3", "番号"), cell("D3", "名称"))
        + row(4, cell("C4", "1"), cell("D4", "見本公園"))
        + row(6, cell("C6", "2"), cell("D6", "見本広場")),
    )
    rows, findings = read(path)
    assert rows == [["番号", "名称"], [4, "1", "見本公園"], [6, "2", "見本広場"]]
    assert [code for code, *_ in findings] == ["table.title-lines", "table.blank-row"]


def test_formulas_errors_and_hidden_cells(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        HEADER
        + row(2, cell("A2", "3", "n", "<f>1+2</f>"), cell("B2", "#N/A", "e"))
        + row(3, '<c r="A3"><f>A2+1</f></c>', cell("B3", "見本"), more=' hidden="1"'),
        after='<cols><col min="28" max="28" hidden="true"/></cols>',
    )
    rows, findings = read(path)
    assert rows[1:] == [[2, "3", ""], [3, "", "見本"]]
    assert findings == [
        ("table.formula-without-value", 3, "=A2+1"),
        ("table.error-cell", 2, "#N/A"),
        ("table.hidden-cells", None, ""),
        ("table.hidden-cells", 3, ""),
        ("table.formula", 2, "=1+2"),
    ]


def test_many_formulas_are_counted(tmp_path: Path) -> None:
    rows = [row(n, cell(f"A{n}", "1", "n", "<f>1</f>"), cell(f"B{n}", "x")) for n in range(2, 5000)]
    findings = FindingLog()
    assert opened(write_xlsx(tmp_path / "a.xlsx", HEADER + "".join(rows)), findings)
    (group,) = findings.groups()
    assert (group.count, group.examples[0].details) == (4998, {"cell": "A2"})


def test_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("一覧", 0)
    sheet.append([])
    for cells in (
        ["地区", "名称", "備考"],
        ["北", "甲", "a"],
        [None, "乙", "b"],
        ["南", "丙", "c"],
    ):
        sheet.append([None, *cells])
    for merged in ("B3:B4", "C5:D5", "A1:A5", "Z1:Z9"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    rows, findings = read(tmp_path / "a.xlsx")
    assert rows[1:] == [[3, "北", "甲", "a"], [4, "北", "乙", "b"], [5, "南", "丙", ""]]
    assert findings[:2] == [("table.merged-cells", 3, "B3:B4"), ("table.merged-cells", 5, "C5:D5")]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with an empty sheet, a hidden one and two to read."""
    made = openpyxl.Workbook()
    made.create_sheet("控え").append(["x"])
    made["控え"].sheet_state = "hidden"
    made.create_sheet("公園").append(["番号", "名称"])
    made["公園"].append([1, "見本公園"])
    made.create_sheet("広場").append(["題名"])
    made["広場"].append(["番号", "名称", "備考"])
    made["広場"].append([2, "見本広場", "x"])
    made["広場"].append(["注記"])
    made.save(tmp_path / "施設.xlsx")
    return tmp_path / "施設.xlsx"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({}, [["番号", "名称"], [2, "1", "見本公園"]]),
        ({"sheet": "公園"}, [["番号", "名称"], [2, "1", "見本公園"]]),
        ({"sheet": 3}, [["番号", "名称"], [2, "1", "見本公園"]]),
        ({"sheet": "広場", "cells": "A2:B3"}, [["番号", "名称"], [3, "2", "見本広場"]]),
        ({"sheet": "広場", "cells": "b2:b3"}, [["名称"], [3, "見本広場"]]),
    ],
)
def test_which_sheet(book: Path, stated: dict[str, Any], expected: list[list[Any]]) -> None:
    assert read(book, **stated)[0] == expected


REFUSED = [
    ({"sheet": "池"}, "table.no-such-sheet"),
    ({"sheet": 9}, "table.no-such-sheet"),
    ({"sheet": 1}, "source.empty-file"),
    ({"cells": "B2"}, "table.no-such-range"),
    ({"cells": "B2:?"}, "table.no-such-range"),
]


@pytest.mark.parametrize(("stated", "code"), REFUSED)
def test_refused_choices(book: Path, stated: dict[str, Any], code: str) -> None:
    assert read(book, **stated) == ([], [(code, None, None)])


def test_sheets_are_told(book: Path) -> None:
    found = [
        (sheet.number, sheet.name, sheet.hidden, sheet.empty) for sheet in workbook.sheets(book)
    ]
    assert found == [
        (1, "Sheet", False, True),
        (2, "控え", True, False),
        (3, "公園", False, False),
        (4, "広場", False, False),
    ]


def test_nothing_but_hidden_and_empty_sheets(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", "")
    assert read(path) == ([], [("source.empty-file", None, None)])


def test_xls() -> None:
    rows, findings = read(CASES / "sample.xls")
    assert rows == [
        ["番号", "名称", "開設日", "面積", "区分"],
        [2, "1", "見本公園", "2001-04-01", "12.5", "都市公園"],
        [3, "2", "見本広場", "1999-12-31", "", "都市公園"],
    ]
    assert findings == [("table.merged-cells", 2, "E2:E3")]


def write_ods(path: Path, rows: str) -> Path:
    """Write an ODS workbook of two sheets, the second by the XML of its rows."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MEDIA_TYPES[".ods"])
        archive.writestr("META-INF/manifest.xml", f'<manifest xmlns="{ODS}:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{ODS}:office:1.0" '
            f'xmlns:table="{ODS}:table:1.0" xmlns:text="{ODS}:text:1.0">'
            '<office:body><office:spreadsheet><table:table table:name="空"/>'
            f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def text(value: str) -> str:
    """The XML of a cell of text."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def test_ods(tmp_path: Path) -> None:
    number = (
        '<table:table-cell office:value-type="float" office:value="3" table:formula="of:=1+2">'
        "<text:p>3</text:p>"
    )
    path = write_ods(
        tmp_path / "a.ods",
        f"<table:table-row>{text('番号')}{text('名称')}</table:table-row>"
        f"<table:table-row table:number-rows-repeated='2'>{text('1')}{text('甲')}"
        "</table:table-row>"
        f"<table:table-row>{number}</table:table-cell>{text('乙')}</table:table-row>",
    )
    findings = FindingLog()
    table = opened(path, findings)
    assert table is not None and table.header == ("番号", "名称")
    assert [list(batch.columns[1]) for batch in table.batches()] == [["甲", "甲", "乙"]]
    (group,) = findings.groups()
    assert (group.examples[0].code, group.examples[0].details) == ("table.formula", {"cell": "A4"})


def test_an_address_in_row_4_of_column_28() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702)] == [
        *("A", "Z", "AA", "ZZ", "AAA")
    ]


def encrypted(path: Path) -> Path:
    """An OLE file such as a workbook with a password is: the stream EncryptedPackage."""
    old, new = ("".join(name).encode("utf-16-le") for name in ("Workbook", "EncryptedPackage"))
    content = bytearray((CASES / "sample.xls").read_bytes())
    place = content.index(old)
    content[place : place + len(new)] = new
    content[place + 64] = len(new) + 2
    path.write_bytes(content)
    return path


def damaged(path: Path) -> Path:
    """The first half of a workbook."""
    content = (CASES / "sample.xls").read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def sparse(path: Path) -> Path:
    """Two cells as far apart as a sheet reaches: 17 thousand million cells."""
    return write_xlsx(path, row(1, cell("A1", "x")) + row(1 << 20, cell("XFD1048576", "y")))


def repeated(path: Path) -> Path:
    """A row that says that it stands for a million rows of 16,000 cells."""
    wide = text("x").replace(
        "<table:table-cell", "<table:table-cell table:number-columns-repeated='16000'"
    )
    start = "<table:table-row table:number-rows-repeated='1000000'>"
    return write_ods(path, f"{start}{wide}</table:table-row>")


def with_entities(path: Path) -> Path:
    """XML with a document type declaration."""
    return write_xlsx(path, HEADER + row(2, cell("A2", "1")), '<!DOCTYPE x [<!ENTITY a "b">]>')


def no_zip(path: Path) -> Path:
    """Text that says that it is a workbook."""
    path.write_text("番号,名称\n")
    return path


BAD = [
    (encrypted, "a.xlsx", "table.encrypted"),
    (damaged, "a.xls", "table.damaged-workbook"),
    (sparse, "a.xlsx", "table.workbook-too-large"),
    (repeated, "a.ods", "table.damaged-workbook"),
    (with_entities, "a.xlsx", "table.damaged-workbook"),
    (no_zip, "a.xlsx", "table.damaged-workbook"),
    (lambda path: path.write_bytes(b"") or path, "a.xlsx", "source.empty-file"),
    (lambda path: path, "a.xlsx", "source.unreadable"),
]


@pytest.mark.parametrize(("make", "name", "code"), BAD)
def test_refused_files(tmp_path: Path, make: Any, name: str, code: str) -> None:
    assert read(make(tmp_path / name)) == ([], [(code, None, None)])


def test_members_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 100)
    path = write_xlsx(tmp_path / "a.xlsx", HEADER)
    assert read(path) == ([], [("table.workbook-too-large", None, None)])


def test_a_cell_that_is_too_long(tmp_path: Path) -> None:
    long = row(2, f'<c r="A2" t="inlineStr"><is><t>{"x" * (2 << 20)}</t></is></c>')
    path = write_xlsx(tmp_path / "a.xlsx", HEADER + long)
    assert read(path) == ([], [("table.cell-too-long", 2, None)])


def test_the_temporary_file_goes_with_the_table(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", HEADER + row(2, cell("A2", "1"), cell("B2", "甲")))
    table = opened(path, FindingLog())
    assert table is not None and isinstance(table.reader, workbook.SheetReader)
    target = table.reader.rows.path
    assert target.exists()
    del table
    assert not target.exists()


ANSWERED = [
    (write_values, "a.xlsx", ["null", "null"]),
    (write_values, "a.xlsx", ["1", "[1, 0, 3, 0]"]),
    (write_values, "a.xlsx", ["2", "null"]),
    (write_values, "a.xlsx", ["7", "null"]),
    (write_values, "a.xlsx", []),
    (damaged, "a.xls", []),
    (encrypted, "a.xlsx", []),
]


@pytest.mark.parametrize(("make", "name", "asked"), ANSWERED)
def test_the_process_answers_what_would_be_answered_here(
    tmp_path: Path, make: Any, name: str, asked: list[str]
) -> None:
    path = make(tmp_path / name)
    there, here = tmp_path / "there.csv", tmp_path / "here.csv"
    for target in (there, here):
        target.touch()
    answered = workbook_process.answer(path, [*asked, str(here)] if asked else [])
    try:
        assert workbook._ask(path, *([*asked, str(there)] if asked else [])) == answered
    except NotATableError as refusal:
        assert refusal.finding.code == answered["refused"]
    assert there.read_bytes() == here.read_bytes()


def test_the_process_bounds_its_memory() -> None:
    assert workbook_process.MEMORY <= 2 << 30


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
def test_a_real_workbook() -> None:
    path = SHARED / "02_municipal" / "takamatsu_372013" / "aed_location_data.xlsx"
    rows, findings = read(path)
    assert len(rows) == 451
    assert rows[1][:5] == [
        2,
        "1",
        "34.34092807514213",
        "134.0452448693125",
        "健康増進施設サラマンダー",
    ]
    assert findings == []
