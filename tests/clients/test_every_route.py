"""HEAD and OPTIONS at every route that the application has: none can be forgotten.

RFC 9110, 9.3.2 (HEAD: the header fields of GET) and 9.3.7 (OPTIONS: Allow); Fetch, 3.2 (CORS).
"""

import http.client
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from werkzeug.routing import Map

from endpoint.app import create_app
from tests.endpoint.example_release import FIRST

ORIGIN = "https://elsewhere.example"
PLACES = {
    "name": "facilities",
    "suffix": "ttl",
    "distribution": "facilities.csv",
    "file": "facilities.csv",
    "filename": "site.css",
}
"""What stands for a part of a path, where the route has no example of its own below."""
EXAMPLES = {
    "/id/<kind>/<path:local>": "/id/facility/東町-2",
    "/doc/<kind>/<path:local>": "/doc/facility/992011-1",
    "/data/<kind>/<path:local>": "/data/facility/992011-1.ttl",
    "/def/<path:name>": "/def/facilities",
    "/.well-known/genid/<path:local>": "/.well-known/genid/aed/aed.ttl/1",
    "/<any(activity, graph, report):kind>/<path:local>": "/graph/dataset/facilities",
    "/release/<name>": f"/release/{FIRST}",
    "/release/<name>/<path:file>": f"/release/{FIRST}/manifest.json",
    "/release/<name>/sparql": f"/release/{FIRST}/sparql?query=ASK%7B%7D",
    "/release/<name>/citation.<suffix>": f"/release/{FIRST}/citation.bib",
    "/dataset/<name>/citation.<suffix>": "/dataset/facilities/citation.bib",
    "/gsp": "/gsp?graph=https%3A//data.example.jp/graph/catalog",
    "/gsp/<path:local>": "/gsp/nowhere",  # a graph that was not written
    "/query.<suffix>": "/query.ttl",
    "/query/<name>": "/query/kinds",
    "/api/<name>": "/api/kinds",
    "/sparql": "/sparql?query=SELECT%20%2A%7B%3Fs%20%3Fp%20%3Fo%7D",
}
ASKED = [("*/*", "identity"), ("text/html,*/*;q=0.1", "gzip")]
CHANGING = {"date", "content-length", "transfer-encoding", "connection"}
"""Header fields that HEAD may have otherwise than GET; the length is compared where both have it.
"""


def application_rules() -> Map:
    return create_app(Path(os.devnull)).url_map


ROUTES = sorted({rule.rule for rule in application_rules().iter_rules()})
METHODS = {rule.rule: rule.methods or set() for rule in application_rules().iter_rules()}


def address(rule: str) -> str:
    """An address that the route answers."""
    if rule in EXAMPLES:
        return quote(EXAMPLES[rule], safe="/?=&%-.:")
    return rule.format(**PLACES) if "<" not in rule else _filled(rule)


def _filled(rule: str) -> str:
    for name, value in PLACES.items():
        rule = rule.replace(f"<{name}>", value).replace(f"<path:{name}>", value)
    assert "<" not in rule, f"{rule}: name an example of this new route"
    return rule


def ask(url: str, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request, as bytes on the connection: nothing follows a redirect or adds a header."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("rule", [rule for rule in ROUTES if "GET" in METHODS[rule]])
@pytest.mark.parametrize(
    ("accept", "coding"), [("*/*", "identity"), ("text/html,*/*;q=0.1", "gzip")]
)
def test_head_is_get_without_its_body(url: str, rule: str, accept: str, coding: str) -> None:
    path = address(rule)
    asked = {"Accept": accept, "Accept-Encoding": coding}
    status, headers, body = ask(url, "GET", path, **asked)
    assert status in ((404,) if path == "/gsp/nowhere" else (200, 303)), (path, body)
    head_status, head_headers, nothing = ask(url, "HEAD", path, **asked)
    assert (head_status, nothing) == (status, b"")
    kept = {name: value for name, value in headers.items() if name not in CHANGING}
    assert {name: head_headers.get(name) for name in kept} == kept
    if "content-length" in head_headers and rule not in ("/metrics", "/operator"):
        assert int(head_headers["content-length"]) == len(body)


@pytest.mark.parametrize("rule", ROUTES)
def test_options_names_the_methods(url: str, rule: str) -> None:
    path = address(rule)
    status, headers, body = ask(url, "OPTIONS", path, Origin=ORIGIN)
    assert (status, body) == (200, b"")
    assert set(headers["allow"].split(", ")) == METHODS[rule]
    private = rule.startswith(("/operator", "/metrics"))
    assert ("access-control-allow-origin" in headers) is not private


@pytest.mark.parametrize("rule", [rule for rule in ROUTES if not rule.startswith("/operator")])
def test_other_origins_may_read(url: str, rule: str) -> None:
    if rule == "/metrics":
        assert "access-control-allow-origin" not in ask(url, "GET", rule, Origin=ORIGIN)[1]
        return
    _, headers, _ = ask(url, "GET", address(rule), Origin=ORIGIN)
    assert headers["access-control-allow-origin"] == "*"
    assert "Tsunagu-Release" in headers["access-control-expose-headers"]
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "accept"}
    status, headers, _ = ask(url, "OPTIONS", address(rule), Origin=ORIGIN, **asked)
    assert status == 200
    assert "GET" in headers["access-control-allow-methods"]
    assert "Accept" in headers["access-control-allow-headers"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods_are_refused_with_those_that_there_are(url: str, method: str) -> None:
    status, headers, _ = ask(url, method, "/catalog")
    assert status == 405
    assert set(headers["allow"].split(", ")) == METHODS["/catalog"]


def test_an_address_that_is_not_there_is_told_to_head_as_well(url: str) -> None:
    status, headers, _ = ask(url, "GET", "/nowhere")
    head_status, head_headers, nothing = ask(url, "HEAD", "/nowhere")
    assert (status, head_status, nothing) == (404, 404, b"")
    assert head_headers["content-type"] == headers["content-type"]
