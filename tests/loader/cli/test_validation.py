"""``tsunagu validate``: formats, exit codes, endpoints, what pieces do not tell."""

import csv
import io
import json
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat
from rich.console import Console

from loader.cli import validation
from loader.cli.main import main
from loader.cli.parser import build_parser
from loader.cli.words import Words
from loader.config import RemoteSource
from loader.fetch import Fetcher
from loader.model import FindingLog
from loader.release import Release
from loader.release import current as served
from loader.validate import validator
from tests.endpoint.test_server import free_port, start

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
    monkeypatch.setattr(validator, "FIRST_LINES", 10)
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
    monkeypatch.setattr(validation, "served_scope", lambda *_: None)
    arguments[1] = "https://example.org/sparql"
    options = ["--graph", graph] if graph else []
    assert main([*arguments, *options, "--format", "json", "--fail-on", "warning"]) == 1
    report = json.loads(capsys.readouterr().out)
    [group] = report["findings"]
    assert report["files"] == ["answer.nt"]
    assert report["results"] == {"info": 0, "warning": 1, "violation": 0}
    assert group["examples"] == [{"row": None, "column": None, "value": "43.10"}]
    assert (f"GRAPH <{graph}>" in asked[0]) is (graph is not None)


def test_graph_must_be_an_iri(arguments: list[str]) -> None:
    assert main([*arguments, "--graph", "> } DROP ALL"]) == 64


