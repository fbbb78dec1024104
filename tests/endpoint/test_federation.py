"""SERVICE: a second real server is asked where the operator allows it, and nothing else is."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.configuration import read_settings
from endpoint.errors import BadRequest
from endpoint.language import MESSAGES
from endpoint.settings import Settings
from endpoint.sparql import federation_process
from endpoint.sparql.federation import calls
from endpoint.sparql.federation_process import Refused, fetch, values_of
from endpoint.state import EXTENSION
from loader.errors import ConfigurationError
from tests.endpoint.example_release import BASE, FIRST, switch, write_release
from tests.endpoint.serving import served

XSD = "http://www.w3.org/2001/XMLSchema#"
THING = "http://other.example.jp/thing"
MORE = f"""<{BASE}id/facility/東町-2> <{THING}#beds> 12 .
<{BASE}id/facility/bare> <{THING}#beds> 3 ; <{THING}#part> [ <{THING}#name> "無名"@ja ] .
<{BASE}id/facility/東町-2> <{THING}#note> "引用\\"と\\n改行"@ja ."""


class Odd(BaseHTTPRequestHandler):
    """An endpoint that answers as its path says."""

    def do_POST(self) -> None:
        """Answer badly."""
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/plain")
            self.end_headers()
        elif self.path == "/slow":
            threading.Event().wait(20)
        else:
            self._send(_ODD[self.path])

    def _send(self, content: bytes) -> None:
        self.send_response(200)
        coding = "gzip" if self.path == "/coded" else "identity"
        self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(content) + (self.path == "/short")))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def table(*terms: object) -> bytes:
    """A result of one column."""
    rows = [{"x": term} for term in terms]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


_PLAIN = table({"type": "literal", "value": "a"})
_ODD = {
    "/plain": _PLAIN,
    "/short": _PLAIN,
    "/coded": _PLAIN,
    "/large": table(*[{"type": "literal", "value": "x" * 1000}] * 3000),
    "/html": b"<html>",
    "/ask": b'{"head": {}, "boolean": true}',
    "/deep": b"[" * 200_000,
    "/name": _PLAIN.replace(b'"x"', b'"x) } INSERT"'),
    "/iri": table({"type": "uri", "value": "a> ?y <b"}),
    "/relative": table({"type": "uri", "value": "relative"}),
    "/language": table({"type": "literal", "value": "a", "xml:lang": "ja } #"}),
    "/datatype": table({"type": "literal", "value": "a", "datatype": "no iri"}),
    "/triple": table({"type": "triple", "value": {}}),
    "/term": table("a"),
}
FAILING = ["/redirect", "/slow", *(path for path in _ODD if path != "/plain")]


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another Tsunagu, with data of its own."""
    folder = tmp_path_factory.mktemp("other")
    write_release(folder, more=MORE)
    switch(folder, FIRST)
    with served(folder, folder / "errors") as address:
        yield f"{address}sparql"


@pytest.fixture(scope="module")
def federated(home: Path, other: str, odd: str) -> Iterator[Flask]:
    allowed = (other, *(odd + path for path in ("/plain", *FAILING)), "http://127.0.0.1:9/")
    settings = Settings(
        service_endpoints=allowed,
        service_private=True,
        service_seconds=5.0,
        service_bytes=1_000_000,
        client_seconds=100_000,
        query_seconds=60.0,
    )
    app = create_app(home, settings=settings)
    yield app
    app.extensions[EXTENSION].workers.close()


@pytest.fixture
def asker(federated: Flask) -> FlaskClient:
    return federated.test_client()


def ask(asker: FlaskClient, query: str, **more: str) -> "tuple[int, str]":
    answer = asker.get("/sparql", query_string={"query": query, "format": "csv", **more})
    return answer.status_code, answer.text


JOIN = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX t: <http://other.example.jp/thing#>
SELECT ?label ?beds {{ ?s rdfs:label ?label . {0} }} ORDER BY ?label"""
QUERIES = [
    ("SERVICE <{0}> {{ ?s t:beds ?beds FILTER(?beds > 5) }}", ["東町集会所,12"]),
    ("service silent <{0}>{{ ?s t:beds ?beds FILTER(?beds > 5) }}", ["東町集会所,12"]),
    ("SERVICE # why not\n<{0}>#\n{{ SELECT ?s ?beds {{ ?s t:beds ?beds }} }}", ["東町集会所,12"]),
    ("FILTER(?s = <{1}id/facility/東町-2>) OPTIONAL {{ SERVICE <{0}> {{ ?s t:beds ?beds }} }}",
     ["東町集会所,12"]),
    ("{{ SERVICE <{0}> {{ ?s t:none ?beds }} }} UNION {{ SERVICE <{0}> {{ ?s t:beds ?beds }} }}",
     ["東町集会所,12"]),
    ("SERVICE <{0}> {{ ?s t:beds ?beds OPTIONAL {{ ?s t:none ?none }} }}", ["東町集会所,12"]),
    ("SERVICE <{0}> {{ ?s t:beds [] }} BIND(1 AS ?beds)", ["東町集会所,1"]),
    ("SERVICE <{0}> {{ ?s t:note ?beds FILTER(CONTAINS(?beds, '}}')|| true) }}",
     ['東町集会所,"引用""と', '改行"']),
    ("?s ?p ?o . SERVICE SILENT <http://127.0.0.1:9/> {{ ?s t:beds ?beds }} FILTER(?o = 'あり')",
     ["東町集会所,"]),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "rows"), QUERIES)
