"""What the mappings of statistics make are well-formed data cubes.

The integrity constraints of https://www.w3.org/TR/vocab-data-cube/#wf-rules, each a query that
finds what breaks it: IC-1 to IC-14, IC-18 and IC-19. The others are about measure dimensions and
hierarchical code lists, which the structures do not have.
"""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from vocab.structures import structure_lines

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "mappings"
CUBES = sorted(
    path.parent.name
    for path in (ROOT / "mappings").glob("*/mapping.yaml")
    if "qb:Observation" in path.read_text(encoding="utf-8")
)
GRAPH = "https://data.example.jp/graph/vocabulary"
PREFIXES = """
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
PREFIX tsd: <https://w3id.org/tsunagu/def#>
PREFIX ex: <http://example.jp/>
"""

BROKEN_BY = {
    "IC-1 one data set": """{ ?s a qb:Observation FILTER NOT EXISTS { ?s qb:dataSet ?d } }
        UNION { ?s a qb:Observation ; qb:dataSet ?d, ?e FILTER(?d != ?e) }""",
    "IC-2 one structure": """{ ?s a qb:DataSet FILTER NOT EXISTS { ?s qb:structure ?d } }
        UNION { ?s a qb:DataSet ; qb:structure ?d, ?e FILTER(?d != ?e) }""",
    "IC-3 a measure": """?s a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?s qb:component/qb:measure ?m }""",
    "IC-4 ranges": """?s a qb:DimensionProperty FILTER NOT EXISTS { ?s rdfs:range ?r }""",
    "IC-5 code lists": """?s a qb:DimensionProperty ; rdfs:range skos:Concept
        FILTER NOT EXISTS { ?s qb:codeList ?l }""",
    "IC-6 only attributes are optional": """?s qb:componentRequired false
        FILTER NOT EXISTS { ?s qb:attribute ?a }""",
    "IC-7 slice keys are declared": """?s a qb:SliceKey
        FILTER NOT EXISTS { ?d a qb:DataStructureDefinition ; qb:sliceKey ?s }""",
    "IC-8 slice keys are of their structure": """?d qb:sliceKey ?s . ?s qb:componentProperty ?p
        FILTER NOT EXISTS { ?d qb:component/(qb:dimension|qb:measure|qb:attribute) ?p }""",
    "IC-9 one slice structure": """{ ?s a qb:Slice FILTER NOT EXISTS { ?s qb:sliceStructure ?k } }
        UNION { ?s a qb:Slice ; qb:sliceStructure ?k, ?l FILTER(?k != ?l) }""",
    "IC-10 dimensions of slices": """?s qb:sliceStructure/qb:componentProperty ?p
        FILTER NOT EXISTS { ?s ?p ?value }""",
    "IC-11 all dimensions": """?s qb:dataSet/qb:structure/qb:component/qb:dimension ?p
        FILTER NOT EXISTS { ?s ?p ?value }""",
    "IC-12 no duplicates": """?s qb:dataSet ?d . ?o qb:dataSet ?d FILTER(STR(?s) < STR(?o))
        FILTER NOT EXISTS { ?d qb:structure/qb:component/qb:dimension ?p .
            ?s ?p ?v . ?o ?p ?w FILTER(?v != ?w) }""",
    "IC-13 required attributes": """?s qb:dataSet/qb:structure/qb:component ?c .
        ?c qb:componentRequired true ; qb:attribute ?p FILTER NOT EXISTS { ?s ?p ?value }""",
    "IC-14 all measures": """?s qb:dataSet/qb:structure/qb:component/qb:measure ?p
        FILTER NOT EXISTS { ?s ?p ?value }""",
    "IC-18 links of slices": """?d qb:slice ?slice . ?slice qb:observation ?s
        FILTER NOT EXISTS { ?s qb:dataSet ?d }""",
    "IC-19 codes of the list": """?s qb:dataSet/qb:structure/qb:component/qb:dimension ?p .
        ?p qb:codeList ?list . ?s ?p ?code
        FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list }""",
}

WRONG = {
    "IC-1": "ex:o a qb:Observation .",
    "IC-2": "ex:d a qb:DataSet ; qb:structure ex:one, ex:two .",
    "IC-3": "ex:s a qb:DataStructureDefinition .",
    "IC-4": "ex:p a qb:DimensionProperty .",
    "IC-5": "ex:p a qb:DimensionProperty ; rdfs:range skos:Concept .",
    "IC-6": "ex:c qb:dimension ex:p ; qb:componentRequired false .",
    "IC-7": "ex:k a qb:SliceKey .",
    "IC-8": "ex:s qb:sliceKey ex:k . ex:k qb:componentProperty ex:p .",
    "IC-9": "ex:s a qb:Slice .",
    "IC-10": "ex:s qb:sliceStructure tsd:populationStructure-slice .",
    "IC-11": "ex:o qb:dataSet ex:d . ex:d qb:structure tsd:populationStructure .",
    "IC-12": """ex:o qb:dataSet ex:d ; ex:p 1 . ex:q qb:dataSet ex:d ; ex:p 1 .
        ex:d qb:structure ex:s . ex:s qb:component ex:c . ex:c qb:dimension ex:p .""",
    "IC-13": """ex:o qb:dataSet ex:d . ex:d qb:structure ex:s . ex:s qb:component ex:c .
        ex:c qb:componentRequired true ; qb:attribute ex:p .""",
    "IC-14": "ex:o qb:dataSet ex:d . ex:d qb:structure tsd:populationStructure .",
    "IC-18": "ex:d qb:slice ex:s . ex:s qb:observation ex:o .",
    "IC-19": """ex:o qb:dataSet ex:d ; sdmx-dimension:sex ex:other .
        ex:d qb:structure tsd:populationStructure .""",
}


def store(*lines: str) -> Store:
    """The structures, and what a mapping made."""
    found = Store()
    for text in ("".join(structure_lines(GRAPH)), *lines):
        found.load(text.encode(), RdfFormat.N_QUADS)
    return found


def broken(found: Store) -> list[tuple[str, str]]:
    """Constraints that are broken, and by what."""
    return [
        (name, row["s"].value)
        for name, pattern in BROKEN_BY.items()
        for row in found.query(
            f"{PREFIXES}SELECT DISTINCT ?s WHERE {{ {pattern} }}", use_default_graph_as_union=True
        )
    ]


@pytest.mark.parametrize("name", CUBES)
def test_a_mapping_makes_a_well_formed_cube(name: str) -> None:
    found = store((CASES / name / "expected.nq").read_text(encoding="utf-8"))
    observed = "ASK { GRAPH ?g { ?s a <http://purl.org/linked-data/cube#Observation> } }"
    assert found.query(observed)
    assert broken(found) == []


def test_all_mappings_of_statistics_are_tested() -> None:
    assert {"population", "budget", "population-projection", "wbgt"} <= set(CUBES)


@pytest.mark.parametrize("constraint", [name.split()[0] for name in BROKEN_BY])
def test_each_constraint_can_be_broken(constraint: str) -> None:
    found = store()
    found.load((PREFIXES + WRONG[constraint]).encode(), RdfFormat.TURTLE)
    assert constraint in {name.split()[0] for name, _ in broken(found)}
