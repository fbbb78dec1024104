"""The value functions in queries that come over HTTP, in a worker with its limits."""

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDFS

from endpoint.links import href
from endpoint.sparql.service_description import OWN_FUNCTIONS
from loader.functions import FUNCTIONS

PREFIX = "https://w3id.org/tsunagu/function#"
QUERY = """
PREFIX tsf: <https://w3id.org/tsunagu/function#>
SELECT (tsf:date("令和5年4月1日") AS ?day) (tsf:date("随時") AS ?no_day)
       (tsf:addressPart("千代田区紀尾井町一の三", "町名") AS ?town)
       (tsf:concept("男性", "sex") AS ?sex) {}
"""


def test_a_query_calls_value_functions(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": QUERY}).get_json()
    (row,) = answer["results"]["bindings"]
    assert row["day"] == {
        "type": "literal",
        "value": "2023-04-01",
        "datatype": "http://www.w3.org/2001/XMLSchema#date",
    }
    assert row["town"]["value"] == "紀尾井町"
    assert row["sex"]["type"] == "uri"
    assert "no_day" not in row


@pytest.mark.parametrize("function", ["planeWkt", "thingIri", "split"])
def test_a_function_that_is_not_offered_is_refused(client: FlaskClient, function: str) -> None:
    query = f'SELECT (<https://w3id.org/tsunagu/function#{function}>("a", "b", "c") AS ?r) {{}}'
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 400
    assert function in response.text


def test_the_service_description_lists_them(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    announced = graph.objects(
        None, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#extensionFunction")
    )
    assert set(OWN_FUNCTIONS) <= set(map(str, announced))
    assert "https://w3id.org/tsunagu/function#date" in OWN_FUNCTIONS


def test_every_function_has_a_description_and_a_place_on_a_page(client: FlaskClient) -> None:
    text = client.get("/def/tsunagu/function.ttl").text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    page = client.get("/def/tsunagu/function.html?lang=en").text
    assert "Tsunagu functions" in page
    for function in FUNCTIONS.values():
        if function.iri.startswith(PREFIX):
            comments = {str(said) for said in graph[rdflib.URIRef(function.iri) : RDFS.comment]}
            assert comments == {function.text("ja"), function.text("en")}
            assert f'id="{function.name}"' in page
    assert "/def/tsunagu/function" in client.get("/def/", headers={"Accept": "text/html"}).text


def test_links_to_our_functions_stay_on_this_host(app: Flask) -> None:
    with app.test_request_context("/"):
        assert href(f"{PREFIX}date") == "/def/tsunagu/function#date"
        assert href("https://w3id.org/tsunagu/def#Aed") == "/def/tsunagu#Aed"
        assert href("https://w3id.org/tsunagu/def") == "/def/tsunagu"
        assert href("https://w3id.org/tsunagu/other#x") == "https://w3id.org/tsunagu/other#x"
