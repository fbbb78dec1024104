"""SPARQLWrapper: every return format by every way of asking, and what it makes of our errors."""

from typing import Any
from urllib.error import HTTPError

import pytest
from rdflib import Graph
from SPARQLWrapper import (
    BASIC,
    CSV,
    DIGEST,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import (
    EndPointNotFound,
    QueryBadFormed,
    Unauthorized,
    URITooLong,
)

pytestmark = [  # what the library does with rdflib and with itself
    pytest.mark.filterwarnings(f"ignore:{text}")
    for text in (
        "ConjunctiveGraph is dep",
        "Dataset.default_context is dep",
        "Sending Accept header",
    )
]
ASKING = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
SELECT = 'SELECT ?n { ?s foaf:name ?n FILTER(STRSTARTS(?n, "つなぐ")) }'
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { ?s a <http://www.w3.org/ns/dcat#Dataset> ; ?p ?o }"
NAME = "つなぐ市"


def wrapper(url: str, query: str, format_: str, asking: tuple[str, str] = ASKING[0]) -> Any:
    client = SPARQLWrapper(f"{url}sparql", returnFormat=format_)
    client.setMethod(asking[0])
    client.setRequestMethod(asking[1])
    client.setQuery(f"PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n{query}")
    return client


def names(format_: str, converted: Any) -> list[str]:
    """The names in a result, as the library hands it on in this format."""
    if format_ == JSON:
        return [row["n"]["value"] for row in converted["results"]["bindings"]]
    if format_ == XML:
        return [node.firstChild.data for node in converted.getElementsByTagName("literal")]
    rows = converted.decode().splitlines()[1:]
    return [row.removesuffix("@ja").strip('"') for row in rows]


@pytest.mark.parametrize("asking", ASKING, ids="-".join)
@pytest.mark.parametrize("format_", [JSON, XML, CSV, TSV])
def test_tables(url: str, format_: str, asking: tuple[str, str]) -> None:
    result = wrapper(url, SELECT, format_, asking).query()
    assert result.info()["tsunagu-release"]
    assert names(format_, result.convert()) == [NAME]


@pytest.mark.parametrize("asking", ASKING, ids="-".join)
@pytest.mark.parametrize("format_", [TURTLE, N3, RDF, RDFXML, XML, JSONLD])
def test_graphs(url: str, format_: str, asking: tuple[str, str]) -> None:
    found = wrapper(url, CONSTRUCT, format_, asking).query().convert()
    if not isinstance(found, Graph):
        found = Graph().parse(data=found, format="turtle")
    assert len(found) == 5


@pytest.mark.parametrize("asking", ASKING, ids="-".join)
def test_truth_values(url: str, asking: tuple[str, str]) -> None:
    assert wrapper(url, "ASK { ?s foaf:name ?n }", JSON, asking).query().convert()["boolean"]
    document = wrapper(url, "ASK { ?s foaf:name 1 }", XML, asking).query().convert()
    assert document.getElementsByTagName("boolean")[0].firstChild.data == "false"


def test_named_graphs_and_further_parameters(url: str) -> None:
    client = wrapper(url, "SELECT (COUNT(*) AS ?n) { ?s foaf:name ?o }", JSON)
    client.addParameter("default-graph-uri", "https://data.example.jp/graph/dataset/aed")
    assert names(JSON, client.query().convert()) == ["0"]
    client.addParameter("default-graph-uri", "https://data.example.jp/graph/catalog")
    client.addParameter("timeout", "5")
    assert names(JSON, client.query().convert()) == ["1"]


@pytest.mark.parametrize("asking", ASKING, ids="-".join)
def test_a_mistake_is_told_with_its_place(url: str, asking: tuple[str, str]) -> None:
    client = wrapper(url, "SELECT ?n { ?s foaf:name ", JSON, asking)
    client.addCustomHttpHeader("Accept-Language", "en")
    with pytest.raises(QueryBadFormed) as told:
        client.query()
    assert "line 2" in str(told.value)


def test_errors_become_those_of_the_library(url: str) -> None:
    long = f"ASK {{}} #{'x' * 70_000}"
    with pytest.raises(URITooLong):
        wrapper(url, long, JSON).query()
    with pytest.raises(EndPointNotFound):
        wrapper(f"{url}nowhere/", SELECT, JSON).query()
    keyed = wrapper(url, SELECT, JSON)
    keyed.addCustomHttpHeader("Authorization", "Bearer unknown")
    with pytest.raises(Unauthorized):
        keyed.query()


def test_credentials_of_other_endpoints_open_nothing_and_do_no_harm(url: str) -> None:
    for kind in (BASIC, DIGEST):
        client = wrapper(url, SELECT, JSON)
        client.setHTTPAuth(kind)
        client.setCredentials("somebody", "secret")
        assert names(JSON, client.query().convert()) == [NAME]


def test_updates_are_refused(url: str) -> None:
    client = wrapper(url, 'INSERT DATA { <urn:a> foaf:name "x" }', JSON, (POST, URLENCODED))
    with pytest.raises(HTTPError) as told:
        client.query()
    assert told.value.code == 403
    told.value.close()


def test_every_spelling_of_a_format_at_once(url: str) -> None:
    """The library sends format, output and results, some of them with lists of media types."""
    client = wrapper(url, CONSTRUCT, JSONLD)
    client.queryType = "CONSTRUCT"
    sent = client._getRequestEncodedParameters(("query", client.queryString))
    assert all(f"{word}=application/ld%2Bjson%2C" in sent for word in ("format", "output"))
    assert client.query().info()["content-type"] == "application/ld+json"
