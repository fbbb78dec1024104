"""A publish does again what has changed, and nothing else; what it gives is what all anew gives."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from loader import pipeline, release
from loader.build import growth
from loader.geo.formats import SHAPEFILE
from loader.inputs import inputs_of
from loader.model import Package, Resource
from loader.release import Release
from loader.tombstones import FOLDER
from tests.loader.conftest import Run
from vocab.iris import IriPolicy

CITY = Path(__file__).parents[2] / "data" / "tsunagu-city"
HEADER = "番号,名称,数"
LEDGER = "identifier,kind,key,name,status,since,until,replaced_by\n"
OWN_MAPPING = """
prefixes: {ex: "http://example.org/"}
mappings:
  thing:
    sources: [["own.csv~csv"]]
    s: ex:$(番号)
    po: [[ex:name, $(名称)]]
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://example.org/shape> a sh:NodeShape ; sh:targetClass <http://example.org/None> .
"""


def serving(home: Path) -> Release:
    found = release.current(home)
    assert found is not None
    return found


def table(*names: str) -> str:
    return "\n".join([HEADER, *(f"{n},{name},{n}.0" for n, name in enumerate(names, 1))]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package with one of everything that a result may depend on, beside a file of its own."""
    path = tmp_path / "in"
    (path / "own").mkdir(parents=True)
    (path / "bare.csv").write_text(table("見本館", "見本園"))
    (path / "own" / "own.csv").write_text(table("東", "西"))
    (path / "own" / "described.csv").write_text(table("北", "南"))
    (path / "own" / "map.yaml").write_text(OWN_MAPPING)
    (path / "own" / "own.shacl.ttl").write_text(SHAPES)
    schema = {"columns": [{"titles": name} for name in HEADER.split(",")]}
    (path / "own" / "schema.json").write_text(json.dumps(schema))
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "described.csv",
        "tableSchema": "schema.json",
    }
    (path / "own" / "described.csv-metadata.json").write_text(json.dumps(described))
    descriptor = {
        "name": "own",
        "title": "見本",
        "licenses": [{"name": "CC0-1.0"}],
        "publisher": {"name": "見本市"},
        "resources": [{"path": "own.csv", "mapping": "map.yaml"}, {"path": "described.csv"}],
    }
    (path / "own" / "datapackage.json").write_text(json.dumps(descriptor))
    return path


