"""Values of every datatype, descriptions with every mistake, templates of RFC 6570."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.csvw import regex, uri_template
from loader.csvw.cells import parse_cell
from loader.csvw.convert import Request, group_of
from loader.csvw.datatype_reader import read_datatype
from loader.csvw.model import UNDETERMINED, Cells
from loader.csvw.place import LARGEST, Place
from loader.csvw.problems import MetadataError, Scope
from loader.model import FINDINGS, FindingLog

CASES = Path(__file__).parents[2] / "cases" / "csvw"
BASE = "https://data.example.jp/"


def _read(name: str) -> list[Any]:
    content: list[Any] = json.loads((CASES / name).read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize(("text", "datatype", "expected"), _read("values.json"))
def test_value(text: str, datatype: Any, expected: str | None) -> None:
    findings = FindingLog()
    scope = Scope("x-metadata.json", BASE, UNDETERMINED, findings)
    cell = parse_cell(text, Cells(datatype=read_datatype(datatype, scope)))
    told = [f"!{value.code}" if value.code else value.text for value in cell.values]
    assert told == ([] if expected is None else [expected])
    assert not list(findings.groups())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(content, expected, id=name)
        for name, content, expected in _read("descriptions.json")
    ],
)
def test_description(tmp_path: Path, content: Any, expected: str) -> None:
    (tmp_path / "d-metadata.json").write_text(json.dumps(content), encoding="utf-8")
    findings = FindingLog()
    try:
        group_of(Request(BASE + "d-metadata.json"), Place(tmp_path, BASE), findings)
    except MetadataError as error:
        assert f"!{error.finding.code}" == expected
        return
    codes = sorted({finding.code for group in findings.groups() for finding in group.examples})
    assert " ".join(codes) == expected


VALUES: dict[str, uri_template.Value] = {
    "var": "value",
    "hello": "Hello World!",
    "path": "/foo/bar",
    "list": ("red", "green", "blue"),
    "empty": "",
    "none": None,
    "no": (),
    "half": "50%",
    "done": "50%25",
    "ja": "東京",
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{var}", "value"),
        ("{hello}", "Hello%20World%21"),
        ("{+hello}", "Hello%20World!"),
        ("{+path}/here", "/foo/bar/here"),
        ("X{#var}", "X#value"),
        ("{var:3}", "val"),
        ("{+path:6}", "/foo/b"),
        ("{list}", "red,green,blue"),
        ("{list*}", "red,green,blue"),
        ("{/list*}", "/red/green/blue"),
        ("{#list*}", "#red,green,blue"),
        ("{;hello:5,empty}", ";hello=Hello;empty"),
        ("{?var,empty,none}", "?var=value&empty="),
        ("{?list*}", "?list=red&list=green&list=blue"),
        ("?fixed=yes{&var}", "?fixed=yes&var=value"),
        ("X{.list}", "X.red,green,blue"),
        ("{none}{no}{unknown}", ""),
        ("{+half}{+done}", "50%2550%25"),
        ("{ja}", "%E6%9D%B1%E4%BA%AC"),
        ("{not a variable}{", "{not a variable}{"),
    ],
)
def test_template(template: str, expected: str) -> None:
    assert uri_template.expand(template, VALUES) == expected


def test_what_is_outside_the_folder_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "t.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    place = Place(folder, BASE)
    assert place.path(BASE + "t.csv") == folder / "t.csv"
    assert place.path("https://elsewhere.example.org/data/t.csv?x#y") == folder / "t.csv"
    for url in ("../secret.csv", "%2e%2e/secret.csv", "link.csv", "", "t%00.csv", "a" * 5000):
        assert place.path(BASE + url) is None
    assert place.path("file:///etc/passwd") is None


def test_a_description_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_bytes(b"{" + b" " * LARGEST)
    with pytest.raises(MetadataError, match="unreadable"):
        Place(tmp_path, BASE).load(BASE + "d.json")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(MetadataError, match="unreadable"):
        Place(tmp_path, BASE).load(BASE + "d.json")


def test_long_expressions_are_bad_formats() -> None:
    assert not regex.is_valid("a" * 2000)


@given(
    st.text(), st.sampled_from(["integer", "double", "date", "time", "duration", "anyURI", "xml"])
)
def test_any_text_is_a_value_or_has_a_reason(text: str, datatype: str) -> None:
    scope = Scope("x", BASE, UNDETERMINED, FindingLog())
    for value in parse_cell(text, Cells(datatype=read_datatype(datatype, scope))).values:
        assert value.code is None or value.code.startswith("csvw.")


def test_every_code_about_descriptions_is_expected_in_some_case() -> None:
    cases = "".join(
        path.read_text(encoding="utf-8")
        for path in CASES.rglob("*")
        if path.name == "findings.txt" or path.parent == CASES and path.suffix == ".json"
    )
    own = Path(__file__).with_name("test_cases.py").read_text(encoding="utf-8")
    codes = [code for code in FINDINGS.entries if code.startswith("csvw.")]
    assert [code for code in codes if code not in cases + own] == []
