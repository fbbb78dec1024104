"""Every class that is produced has a shape, or a reason why it has none; what the samples make
has no violation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
import yaml
from rdflib import SH

import shapes
from endpoint.site.release_document import release_quads
from loader.config import read_config
from loader.model import FindingLog
from loader.outcome import Options
from loader.pipeline import Publish
from loader.progress import Silence
from loader.release import Release, current
from loader.validate import Validator
from vocab.namespaces import expand

ROOT = Path(__file__).parents[2]
MAPPINGS = sorted((ROOT / "mappings").glob("*/mapping.yaml"))
TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def accounted() -> set[str]:
    """The classes that a shape is about, or that are listed with a reason."""
    graph = rdflib.Graph()
    for text in shapes.texts():
        graph.parse(data=text, format="turtle")
    targeted = {str(class_) for class_ in graph.objects(None, SH.targetClass)}
    assert targeted.isdisjoint(shapes.without())
    return targeted | set(shapes.without())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("home")
    Publish(home, read_config(home), Options(), Silence()).run([ROOT / "data"])
    published = current(home)
    assert published is not None
    return published


def _classes(document: dict[str, Any]) -> Iterator[str]:
    """The classes that the mappings of a YARRRML document state, in full."""
    for mapping in document["mappings"].values():
        for entry in mapping["po"]:
            predicate, objects = entry[:2] if isinstance(entry, list) else (entry["p"], entry["o"])
            if predicate == "a":
                stated = [objects] if isinstance(objects, str) else objects
                yield from (one if isinstance(one, str) else one["value"] for one in stated)


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.parent.name)
def test_every_class_of_a_mapping_is_accounted_for(path: Path, accounted: set[str]) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    classes = {expand(name) for name in _classes(document)}
    assert classes <= accounted


def _texts(release: Release) -> dict[str, str]:
    """What the release holds, as it was written: the store rewrites some literals."""
    return {
        path.relative_to(release.path).as_posix(): path.read_text(encoding="utf-8")
        for path in release.path.rglob("*.nq")
    }


def test_every_class_of_a_release_is_accounted_for(release: Release, accounted: set[str]) -> None:
    store = pyoxigraph.Store.read_only(str(release.store))
    found = {quad.object.value for quad in store.quads_for_pattern(None, TYPE, None)}
    own = {class_ for class_ in found if class_.startswith(f"{release.base_iri}def/")}  # rows
    standard = {class_ for class_ in found if class_.startswith(str(SH))}
    assert found - own - standard <= accounted
    assert len(found) > 40


def test_nothing_that_the_samples_make_has_a_violation(release: Release) -> None:
    texts = _texts(release)
    aed = {"about/tsunagu-aed.nq", "dumps/tsunagu-aed.nq"}
    assert {"catalog.nq", "vocabulary.nq", *aed} <= set(texts)
    for name, text in texts.items():
        findings = FindingLog()
        validator = Validator(shapes.texts(), findings)
        validator.feed([text])
        conforms = validator.finish()
        assert conforms, (name, [group.examples[0].text("en") for group in findings.groups()])


def test_what_the_endpoint_says_of_a_release_conforms(release: Release) -> None:
    lines = [f"{quad.triple} .\n" for quad in release_quads(release)]
    assert any("#Release>" in line for line in lines)
    findings = FindingLog()
    validator = Validator(shapes.texts(["release"]), findings)
    validator.feed(lines)
    assert validator.finish() and not list(findings.groups())


NAMED = {
    "facility": "ic:施設型",
    "equipment": "ic:設備型",
    "AED": "tsd:Aed",
    "shelter": "tsd:Shelter",
    "tourism": "schema:TouristAttraction",
    "childcare": "schema:ChildCare",
    "medical": "schema:MedicalOrganization",
    "care": "tsd:CareService",
    "event": "ic:イベント型",
    "Wi-Fi": "tsd:WirelessLan",
    "toilet": "schema:PublicToilet",
    "hydrant": "tsd:FireWaterSource",
    "bibliographic record": "schema:Book",
    "GTFS stop": "gtfs:Stop",
    "GTFS route": "gtfs:Route",
    "municipality": "sacs:StandardAreaCode",
    "identifier": "ic:ID型",
    "address": "ic:住所型",
    "coordinates": "ic:座標型",
    "dataset": "dcat:Dataset",
    "distribution": "dcat:Distribution",
    "catalogue": "dcat:Catalog",
    "agent": "foaf:Agent",
    "release": "tsd:Release",
    "mapping provenance": "prov:Plan",
}
"""What has to have a shape of its own, and its class; three others go by what is said of them."""
BY_STATEMENT = {
    "cultural property": "cultural-property",
    "population observation": "population",
    "online publication for legal deposit": "publication",
}


@pytest.mark.parametrize("name", NAMED)
def test_each_kind_of_thing_has_a_shape(name: str) -> None:
    graph = rdflib.Graph()
    for text in shapes.texts():
        graph.parse(data=text, format="turtle")
    class_ = rdflib.URIRef(expand(NAMED[name]))
    asked = graph.query(
        "SELECT DISTINCT ?part { ?shape sh:targetClass ?class ; sh:property ?part . "
        "?part sh:minCount|sh:maxCount|sh:datatype|sh:nodeKind|sh:pattern ?asked }",
        initNs={"sh": SH},
        initBindings={"class": class_},
    )
    assert len(asked) >= 1


@pytest.mark.parametrize("name", BY_STATEMENT)
def test_each_kind_of_thing_that_has_no_class_of_its_own_has_a_shape(name: str) -> None:
    graph = rdflib.Graph().parse(data=shapes.texts([BY_STATEMENT[name]])[0], format="turtle")
    targets = {*graph.subjects(SH.targetClass), *graph.subjects(SH.targetSubjectsOf)}
    assert any(list(graph.objects(shape, SH.property)) for shape in targets)
