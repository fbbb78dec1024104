"""Files of other formats, containers and encodings become UTF-8 CSV."""

import csv
import gzip
from pathlib import Path

import openpyxl
import pytest

from loader.cli.fix import find_package
from loader.errors import SourceError
from loader.fix import chosen_rules, fix_package

TEXT = "名称,数\n図書館,1\n公民館,2\n"
ROWS = [["名称", "数"], ["図書館", "1"], ["公民館", "2"]]


def written(path: Path, out: Path) -> tuple[dict[str, list[list[str]]], set[tuple[str, str, str]]]:
    """Return the tables that were written, and the changes of the whole file."""
    result = fix_package(find_package(path), out, chosen_rules(), "en")
    tables = {}
    for table in result.tables:
        with (out / table.file).open(encoding="utf-8", newline="") as stream:
            tables[table.file] = list(csv.reader(stream))
    with (out / "_changes.csv").open(encoding="utf-8", newline="") as stream:
        changes = {
            (row["rule"], row["before"], row["after"])
            for row in csv.DictReader(stream)
            if not row["row"]
        }
    return tables, changes


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", TEXT.encode(), {("line-ends", "LF", "CR LF")}),
        ("a.csv", TEXT.replace("\n", "\r").encode(), {("line-ends", "CR", "CR LF")}),
        (
            "a.csv",
            TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
            {("byte-order-mark", "U+FEFF", "")},
        ),
        ("a.csv", TEXT.encode("utf-16"), {("encoding", "UTF-16", "UTF-8")}),
        (
            "a.csv",
            TEXT.replace("\n", "\r\n").replace("数", "延数").encode("euc_jp"),
            {("encoding", "EUC-JP", "UTF-8")},
        ),
        (
            "a.csv.gz",
            gzip.compress(TEXT.replace("\n", "\r\n").encode(), mtime=0),
            {("format", "GZ", "CSV")},
        ),
        (
            "a.json",
            '[{"名称": "図書館", "数": 1}, {"名称": "公民館", "数": 2}]'.encode(),
            {("format", "JSON", "CSV")},
        ),
    ],
    ids=["lf", "cr", "bom", "utf-16", "euc-jp", "gz", "json"],
)
def test_files(
    name: str, content: bytes, expected: set[tuple[str, str, str]], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    tables, changes = written(tmp_path / name, tmp_path / "out")
    (table,) = tables.values()
    assert [["名称", "数"], *table[1:]] == ROWS
    assert list(tables) == ["a.csv"]
    assert changes == expected


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for name in ("東", "西"):
        sheet = workbook.create_sheet(name)
        for row in ROWS:
            sheet.append(row)
    del workbook["Sheet"]
    workbook.save(tmp_path / "a.xlsx")
    tables, changes = written(tmp_path / "a.xlsx", tmp_path / "out")
    assert tables == {"a-東.csv": ROWS, "a-西.csv": ROWS}
    assert changes == {("format", "XLSX", "CSV")}


def test_maps_are_not_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        fix_package(find_package(path), tmp_path / "out", chosen_rules(), "en")
    assert raised.value.code == "fix.nothing"
    assert "no table" in str(raised.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.geojson"]
