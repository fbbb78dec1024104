"""Tables: each folder of tests/cases/table holds a file, how it is stated, and what is read."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loader import encoding
from loader.encoding import NotATableError, find_encoding
from loader.model import Field, Finding, FindingLog, Resource
from loader.table import dialect, open_table, rows, text

CASES = Path(__file__).parents[1] / "cases" / "table"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def read_case(folder: Path) -> tuple[Resource, dict[str, Any]]:
    """The resource of a case and what else its resource.json says."""
    path = next(path for path in folder.iterdir() if path.stem == "table")
    options = folder / "resource.json"
    stated = json.loads(options.read_text(encoding="utf-8")) if options.exists() else {}
    rest = {key: stated.pop(key) for key in ("known", "longest_cell") if key in stated}
    fields = tuple(Field(name) for name in stated.pop("fields", ()))
    return Resource("table", path, fields=fields, **stated), rest


def told(findings: FindingLog) -> list[list[Any]]:
    """The findings in short, each said in both languages."""
    short = []
    for group in findings.groups():
        for finding in group.examples:
            for language in ("ja", "en"):
                assert finding.text(language) and finding.advice(language)
            short.append([finding.code, finding.row, finding.column, finding.value])
        short[-1].append(group.count)
    return short


def read(resource: Resource, known: list[str]) -> dict[str, Any]:
    """All that is read of a resource."""
    findings = FindingLog()
    opened = open_table(resource, findings, known)
    result: dict[str, Any] = {"table": None}
    if opened is not None:
        lines = [
            [number, *cells]
            for batch in opened.batches(size=2)
            for number, *cells in zip(batch.rows, *batch.columns, strict=True)
        ]
        assert opened.bytes_read == opened.size == resource.path.stat().st_size
        result["table"] = {
            "encoding": opened.encoding,
            "delimiter": opened.delimiter,
            "header_row": opened.header_row,
            "header": list(opened.header),
            "rows": lines if len(lines) < 20 else len(lines),
        }
    return {**result, "findings": told(findings)}


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_cases(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource, options = read_case(folder)
    if "longest_cell" in options:
        monkeypatch.setattr(text, "LONGEST_CELL", options["longest_cell"])
        monkeypatch.setattr(dialect, "LONGEST_CELL", options["longest_cell"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert read(resource, options.get("known", [])) == expected


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_the_encoding_does_not_hang_on_how_much_is_read_at_once(
    folder: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource, _ = read_case(folder)

    def found() -> object:
        try:
            return find_encoding(resource.path, resource.encoding)
        except NotATableError as refusal:
            return refusal.finding

    whole = found()
    monkeypatch.setattr(encoding, "CHUNK", chunk)
    assert found() == whole


@pytest.mark.parametrize("name", ["folder", "absent"])
def test_what_cannot_be_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    findings = FindingLog()
    assert open_table(Resource("x", tmp_path / name), findings) is None
    assert told(findings) == [["source.unreadable", None, None, None, 1]]


def test_wide_tables_come_in_smaller_batches(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"列名{number}甲" for number in range(300)])
        writer.writerows([[row] * 300 for row in range(500)])
    opened = open_table(Resource("wide", path), FindingLog())
    assert opened is not None
    batches = list(opened.batches())
    assert [len(batch) for batch in batches] == [200, 200, 100]
    assert batches[-1].rows[-1] == 501
    assert batches[-1].columns[299][-1] == "499"


def test_bytes_read_grows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("NO,名称\n" + "1,公園\n" * 200_000, encoding="utf-8")
    opened = open_table(Resource("long", path), FindingLog())
    assert opened is not None
    seen = [opened.bytes_read for _ in opened.batches()]
    assert 0 < seen[0] < seen[len(seen) // 2] < opened.size == seen[-1]


def test_a_table_whose_rows_are_blank_behind_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_text("NO,名称\n" + ",\n" * 500, encoding="utf-8")
    findings = FindingLog()
    opened = open_table(Resource("blank", path), findings)
    assert opened is not None
    assert list(opened.batches()) == []
    assert told(findings) == [["table.no-rows", None, None, None, 1]]


def test_blank_first_cells_are_no_blank_rows() -> None:
    findings = FindingLog()
    shaper = rows.RowShaper("x.csv", ("a", "b"), findings)
    batch = shaper.batch(2, [["", "1"], [" ", "2"]])
    assert batch is not None and list(batch.columns) == [("", " "), ("1", "2")]
    assert told(findings) == []


REAL = [
    ("02_municipal/sapporo_011002/01tyuou.csv", 2, "No."),
    ("02_municipal/sakurai_tourism_sjis_with_title.csv", 2, "市区町村コード"),
    ("02_municipal/takamatsu_372013/linkdata_0060.csv", 7, "#property"),
    ("02_municipal/takamatsu_372013/Well-Being-results.csv", 2, "回答者ID"),
    ("02_municipal/takamatsu_372013/events.csv", 1, "№"),
    ("02_municipal/yanai_tourism_tsv.txt", 1, "市区町村コード"),
    ("03_statistics/ma030000_vital_statistics_r2.csv", 7, "列1"),
    ("03_statistics/covid_portal/gunma-ken_advice-cases.csv", 1, "日付"),
    ("04_bibliographic/ndl_pdm_books_bunkei.csv", 1, "DatasetID"),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
@pytest.mark.parametrize(("name", "header_row", "first"), REAL)
def test_headers_of_real_files(name: str, header_row: int, first: str) -> None:
    opened = open_table(Resource("x", SHARED / name), FindingLog())
    assert opened is not None
    assert (opened.header_row, opened.header[0]) == (header_row, first)


def real_tables() -> Iterator[Path]:
    folders = [SHARED / name for name in ("01_codes", "02_municipal", "03_statistics")]
    yield from sorted(path for folder in folders for path in folder.rglob("*.csv"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
def test_every_real_table_is_read_or_refused() -> None:
    refused = []
    for path in real_tables():
        findings = FindingLog()
        opened = open_table(Resource(path.stem, path), findings)
        if opened is None:
            refused += [finding[0] for finding in told(findings)]
            continue
        for batch in opened.batches():
            assert {len(column) for column in batch.columns} == {len(batch)}
    assert set(refused) == {"table.html-page", "table.no-rows"}


def test_a_finding_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "lost.csv"
    path.write_text("NO,名称\n" + "1,公園\n" * 5000 + "2,\ufffd園\n", encoding="utf-8")
    findings = FindingLog()
    opened = open_table(Resource("lost", path), findings)
    assert opened is not None
    assert sum(len(batch) for batch in opened.batches(size=300)) == 5001
    expected = Finding("table.lost-characters", "lost.csv", 5002, "名称", "\ufffd園")
    assert [group.examples for group in findings.groups()] == [[expected]]


def refusal(path: Path) -> list[list[Any]]:
    """Why a file is no table."""
    findings = FindingLog()
    assert open_table(Resource("x", path), findings) is None
    return told(findings)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "LONGEST_LINE", 1000)
    monkeypatch.setattr(encoding, "CHUNK", 100)
    path = tmp_path / "endless.csv"
    path.write_text("a,b\n" + "x" * 2000)
    assert refusal(path) == [["table.too-wide", None, None, None, 1]]
    path.write_text("a,b\n" + "1,2\n" * 2000)
    assert open_table(Resource("x", path), FindingLog()) is not None


def test_more_columns_than_a_table_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a," * 20_001 + "\n1,2\n")
    assert refusal(path) == [["table.too-wide", None, None, None, 1]]


def test_many_columns_of_one_name_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        ",".join(f"c{number}" for number in range(19_000)) + "\n" + "1," * 18_999 + "2\n"
    )
    opened = open_table(Resource("x", path), FindingLog())
    assert opened is not None
    assert [len(batch.columns) for batch in opened.batches()] == [19_000]