def test_another_server_is_asked(
    asker: FlaskClient, other: str, clause: str, rows: list[str]
) -> None:
    status, text = ask(asker, JOIN.format(clause.format(other, BASE)))
    assert status == 200, text
    assert text.splitlines()[1:] == rows


def test_a_blank_node_of_another_server_has_a_name(asker: FlaskClient, other: str) -> None:
    query = f"SELECT ?part ?name {{ SERVICE <{other}> {{ ?s <{THING}#part> ?part }} }}"
    status, text = ask(asker, query)
    assert status == 200
    assert text.splitlines()[1].startswith("urn:blank:")


def test_what_others_say_is_never_kept(asker: FlaskClient, other: str) -> None:
    query = quote(f"ASK {{ SERVICE <{other}> {{ ?s ?p ?o }} }}")
    assert "ETag" not in asker.get(f"/sparql?query={query}").headers
    assert "BasicFederatedQuery" in asker.get("/sparql").text


REFUSED = [
    ("SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }", 403, "service.not-allowed"),
    ("SERVICE <{0}?x=1> { ?s ?p ?o }", 403, "service.not-allowed"),
    ("SERVICE ?x { ?s ?p ?o }", 400, "service.form"),
    ("SERVICE a:b { ?s ?p ?o }", 400, "service.form"),
    ("SERVICESILENT<{0}> { ?s ?p ?o }", 400, "service.form"),
    ("SERVICE <{0}> ?x", 400, "service.form"),
    ("SERVICE <{0}>", 400, "service.form"),
    ("SERVICE", 400, "service.form"),
    ("SERVICE <{0}> { ?s ?p ?o", 400, "query.syntax"),
    ("SERVICE <{0}> { ?s ?p ?o SERVICE <{0}> { ?a ?b ?c } }", 400, "service.form"),
    (r"SERVICE <{0}> { ?s ?p ?o \u0053ERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", 502,
     "service.failed"),
    (r"\u0053ERVICE <{0}> { ?s ?p ?o }", 400, "query.syntax"),
    ("SERVICE <{0}> { ?s ?p }", 502, "service.failed"),
    ("SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }", 502, "service.failed"),
]  # fmt: skip


def says(text: str, code: str) -> bool:
    return text.startswith(MESSAGES.entries[code]["ja"].split("{")[0].rstrip())


@pytest.mark.parametrize(("clause", "status", "code"), REFUSED)
def test_anything_else_is_refused(
    asker: FlaskClient, other: str, clause: str, status: int, code: str
) -> None:
    found, text = ask(asker, f"SELECT * {{ {clause.replace('{0}', other)} }}")
    assert (found, says(text, code)) == (status, True), text


