"""SPARQL 1.1 Protocol at /sparql, request by request."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import parse

from endpoint.evaluation.serialisation import RDF_SYNTAX
from endpoint.sparql.protocol import FORM, QUERY, UPDATE
from endpoint.sparql.service_description import AGGREGATES, FUNCTIONS
from loader.functions.geosparql import GEOF, GeoFunction, Kind, geo_functions
from tests.endpoint.example_release import BASE, FIRST

SELECT = "SELECT ?s WHERE { ?s a <http://imi.go.jp/ns/core/rdf#施設型> }"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
FACILITIES = f"{BASE}graph/dataset/facilities"
CATALOG = f"{BASE}graph/catalog"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def get(query: str, more: str = "") -> str:
    return f"/sparql?query={quote(query)}{more}"


POINTS = '"POINT (0 0)"^^geo:wktLiteral "POINT (0 2)"^^geo:wktLiteral "POINT (2 0)"^^geo:wktLiteral'
RDF_XML = "application/rdf+xml"

FORMATS = [
    (SELECT, None, "", 200, "application/sparql-results+json"),
    (SELECT, "*/*", "", 200, "application/sparql-results+json"),
    (SELECT, "application/json", "", 200, "application/sparql-results+json"),
    (SELECT, "application/sparql-results+xml", "", 200, "application/sparql-results+xml"),
    (SELECT, "text/csv", "", 200, "text/csv; charset=utf-8"),
    (SELECT, "text/csv;q=0.2, text/tab-separated-values", "", 200, "text/tab-separated-values"),
    (SELECT, "text/html;q=0.1, text/csv;q=0.2", "", 200, "text/csv"),
    (SELECT, "text/*;q=0.3, application/json;q=0.1", "", 200, "text/csv"),
    (SELECT, "application/json;q=0, text/turtle", "", 406, "text/plain"),
    (SELECT, "image/png", "", 406, "text/plain"),
    (SELECT, "image/png", "&format=csv", 200, "text/csv"),
    (SELECT, "text/csv", "&output=json", 200, "application/sparql-results+json"),
    (SELECT, None, "&results=application%2Fsparql-results%2Bxml", 200, "application/sparql-res"),
    (SELECT, None, "&format=csv&output=json", 400, "text/plain"),
    (SELECT, None, "&format=docx", 400, "text/plain"),
    (SELECT, None, "&format=sparql-json&format=json", 200, "application/sparql-results+json"),
    (CONSTRUCT, None, "&output=rdf%2Bxml&output=application%2Frdf%2Bxml", 200, RDF_XML),
    (SELECT, None, "&format=ttl", 406, "text/plain"),
    (SELECT, BROWSER, "", 200, "text/html; charset=utf-8"),
    (SELECT, None, "&format=html", 200, "text/html; charset=utf-8"),
    (ASK, None, "", 200, "application/sparql-results+json"),
    (ASK, "text/csv", "", 200, "text/csv"),
    (ASK, BROWSER, "", 200, "text/html"),
    (CONSTRUCT, None, "", 200, "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/n-triples", "", 200, "application/n-triples"),
    (CONSTRUCT, "application/rdf+xml", "", 200, "application/rdf+xml"),
    (CONSTRUCT, "application/ld+json", "", 200, "application/ld+json"),
    (CONSTRUCT, "application/trig", "", 200, "application/trig"),
    (CONSTRUCT, None, "&format=nq", 200, "application/n-quads"),
    (CONSTRUCT, None, "&format=n3", 200, "text/n3"),
    (CONSTRUCT, None, "&format=json", 200, "application/ld+json"),
    (CONSTRUCT, None, "&format=xml", 200, "application/rdf+xml"),
    (CONSTRUCT, None, "&format=csv", 406, "text/plain"),
    (CONSTRUCT, "text/csv", "", 406, "text/plain"),
    (CONSTRUCT, BROWSER, "", 200, "text/html"),
]


@pytest.mark.parametrize(("query", "accept", "more", "status", "media_type"), FORMATS)
def test_formats(
    client: FlaskClient, query: str, accept: str | None, more: str, status: int, media_type: str
) -> None:
    response = client.get(get(query, more), headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["Content-Type"][: len(media_type)]) == (
        status,
        media_type,
    )
    assert int(response.headers["Content-Length"]) == len(response.data) > 0
    if status == 200:
        assert response.headers["Tsunagu-Release"] == FIRST
    assert response.headers["Access-Control-Allow-Origin"] == "*"


REQUESTS = [
    # method, address, type of the body, body, status
    ("POST", "/sparql", FORM, f"query={quote(ASK)}", 200),
    ("POST", "/sparql", FORM + "; charset=UTF-8", f"query={quote(ASK)}&format=csv", 200),
    ("POST", "/sparql", QUERY, ASK, 200),
    ("POST", "/sparql", QUERY + "; charset=utf-8", "ASK { ?s ?p '東町集会所'@ja }", 200),
    ("POST", f"/sparql?default-graph-uri={quote(FACILITIES)}", QUERY, ASK, 200),
    ("POST", "/sparql", QUERY + "; charset=shift_jis", ASK, 415),
    ("POST", "/sparql", QUERY, b"ASK { ?s ?p '\x93\x8c' }", 400),
    ("POST", "/sparql", FORM, "query=%93%8C", 400),
    ("POST", "/sparql", FORM, "a=1", 400),
    ("POST", "/sparql", FORM, f"query={quote(ASK)}&query={quote(ASK)}", 400),
    ("POST", get(ASK), QUERY, ASK, 400),
    ("POST", "/sparql", FORM, "update=DROP%20ALL", 403),
    ("POST", "/sparql", UPDATE, "DROP ALL", 403),
    ("POST", "/sparql", "application/json", "{}", 415),
    ("POST", "/sparql", None, "", 415),
    ("POST", "/sparql", FORM, "&".join(["a=1"] * 1001), 400),
    ("POST", "/sparql", QUERY, "#" * 65537, 413),
    ("POST", "/sparql", QUERY, "#" * (1 << 20), 413),
    ("GET", get(ASK + "#" * 65537), None, None, 414),
    ("GET", "/sparql?update=DROP%20ALL", None, None, 400),
    ("GET", get(ASK) + "&query=", None, None, 400),
    ("GET", "/sparql?query=", None, None, 400),
    ("GET", "/sparql?query=%FF", None, None, 400),
    ("GET", get("SELECT * WHERE { ?s ?p }"), None, None, 400),
    ("GET", get(ASK, "&using-graph-uri=http%3A%2F%2Fa%2F"), None, None, 400),
    ("GET", get(ASK, "&default-graph-uri=no%20iri"), None, None, 400),
    ("GET", get("SELECT * { " + "{" * 64 + "}" * 64 + " }"), None, None, 400),
    ("GET", get("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), None, None, 403),
    ("GET", get("INSERT DATA { <a:a> <a:b> <a:c> }"), None, None, 403),
    ("PUT", "/sparql", None, None, 405),
    ("DELETE", "/sparql", None, None, 405),
    ("OPTIONS", "/sparql", None, None, 200),
    ("HEAD", get(ASK), None, None, 200),
]


@pytest.mark.parametrize(("method", "address", "media_type", "body", "status"), REQUESTS)
def test_requests(
    client: FlaskClient,
    method: str,
    address: str,
    media_type: str | None,
    body: str | bytes | None,
    status: int,
) -> None:
    response = client.open(address, method=method, data=body, content_type=media_type)
    assert response.status_code == status, response.text
    if status >= 400:
        assert response.mimetype == "text/plain"
        assert "Traceback" not in response.text
        assert len(response.text) > 10


def test_a_compressed_body_is_refused(client: FlaskClient) -> None:
    headers = {"Content-Encoding": "gzip"}
    response = client.post("/sparql", data=b"\x1f\x8b", content_type=QUERY, headers=headers)
    assert response.status_code == 415


def test_allow_names_the_methods(client: FlaskClient) -> None:
    assert "POST" in client.put("/sparql").headers["Allow"]
    preflight = client.options("/sparql")
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


def test_a_syntax_error_says_where_in_the_readers_language(client: FlaskClient) -> None:
    address = get("SELECT *\nWHERE { ?s ex:p ?o }")
    japanese = client.get(address)
    english = client.get(address, headers={"Accept-Language": "en-GB, ja;q=0.5"})
    assert "2 行 17 文字目" in japanese.text
    assert "line 2, column 17" in english.text
    assert english.headers["Content-Language"] == "en"
    page = client.get(address + "&lang=en", headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "line 2, column 17" in page.text


DATASETS = [
    ("", "", 3),
    (f"&default-graph-uri={quote(FACILITIES)}", "", 2),
    (f"&default-graph-uri={quote(FACILITIES)}&default-graph-uri={quote(CATALOG)}", "", 3),
    (f"&named-graph-uri={quote(FACILITIES)}", "", 0),
    ("", f"FROM <{FACILITIES}>", 2),
    (f"&default-graph-uri={quote(CATALOG)}", f"FROM <{FACILITIES}>", 1),
]


@pytest.mark.parametrize(("more", "clause", "count"), DATASETS)
def test_the_dataset_of_the_request_goes_first(
    client: FlaskClient, more: str, clause: str, count: int
) -> None:
    query = f"""SELECT (COUNT(*) AS ?n) {clause} WHERE {{ VALUES ?s {{
      <{BASE}id/organization/tsunagu> <{BASE}id/facility/東町-2> }} ?s ?p ?o
      FILTER(?p != <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>) }}"""
    response = client.get(get(query, more))
    assert response.get_json()["results"]["bindings"][0]["n"]["value"] == str(count)


def test_a_percent_encoded_iri_is_decoded_once(client: FlaskClient) -> None:
    query = f"SELECT ?l {{ <{BASE}id/facility/a%2Fb> ?l ?o }}"
    for response in (
        client.get(get(query)),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query, content_type=QUERY),
    ):
        assert len(response.get_json()["results"]["bindings"]) == 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("syntax", ["turtle", "xml", "json-ld", "nt", "trig", "nquads"])
def test_graphs_are_read_back(client: FlaskClient, syntax: str) -> None:
    words = {"turtle": "ttl", "xml": "rdf", "json-ld": "jsonld", "nquads": "nq"}
    query = f"DESCRIBE <{BASE}id/facility/992011-1>"
    response = client.get(get(query, f"&format={words.get(syntax, syntax)}"))
    if syntax in ("trig", "nquads"):
        assert len(list(parse(response.data, format=RDF_SYNTAX[syntax]))) == 12
    else:
        assert len(rdflib.Graph().parse(data=response.text, format=syntax)) == 12


def test_json_ld_is_compact_and_turtle_has_prefixes(client: FlaskClient) -> None:
    query = "CONSTRUCT { ?s a ?t ; ?p ?o } { ?s a ?t ; ?p ?o . FILTER(isLiteral(?o)) }"
    document = json.loads(client.get(get(query, "&format=jsonld")).text)
    assert document["@context"]["foaf"] == "http://xmlns.com/foaf/0.1/"
    kinds = {node["@id"]: node.get("@type") for node in document["@graph"]}
    assert kinds[f"{BASE}id/organization/tsunagu"] == "foaf:Organization"
    assert "@prefix foaf:" in client.get(get(query)).text


def test_what_rdf_xml_cannot_say_is_refused(client: FlaskClient) -> None:
    query = "CONSTRUCT { <a:a> <http://example.jp/12> 'x' } {}"
    assert client.get(get(query, "&format=rdf")).status_code == 406
    assert client.get(get(query, "&format=ttl")).status_code == 200


def test_the_same_question_has_the_same_tag(client: FlaskClient) -> None:
    first = client.get(get(SELECT))
    tag = first.headers["ETag"]
    again = client.get(get(SELECT), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    other = client.get(get(SELECT, "&format=csv"), headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert "ETag" not in client.get(get("SELECT (NOW() AS ?now) {}")).headers


def test_the_service_describes_itself(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle", "Host": "evil.example"})
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef(f"{BASE}sparql")
    assert graph.value(endpoint, sd.endpoint) == endpoint
    assert (endpoint, sd.feature, sd.BasicFederatedQuery) not in graph
    names = {str(name) for name in graph.objects(None, sd.name)}
    assert FACILITIES in names
    assert "evil" not in response.text
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("function", geo_functions(), ids=lambda function: function.name)
def test_every_announced_function_works(client: FlaskClient, function: GeoFunction) -> None:
    expression, _ = function.examples[0]
    geo = "PREFIX geo: <http://www.opengis.net/ont/geosparql#>"
    prefixes = f"{geo} PREFIX geof: <{GEOF}> PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>"
    points = f"VALUES ?g {{ {POINTS} }}" if function.kind is Kind.AGGREGATES else ""
    query = f"{prefixes} SELECT ({expression} AS ?r) {{ {points} }}"
    assert "r" in client.get(get(query)).get_json()["results"]["bindings"][0]
    assert function.iri in (*FUNCTIONS, *AGGREGATES)


def test_the_page_of_a_result(client: FlaskClient, app: Flask) -> None:
    everything = client.get(get("SELECT ?s ?p ?o { ?s ?p ?o }", "&format=html&lang=en")).text
    assert "&lt;script&gt;alert" in everything
    assert "<script>alert" not in everything
    assert 'href="javascript:' not in everything
    assert "(zero)" not in everything
    assert "Yes (true)" in client.get(get(ASK, "&format=html&lang=en")).text
    assert "No (false)" in client.get(get("ASK { <a:b> ?p ?o }", "&format=html&lang=en")).text
    assert "@prefix" in client.get(get(CONSTRUCT, "&format=html")).text
    many = " ".join(f"({number})" for number in range(600))
    part = client.get(get(f"SELECT ?n {{ VALUES (?n) {{ {many} }} }}", "&format=html&lang=en")).text
    assert "The first 500 of 600 rows" in part


def test_a_large_result_is_whole(client: FlaskClient) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    response = client.get(get(f"{query} LIMIT 1800", "&format=csv"))
    assert len(response.data) == int(response.headers["Content-Length"]) > 300_000
    response = client.get(get(query))
    assert "Content-Length" not in response.headers
    assert len(response.data) > 1 << 20
    assert len(response.get_json()["results"]["bindings"]) > 2000
    several = get("SELECT * { ?a ?b ?c . ?d ?e ?f . VALUES ?g { 1 2 3 4 5 6 7 8 } }", "&lang=en")
    page = client.get(several, headers={"Accept": BROWSER})
    assert (page.status_code, "too large to be shown" in page.text) == (406, True)


def test_the_query_page_has_examples_that_work(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert "'unsafe-inline'" in page.headers["Content-Security-Policy"]
    offered = [unescape(text) for text in re.findall(r'data-query="([^"]*)"', page.text)]
    assert len(offered) > 15
    for query in offered:
        assert client.get("/sparql", query_string={"query": query}).status_code == 200


def test_the_page_works_without_the_editor(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("endpoint.sparql.routes._EDITOR", Path("/nowhere/yasgui.min.js"))
    page = client.get("/sparql?lang=en", headers={"Accept": BROWSER}).text
    assert "<script" not in page
    assert 'name="query"' in page


def test_relative_iris_are_those_of_the_endpoint(client: FlaskClient) -> None:
    answer = client.get(get("SELECT * { VALUES ?a { <x> <#y> } }", "&format=csv")).text
    assert answer == f"a\r\n{BASE}x\r\n{BASE}sparql#y\r\n"
