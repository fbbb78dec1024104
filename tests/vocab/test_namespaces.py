"""Namespaces: a term exists or raises; our own terms and the codes of findings are defined."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Quad, RdfFormat, parse

from vocab import namespaces
from vocab.namespaces import PREFIXES, UnknownTerm, expand, load, own_vocabulary_lines
from vocab.own import KINDS, finding_codes, own_terms, without_values

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "vocab" / "imi-core-2.4.1"
GRAPH = "http://localhost:8000/graph/vocabulary"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"

DOCUMENTS = sorted([*(ROOT / "mappings").glob("*/mapping.yaml"), *(ROOT / "shapes").glob("*.ttl")])
PREFIXED = re.compile(r"(?<![\w.:/#$<-])([a-z][a-z0-9-]*):([\w-]+(?:\.[\w-]+)*)")


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("ic:住所型", "http://imi.go.jp/ns/core/rdf#住所型"),
        ("ic:緯度", "http://imi.go.jp/ns/core/rdf#緯度"),
        ("dcat:Dataset", "http://www.w3.org/ns/dcat#Dataset"),
        ("dcat:DatasetSeries", "http://www.w3.org/ns/dcat#DatasetSeries"),
        ("dcterms:source", "http://purl.org/dc/terms/source"),
        ("schema:latitude", "http://schema.org/latitude"),
        ("geo:asWKT", "http://www.opengis.net/ont/geosparql#asWKT"),
        ("spdx:checksumValue", "http://spdx.org/rdf/terms#checksumValue"),
        ("sacs:StandardAreaCode", "http://data.e-stat.go.jp/lod/terms/sacs#StandardAreaCode"),
        ("sd:endpoint", "http://www.w3.org/ns/sparql-service-description#endpoint"),
        ("sh:prefix", "http://www.w3.org/ns/shacl#prefix"),
        ("vcard:hasTelephone", "http://www.w3.org/2006/vcard/ns#hasTelephone"),
        ("tsd:hazard", "https://w3id.org/tsunagu/def#hazard"),
        ("tsf:date", "https://w3id.org/tsunagu/function#date"),
    ],
)
def test_a_term_that_exists(name: str, iri: str) -> None:
    assert expand(name) == iri


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("dcat:Datset", "Dataset"),
        ("ic:設置型", None),
        ("ic:人口", None),
        ("tsd:hasard", "hazard"),
        ("dcatt:Dataset", "dcat"),
        ("zzzzzz:Dataset", None),
        ("skos:", None),
    ],
)
def test_a_term_that_does_not_exist(name: str, nearest: str | None) -> None:
    with pytest.raises(UnknownTerm) as raised:
        expand(name)
    assert name in str(raised.value)
    if nearest:
        assert raised.value.nearest == nearest
        assert f":{nearest}?" in str(raised.value)


def test_a_namespace_knows_its_terms() -> None:
    assert "Dataset" in namespaces.DCAT
    assert "Datset" not in namespaces.DCAT
    assert list(namespaces.DCAT) == sorted(namespaces.DCAT.terms)
    assert repr(namespaces.TSD).startswith("Namespace('tsd', 'https://w3id.org/tsunagu/def#'")


def test_every_prefix_has_an_iri_of_its_own() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    for iri in PREFIXES.values():
        assert iri[-1] in "#/", iri


@pytest.mark.parametrize("path", sorted((ROOT / "vocab" / "terms").glob("*.txt")), ids=str)
def test_a_list_of_terms_is_sorted_and_states_its_source(path: Path) -> None:
    terms = path.read_text(encoding="utf-8").splitlines()[1:]
    assert terms == sorted(set(terms))
    assert all(re.fullmatch(r"[\w.-]+", term) for term in terms)
    assert load(path).source


def test_a_list_without_a_namespace_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Dataset\n", encoding="utf-8")
    with pytest.raises(ValueError, match="states no namespace"):
        load(path)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared vocabulary is not beside the checkout")
def test_the_terms_of_the_imi_core_vocabulary_are_complete() -> None:
    lines = [
        line.split("\t")[0]
        for name in ("classes.tsv", "properties.tsv")
        for line in (SHARED / name).read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert {f"ic:{term}" for term in namespaces.IC.terms} == set(lines)


def names_of(path: Path) -> Iterator[str]:
    """The prefixed names of a document whose prefix is ours to know."""
    text = re.sub(r'"""(?s:.*?)"""|"[^"\n]*"|<[^>\s]*>|#.*', " ", path.read_text(encoding="utf-8"))
    for prefix, term in PREFIXED.findall(text):
        if prefix in PREFIXES and prefix != "tsf":
            yield f"{prefix}:{term}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_use_terms_that_exist(path: Path) -> None:
    names = set(names_of(path))
    assert names
    assert [name for name in sorted(names) if not exists(name)] == []


def exists(name: str) -> bool:
    try:
        expand(name)
    except UnknownTerm:
        return False
    return True


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if path.suffix == ".yaml"], ids=lambda p: p.parent.name
)
def test_mappings_declare_the_same_prefixes(path: Path) -> None:
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))["prefixes"]
    differing = {
        prefix: iri for prefix, iri in declared.items() if PREFIXES.get(prefix, iri) != iri
    }
    assert differing == {}


def test_own_terms_are_whole() -> None:
    for name, term in own_terms().items():
        assert re.fullmatch("[A-Za-z]+", name)
        assert term["kind"] in KINDS
        assert term["ja"] and term["en"], name
        assert name[0].isupper() is (term["kind"] in ("class", "concept")), name
        if term["kind"] == "concept":
            assert own_terms()[term["scheme"]]["kind"] == "scheme"


def test_own_vocabulary_is_defined_in_both_languages() -> None:
    lines = own_vocabulary_lines(GRAPH)
    assert lines == sorted(set(lines))
    quads = list(parse("".join(lines).encode(), RdfFormat.N_QUADS))
    assert len(quads) == len(lines)
    assert {quad.graph_name.value for quad in quads} == {GRAPH}
    defined = {namespaces.TSD[name] for name in own_terms()}
    defined |= {namespaces.finding_iri(code) for code in finding_codes()}
    for language in ("ja", "en"):
        assert defined <= labelled(quads, language)


def labelled(quads: list[Quad], language: str) -> set[str]:
    return {
        quad.subject.value
        for quad in quads
        if quad.predicate.value in (RDFS_LABEL, SKOS_LABEL) and quad.object.language == language
    }


def test_a_code_of_findings_is_a_concept_with_its_severity() -> None:
    about = "<https://w3id.org/tsunagu/def#identifier.check-digit>"
    lines = [line for line in own_vocabulary_lines(GRAPH) if line.startswith(about)]
    text = "".join(lines)
    assert "<https://w3id.org/tsunagu/def#severity> <https://w3id.org/tsunagu/def#Warning>" in text
    assert "core#inScheme> <https://w3id.org/tsunagu/def#findings>" in text
    assert 'core#notation> "identifier.check-digit"' in text
    assert "{" not in text


def test_a_message_without_values() -> None:
    assert without_values("{file} の {row} 行目") == "… の … 行目"
