"""W3C's HTTP exchanges for the SPARQL 1.1 Protocol, Graph Store Protocol and Service Description,
request by request against the real server."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from pyoxigraph import RdfFormat, parse

from tests.conformance.sparql11 import CNT, HT, MF, MISSING, Entry, Node, entries
from tests.endpoint.serving import served
from vocab.namespaces import SD

WRITING = "needs update, and writing is off"
KNOWN = {
    f"protocol/{name}": WRITING
    for name in (
        "update_dataset_default_graph",
        "update_dataset_default_graphs",
        "update_dataset_named_graphs",
        "update_dataset_full",
        "update_post_form",
        "update_post_direct",
        "update_base_uri",
    )
}
"""By folder and name: why the server answers otherwise."""
LATER = "the Graph Store Protocol comes with writing, which is off"

MEDIA_TYPES = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}
STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404, "BadRequest": 400}


def _cases(*manifests: str) -> list[pytest.ParameterSet]:
    found = (entry for manifest in manifests for entry in entries(manifest))
    return [pytest.param(entry, id=entry.name, marks=_marks(entry)) for entry in found]


def _marks(entry: Entry) -> list[pytest.MarkDecorator]:
    if entry.folder == "graph-store-protocol":
        return [pytest.mark.skip(reason=LATER)]
    reason = KNOWN.get(entry.name)
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


PROTOCOL = _cases("protocol/manifest.ttl")
GRAPH_STORE = _cases(
    "graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"
)
DESCRIPTION = _cases("service-description/manifest.ttl")


@pytest.fixture(scope="module")
def url(suite_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(suite_home, tmp_path_factory.mktemp("log") / "errors") as address:
        yield address


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
def test_the_suite_is_whole() -> None:
    assert (len(PROTOCOL), len(GRAPH_STORE), len(DESCRIPTION)) == (34, 13, 3)
    assert set(KNOWN) <= {str(case.id) for case in PROTOCOL}


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
@pytest.mark.parametrize("entry", [*PROTOCOL, *GRAPH_STORE])
def test_exchange(entry: Entry, url: str) -> None:
    action = entry.node_of(f"{MF}action")
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        for request in entry.nodes(f"{HT}requests", action):
            answer = _send(entry, request, connection)
            body = answer.read()
            expected = entry.node_of(f"{HT}resp", request)
            assert expected is not None
            _compare(entry, expected, answer, body)
    finally:
        connection.close()


def _send(
    entry: Entry, request: Node, connection: http.client.HTTPConnection
) -> http.client.HTTPResponse:
    method = entry.text_of(f"{HT}methodName", request) or "GET"
    path = (entry.text_of(f"{HT}absolutePath", request) or "").replace("/sparql/", "/sparql", 1)
    headers = {
        entry.text_of(f"{HT}fieldName", header) or "": entry.text_of(f"{HT}fieldValue", header)
        for header in entry.nodes(f"{HT}headers", request)
    }
    given = entry.node_of(f"{HT}body", request)
    body = None
    if given is not None:
        encoding = entry.text_of(f"{CNT}characterEncoding", given) or "UTF-8"
        body = (entry.text_of(f"{CNT}chars", given) or "").encode(encoding)
    connection.request(method, path, body, {name: value or "" for name, value in headers.items()})
    return connection.getresponse()


def _compare(entry: Entry, expected: Node, answer: http.client.HTTPResponse, body: bytes) -> None:
    allowed = [
        term.value.rpartition("#")[2] for term in entry.terms(f"{MF}expectedStatus", expected)
    ]
    assert any(_is_status(answer.status, name) for name in allowed), body
    form = entry.text_of(f"{MF}expectedFormat", expected)
    if form is not None:
        media_type = (answer.headers["Content-Type"] or "").partition(";")[0]
        assert media_type in MEDIA_TYPES[form]
    truth = entry.text_of(f"{MF}expectedBoolean", expected)
    if truth is not None:
        assert f'"boolean":{truth}'.encode() in body


def _is_status(status: int, name: str) -> bool:
    if name.endswith("xx"):
        return str(status)[0] == name[-3]
    return status == STATUS[name]


def _description(url: str) -> tuple[str, list[tuple[str, str, str]]]:
    """What a plain GET of the endpoint answers: media type and statements."""
    answer = requests.get(f"{url}sparql", timeout=60)
    assert answer.status_code == 200
    media_type = answer.headers["Content-Type"].partition(";")[0]
    found = parse(answer.content, format=RdfFormat.from_media_type(media_type), base_iri=url)
    return media_type, [
        (_value(quad.subject), quad.predicate.value, _value(quad.object)) for quad in found
    ]


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def _returns_rdf(url: str) -> None:
    media_type, statements = _description(url)
    assert media_type in MEDIA_TYPES["RDF"]
    assert statements


def _has_endpoint_triple(url: str) -> None:
    _, statements = _description(url)
    endpoints = [(s, o) for s, p, o in statements if p == SD["endpoint"]]
    assert len(endpoints) == 1
    assert endpoints[0][1].endswith("/sparql")


def _conforms_to_schema(url: str) -> None:
    """Every term is one of the vocabulary; a service has what section 3.4 requires of it."""
    _, statements = _description(url)
    used = {term for statement in statements for term in statement[1:] if term.startswith(SD.iri)}
    assert used <= {SD[term] for term in SD}
    services = [s for s, p, o in statements if (p[-4:], o) == ("type", SD["Service"])]
    assert len(services) == 1
    [dataset] = [o for s, p, o in statements if (s, p) == (services[0], SD["defaultDataset"])]
    assert any((s, p) == (dataset, SD["defaultGraph"]) for s, p, _ in statements)


CHECKS = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint_triple,
    "conforms-to-schema": _conforms_to_schema,
}
"""The suite states these three in words."""


@pytest.mark.skipif(not DESCRIPTION, reason=MISSING)
@pytest.mark.parametrize("entry", DESCRIPTION)
def test_service_description(entry: Entry, url: str) -> None:
    CHECKS[entry.name.partition("/")[2]](url)
