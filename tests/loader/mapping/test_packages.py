"""One document about several tables of a package: each is mapped from its own, joins go across."""

import json
from pathlib import Path

import pytest

from loader.errors import TsunaguError
from loader.mapping import joins
from loader.model import FindingLog, Severity
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation
from vocab.iris import IriPolicy

BASE = "https://data.example.jp/"
STOPS = "id,name,zone\n1,駅前,a\n2,港,b\n3,丘,\n"
ZONES = "code,fare\na,170\nb,210\nb,210\n"
DOCUMENT = """
prefixes: {ex: "http://example.com/"}
mappings:
  stop:
    sources: [[stops.csv~csv]]
    s: ex:stop/$(id)
    po:
      - [ex:name, $(name)]
      - p: ex:zone
        o: {mapping: zone, condition: {function: equal, parameters:
             [[str1, $(zone)], [str2, $(code)]]}}
      - p: ex:sameZone
        o: {mapping: stop, condition: {function: equal, parameters:
             [[str1, $(zone)], [str2, $(zone)]]}}
  zone:
    sources: [[zones.csv~csv]]
    s: ex:zone/$(code)
    po: [[ex:fare, $(fare)]]
"""


def package(folder: Path, document: str = DOCUMENT, **tables: str) -> list[str]:
    """Map a package and return the lines without graph and sources of rows, sorted."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "own.yaml").write_text(document, encoding="utf-8")
    resources = [{"path": f"{name}.csv", "mapping": "own.yaml"} for name in tables]
    descriptor = {"name": "bus", "title": "バス", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found: list[str] = []
    log = FindingLog()
    for described in discover([folder]).packages:
        Transformation(described, IriPolicy(BASE), log, found.extend, Silence()).run()
    assert not log.count(Severity.VIOLATION)
    graph = f" <{BASE}graph/dataset/bus> .\n"
    lines = (line.removesuffix(graph) for line in found if "terms/source" not in line)
    return sorted({line.replace("http://example.com/", "") for line in lines})


EXPECTED = """
<stop/1> <name> "駅前"
<stop/1> <sameZone> <stop/1>
<stop/1> <zone> <zone/a>
<stop/2> <name> "港"
<stop/2> <sameZone> <stop/2>
<stop/2> <zone> <zone/b>
<stop/3> <name> "丘"
<zone/a> <fare> "170"
<zone/b> <fare> "210"
"""


@pytest.mark.parametrize("kept", [0, 1, joins.KEPT])
def test_tables_are_joined_in_memory_and_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(joins, "KEPT", kept)
    assert package(tmp_path, stops=STOPS, zones=ZONES) == EXPECTED.strip().split("\n")


def test_a_table_that_the_package_lacks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TsunaguError, match="mapping.no-source"):
        package(tmp_path, stops=STOPS)


def test_a_column_that_the_other_table_lacks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TsunaguError, match="mapping.unknown-column"):
        package(tmp_path, DOCUMENT.replace("$(code)", "$(cod)"), stops=STOPS, zones=ZONES)


def test_subjects_of_a_key_keep_their_order_however_many_spills_there_were() -> None:
    index = joins.JoinIndex(kept=2)
    for number in (3, 1, 2, 1):
        index.take([[("k",)], [("other",)], [("",)]], [[f"s{number}"], ["t"], ["u"]])
    found = index.find([("k",), ("other",), ("none",), ("",)])
    assert found == {
        ("k",): ("s3", "s1", "s2"),
        ("other",): ("t",),
        ("none",): (),
        ("",): (),
    }
