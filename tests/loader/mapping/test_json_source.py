"""JSON sources: files read whole, streamed and line by line give the same; what is refused."""

import json
from pathlib import Path

import pytest

from loader.errors import TsunaguError
from loader.mapping import json_source
from loader.mapping.json_paths import InvalidPath, JsonPath
from loader.mapping.run import run_document
from loader.model import FindingLog

DOCUMENT = """
mappings:
  m:
    sources: [["{file}~jsonpath"{iterator}]]
    s: http://example.com/$(id)
    po: [[http://example.com/name, $(name)]]
"""
RECORDS = [{"id": 1, "name": "甲"}, {"id": 2.50, "name": ["乙", "丙"]}, {"id": "x", "name": None}]
EXPECTED = ["1 甲", "2.5 丙", "2.5 乙"]


def run(folder: Path, text: str, iterator: str | None, file: str = "t.json") -> list[str]:
    """Return subject and name of each line."""
    (folder / file).write_text(text, encoding="utf-8")
    stated = f', "{iterator}"' if iterator else ""
    document = folder / "mapping.yaml"
    document.write_text(DOCUMENT.format(file=file, iterator=stated), encoding="utf-8")
    lines = [line for batch in run_document(document, findings=FindingLog()) for line in batch]
    return sorted(
        line.split(">")[0].rpartition("/")[2] + " " + line.split('"')[1] for line in lines
    )


@pytest.fixture(params=["whole", "streamed"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "streamed":
        monkeypatch.setattr(json_source, "READ_WHOLE", 0)
    return str(request.param)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    ("content", "iterator"),
    [
        (RECORDS, None),
        (RECORDS, "$[*]"),
        ({"a": {"b": RECORDS}}, "$.a.b[*]"),
        ({"a": [{"b": RECORDS[:1]}, {"b": RECORDS[1:]}]}, "$.a[*].b[*]"),
        ({"a b": RECORDS}, "$['a b'][*]"),
    ],
)
def test_records_are_the_same_however_they_are_read(
    tmp_path: Path, content: object, iterator: str | None
) -> None:
    assert run(tmp_path, "\ufeff" + json.dumps(content), iterator) == EXPECTED


@pytest.mark.parametrize("iterator", [None, "$"])
def test_lines(tmp_path: Path, iterator: str | None) -> None:
    text = "\n\n".join(json.dumps(record) for record in RECORDS)
    assert run(tmp_path, text, iterator, "t.ndjson") == EXPECTED


@pytest.mark.parametrize(
    ("content", "iterator"),
    [
        ({"a": RECORDS}, "$..a[*]"),
        ({"a": RECORDS}, "$"),
        ({"a": RECORDS}, None),
        ({"a": {"x": RECORDS[0]}}, "$.a[*]"),
        ({"a.b": RECORDS}, "$['a.b'][*]"),
        ([RECORDS], "$[0][*]"),
    ],
)
def test_a_large_file_is_refused_where_its_records_cannot_be_streamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, iterator: str | None
) -> None:
    monkeypatch.setattr(json_source, "READ_WHOLE", 0)
    with pytest.raises(TsunaguError, match="mapping.iterator-too-large"):
        run(tmp_path, json.dumps(content), iterator)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("text", ['[{"id": 1,', "[" * 100_000, '[{"id": NaN}]', "[\x00]"])
def test_broken_json_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(TsunaguError, match="mapping.(source-unreadable|iterator-too-large)"):
        run(tmp_path, text, None)


@pytest.mark.parametrize("limit", [10, 1_000])
def test_a_record_too_large_to_be_built_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(json_source, "READ_WHOLE", 0)
    monkeypatch.setattr(json_source, "LARGEST", limit)
    text = json.dumps([{"id": 1, "name": ["x" * 5] * 20}])
    if limit > 100:
        assert run(tmp_path, text, None) == ["1 xxxxx"]
        return
    with pytest.raises(TsunaguError, match="mapping.source-unreadable"):
        run(tmp_path, text, None)


VALUE = {
    "a": {"b": [1, 2], "c": "x"},
    "Country Code": 7,
    "ISO 3166": "JP",
    "名称（カナ）": "ア",
    "list": [{"n": 1}, {"n": None}, {"n": [3, [4]]}],
    "big": 10**30,
    "text": "abc",
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.a.b", ("1", "2")),
        ("a.b[1]", ("2",)),
        ("a.b[-3]", ()),
        ("$.a.b[*]", ("1", "2")),
        ("Country Code", ("7",)),
        ("$.Country Code", ("7",)),
        ("$.['ISO 3166']", ("JP",)),
        ('["ISO 3166"]', ("JP",)),
        ("名称（カナ）", ("ア",)),
        ("$..n", ("1", "3", "4")),
        ("list.*.n", ("1", "3", "4")),
        ("$.list[?@.n == 1].n", ("1",)),
        ("$.list[0,2].n", ("1", "3", "4")),
        ("big", (str(10**30),)),
        ("text[0]", ()),
        ("text.x", ()),
        ("a", ()),
        ("none", ()),
    ],
)
def test_paths(path: str, values: tuple[str, ...]) -> None:
    assert JsonPath(path).values(VALUE) == values


@pytest.mark.parametrize("path", ["$.a[", "a[b", "$.a[?", "]"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(InvalidPath):
        JsonPath(path)
