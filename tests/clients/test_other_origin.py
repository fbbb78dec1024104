"""A page of another origin in a browser: CORS as a browser sees it, preflight included."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.endpoint.example_release import FIRST

ASK = """async ([address, options]) => {
  try {
    const answer = await fetch(address, options);
    const seen = Object.fromEntries(answer.headers);
    return { status: answer.status, seen, text: await answer.text() };
  } catch (error) { return { status: 0, seen: {}, text: String(error) }; }
}"""


class _Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """An empty site on another port: another origin (RFC 6454, 4)."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(browser: Browser, elsewhere: str) -> Iterator[Page]:
    found = browser.new_page()
    found.goto(elsewhere)
    yield found
    found.close()


def ask(page: Page, address: str, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(ASK, [address, options])
    return found


QUERY = "SELECT ?n { ?s <http://xmlns.com/foaf/0.1/name> ?n }"


@pytest.mark.parametrize(
    "options",
    [
        {"method": "POST", "body": QUERY, "headers": {"Content-Type": "application/sparql-query"}},
        {
            "method": "POST",
            "body": f"query={QUERY}",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
    ],
    ids=["preflight", "simple"],
)
def test_queries(page: Page, url: str, options: dict[str, Any]) -> None:
    found = ask(page, f"{url}sparql", **options)
    assert found["status"] == 200, found["text"]
    assert "つなぐ市" in found["text"]
    assert found["seen"]["tsunagu-release"] == FIRST


def test_conditional_requests_and_their_tag(page: Page, url: str) -> None:
    """If-None-Match is not a header that a page may send unasked (Fetch, 2.2.2)."""
    first = ask(page, f"{url}catalog.ttl", cache="no-store")
    again = ask(page, f"{url}catalog.ttl", headers={"If-None-Match": first["seen"]["etag"]})
    assert (first["status"], again["status"]) == (200, 304)


def test_parts_of_files(page: Page, url: str) -> None:
    found = ask(page, f"{url}dump/facilities.nq", headers={"Range": "bytes=0-9"}, cache="no-store")
    assert (found["status"], len(found["text"])) == (206, 10)
    assert found["seen"]["content-range"].startswith("bytes 0-9/")


def test_things_files_and_apis(page: Page, url: str) -> None:
    thing = ask(page, f"{url}id/facility/東町-2", headers={"Accept": "application/ld+json"})
    assert "東町集会所" in thing["text"]
    for path in ("api/openapi.json", "completion.json", "query.ttl", ".well-known/void"):
        assert ask(page, url + path)["status"] == 200


def test_errors_can_be_read(page: Page, url: str) -> None:
    """Else a page could not tell a mistake in its query from a server that is down."""
    found = ask(page, f"{url}sparql?query=SELECT", headers={"Accept-Language": "en"})
    assert (found["status"], "line 1" in found["text"]) == (400, True)
    keyed = ask(page, f"{url}sparql?query=ASK%7B%7D", headers={"Authorization": "Bearer x"})
    assert keyed["status"] == 401


def test_the_operator_is_not_shown_to_pages_of_other_origins(page: Page, url: str) -> None:
    for path in ("metrics", "operator"):
        found = ask(page, url + path)
        assert (found["status"], "Failed to fetch" in found["text"]) == (0, True)
