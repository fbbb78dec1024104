"""JSON and newline-delimited JSON as tables: which list is read, as which columns, and refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from loader import json_bytes
from loader.model import FindingLog, Resource
from loader.table import open_table
from loader.table.formats import json_records

TYPES = {".json": "application/json", ".ndjson": "application/x-ndjson"}


def read(path: Path, **stated: Any) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The header, the rows with their numbers, and the findings, said in both languages."""
    findings = FindingLog()
    resource = Resource("x", path, media_type=TYPES[path.suffix], **stated)
    table = open_table(resource, findings)
    rows: list[list[Any]] = []
    if table is not None:
        rows.append(list(table.header))
        for batch in table.batches(size=2):
            rows += map(list, zip(batch.rows, *batch.columns, strict=True))
        assert table.bytes_read == table.size > 0
        assert (table.encoding, table.header_row) == ("UTF-8", 0)
    short = []
    for group in findings.groups():
        finding = group.examples[0]
        assert all(finding.text(word) and finding.advice(word) for word in ("ja", "en"))
        short.append((finding.code, finding.row))
    return rows, short


CASES: list[tuple[str, Any, list[list[Any]]]] = [
    (
        "[{'番号': 1, '名称': '公園'}, {'名称': '広場', '備考': 'x'}]",
        None,
        [["番号", "名称", "備考"], [1, "1", "公園", ""], [2, "", "広場", "x"]],
    ),
    (
        "[{'a': 1.50, 'b': true, 'c': null, 'd': false, 'e': 12345678901234567890}]",
        None,
        [["a", "b", "c", "d", "e"], [1, "1.50", "true", "", "false", "12345678901234567890"]],
    ),
    (
        "[{'所在地': {'市': '見本市', '緯度': {'値': 35.10}}, 'x': 1}, {'所在地': '不明'}]",
        None,
        [
            ["所在地.市", "所在地.緯度.値", "x", "所在地"],
            [1, "見本市", "35.10", "1", ""],
            [2, "", "", "", "不明"],
        ],
    ),
    (
        "[{'a': [1, 'x', null], 'b': ['p;q', 'r'], 'c': [{'k': 1.5}], 'd': [], 'e': [[1]]}]",
        None,
        [
            ["a", "b", "c", "d", "e"],
            [1, "1;x;", '["p;q", "r"]', '[{"k": 1.5}]', "", "[[1]]"],
        ],
    ),
    ("{'a': {'b': [{'x': 1}]}}", None, [["x"], [1, "1"]]),
    ("{'a': {'b': [{'x': 1}]}}", "$.a.b[*]", [["x"], [1, "1"]]),
    ("[{'x': 1}, 5, {'x': 2}]", None, [["x"], [1, "1"], [3, "2"]]),
    ("[[1, 2], {'x': {'y': []}}, {'x': {}}]", None, [["x.y"]]),
]


@pytest.mark.parametrize(("text", "records", "expected"), CASES)
def test_records(tmp_path: Path, text: str, records: Any, expected: list[list[Any]]) -> None:
    path = tmp_path / "a.json"
    path.write_text(text.replace("'", '"'), encoding="utf-8")
    assert read(path, records=records)[0] == expected or len(expected) == 1


CKAN = {
    "help": "x",
    "success": True,
    "result": {"fields": [{"id": "a"}], "records": [{"_id": 1, "a": "公園"}], "total": 1},
}


def test_the_records_of_a_ckan_datastore(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(CKAN), encoding="utf-8-sig")
    rows, findings = read(path)
    assert rows == [["_id", "a"], [1, "1", "公園"]]
    assert findings == [("table.json-lists", None)]
    assert read(path, records="result.fields") == ([["id"], [1, "a"]], [])
    assert read(path, records="result.rows") == ([], [("table.no-records", None)])


LONG = json_records.LARGEST + 10
REFUSED: list[tuple[str, str, list[tuple[str, Any]]]] = [
    ("a.json", "{'a': 1}", [("table.no-records", None)]),
    ("a.json", "[1, 2]", [("table.no-records", None)]),
    ("a.json", "[{}]", [("table.no-records", None)]),
    ("a.json", "", [("table.damaged-json", None)]),
    ("a.json", "[{'a': 1}", [("table.damaged-json", None)]),
    ("a.json", "[{'a': 1}{", [("table.damaged-json", None)]),
    ("a.json", "[{'a': " + "9" * 5000 + "}]", [("table.number-too-long", None)]),
    ("a.json", "[" * 100_000, [("table.json-too-deep", None)]),
    ("a.json", "[{'a': " + "[" * 100, [("table.json-too-deep", None)]),
    ("a.json", "[{'a': '" + "x" * LONG + "'}]", [("table.json-too-deep", 1)]),
    ("a.json", "[{'a': '" + "x" * LONG * 5 + "'}]", [("table.cell-too-long", None)]),
    ("a.json", "[{" + ",".join(f"'k{n}': 1" for n in range(20_001)) + "}]", []),
    ("a.ndjson", "\n\n", [("table.no-records", None)]),
    ("a.ndjson", "[1]\n5\n", [("table.no-records", None)]),
    ("a.ndjson", "{'a': 1}\n{'a': \n", [("table.damaged-json", 2)]),
    ("a.ndjson", "{'a': 1}\n" + "[" * 100_000, [("table.damaged-json", 2)]),
    ("a.ndjson", "{'a': '" + "x" * LONG + "'}\n", [("table.json-too-deep", 1)]),
    ("a.ndjson", "{" + ",".join(f"'k{n}': 1" for n in range(20_001)) + "}", []),
]


@pytest.mark.parametrize(("name", "text", "expected"), REFUSED, ids=range(len(REFUSED)))
def test_refusals(tmp_path: Path, name: str, text: str, expected: list[tuple[str, Any]]) -> None:
    path = tmp_path / name
    path.write_text(text.replace("'", '"'))
    assert read(path) == ([], expected or [("table.too-wide", None)])


@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_bytes_that_are_not_utf_8(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes('[{"名称": "公園"}]'.encode("cp932"))
    assert [code for code, _ in read(path)[1]] == ["table.damaged-json"]


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text('{"a": 1, "b": {"c": "x"}}\n\n{"d": 2.50}\n', encoding="utf-8-sig")
    assert read(path) == ([["a", "b.c", "d"], [1, "1", "x", ""], [2, "", "", "2.50"]], [])


def test_quotes_that_are_escaped_do_not_end_a_string(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_bytes, "LARGEST", 100)
    monkeypatch.setattr(json_bytes, "READ_AT_ONCE", 7)
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"a": '\\"' * 200}]))
    assert read(path) == ([], [("table.cell-too-long", None)])
    path.write_text(json.dumps([{"a": '\\"' * 20}] * 50))
    assert len(read(path)[0]) == 51


def test_many_lists_of_records_are_not_all_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_records, "MOST_LISTS", 2)
    path = tmp_path / "a.json"
    path.write_text(json.dumps({f"k{n}": [{"x": n}] for n in range(5)}))
    assert [found.path for found in json_records.record_lists(path)] == ["k0", "k1"]
    assert read(path)[0] == [["x"], [1, "0"]]
