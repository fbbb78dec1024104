"""The structures of statistics are sound data cubes: each component declared, each list in SKOS."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from vocab.cubes import cube_terms, cubes
from vocab.namespaces import TSD
from vocab.own import own_terms
from vocab.structures import structure_lines

GRAPH = "http://localhost:8000/graph/vocabulary"
PREFIXES = """
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

BAD = {
    "a structure without a measure": """?s a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?s qb:component/qb:measure ?m }""",
    "a dimension without range": """?s a qb:DimensionProperty .
        FILTER NOT EXISTS { ?s rdfs:range ?range }""",
    "a concept dimension without code list": """?s a qb:DimensionProperty ;
        rdfs:range skos:Concept . FILTER NOT EXISTS { ?s qb:codeList ?list }""",
    "a code list that is none": """?p qb:codeList ?s .
        FILTER NOT EXISTS { ?s a skos:ConceptScheme ; skos:hasTopConcept ?code }""",
    "a component that is not declared": """?part qb:dimension|qb:measure|qb:attribute ?s .
        FILTER NOT EXISTS { ?s a ?kind ; rdfs:range ?range }""",
    "a slice key of another structure": """?dsd qb:sliceKey ?s . ?s qb:componentProperty ?p .
        FILTER NOT EXISTS { ?dsd qb:component/qb:dimension ?p }""",
    "an optional part that is no attribute": """?s qb:componentRequired false .
        FILTER NOT EXISTS { ?s qb:attribute ?p }""",
}


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.load("".join(structure_lines(GRAPH)).encode(), RdfFormat.N_QUADS)
    return found


def found(store: Store, pattern: str) -> list[str]:
    query = f"{PREFIXES}SELECT DISTINCT ?s WHERE {{ {pattern} }}"
    return [row["s"].value for row in store.query(query, use_default_graph_as_union=True)]


@pytest.mark.parametrize("name", BAD)
def test_no_structure_has(name: str, store: Store) -> None:
    assert found(store, BAD[name]) == []


def test_every_structure_is_there(store: Store) -> None:
    assert sorted(found(store, "?s a qb:DataStructureDefinition")) == sorted(
        TSD[name] for name in cubes()["structures"]
    )


def test_lines_are_sorted_and_in_one_graph(store: Store) -> None:
    lines = structure_lines(GRAPH)
    assert lines == sorted(set(lines))
    assert {quad.graph_name for quad in store} == {NamedNode(GRAPH)}


def test_own_components_have_words_and_no_term_is_defined_twice() -> None:
    components = {name for name in cubes()["components"] if ":" not in name}
    assert components <= own_terms().keys()
    assert cube_terms().isdisjoint(own_terms())
