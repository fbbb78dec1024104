"""The catalogue: DCAT-AP's own shapes, the values of descriptors, documents byte for byte."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import shacl
from pyshacl import validate

from loader.catalog import Published, PublishedFile, Site, catalog_documents, catalog_lines
from loader.model import Package, Resource
from vocab.iris import IriPolicy
from vocab.namespaces import DCAT, DCTERMS, FOAF, RDF, SKOS, SPDX, VCARD, VOID, XSD

SHARED = Path(__file__).parents[2].parent / "shared"
SHAPES = SHARED / "vocab" / "dcat-ap-3.0.1" / "shacl" / "dcat-ap-SHACL.ttl"
POLICY = IriPolicy("https://data.example.jp/")
SITE = Site(
    {"ja": "つなぐ市のデータ", "en": "Data of Tsunagu"},
    {"ja": "つなぐ市が公開するデータ（サンプル）", "en": "Data that Tsunagu publishes (sample)"},
    {"ja": "つなぐ市", "en": "City of Tsunagu"},
    "992011",
    "https://city.example.jp/",
)
AED = Package(
    "aed",
    Path(),
    (Resource("aed", Path("aed.csv"), {"ja": "AEDの表", "en": "Table of AEDs"}),),
    title={"ja": "AED設置箇所一覧", "en": "AED locations"},
    description={"ja": "市のAED", "en": "AEDs of the city"},
    publisher_name={"ja": "健康局"},
    publisher_id="8000012010038",
    creator="救急課",
    licence="https://creativecommons.org/licenses/by/4.0/",
    attribution="つなぐ市「AED設置箇所一覧」",
    keywords=("AED", "救急"),
    themes=("防災", "独自の分野", "https://example.org/theme/9"),
    frequency="年1回",
    issued="2024-04",
    modified="2025-01-01",
    homepage="https://city.example.jp/aed",
    languages=("ja", "en-US", "xx"),
    spatial="372013",
    temporal=("2024", "2025-03-31T00:00:00+09:00"),
    descriptor={"publisher": {"email": "opendata@city.example.jp"}},
)
SAMPLE = Package(
    "見本", Path(), (), title={"ja": "見本"}, sample=True, publisher_name={"ja": "つなぐ市"},
    creator="つなぐ市", spatial="992011", issued="2023", publisher_id="992011",
)  # fmt: skip
BARE = Package("bare", Path(), (Resource("bare", Path("bare.csv")),), frequency="気が向いたら")


def published(package: Package, name: str = "aed.csv") -> Published:
    return Published(
        package=package,
        rows=3,
        triples=33,
        mapping="aed",
        files=[PublishedFile(name, "text/csv", 120, "ab" * 32, "cp932")],
        dump_bytes=1000,
        dump_sha256="0c" * 32,
        bbox=(137.1, 30.2, 137.3, 30.9),
        classes=["http://schema.org/Place"],
    )


DATASETS = [published(AED), published(SAMPLE, "見本 1.csv"), published(BARE, "bare.csv")]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return catalog_lines(POLICY, SITE, DATASETS)


@pytest.fixture(scope="module")
def store(lines: list[str]) -> ox.Store:
    store = ox.Store()
    store.extend(quad for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS))
    return store


def objects(store: ox.Store, subject: str, predicate: str) -> set[str]:
    found = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
    return {str(quad.object) for quad in found}


def dcat_ap() -> str:
    """The shapes of DCAT-AP, without the two property shapes that are used but not defined."""
    if not SHAPES.is_file():
        pytest.skip("the DCAT-AP shapes lie in ../shared, which is not here")
    shapes = rdflib.Graph().parse(SHAPES)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    undefined = [
        (shape, None, target)
        for shape, target in shapes.subject_objects(sh.property)
        if (target, sh.path, None) not in shapes
    ]
    assert {str(shape).rpartition("#")[2] for shape, _, _ in undefined} == {"dcat:DataServiceShape"}
    assert len(undefined) == 2
    for triple in undefined:
        shapes.remove(triple)
    return shapes.serialize(format="nt")


def with_ontology(lines: list[str]) -> str:
    """The catalogue with what DCAT says of its classes: a dataset is a resource."""
    subclass = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    resource = DCAT["Resource"]
    kinds = ("Dataset", "DataService", "Catalog")
    axioms = [f"<{DCAT[kind]}> {subclass} <{resource}> .\n" for kind in kinds]
    return "".join([*lines, *axioms])


def test_dcat_ap_shapes_hold(lines: list[str]) -> None:
    report = shacl.Shapes.from_text(dcat_ap(), format="ntriples").validate_text(
        with_ontology(lines), format="nquads"
    )
    assert [(r.focus_node, r.path, r.message) for r in report.results] == []


def test_dcat_ap_shapes_hold_by_the_second_engine(lines: list[str]) -> None:
    quads = ox.parse(with_ontology(lines), format=ox.RdfFormat.N_QUADS)
    text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    data = rdflib.Graph().parse(data=text, format="nt")
    conforms, _, words = validate(data, shacl_graph=rdflib.Graph().parse(data=dcat_ap()))
    assert conforms, words


def test_dcat_ap_shapes_would_tell(lines: list[str]) -> None:
    """A catalogue without titles does not pass: the two tests above can fail."""
    untitled = [line for line in lines if DCTERMS["title"] not in line]
    report = shacl.Shapes.from_text(dcat_ap(), format="ntriples").validate_text(
        with_ontology(untitled), format="nquads"
    )
    assert not report.conforms


def test_lines_are_sorted_unique_and_in_the_catalogue_graph(lines: list[str]) -> None:
    assert lines == sorted(set(lines))
    assert all(line.endswith(" <https://data.example.jp/graph/catalog> .\n") for line in lines)
    assert not any("_:" in line.split(" ")[0] for line in lines)
    assert lines == catalog_lines(POLICY, SITE, list(reversed(DATASETS)))


def test_lines_are_canonical(lines: list[str]) -> None:
    quads = list(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS))
    assert ox.serialize(quads, format=ox.RdfFormat.N_QUADS) == "".join(lines).encode()


def expected() -> Iterator[tuple[str, str, set[str]]]:
    aed, bare = POLICY.dataset("aed"), POLICY.dataset("bare")
    sample = POLICY.dataset("見本")
    eu = "http://publications.europa.eu/resource/authority/"
    yield aed, DCTERMS["accrualPeriodicity"], {f"<{eu}frequency/ANNUAL>"}
    yield bare, DCTERMS["accrualPeriodicity"], set()
    yield aed, DCTERMS["language"], {f"<{eu}language/JPN>", f"<{eu}language/ENG>"}
    yield aed, DCTERMS["issued"], {f'"2024-04"^^<{XSD["gYearMonth"]}>'}
    yield aed, DCTERMS["modified"], {f'"2025-01-01"^^<{XSD["date"]}>'}
    yield sample, DCTERMS["issued"], {f'"2023"^^<{XSD["gYear"]}>'}
    yield f"{aed}#temporal", DCAT["startDate"], {f'"2024"^^<{XSD["gYear"]}>'}
    end = f'"2025-03-31T00:00:00+09:00"^^<{XSD["dateTime"]}>'
    yield f"{aed}#temporal", DCAT["endDate"], {end}
    yield aed, DCTERMS["publisher"], {"<http://hojin-info.go.jp/data/basic/8000012010038>"}
    yield bare, DCTERMS["publisher"], {f"<{POLICY.agent('992011')}>"}
    yield aed, DCTERMS["creator"], {f"<{POLICY.agent('救急課')}>"}
    yield sample, DCTERMS["creator"], {f"<{POLICY.agent('992011')}>"}
    area = "<http://data.e-stat.go.jp/lod/sac/C37201>"
    yield aed, DCTERMS["spatial"], {area, f"<{aed}#extent>"}
    yield sample, DCTERMS["spatial"], {f"<{sample}#extent>"}
    themes = {f"<{eu}data-theme/JUST>", "<https://example.org/theme/9>"}
    yield aed, DCAT["theme"], {*themes, f"<{POLICY.term('theme', '独自の分野')}>"}
    yield POLICY.term("theme", "独自の分野"), SKOS["prefLabel"], {'"独自の分野"@ja'}
    yield aed, DCAT["landingPage"], {f"<{aed}>", "<https://city.example.jp/aed>"}
    yield sample, DCTERMS["description"], {'"見本（サンプルデータです）"@ja'}
    yield sample, DCAT["keyword"], {'"サンプル"@ja', '"sample"@en'}
    yield bare, DCTERMS["title"], {'"bare"@ja'}
    yield aed, DCAT["contactPoint"], {f"<{aed}#contact>"}
    yield f"{aed}#contact", VCARD["hasEmail"], {"<mailto:opendata@city.example.jp>"}
    yield bare, DCTERMS["license"], set()
    file = POLICY.distribution("見本", "見本 1.csv")
    yield file, DCAT["downloadURL"], {"<https://data.example.jp/file/見本/見本%201.csv>"}
    yield f"{file}#checksum", SPDX["checksumValue"], {f'"{"ab" * 32}"^^<{XSD["hexBinary"]}>'}
    catalog = POLICY.catalog()
    yield catalog, DCAT["record"], {f"<{aed}#record>", f"<{sample}#record>"}
    yield catalog, DCTERMS["modified"], {f'"2025-01-01"^^<{XSD["date"]}>'}
    yield catalog, DCAT["service"], {f"<{POLICY.service()}>"}
    yield POLICY.service(), DCAT["endpointURL"], {"<https://data.example.jp/sparql>"}
    yield catalog, FOAF["homepage"], {"<https://city.example.jp/>"}
    yield aed, VOID["dataDump"], {"<https://data.example.jp/dump/aed.nq>"}
    yield aed, VOID["triples"], {f'"33"^^<{XSD["integer"]}>'}


@pytest.mark.parametrize(("subject", "predicate", "terms"), list(expected()))
def test_what_is_said(store: ox.Store, subject: str, predicate: str, terms: set[str]) -> None:
    assert objects(store, subject, predicate) == terms


@pytest.mark.parametrize(
    ("identifier", "iri"),
    [
        ("8000012010038", "http://hojin-info.go.jp/data/basic/8000012010038"),
        ("372013", POLICY.agent("372013")),
        ("https://example.org/agency", "https://example.org/agency"),
        ("局A/1", POLICY.agent("局A-1")),
        (None, POLICY.agent("健康-局")),
    ],
)
def test_the_iri_of_an_organisation(identifier: str | None, iri: str) -> None:
    package = replace(AED, publisher_name={"ja": "健康 局"}, publisher_id=identifier)
    text = "".join(catalog_lines(POLICY, SITE, [published(package)]))
    assert f"<{POLICY.dataset('aed')}> <{DCTERMS['publisher']}> <{iri}> " in text
    assert f'<{iri}> <{FOAF["name"]}> "健康 局"@ja ' in text


@pytest.mark.parametrize("spatial", [None, "https://example.org/place/1", "どこか"])
def test_places_that_have_no_code(spatial: str | None) -> None:
    dataset = replace(published(replace(AED, spatial=spatial)), bbox=None)
    store = ox.Store()
    text = "".join(catalog_lines(POLICY, SITE, [dataset]))
    store.extend(quad for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS))
    stated = {f"<{spatial}>"} if spatial and spatial.startswith("https:") else set()
    assert objects(store, POLICY.dataset("aed"), DCTERMS["spatial"]) == stated


def test_documents_hold_the_same_graph_as_the_lines(lines: list[str]) -> None:
    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "rdf": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    graph = {quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS)}
    documents = catalog_documents(lines)
    assert documents.keys() == formats.keys()
    for suffix, format_ in formats.items():
        assert {quad.triple for quad in ox.parse(documents[suffix], format=format_)} == graph


def test_documents_keep_datatypes_and_have_prefixes(lines: list[str]) -> None:
    documents = catalog_documents(lines)
    assert b'dcat:byteSize "120"^^xsd:nonNegativeInteger' in documents["ttl"]
    assert documents["ttl"].startswith(b"@prefix dcat: ")
    assert b'<rdf:RDF xmlns:dcat="' in documents["rdf"]
    document = json.loads(documents["jsonld"])
    assert document["@context"]["dcat"] == DCAT.iri
    assert RDF["type"] not in documents["jsonld"].decode()


def test_documents_are_the_same_bytes_in_every_process(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "catalog.nq"
    path.write_text("".join(lines), encoding="utf-8")
    program = (
        "import sys, pathlib; from loader.catalog import catalog_documents;"
        "text = pathlib.Path(sys.argv[1]).read_text(encoding='utf-8');"
        "documents = catalog_documents(text.splitlines(keepends=True));"
        "sys.stdout.buffer.write(b''.join(documents.values()))"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program, str(path)]
    other = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    assert other == b"".join(catalog_documents(lines).values())


def test_an_empty_catalogue_is_a_catalogue() -> None:
    site = Site({"ja": "何もない"}, publisher_name={"ja": "つなぐ市"})
    lines = catalog_lines(POLICY, site, [])
    assert f"<{POLICY.catalog()}> <{RDF['type']}> <{DCAT['Catalog']}>" in "".join(lines)
    assert f"<{POLICY.catalog()}> <{FOAF['homepage']}> <{POLICY.base}>" in "".join(lines)
