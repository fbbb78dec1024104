"""W3C's HTTP exchanges for the SPARQL 1.1 Protocol, Graph Store Protocol and Service Description,
request by request against the real server.

Updates and graph stores are tried on a home where writing is on, the protocol's queries on one with
the data of the suite; both as they are published, so that each write makes a release.
"""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from tests.conformance.sparql11 import CNT, HT, MF, MISSING, Entry, Node, entries
from tests.endpoint.serving import served
from tests.endpoint.written_home import KEY, publish_home
from vocab.namespaces import SD

AUTHORITY = "http://www.example/"
"""The host of the suite's graph stores."""
WRITES = ("update_", "bad_update", "bad_multiple_updates")
"""How the names of the protocol's cases begin that write."""

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
    return [pytest.param(entry, id=entry.name) for entry in found]


def _writes(entry: Entry) -> bool:
    return entry.name.partition("/")[2].startswith(WRITES)


PROTOCOL = _cases("protocol/manifest.ttl")
GRAPH_STORE = _cases(
    "graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"
)
DESCRIPTION = _cases("service-description/manifest.ttl")


STORES = [case.values[0] for case in GRAPH_STORE]


@pytest.fixture(scope="module")
def url(suite_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(suite_home, tmp_path_factory.mktemp("log") / "errors") as address:
        yield address


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where writing is on."""
    return publish_home(tmp_path_factory.mktemp("home"), AUTHORITY)


@pytest.fixture(scope="module")
def writable(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(home, tmp_path_factory.mktemp("log") / "errors") as address:
        yield address


@pytest.fixture
def empty(home: Path, writable: str) -> str:
    """The same with nothing written, as each case of the suite begins."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/sparql-update"}
    answer = requests.post(f"{writable}sparql", "CLEAR ALL", headers=headers, timeout=60)
    assert answer.status_code == 204
    return writable


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
def test_the_suite_is_whole() -> None:
    assert (len(PROTOCOL), len(GRAPH_STORE), len(DESCRIPTION)) == (34, 13, 3)
    assert sum(_writes(case.values[0]) for case in PROTOCOL) == 14


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
@pytest.mark.parametrize("entry", [case for case in PROTOCOL if not _writes(case.values[0])])
def test_query(entry: Entry, url: str) -> None:
    _exchange(entry, url, {})


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
@pytest.mark.parametrize(
    "entry", [*(case for case in PROTOCOL if _writes(case.values[0])), *GRAPH_STORE]
)
def test_write(entry: Entry, empty: str) -> None:
    _exchange(entry, empty, {"Authorization": f"Bearer {KEY}"})


@pytest.mark.skipif(not PROTOCOL, reason=MISSING)
@pytest.mark.parametrize("entry", [*GRAPH_STORE, *PROTOCOL])
def test_nothing_is_written_by_default(entry: Entry, url: str) -> None:
    """Whatever the suite would write is refused where nobody has switched writing on."""
    update = entry.name.startswith("protocol/update_")
    for request in entry.nodes(f"{HT}requests", entry.node_of(f"{MF}action")):
        method = entry.text_of(f"{HT}methodName", request)
        writes = "ASK" not in _body(entry, request) if update else entry in STORES
        if writes and method not in ("GET", "HEAD"):
            assert _sent(entry, request, url, {}).status == 403


def _exchange(entry: Entry, url: str, headers: dict[str, str]) -> None:
    action = entry.node_of(f"{MF}action")
    location = ""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        for request in entry.nodes(f"{HT}requests", action):
            answer = _send(entry, request, connection, headers, location)
            body = answer.read()
            expected = entry.node_of(f"{HT}resp", request)
            assert expected is not None
            _compare(entry, expected, answer, body)
            location = answer.headers["Location"] or location
    finally:
        connection.close()


def _sent(
    entry: Entry, request: Node, url: str, headers: dict[str, str]
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        answer = _send(entry, request, connection, headers, "")
        answer.read()
        return answer
    finally:
        connection.close()


def _body(entry: Entry, request: Node) -> str:
    given = entry.node_of(f"{HT}body", request)
    return "" if given is None else entry.text_of(f"{CNT}chars", given) or ""


def _send(
    entry: Entry,
    request: Node,
    connection: http.client.HTTPConnection,
    more: dict[str, str],
    location: str,
) -> http.client.HTTPResponse:
    method = entry.text_of(f"{HT}methodName", request) or "GET"
    path = (entry.text_of(f"{HT}absolutePath", request) or "").replace("/sparql/", "/sparql", 1)
    path = path.replace("$LOCATION$", quote(location, safe=""))
    headers = more | {
        entry.text_of(f"{HT}fieldName", header) or "": entry.text_of(f"{HT}fieldValue", header)
        for header in entry.nodes(f"{HT}headers", request)
    }
    given = entry.node_of(f"{HT}body", request)
    body = None
    if given is not None:
        encoding = entry.text_of(f"{CNT}characterEncoding", given) or "UTF-8"
        body = _body(entry, request).encode(encoding)
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
    for header in entry.nodes(f"{HT}headers", expected):
        name = entry.text_of(f"{HT}fieldName", header) or ""
        assert answer.headers[name] == entry.text_of(f"{HT}fieldValue", header)
    told = _body(entry, expected)
    if told:
        assert _canonical(body) == _canonical(told.encode())
    truth = entry.text_of(f"{MF}expectedBoolean", expected)
    if truth is not None:
        assert f'"boolean":{truth}'.encode() in body


def _canonical(turtle: bytes) -> Dataset:
    """Statements with blank nodes named by what is said of them."""
    dataset = Dataset(parse(turtle, format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


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
