"""``tsunagu validate``: formats, exit codes, endpoints, what pieces do not tell."""

import csv
import io
import json
from pathlib import Path

import pytest

from loader.cli import validation
from loader.cli.main import main
from loader.config import RemoteSource
from loader.fetch import Fetcher
from loader.model import FindingLog
from loader.validate import validator

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <http://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e/S> a sh:NodeShape ; sh:targetClass schema:Place ;
    sh:property [ sh:path schema:latitude ; sh:maxInclusive 30 ; sh:severity sh:Warning ;
        sh:message "too far north"@en , "北すぎます"@ja ] ,
        [ sh:path rdfs:label ; sh:maxCount 1 ] .
"""
HEADER = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度\n"
ROWS = [f"019917,{number},見本館{number},見本市,43.1,141.3\n" for number in range(1, 30)]


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    table, shapes = tmp_path / "公共施設一覧.csv", tmp_path / "shapes.ttl"
    table.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    shapes.write_text(SHAPES, encoding="utf-8")
    home = ["--home", str(tmp_path / "home"), "--lang", "en"]
    return ["validate", str(table), "--shapes", str(shapes), *home]


def test_cells_in_csv(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff")))
    found = [row for row in rows if row["code"] == "shacl.max-inclusive"]
    assert [row["row"] for row in found] == [str(number) for number in range(2, 12)]
    first = found[0]
    assert (first["column"], first["value"], first["count"]) == ("緯度", "43.1", "29")
    assert first["text"].startswith("too far north")


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1), ("info", 1)])
def test_exit_code(arguments: list[str], fail_on: str, code: int) -> None:
    assert main([*arguments, "--fail-on", fail_on]) == code


@pytest.mark.parametrize(
    ("format_", "start"),
    [("html", "<!DOCTYPE html>"), ("sarif", "{"), ("json", "{"), ("turtle", "@prefix")],
)
def test_every_format(
    arguments: list[str], format_: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--format", format_]) == 0
    out = capsys.readouterr().out
    assert out.startswith(start)
    assert "too far north" in out


def test_what_pieces_do_not_tell_is_mapped_once_more(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(validator, "PIECE_LINES", 10)
    monkeypatch.setattr("loader.transform.ROWS_AT_ONCE", 5)
    rows = [*ROWS, ROWS[0].replace("見本館1", "別の館")]
    (tmp_path / "公共施設一覧.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    assert main([*arguments, "--format", "json"]) == 1
    found = {group["code"]: group for group in json.loads(capsys.readouterr().out)["findings"]}
    assert found["shacl.max-count"]["count"] == 1
    assert "shacl.scattered" not in found


@pytest.mark.parametrize("graph", [None, "http://e/g"])
def test_endpoint(
    graph: str | None,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = tmp_path / "answer.nt"
    answer.write_text(
        "<http://e/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<http://schema.org/Place> .\n"
        '<http://e/1> <http://schema.org/latitude> "43.10"'
        "^^<http://www.w3.org/2001/XMLSchema#decimal> .\n"
    )
    asked: list[str] = []

    def fetch(source: RemoteSource, _: Fetcher, __: FindingLog) -> Path:
        asked.append(source.query.read_text() if source.query else "everything")
        return answer

    monkeypatch.setattr(validation, "fetch_triples", fetch)
    arguments[1] = "https://example.org/sparql"
    options = ["--graph", graph] if graph else []
    assert main([*arguments, *options, "--format", "json", "--fail-on", "warning"]) == 1
    [group] = json.loads(capsys.readouterr().out)["findings"]
    assert group["examples"] == [{"row": None, "column": None, "value": "43.10"}]
    assert (f"GRAPH <{graph}>" in asked[0]) is (graph is not None)


def test_graph_must_be_an_iri(arguments: list[str]) -> None:
    assert main([*arguments, "--graph", "> } DROP ALL"]) == 64
