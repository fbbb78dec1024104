"""The value functions in queries that come over HTTP, in a worker with its limits."""

import pytest
import rdflib
from flask.testing import FlaskClient

from endpoint.service_description import OWN_FUNCTIONS

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
    assert response.status_code == 503
    assert function in response.text


def test_the_service_description_lists_them(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    announced = graph.objects(
        None, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#extensionFunction")
    )
    assert set(OWN_FUNCTIONS) <= set(map(str, announced))
    assert "https://w3id.org/tsunagu/function#date" in OWN_FUNCTIONS