PLACE = """<http://e/1> a <http://schema.org/Place> ;
    <http://schema.org/latitude> "43.10"^^<http://www.w3.org/2001/XMLSchema#decimal> ."""
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdf_beside_a_table(
    suffix: str, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"data.{suffix}"
    triples = [quad.triple for quad in pyoxigraph.parse(PLACE, format=RdfFormat.TURTLE)]
    pyoxigraph.serialize(triples, path, format=FORMATS[suffix])
    arguments.insert(1, str(path))
    assert main([*arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == [path.name, "公共施設一覧.csv"]
    assert report["results"] == {"info": 0, "warning": 30, "violation": 0}
    told = [group for group in report["findings"] if group["code"] == "shacl.max-inclusive"]
    assert [(group["dataset"], group["examples"][0]["value"]) for group in told] == [
        (None, "43.10"),
        ("公共施設一覧", "43.1"),
    ]


@pytest.fixture
def two_packages(tmp_path: Path) -> list[Path]:
    """Two tables, of which the first has shapes of its publisher beside it."""
    folders = [tmp_path / name for name in ("north", "south")]
    for folder in folders:
        folder.mkdir()
        (folder / "public_facility.csv").write_text(HEADER + ROWS[0], encoding="utf-8")
    shapes = SHAPES.replace("sh:severity sh:Warning ;", "")
    (folders[0] / "shapes.ttl").write_text(shapes, encoding="utf-8")
    return folders


def test_shapes_of_a_publisher_are_for_the_publisher_s_own_data(
    two_packages: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home"), "--lang", "en"]
    assert main(["validate", *map(str, two_packages), *home, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    violations = [group for group in report["findings"] if group["severity"] == "violation"]
    assert [group["dataset"] for group in violations] == ["north-public_facility"]
    assert main(["validate", str(two_packages[1]), *home]) == 0
    told = capsys.readouterr().out
    assert "Files validated: 1." in told and told.endswith("conforms\n")
    assert main(["validate", *map(str, two_packages), *home]) == 1
    told = capsys.readouterr().out
    assert told.index("north-public_facility") < told.index("too far north")
    assert told.index("too far north") < told.index("south-public_facility")


@pytest.mark.parametrize("command", ["check", "validate"])
def test_shapes_that_cannot_be_used(
    command: str, two_packages: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (two_packages[0] / "shapes.ttl").write_text("no shapes", encoding="utf-8")
    arguments = [command, str(two_packages[0]), "--home", str(tmp_path / "home")]
    assert main([*arguments, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    [group] = [g for g in report["findings"] if g["severity"] == "violation"]
    assert (group["code"], group["dataset"]) == ("shacl.shapes-unusable", "public_facility")
    assert report.get("conforms", False) is False


def test_one_report_of_all_parts(
    two_packages: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    assert main(["validate", *map(str, two_packages), *home, "--format", "turtle"]) == 1
    report = pyoxigraph.parse(capsys.readouterr().out, format=RdfFormat.TURTLE)
    severities = [
        quad.object.value.rpartition("#")[2]
        for quad in report
        if quad.predicate.value.endswith("resultSeverity")
    ]
    assert severities == ["Violation", "Info", "Info"]


def test_nothing_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["validate", "http://127.0.0.1:9/sparql", "--home", str(tmp_path), "--lang", "en"]
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "source.address-private" in captured.err


def test_html_tells_files_counts_and_outcome(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "<title>Validation report</title>" in page
    assert "The data conforms to the shapes" in page
    assert "Files validated: 1. Results against the shapes: 0 violations, 29 warnings" in page
    assert "<li>公共施設一覧.csv</li>" in page
    assert "<li>row 2 · value “43.1”</li>" in page


def test_bars_on_a_terminal(arguments: list[str]) -> None:
    words, screen = Words("en"), io.StringIO()
    options = build_parser(words).parse_args([*arguments, "--format", "turtle"])
    validation.validate(options, words, Console(file=screen, force_terminal=True, width=120))
    assert "公共施設一覧.csv" in screen.getvalue() and "%" in screen.getvalue()


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A home with a release of one small table."""
    table, home = tmp_path / "public_facility.csv", tmp_path / "home"
    table.write_text(HEADER + "".join(ROWS[:3]), encoding="utf-8")
    assert main(["publish", str(table), "--home", str(home)]) == 0
    return home


def release_of(home: Path) -> Release:
    """The release that a home serves."""
    found = served(home)
    assert found is not None
    return found


def test_release(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["validate", str(release / "current"), "--home", str(release), "--format", "json"]
    capsys.readouterr()
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    houses = ["public_facility.nq", "catalog.nq", "links.nq", "vocabulary.nq"]
    assert report["files"] == ["public_facility.nq", *houses]
    assert report["results"]["violation"] == 0
    told = {(group["file"], group["examples"][0]["row"]) for group in report["findings"]}
    assert ("public_facility.csv", 2) in told


def _shacl(report: dict[str, Any], name: str) -> list[object]:
    return [
        (group["code"], group["severity"], group["count"], group["file"], group["column"])
        + (group["text"], group["advice"], group["examples"])
        for group in report["findings"]
        if group["dataset"] == name and group["code"].startswith("shacl.")
    ]


def _lay_out(folder: Path) -> None:
    """Datasets of one site: two that have a thing in common, one packed, one with own shapes."""
    for name in ("one", "two", "own"):
        (folder / name).mkdir(parents=True)
        (folder / name / "public_facility.csv").write_text(
            HEADER + "".join(ROWS).replace("見本館", f"見本館{name}"), encoding="utf-8"
        )
    (folder / "own" / "shapes").mkdir()
    (folder / "own" / "shapes" / "ours.ttl").write_text(
        SHAPES.replace("sh:maxInclusive 30", "sh:maxInclusive 31"), encoding="utf-8"
    )
    descriptor = {
        "name": "own",
        "shapes": "shapes/ours.ttl",
        "resources": [{"path": "public_facility.csv"}],
    }
    (folder / "own" / "datapackage.json").write_text(json.dumps(descriptor))
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("aed.csv", HEADER + ROWS[0])
        archive.writestr("public_facility.csv", HEADER + ROWS[0] + ROWS[1].replace("019917", ""))
        archive.writestr("note.txt", "見本")


def test_a_release_is_told_of_as_the_folder_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    _lay_out(folder)
    common = ["--home", str(home), "--lang", "en"]
    assert main(["publish", str(folder), *common]) == 0
    capsys.readouterr()
    reports = []
    for place in (folder, home / "current"):
        assert main(["validate", str(place), *common, "--format", "json"]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    names = release_of(home).datasets
    assert len(names) == 4
    for name in names:
        told = [_shacl(report, name) for report in reports]
        assert told[0] == told[1]
    own = [group for group in _shacl(reports[1], "own") if "too far north" in str(group)]
    [(code, severity, count, _, column, _, advice, examples)] = own  # type: ignore[misc]
    assert (code, severity, count, column) == ("shacl.max-inclusive", "warning", 29, "緯度")
    assert examples[0] == {"row": 2, "column": "緯度", "value": "43.1"}
    packed = [e for g in reports[1]["findings"] if g["dataset"] == "packed" for e in g["examples"]]
    columns = "都道府県コード又は市区町村コード / 住所"
    assert {"row": 3, "column": columns, "value": " / 見本市"} in packed


def test_a_release_without_its_descriptions(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [package] = (release / "current" / "packages").iterdir()
    package.unlink()
    arguments = ["validate", str(release / "current"), "--home", str(release), "--lang", "en"]
    assert main(arguments) == 2
    assert "public_facility.json" in capsys.readouterr().err


@pytest.fixture
def server(release: Path, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    process = start(release, port, tmp_path / "errors")
    yield f"http://127.0.0.1:{port}/sparql"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


GRAPH = "http://localhost:8000/graph/dataset/public_facility"


def _private(home: Path) -> None:
    (home / "tsunagu.toml").write_text("[fetch]\nallow_private = true\n")


def test_endpoint_of_ours(
    server: str, release: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told of as the release is: by file, row, column and cell."""
    _private(release)
    id_ = release_of(release).id
    arguments[1] = server
    assert main([*arguments, "--graph", GRAPH, "--format", "json"]) == 0
    told = capsys.readouterr()
    assert f"the files of release {id_}" in told.err
    report = json.loads(told.out)
    assert report["results"] == {"info": 0, "warning": 3, "violation": 0}
    [group] = [g for g in report["findings"] if g["code"] == "shacl.max-inclusive"]
    assert (group["file"], group["column"]) == ("public_facility.csv", "緯度")
    assert group["examples"][0] == {"row": 2, "column": "緯度", "value": "43.1"}
    assert [example["row"] for example in group["examples"]] == [2, 3, 4]


def test_all_of_what_a_server_serves(
    server: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _private(release)
    here = release_of(release)
    common = ["--home", str(release), "--lang", "en", "--format", "json"]
    site = server.removesuffix("/sparql")
    addresses = [server, f"{site}/release/{here.id}", f"{site}/release/{here.id}/sparql"]
    reports = []
    for place in (str(release / "current"), *addresses):
        capsys.readouterr()
        assert main(["validate", place, *common]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    assert len(reports[0]["findings"]) > 1
    assert all(report == reports[0] for report in reports)


def test_shapes_of_what_a_server_serves(
    server: str, release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _private(release)
    files = [tmp_path / "here.ttl", tmp_path / "there.ttl"]
    common = ["--home", str(release), "-o"]
    assert main(["shapes", "infer", *common, str(files[0])]) == 0
    assert main(["shapes", "infer", server, *common, str(files[1])]) == 0
    assert "sh:NodeShape" in files[0].read_text()
    assert files[0].read_text() == files[1].read_text()


def test_a_graph_of_the_house_is_asked_for(
    server: str, release: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _private(release)
    arguments[1] = server
    graph = GRAPH.replace("dataset/public_facility", "catalog")
    assert main([*arguments, "--graph", graph, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["endpoint.nt"]


@pytest.mark.parametrize("damage", ["file", "manifest"])
def test_a_served_release_that_is_damaged(
    damage: str, server: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _private(release)
    here = release_of(release)
    if damage == "file":
        here.dump("public_facility").write_text("<urn:a> <urn:p> <urn:o> <urn:g> .\n")
    else:
        manifest = json.loads((here.path / "manifest.json").read_text())
        manifest["datasets"]["../away"] = {"graph": "http://e/"}
        (here.path / "manifest.json").write_text(json.dumps(manifest))
    arguments = ["validate", f"{server[: -len('/sparql')]}/release/{here.id}"]
    assert main([*arguments, "--home", str(release), "--lang", "en"]) == 2
    name = "dumps/public_facility.nq" if damage == "file" else "manifest.json"
    assert f"The file {name} of release {here.id} is damaged" in capsys.readouterr().err


def test_a_release_that_is_not_served(
    server: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _private(release)
    address = server.replace("/sparql", "/release/20200101T000000Z-0123abcd")
    assert main(["validate", address, "--home", str(release), "--lang", "en"]) == 2
    assert "source.unreachable" in capsys.readouterr().err