@pytest.mark.parametrize("path", FAILING)
def test_an_endpoint_that_answers_badly_is_told(asker: FlaskClient, odd: str, path: str) -> None:
    query = f"SELECT * {{ SERVICE <{odd}{path}> {{ ?s ?p ?x }} }}"
    status, text = ask(asker, query, timeout="1" if path == "/slow" else "0")
    assert status == (504 if path == "/slow" else 502), text
    assert f"{odd}{path}" in text


def test_it_is_off_by_default(client: FlaskClient, odd: str) -> None:
    query = f"SELECT * {{ SERVICE <{odd}/plain> {{ ?s ?p ?x }} }}"
    assert client.get("/sparql", query_string={"query": query}).status_code == 403
    assert "BasicFederatedQuery" not in client.get("/sparql").text


def test_addresses_within_the_house_are_not_asked(odd: str) -> None:
    asked = {"url": f"{odd}/plain", "query": "ASK {}", "seconds": 5, "bytes": 1000}
    assert values_of(fetch({**asked, "private": True})) == 'VALUES (?x) {\n("a")\n}'
    with pytest.raises(Refused, match="public internet"):
        fetch({**asked, "private": False})


@pytest.mark.parametrize("path", [path for path in FAILING if path not in ("/slow", "/deep")])
def test_why_there_are_no_solutions(odd: str, path: str) -> None:
    url = f"{odd}{path}?"
    asked = {"url": url.rstrip("?"), "query": "", "seconds": 5, "bytes": 99_999, "private": True}
    with pytest.raises((Refused, ConnectionError)):
        values_of(fetch(asked))


@pytest.mark.parametrize(
    ("path", "told"),
    [("/plain", "values"), ("/html", "reason"), ("/redirect", "reason"), (":1/", "reason")],
)
def test_the_process_that_asks(
    odd: str, path: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = odd + path if path.startswith("/") else f"http://127.0.0.1{path}"
    asked = {"url": url, "query": "", "seconds": 5, "bytes": 9999, "private": True}
    answer = io.StringIO()
    monkeypatch.setattr(federation_process, "limit_resources", lambda *_: None)
    monkeypatch.setattr(federation_process.sys, "stdin", io.StringIO(json.dumps(asked)))
    monkeypatch.setattr(federation_process.sys, "stdout", answer)
    federation_process.main()
    assert list(json.loads(answer.getvalue())) == [told]


TERMS = [
    ({"type": "bnode", "value": "a b"}, "<urn:blank:a%20b>"),
    ({"type": "literal", "value": 'a"\n', "xml:lang": "ja"}, '"a\\"\\n"@ja'),
    ({"type": "typed-literal", "value": "1", "datatype": f"{XSD}integer"}, f'"1"^^<{XSD}integer>'),
    ({"type": "uri", "value": "http://a.example/東"}, "<http://a.example/東>"),
]


@pytest.mark.parametrize(("term", "text"), TERMS)
def test_terms_of_others(term: dict[str, str], text: str) -> None:
    assert values_of(table(term)) == f"VALUES (?x) {{\n({text})\n}}"


def test_places_of_several_clauses() -> None:
    query = "SELECT * { SERVICE <a:b> { ?s ?p '}' } SERVICE SILENT <a:c> { { } } }"
    found = [(call.endpoint, call.silent, call.group) for call in calls(query)]
    assert found == [("a:b", False, "{ ?s ?p '}' }"), ("a:c", True, "{ { } }")]
    with pytest.raises(BadRequest):
        calls("SELECT * { SERVICE SILENT }")


def test_endpoints_are_configured(tmp_path: Path) -> None:
    file = tmp_path / "tsunagu.toml"
    file.write_text('[serve]\nservice_endpoints = ["https://a.example/sparql"]\n')
    assert read_settings(tmp_path).service_endpoints == ("https://a.example/sparql",)
    for wrong in (
        '"https://a.example/"',
        '["ftp://a.example/"]',
        '["https://u@a.example/"]',
        "[1]",
    ):
        file.write_text(f"[serve]\nservice_endpoints = {wrong}\n")
        with pytest.raises(ConfigurationError):
            read_settings(tmp_path)
