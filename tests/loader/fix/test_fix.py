"""Repairs: folders of cases, and what holds for every table.

A case is a folder with a table and ``expected/``, the folder that ``tsunagu fix`` writes.
"""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.cli.fix import find_package
from loader.cli.main import main
from loader.errors import SourceError
from loader.fix import Fixed, chosen_rules, fix_package
from loader.mapping.registry import known_columns
from loader.model import FindingLog
from loader.table import open_table
from loader.table.dialect import is_blank

CASES = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
LARGEST = 200_000
"""Bytes of the real files that are tried."""

REMOVED = {"blank-row", "note-line", "repeated-header", "split-table"}
"""Rules that take a row out."""


def fixed(path: Path, out: Path, rules: Sequence[str] = ()) -> Fixed:
    """Repair what is at a path."""
    return fix_package(find_package(path), out, chosen_rules(rules), "en")


def rows_of(path: Path) -> list[list[str]]:
    """The records of a CSV file of ours."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@dataclass
class Log:
    """The change log, by row."""

    cells: dict[tuple[int, str], tuple[str, str]]
    removed: set[int]
    titles: set[int]
    added: set[str]

    @classmethod
    def read(cls, path: Path) -> "Log":
        """Read a log."""
        log = cls({}, set(), set(), set())
        header, *rows = rows_of(path)
        assert header == ["file", "row", "column", "before", "after", "rule"]
        for _, row, column, before, after, rule in rows:
            rules = set(rule.split())
            if rules & REMOVED:
                log.removed.add(int(row))
            elif rules == {"title-line"}:
                log.titles.add(int(row))
            elif column and row:
                assert (int(row), column) not in log.cells
                log.cells[int(row), column] = (before, after)
            if rules == {"western-year"} and column == after:
                log.added.add(column)
        return log


def source_rows(path: Path) -> list[tuple[int, list[str]]]:
    """All records of the source behind the header, with their numbers."""
    (resource,) = find_package(path).resources
    table = open_table(resource, FindingLog(), known_columns())
    assert table is not None
    batches = table.reader.records(table.first_data_row, 1000)
    return list(enumerate((row for batch in batches for row in batch), table.first_data_row))


def assert_guarantees(path: Path, out: Path, result: Fixed) -> None:
    """No row is lost, and a cell is either as it was or in the log."""
    log = Log.read(out / "_changes.csv")
    source = [
        (number, row) for number, row in source_rows(path) if number not in log.removed | log.titles
    ]
    written = []
    for table in result.tables:
        header, *rows = rows_of(out / table.file)
        assert len(set(header)) == len(header)
        written += [(header, row) for row in rows]
    assert len(source) == len(written)
    used = 0
    for (number, before), (header, after) in zip(source, written, strict=True):
        assert len(after) == len(header)
        used += _assert_row(number, before, dict(zip(header, after, strict=True)), log)
    assert used == sum(1 for number, _ in log.cells if number in dict(source))


def _assert_row(number: int, before: list[str], after: dict[str, str], log: Log) -> int:
    """Compare a row with its source; return how many entries of the log were met."""
    used, rest = 0, list(before)
    for name, cell in after.items():
        was = "" if name in log.added or not rest else rest.pop(0)
        if (number, name) in log.cells:
            assert log.cells[number, name] == (was, cell)
            assert was != cell
            used += 1
        else:
            assert was == cell
    assert is_blank(rest)
    return used


def assert_stable(out: Path, again: Path) -> None:
    """A repaired table needs no repair."""
    for number, file in enumerate(sorted(out.glob("[!_]*.csv"))):
        second = again / str(number)
        result = fixed(file, second)
        assert not result.changes
        assert (second / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_cases(name: str, tmp_path: Path) -> None:
    (source,) = (CASES / name).glob("input.*")
    before = source.read_bytes()
    result = fixed(source, tmp_path / "out")
    expected = {path.name: path.read_bytes() for path in (CASES / name / "expected").iterdir()}
    remaining = rows_of(tmp_path / "out" / "_remaining.csv")
    assert (result.exit_code == 1) == any(row[5] in ("warning", "violation") for row in remaining)
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written.keys() == expected.keys() | {"_remaining.csv"}
    for file, content in expected.items():
        assert written[file].decode() == content.decode(), file
    assert source.read_bytes() == before
    assert_guarantees(source, tmp_path / "out", result)
    assert_stable(tmp_path / "out", tmp_path / "again")


REAL = (
    sorted(
        path
        for path in SHARED.rglob("*.csv")
        if path.stat().st_size <= LARGEST and "_official_templates" not in path.parts
    )
    if SHARED.is_dir()
    else []
)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "source" / path.name
    copy.parent.mkdir()
    shutil.copyfile(path, copy)
    try:
        result = fixed(copy, tmp_path / "out")
    except SourceError as error:
        assert error.code == "fix.nothing"
        assert "HTML" in str(error)
        return
    assert_guarantees(copy, tmp_path / "out", result)
    assert_stable(tmp_path / "out", tmp_path / "again")


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
    st.sampled_from(
        [
            "１，２３４",
            "1,234",
            "▲5",
            "12人",
            "15 人",
            "令和3年4月1日",
            "2021/7/7",
            "平成25年度",
            "",
        ]
        + ["11002", "131016", "1100", "ｶﾞｽ", "全　国", " a ", "　b", "※注", "合計", "名称", "=1"]
        + ["０３－１２３４－５６７８", "R3.7.7", "x\r\ny", "12(注1)", "-", "7", "8.50"]
    ),
)
HEADERS = st.lists(
    st.sampled_from(
        [
            "名称",
            "ＩＤ",
            "市区町村コード",
            "電話番号",
            "開始日",
            "件数",
            "人口（人）",
            "年度",
            "",
            "名　称",
        ]
    ),
    min_size=1,
    max_size=5,
)


@given(
    header=HEADERS,
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table(
    header: list[str], rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    source = folder / "source" / "input.csv"
    source.parent.mkdir()
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    try:
        result = fixed(source, folder / "out")
    except SourceError as error:
        assert error.code == "fix.nothing"
        assert not (folder / "out").exists()
        return
    assert_guarantees(source, folder / "out", result)
    assert_stable(folder / "out", folder / "again")


def test_a_rule_alone_and_a_rule_left_out(tmp_path: Path) -> None:
    source = CASES / "numbers" / "input.csv"
    alone = fixed(source, tmp_path / "alone", ["negative-sign"])
    assert alone.changes == {"negative-sign": 4}
    rules = chosen_rules((), ["unit", "thousands-separator"])
    without = fix_package(find_package(source), tmp_path / "without", rules, "en")
    assert set(without.changes) == {"number-width", "negative-sign"}


def test_tables_that_are_not_divided_keep_their_gaps(tmp_path: Path) -> None:
    rules = chosen_rules((), ["split-table"])
    source = CASES / "two-tables" / "input.csv"
    result = fix_package(find_package(source), tmp_path / "out", rules, "en")
    assert [table.file for table in result.tables] == ["input.csv"]
    assert ["", "", ""] in rows_of(tmp_path / "out" / "input.csv")
    codes = {group.examples[0].code for group in result.remaining.groups()}
    assert "check.several-tables" in codes


def test_nothing_is_ever_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(CASES / "clean" / "input.csv")
    out = tmp_path / "out"
    out.mkdir()
    assert main(["fix", source, "-o", str(out), "--lang", "en"]) == 0
    assert "nothing to change" in capsys.readouterr().out
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(["fix", source, "-o", str(out), "--lang", "en"]) == 2
    assert "nothing is ever overwritten" in " ".join(capsys.readouterr().err.split())
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    assert main(["fix", source, "-o", str(file)]) == 2
    assert file.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "out"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('名称,住所\n図書館,1\n"公民館,2\n', "quotation mark"),
        ("名称,住所\n" + "図書館,1\n" * 3 + "a" + ",b" * 40 + "\n", "rows of 41 cells"),
        ("名称,住所\n", "no rows"),
    ],
)
def test_what_cannot_be_read_whole_is_not_written(
    content: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "input.csv"
    source.write_text(content, encoding="utf-8")
    assert main(["fix", str(source), "-o", str(tmp_path / "out"), "--lang", "en"]) == 2
    assert reason in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_the_report_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(CASES / "mixed-units" / "input.csv")
    assert main(["fix", source, "-o", str(tmp_path / "out"), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == 1
    assert report["changes"] == {}
    assert report["tables"] == [
        {"source": "input.csv", "file": "input.csv", "rows": 3, "columns": 2}
    ]
    assert {finding["code"] for finding in report["remaining"]} == {"check.unit-in-value"}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_summary(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(CASES / "dates" / "input.csv")
    assert main(["fix", source, "-o", str(tmp_path / "out"), "--lang", lang]) == 1
    text = capsys.readouterr().out
    assert "[western-year]" in text
    assert ("西暦" in text.splitlines()[2]) == (lang == "ja")
    assert str(tmp_path / "out") in text.replace("\n", "")


def test_several_packages_are_not_one(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("名称,数\n図書館,1\n", encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        find_package(tmp_path)
    assert raised.value.code == "fix.not-one-package"


def test_all_tables_of_a_package(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    tables = ("one.csv", "two.csv")
    for name in tables:
        (source / name).write_text("名称,数\n図書館 ,1\n", encoding="utf-8")
    descriptor = {
        "name": "both",
        "description": {"ja": "見本"},
        "resources": [{"path": name, "description": {"ja": "見本の表"}} for name in tables],
    }
    (source / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    result = fixed(source, tmp_path / "out")
    assert [table.file for table in result.tables] == ["one.csv", "two.csv"]
    written = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert written["name"] == "both"
    assert [entry["description"] for entry in written["resources"]] == [{"ja": "見本の表"}] * 2
    alone = fixed(source / "two.csv", tmp_path / "alone")
    assert [table.file for table in alone.tables] == ["two.csv"]


def test_clean_tables_give_the_same_statements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The home's own sample city, whose tables are of standard datasets."""
    root = Path(__file__).parents[3] / "data" / "tsunagu-city"
    compared = 0
    for source in sorted(root.rglob("*.csv")):
        out = tmp_path / source.stem
        result = fixed(source, out)
        if set(result.changes) - {"line-ends", "byte-order-mark"}:
            continue
        compared += 1
        first = _mapped(source, tmp_path / f"{source.stem}-before", capsys)
        assert first
        assert first == _mapped(out / source.name, None, capsys)
    assert compared


def _mapped(path: Path, bare: Path | None, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The statements of a table, without its types in a descriptor."""
    folder = bare or path.parent.with_name(f"{path.parent.name}-bare")
    folder.mkdir()
    shutil.copyfile(path, folder / path.name)
    assert main(["map", str(folder / path.name)]) in (0, 1)
    return sorted(capsys.readouterr().out.splitlines())
