"""Provenance and the vocabulary of a dataset's own columns."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyoxigraph as ox

from loader.model import Field, Package, Resource
from loader.provenance import Run, provenance_lines
from loader.published import Published, PublishedFile
from loader.vocabulary import function_lines, vocabulary_lines
from vocab.iris import IriPolicy
from vocab.namespaces import (
    DCTERMS,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SDMX_ATTRIBUTE,
    SPDX,
    VOID,
    XSD,
)

POLICY = IriPolicy("https://data.example.jp/")
FIELDS = (Field("気温", "気温（日平均）", "number", "℃"), Field("地点", "地点"))
PACKAGE = Package(
    "気象", Path(), (Resource("t", Path("気象.csv"), fields=FIELDS),), title={"ja": "気象観測"}
)
DATASET = Published(
    PACKAGE,
    rows=2,
    triples=8,
    mapping="generic",
    files=[
        PublishedFile("気象.csv", "text/csv", 20, "ab" * 32),
        PublishedFile("説明.pdf", "application/pdf", 9, "cd" * 32),
    ],
    dump_bytes=100,
    dump_sha256="ef" * 32,
)
TOKYO = timezone(timedelta(hours=9))
RUN = Run(
    started=datetime(2025, 4, 1, 9, 0, 0, 5, TOKYO),
    ended=datetime(2025, 4, 1, 9, 0, 7, 0, TOKYO),
    version="0.1.0",
    mapping_name="generic",
    mapping_sha256="12" * 32,
    fingerprint="f00d",
)
ACTIVITY = POLICY.activity("気象", "f00d")


def graph(lines: list[str]) -> set[tuple[str, str, str]]:
    """The statements; the lines themselves are sorted, each once and canonical."""
    assert lines == sorted(set(lines))
    quads = list(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS))
    assert ox.serialize(quads, format=ox.RdfFormat.N_QUADS) == "".join(lines).encode()
    return {(quad.subject.value, quad.predicate.value, str(quad.object)) for quad in quads}


def said(lines: list[str], subject: str, predicate: str) -> set[str]:
    return {o for s, p, o in graph(lines) if s == subject and p == predicate}


def test_tables_in_a_file_are_named() -> None:
    inside = Resource("t", Path("気象.csv"), member="a/b.xlsx", sheet="表 1")
    package = replace(PACKAGE, resources=(inside,))
    lines = provenance_lines(POLICY, replace(DATASET, package=package), RUN)
    file = POLICY.file("気象", "気象.csv")
    part = f"{file}#member=a%2Fb.xlsx&sheet=表%201"
    assert f"<{part}>" in said(lines, ACTIVITY, PROV["used"])
    assert said(lines, part, DCTERMS["isPartOf"]) == {f"<{file}>"}
    assert said(lines, part, RDFS["label"]) == {'"気象.csv [a/b.xlsx] [表 1]"'}


def test_an_activity_made_the_graph_from_the_files_by_the_mapping() -> None:
    lines = provenance_lines(POLICY, DATASET, RUN)
    files = {f"<{POLICY.file('気象', name)}>" for name in ("気象.csv", "説明.pdf")}
    made = POLICY.graph("気象")
    assert said(lines, ACTIVITY, RDF["type"]) == {f"<{PROV['Activity']}>"}
    assert said(lines, ACTIVITY, PROV["used"]) == {*files, f"<{ACTIVITY}#mapping>"}
    assert said(lines, ACTIVITY, PROV["generated"]) == {f"<{made}>"}
    assert said(lines, made, PROV["wasDerivedFrom"]) == files
    assert said(lines, made, PROV["wasGeneratedBy"]) == {f"<{ACTIVITY}>"}
    assert said(lines, made, DCTERMS["isPartOf"]) == {f"<{POLICY.dataset('気象')}>"}
    assert said(lines, f"{ACTIVITY}#association", PROV["hadPlan"]) == {f"<{ACTIVITY}#mapping>"}
    assert all(line.endswith(f" <{POLICY.system_graph('provenance')}> .\n") for line in lines)


def test_times_are_those_of_the_run_in_utc() -> None:
    lines = provenance_lines(POLICY, DATASET, RUN)
    started = f'"2025-04-01T00:00:00Z"^^<{XSD["dateTime"]}>'
    ended = f'"2025-04-01T00:00:07Z"^^<{XSD["dateTime"]}>'
    assert said(lines, ACTIVITY, PROV["startedAtTime"]) == {started}
    assert said(lines, ACTIVITY, PROV["endedAtTime"]) == {ended}
    assert said(lines, POLICY.graph("気象"), PROV["generatedAtTime"]) == {ended}


def test_files_and_mapping_have_their_hashes() -> None:
    lines = provenance_lines(POLICY, DATASET, RUN)
    hashes = {
        f"{POLICY.file('気象', '気象.csv')}#checksum": "ab" * 32,
        f"{POLICY.file('気象', '説明.pdf')}#checksum": "cd" * 32,
        f"{ACTIVITY}#mapping-checksum": "12" * 32,
    }
    for checksum, value in hashes.items():
        stated = {f'"{value}"^^<{XSD["hexBinary"]}>'}
        assert said(lines, checksum, SPDX["checksumValue"]) == stated


def test_a_mapping_without_a_document_has_no_hash() -> None:
    lines = provenance_lines(POLICY, DATASET, replace(RUN, mapping_sha256=""))
    assert said(lines, f"{ACTIVITY}#mapping", SPDX["checksum"]) == set()
    assert said(lines, f"{ACTIVITY}#mapping", RDFS["label"]) == {'"generic"'}


def test_columns_of_a_dataset_are_defined() -> None:
    columns = [(name, POLICY.term("気象", name)) for name in ("気温", "地点", "備考")]
    kind = POLICY.term("気象", "Row")
    lines = vocabulary_lines(POLICY, PACKAGE, columns, [kind, "http://schema.org/Place"])
    temperature, place, note = (iri for _, iri in columns)
    vocabulary = POLICY.vocabulary("気象")
    assert said(lines, temperature, RDFS["label"]) == {'"気温"@ja'}
    assert said(lines, temperature, DCTERMS["description"]) == {'"気温（日平均）"@ja'}
    assert said(lines, temperature, SDMX_ATTRIBUTE["unitMeasure"]) == {'"℃"'}
    assert f"<{QB['MeasureProperty']}>" in said(lines, temperature, RDF["type"])
    assert said(lines, place, DCTERMS["description"]) == set()
    assert said(lines, note, RDF["type"]) == {f"<{RDF['Property']}>"}
    assert said(lines, note, RDFS["isDefinedBy"]) == {f"<{vocabulary}>"}
    assert said(lines, kind, RDFS["label"]) == {'"気象観測"@ja'}
    assert said(lines, vocabulary, RDF["type"]) == {f"<{OWL['Ontology']}>"}
    assert said(lines, POLICY.dataset("気象"), VOID["vocabulary"]) == {f"<{vocabulary}>"}
    assert "schema.org" not in "".join(lines)


def test_a_dataset_without_terms_of_its_own_has_no_vocabulary() -> None:
    assert vocabulary_lines(POLICY, PACKAGE, [], ["http://schema.org/Place"]) == []


def test_our_functions_are_described() -> None:
    lines = function_lines("https://data.example.jp/graph/vocabulary")
    names = {
        quad.object.value
        for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS)
        if quad.predicate.value == "https://w3id.org/function/ontology#name"
    }
    assert {"date", "thingIri", "areaIri"} <= names
    assert "equal" not in names, "functions of others are described by others"