def statuses(out: str) -> dict[str, str]:
    return {entry["name"]: entry["status"] for entry in json.loads(out)["datasets"]}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the datasets that were checked, mapped and validated, in their order."""
    names: list[str] = []
    original = pipeline.Transformation

    def transformation(package: object, *arguments: object) -> object:
        names.append(package.name)  # type: ignore[attr-defined]
        return original(package, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "Transformation", transformation)
    return names


def test_nothing_is_made_again_and_the_findings_are_told(
    run: Run, tmp_path: Path, folder: Path, made: list[str]
) -> None:
    first = json.loads(run("publish", folder, "--format", "json")[1])
    assert sorted(made) == ["bare", "own"]
    made.clear()
    code, out, _ = run("publish", folder, "--format", "json")
    assert (code, made) == (0, [])
    assert statuses(out) == {"bare": "unchanged", "own": "unchanged"}
    for one, other in zip(first["datasets"], json.loads(out)["datasets"], strict=True):
        for key in ("rows", "triples", "counts", "conforms", "findings"):
            assert one[key] == other[key], key
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    served = serving(tmp_path / "home")
    assert run("publish", moved)[0] == 0
    assert made == [] and serving(tmp_path / "home") == served
    assert run("publish", folder, "--full")[0] == 0
    assert sorted(made) == ["bare", "own"] and serving(tmp_path / "home") == served


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "own" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def add_shapes(folder: Path) -> None:
    (folder / "own" / "shapes.ttl").write_text(SHAPES.replace("None", "Other"))


CHANGES = {
    "bytes": replace("own.csv", "東", "東側"),
    "table-of-another-resource": replace("described.csv", "北", "北側"),
    "descriptor": replace("datapackage.json", "CC0-1.0", "CC-BY-4.0"),
    "mapping": replace("map.yaml", "ex:name", "ex:label"),
    "shapes": replace("own.shacl.ttl", "None", "Nothing"),
    "more-shapes": add_shapes,
    "description": replace("described.csv-metadata.json", "}", ', "dc:title": "x"}'),
    "schema-of-a-description": replace("schema.json", "}]", ', "datatype": "decimal"}]'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_dataset_is_made_again_where_anything_of_it_changed(
    run: Run, folder: Path, made: list[str], change: Callable[[Path], None]
) -> None:
    run("publish", folder)
    made.clear()
    change(folder)
    code, out, _ = run("publish", folder, "--format", "json")
    assert made == ["own"]
    assert statuses(out)["bare"] == "unchanged"


def test_a_ledger_is_an_input(run: Run, tmp_path: Path, folder: Path, made: list[str]) -> None:
    described = json.loads((folder / "own" / "datapackage.json").read_text())
    described["resources"][0]["identifiers"] = {"scheme": "uuid"}
    (folder / "own" / "datapackage.json").write_text(json.dumps(described))
    ledger = folder / "own" / "own.identifiers.csv"
    ledger.write_text(LEDGER)
    run("publish", folder)
    made.clear()
    ledger.write_text(LEDGER + "\n")
    run("publish", folder)
    assert made == ["own"]


def test_another_program_makes_all_again(
    run: Run, tmp_path: Path, folder: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("publish", folder)
    served = serving(tmp_path / "home")
    made.clear()
    monkeypatch.setattr("loader.inputs.software_digest", lambda: "other")
    code, out, err = run("publish", folder, "--format", "json")
    assert sorted(made) == ["bare", "own"]
    assert set(statuses(out).values()) == {"unchanged"} and "Nothing has changed" in err
    assert serving(tmp_path / "home") == served


def test_violations_are_not_carried_over_without_leave(
    run: Run, tmp_path: Path, made: list[str]
) -> None:
    path = tmp_path / "aed"
    shutil.copytree(CITY / "aed", path)
    (path / "shapes.ttl").write_text(
        SHAPES.replace("sh:targetClass <http://example.org/None>", "").replace(
            "sh:NodeShape ;",
            "sh:NodeShape ; sh:targetSubjectsOf <http://purl.org/dc/terms/source> ; "
            "sh:property [ sh:path <http://example.org/missing> ; sh:minCount 1 ] ;",
        )
    )
    assert run("publish", path, "--allow", "violation")[0] == 1
    made.clear()
    code, out, _ = run("publish", path, "--allow", "violation", "--format", "json")
    assert (code, made) == (1, [])
    entry = json.loads(out)["datasets"][0]
    assert entry["status"] == "unchanged" and entry["counts"]["violation"]
    code, out, _ = run("publish", path, "--format", "json")
    assert (code, len(made)) == (2, 1)
    assert statuses(out) == {"tsunagu-aed": "held-back"}
    assert json.loads(out)["datasets"][0]["previous_stays"]


def contents(made: Release) -> dict[str, object]:
    """All that a release says, but for tombstones and what its manifest says of how it was built.

    A home that has no earlier releases has nothing to remember.
    """
    store = pyoxigraph.Store.read_only(str(made.store))
    assert list(release.verify(made)) == []
    return {
        "store": set(map(str, store)),
        "quads": made.manifest["quads"],
        **{
            str(path.relative_to(made.path)): path.read_bytes()
            for path in made.path.rglob("*")
            if path.is_file()
            and path.parent.name not in ("store", FOLDER)
            and path.name != "manifest.json"
        },
    }


def write_dataset(folder: Path, number: int, chance: random.Random) -> None:
    names = [f"見本{chance.randrange(9)}" for _ in range(chance.randrange(1, 9))]
    (folder / f"set{number}.csv").write_text(table(*names))


def test_a_sequence_of_changes_gives_what_all_anew_gives(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795262400")
    monkeypatch.setattr(growth, "MOST_CHANGED", 5.0)
    chance = random.Random(7)
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copytree(CITY / "aed", folder / "aed")
    for number in range(4):
        write_dataset(folder, number, chance)
    grown = 0
    for step in range(5):
        for number in chance.sample(range(6), 2):
            write_dataset(folder, number, chance)
        assert run("publish", folder)[0] == 0
        if step == 2:
            assert run("remove", "set0", "tsunagu-aed")[0] == 0
            (folder / "set0.csv").unlink()
            shutil.rmtree(folder / "aed")
        mine = serving(tmp_path / "home")
        grown += mine.manifest["store"]["layers"]
        other = tmp_path / f"other{step}"
        assert run("publish", folder, "--full", "--home", other)[0] == 0
        assert contents(mine) == contents(serving(other))
    assert grown == 4


def test_a_file_system_without_links_copies(
    run: Run, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("publish", folder)
    first = serving(tmp_path / "home")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (folder / "bare.csv").write_text(table("別の館"))
    assert run("publish", folder)[0] == 0
    second = serving(tmp_path / "home")
    assert second.dump("own").read_bytes() == first.dump("own").read_bytes()
    assert second.dump("own").stat().st_ino != first.dump("own").stat().st_ino
    assert list(release.verify(second)) == []


def test_parts_of_a_shapefile_are_inputs(tmp_path: Path) -> None:
    for suffix in ("shp", "dbf", "prj", "txt"):
        (tmp_path / f"parks.{suffix}").write_text(suffix)
    resource = Resource("parks", tmp_path / "parks.shp", media_type=SHAPEFILE.media_type)
    package = Package("parks", tmp_path, (resource,))
    policy = IriPolicy("http://example.org/")
    before = inputs_of(package, policy)
    (tmp_path / "parks.txt").write_text("changed")
    assert inputs_of(package, policy) == before
    (tmp_path / "parks.dbf").write_text("dbfdbf")
    after = inputs_of(package, policy)
    assert after.digest != before.digest and after.bytes == before.bytes + 3
    assert inputs_of(package, IriPolicy("http://example.com/")).digest != after.digest
