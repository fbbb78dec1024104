"""What the query editor completes."""

from flask.testing import FlaskClient
from rdflib import FOAF, VOID, Graph, URIRef

from tests.endpoint.example_release import BASE, FIRST
from vocab.namespaces import IC, PREFIXES, TSD


def test_terms_of_the_release(client: FlaskClient) -> None:
    response = client.get("/completion.json")
    found = response.json
    assert found["release"] == FIRST
    assert PREFIXES.items() < found["prefixes"].items()
    assert "geof" in found["prefixes"]
    classes = dict(found["classes"])
    assert classes[IC["施設型"]] == {"ja": "施設", "en": "Facility"}
    assert classes[TSD["Aed"]] == {"ja": "除細動器"}
    properties = dict(found["properties"])
    assert properties[IC["住所"]]["ja"] == "住所"
    assert f"{BASE}def/facilities#1階" not in properties  # of a thing that has no class
    assert list(properties) == sorted(properties)
    headers = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/completion.json", headers=headers).status_code == 304


def test_the_void_of_the_release_tells_the_same_terms(client: FlaskClient) -> None:
    """https://www.w3.org/TR/void/, 4.1 and 6.2; the service description leads there."""
    graph = Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
    document, whole = URIRef(f"{BASE}.well-known/void"), URIRef(f"{BASE}.well-known/void#release")
    assert graph.value(document, FOAF.primaryTopic) == whole
    assert graph.value(whole, VOID.sparqlEndpoint) == URIRef(f"{BASE}sparql")
    assert int(str(graph.value(whole, VOID.triples))) > 40
    completed = client.get("/completion.json").json
    for kind, name in (("class", "classes"), ("property", "properties")):
        parts = list(graph.objects(whole, VOID[f"{kind}Partition"]))
        found = {str(graph.value(part, VOID[kind])) for part in parts}
        assert found == {iri for iri, _ in completed[name]} != set()
        assert len(parts) == len(found)
    assert URIRef(f"{BASE}dataset/aed") in set(graph.objects(whole, VOID.subset))
    assert f"<{document}>" in client.get("/sparql", headers={"Accept": "text/turtle"}).text
