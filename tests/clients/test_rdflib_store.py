"""rdflib with the endpoint as its store: queries, triple patterns, named graphs, prefixes."""

from urllib.error import HTTPError

import pytest
from rdflib import FOAF, RDF, RDFS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from tests.endpoint.example_release import BASE

THING = URIRef(f"{BASE}id/facility/992011-1")
EAST = URIRef(f"{BASE}id/facility/東町-2")
CATALOG = URIRef(f"{BASE}graph/catalog")


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_queries(url: str, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(f"{url}sparql", returnFormat=form, method=method))
    rows = list(graph.query("SELECT ?n { ?s foaf:name ?n }", initNs={"foaf": FOAF}))
    assert [str(row[0]).partition("@")[0].strip('"') for row in rows] == ["つなぐ市"]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_the_other_forms(url: str, method: str) -> None:
    graph = Graph(SPARQLStore(f"{url}sparql", method=method))
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    found = graph.query(f"DESCRIBE <{EAST}>").graph
    assert found is not None and (EAST, RDFS.label, Literal("東町集会所", "ja")) in found
    made = graph.query("CONSTRUCT WHERE { ?s <http://xmlns.com/foaf/0.1/name> ?n }").graph
    assert made is not None and len(made) == 1


def test_triple_patterns(url: str) -> None:
    graph = Graph(SPARQLStore(f"{url}sparql"))
    assert (EAST, RDFS.label, None) in graph
    assert str(graph.value(EAST, RDFS.label)) == "東町集会所"
    assert {str(label) for label in graph.objects(THING, RDFS.label)} >= {"つなぐ市民図書館"}
    assert list(graph.subjects(RDFS.label, Literal("東町集会所", "ja"))) == [EAST]
    assert len(graph) > 40
    known = graph.query("SELECT ?o { ?s ?p ?o }", initBindings={"s": EAST, "p": RDFS.label})
    assert [str(row[0]) for row in known] == ["東町集会所"]


def test_named_graphs(url: str) -> None:
    store = SPARQLStore(f"{url}sparql")
    assert CATALOG in {getattr(found, "identifier", found) for found in store.contexts()}
    catalog = Graph(store, CATALOG)
    organization = URIRef(f"{BASE}id/organization/tsunagu")
    assert (organization, RDF.type, FOAF.Organization) in catalog
    assert (EAST, RDFS.label, None) not in catalog
    assert 0 < len(catalog) < len(Graph(store))


def test_nothing_can_be_written(url: str) -> None:
    store = SPARQLUpdateStore(f"{url}sparql", f"{url}sparql", autocommit=True)
    with pytest.raises(HTTPError) as told:
        store.add((EAST, RDFS.comment, Literal("x")))
    assert told.value.code in (401, 403)
    told.value.close()
