"""The commands on a small city: what each prints, writes and leaves as it was."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph
import pytest
import rdflib

from loader import release
from vocab.formats import find

ROOT = Path(__file__).parents[2]
CITY = ROOT / "data" / "tsunagu-city"
Run = Callable[..., tuple[int, str, str]]


def files(home: Path) -> dict[str, bytes]:
    """All that must be the same bytes wherever and whenever it is published."""
    current = release.current(home)
    assert current is not None
    return {
        str(path.relative_to(current.path)): path.read_bytes()
        for pattern in ("dumps/*", "catalog.*", "vocabulary.nq", "packages/*", "sources/*/*")
        for path in sorted(current.path.glob(pattern))
    }


def test_tables_in_containers_and_sheets_in_workbooks(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with zipfile.ZipFile(folder / "施設.zip", "w") as archive:
        for name in ("公園.csv", "広場.csv"):
            archive.writestr(name, f"番号,名称\n1,見本{name[:2]}\n")
    book = openpyxl.Workbook()
    for name in ("北", "南"):
        book.create_sheet(name).append(["番号", "名称"])
        book[name].append([1, f"見本{name}公園"])
    book.save(folder / "parks.xlsx")
    assert run("publish", folder)[0] == 0
    current = release.current(tmp_path / "home")
    assert current is not None
    for name, file in (("施設", "施設.zip"), ("parks", "parks.xlsx")):
        kept = current.path / "sources" / name / file
        assert kept.read_bytes() == (folder / file).read_bytes()
        assert list(current.datasets[name]["files"]) == [file]
    dump = (current.path / "dumps" / "parks.nq").read_text(encoding="utf-8")
    assert "/file/parks/parks.xlsx#sheet=北&row=2>" in dump
    assert run("publish", folder)[0] == 0
    assert release.current(tmp_path / "home") == current


def test_the_same_input_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    assert run("publish", CITY)[0] == 0
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    other = tmp_path / "other"
    subprocess.run(
        [sys.executable, "-m", "loader.cli", "publish", str(CITY), "--home", str(other)],
        check=True,
        capture_output=True,
        env=environment,
    )
    here = files(tmp_path / "home")
    assert len(here) > 20
    assert here == files(other)
    for name, content in here.items():
        if name.startswith("dumps/"):
            lines = content.splitlines()
            assert lines == sorted(set(lines)), name


def test_publish_again_remove_and_rollback(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("publish", CITY / "aed")[0] == 0
    first = release.current(home)
    code, _, err = run("publish", CITY / "aed")
    assert (code, release.current(home)) == (0, first)
    assert "Nothing has changed" in err
    code, _, err = run("publish", CITY / "tourism")
    second = release.current(home)
    assert code == 0 and second is not None and second != first
    assert list(second.datasets) == ["tsunagu-aed", "tsunagu-tourism"]
    assert first is not None
    assert second.dump("tsunagu-aed").read_bytes() == first.dump("tsunagu-aed").read_bytes()
    assert run("rollback")[0] == 0
    assert release.current(home) == first
    assert run("rollback")[0] == 2
    assert run("rollback", "nonsense")[0] == 2
    assert run("rollback", second.id)[0] == 0
    assert run("remove", "nonsense")[0] == 2
    assert run("remove", "tsunagu-aed")[0] == 0
    third = release.current(home)
    assert third is not None and list(third.datasets) == ["tsunagu-tourism"]
    code, out, _ = run("releases", "--format", "json")
    listed = json.loads(out)
    assert [entry["id"] for entry in listed] == [first.id, second.id, third.id]
    assert [entry["current"] for entry in listed] == [False, False, True]
    code, out, _ = run("releases")
    assert third.id in out and "served" in out


def test_a_damaged_release_is_not_served_again(run: Run, tmp_path: Path) -> None:
    run("publish", CITY / "aed")
    first = release.current(tmp_path / "home")
    run("publish", CITY / "tourism")
    second = release.current(tmp_path / "home")
    assert first is not None
    report = first.path / "reports" / "tsunagu-aed.json"
    content = report.read_bytes()
    report.unlink()
    report.write_bytes(content[:-1])
    code, _, err = run("rollback", first.id)
    assert (code, release.current(tmp_path / "home")) == (2, second)
    assert "reports/tsunagu-aed.json" in err


def test_a_dry_run_switches_nothing(run: Run, tmp_path: Path) -> None:
    code, out, err = run("publish", CITY / "aed", "--dry-run")
    assert code == 0
    assert "tsunagu-aed" in out and "dry run" in err
    assert release.current(tmp_path / "home") is None
    assert release.releases(tmp_path / "home") == []


def test_publish_as_json(run: Run) -> None:
    code, out, _ = run("publish", CITY / "aed", "--format", "json")
    content = json.loads(out)
    assert (code, content["exit_code"], content["switched"]) == (0, 0, True)
    entry = content["datasets"][0]
    assert entry["name"] == "tsunagu-aed" and entry["status"] == "published"
    assert entry["triples"] > 300 and entry["conforms"] is True
    assert entry["counts"]["violation"] == 0
    assert {"code", "severity", "count", "text", "advice"} <= set(entry["findings"][0])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_publish_in_words(run: Run, lang: str) -> None:
    code, out, err = run("publish", CITY, lang=lang)
    assert code == 0
    assert "tsunagu-evacuation-space" in out
    assert ("警告" in out) == (lang == "ja")
    assert ("published" in out) == (lang == "en")
    assert "http://localhost:8000/" in err


def test_the_graphs_of_the_house(run: Run, tmp_path: Path) -> None:
    run("publish", CITY)
    current = release.current(tmp_path / "home")
    assert current is not None
    store = pyoxigraph.Store.read_only(str(current.store))
    for name, iri in current.manifest["graphs"].items():
        assert store.query(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"), name
    for name, entry in current.datasets.items():
        graph = pyoxigraph.NamedNode(entry["graph"])
        assert len(list(store.quads_for_pattern(None, None, None, graph))) == entry["triples"], name
    activity = store.query(
        """PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX spdx: <http://spdx.org/rdf/terms#>
        ASK { ?activity prov:used ?file ; prov:startedAtTime ?time .
              ?file spdx:checksum/spdx:checksumValue ?sha256 }""",
        use_default_graph_as_union=True,
    )
    assert activity
    assert list(release.verify(current)) == []


@pytest.mark.parametrize(
    ("name", "suffix", "graphs"),
    [
        ("nquads", "nq", 1),
        ("ntriples", "nt", 0),
        ("turtle", "ttl", 0),
        ("trig", "trig", 1),
        ("jsonld", "jsonld", 1),
    ],
)
def test_map_writes_every_format(
    run: Run, tmp_path: Path, name: str, suffix: str, graphs: int
) -> None:
    target = tmp_path / f"out.{suffix}"
    code, out, _ = run("map", CITY / "aed", "--to", name, "-o", target)
    assert (code, out) == (0, "")
    quads = set(pyoxigraph.parse(path=target))
    named = {quad.graph_name for quad in quads} - {pyoxigraph.DefaultGraph()}
    assert len(quads) > 300
    assert len(named) == graphs
    assert list(tmp_path.glob(".out*")) == []


@pytest.mark.parametrize("name", ["nquads", "turtle"])
def test_map_to_standard_output(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "loader.cli", "map", str(CITY / "aed"), "--to", name],
        capture_output=True,
        check=True,
    )
    format_ = find(name)
    assert format_ is not None
    rdf_format = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    assert len(set(pyoxigraph.parse(result.stdout, format=rdf_format))) > 300


def test_map_with_a_document_for_other_paths(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "prefixes: {ex: 'http://example.org/'}\nmappings:\n  thing:\n    sources: [[x.csv~csv]]\n"
        "    s: ex:$(NO)\n    po: [[ex:name, $(名称)]]\n",
        encoding="utf-8",
    )
    target = tmp_path / "out.nt"
    arguments = ["--mapping", mapping, "--to", "ntriples", "-o", target]
    assert run("map", CITY / "aed", *arguments)[0] == 0
    assert '<http://example.org/name> "' in target.read_text(encoding="utf-8")
    code, _, err = run("map", CITY / "aed", "--mapping", tmp_path / "absent.yaml")
    assert code == 2
    assert "absent.yaml" in err


def test_a_failed_map_leaves_the_file_that_was_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("<html></html>")
    target = tmp_path / "out.nq"
    target.write_text("before")
    assert run("map", tmp_path / "bad.csv", "-o", target)[0] == 1
    assert target.read_text() == "before"


def test_check_in_three_formats(run: Run) -> None:
    code, out, _ = run("check", CITY / "evacuation-space")
    assert code == 0
    assert "value.coordinates-zero" in out
    code, out, _ = run("check", CITY / "evacuation-space", "--format", "json")
    content = json.loads(out)
    assert content["tables"][0]["mapping"] == "evacuation-space"
    assert "value.coordinates-zero" in {finding["code"] for finding in content["findings"]}
    code, out, _ = run("check", CITY / "evacuation-space", "--format", "html", lang="ja")
    assert out.startswith("<!DOCTYPE html>") and '<html lang="ja">' in out
    assert "value.coordinates-zero" in out


def test_check_says_what_is_wrong_by_its_exit_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("<html></html>")
    assert run("check", tmp_path / "bad.csv")[0] == 1
    assert run("check", tmp_path / "absent.csv")[0] == 2


def test_validate_packages_files_and_releases(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("validate", CITY / "aed")
    assert (code, "conforms" in out) == (0, True)
    code, out, _ = run("validate", CITY / "aed", "--format", "json")
    assert json.loads(out)["conforms"] is True
    run("publish", CITY / "aed")
    current = release.current(tmp_path / "home")
    assert current is not None
    assert run("validate", current.path)[0] == 0


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."""


def test_validate_with_shapes_of_ones_own(run: Run, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES)
    data.write_text("@prefix ex: <http://example.org/> . ex:a a ex:T .")
    code, out, _ = run("validate", data, "--shapes", shapes, "--format", "turtle")
    assert code == 1
    report = rdflib.Graph().parse(data=out, format="turtle")
    conforms = rdflib.URIRef("http://www.w3.org/ns/shacl#conforms")
    assert [bool(value) for value in report.objects(None, conforms)] == [False]
    code, _, err = run("validate", data, "--shapes", tmp_path / "absent.ttl")
    assert code == 2
    assert "absent.ttl" in err
