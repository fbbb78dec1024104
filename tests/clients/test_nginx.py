"""Behind nginx, below a path: deploy/nginx.conf as it is, and nginx as it is by default."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
import requests

from tests.clients.conftest import EXAMPLE, PUBLIC, nginx
from tests.endpoint.example_release import BASE, FIRST

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"form": "action"}.get(tag, "src" if tag in ("script", "img") else "href")
        self.found += [value for name, value in attrs if name == names and value]


def _links(page: requests.Response) -> list[str]:
    parser = _Links()
    parser.feed(page.text)
    addresses = [urljoin(page.url, link) for link in parser.found if not link.startswith("#")]
    linked = re.findall("<([^>]*)>", page.headers.get("Link", ""))
    return [*addresses, *(urljoin(page.url, link) for link in linked)]


def test_every_link_of_the_site_stays_below_the_prefix(proxied: str) -> None:
    """All pages that can be reached from the first one, and from that of a thing."""
    host = urlsplit(proxied).netloc
    waiting = [proxied, f"{proxied}id/facility/992011-1", f"{proxied}sparql?query=ASK%7B%7D"]
    seen, kinds, missing = set(waiting), set(), set()
    session = requests.Session()
    while waiting and len(seen) < 400:
        address = waiting.pop()
        answer = session.get(address, headers=BROWSER, timeout=60)
        assert answer.status_code in (200, 404), address
        if answer.status_code == 404:
            missing.add(urlsplit(address).path)
        assert all(step.headers["Location"].startswith("/lod/") for step in answer.history)
        kinds.add(urlsplit(answer.url).path.split("/")[2])
        links = _links(answer) if "text/html" in answer.headers["Content-Type"] else []
        own = {link.partition("#")[0] for link in links if urlsplit(link).netloc == host}
        assert all(urlsplit(link).path.startswith("/lod/") for link in own), address
        new = {link for link in own if "?" not in link} - seen
        seen |= new
        waiting += sorted(new)
    assert {"", "sparql", "dataset", "def", "release", "static", "catalog.ttl", "doc"} <= kinds
    absent = ("/lod/report/facilities", "/lod/file/facilities/lost.csv")  # from the test's release
    assert all(path.startswith(absent) for path in missing), missing


def test_iris_of_any_spelling_are_found(proxied: str) -> None:
    for local in ("a%2Fb", "raw/slash", "100%25", quote("東町-2"), "東町-2"):
        answer = requests.get(f"{proxied}id/facility/{local}", timeout=60)
        assert answer.status_code == 200, local
        assert [step.status_code for step in answer.history] == [303]
    assert answer.url == f"{proxied}data/facility/{quote('東町-2')}.ttl"


def test_a_question_in_a_long_address(proxied: str) -> None:
    query = "ASK {} #" + "東" * 7000
    answer = requests.get(f"{proxied}sparql", {"query": query}, timeout=60)
    assert answer.json()["boolean"] is True


def test_results_come_whole_and_the_service_names_its_public_address(proxied: str) -> None:
    answer = requests.post(f"{proxied}sparql", {"query": LARGE}, timeout=60)
    assert len(answer.json()["results"]["bindings"]) > 2000
    assert f"<{PUBLIC}sparql>" in requests.get(f"{proxied}sparql", timeout=60).text
    tag = requests.get(f"{proxied}catalog.ttl", timeout=60).headers["ETag"]
    again = requests.get(f"{proxied}catalog.ttl", headers={"If-None-Match": tag}, timeout=60)
    assert again.status_code == 304


def test_who_asks_too_fast_is_slowed_down(url: str, tmp_path: Path) -> None:
    with nginx(EXAMPLE, url, tmp_path) as address, requests.Session() as session:
        found = {session.get(f"{address}lod/robots.txt").status_code for _ in range(400)}
    assert found == {200, 429}


@pytest.mark.parametrize("path", ["metrics", "operator"])
def test_the_operator_is_not_shown_to_the_public(proxied: str, path: str) -> None:
    assert requests.get(f"{proxied}{path}", timeout=60).status_code == 403


def test_nginx_as_it_is_by_default_gets_whole_results_over_http_1_0(
    url: str, tmp_path: Path
) -> None:
    """HTTP/1.0 has no chunks: what is not whole has to be seen by its length."""
    plain = "server { listen 80; location / { proxy_pass http://127.0.0.1:8000; } }\n"
    with nginx(plain, url, tmp_path) as address:
        answer = requests.post(f"{address}sparql", {"query": LARGE, "format": "csv"}, timeout=60)
        direct = requests.post(f"{url}sparql", {"query": LARGE, "format": "csv"}, timeout=60)
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert sorted(answer.text.split("\r\n")) == sorted(direct.text.split("\r\n"))
        endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        refused = requests.post(f"{address}sparql", {"query": endless, "timeout": "1"}, timeout=60)
        assert refused.status_code in (503, 504)


def test_a_prefix_is_believed_of_our_proxies_only(home: Path, tmp_path: Path, url: str) -> None:
    headers = {**BROWSER, "X-Forwarded-Prefix": "/lod"}
    assert 'href="/lod/sparql"' in requests.get(url, headers=headers, timeout=60).text
    for wrong in ("//evil.example", "/a b", "lod", "/lod//x", "/<script>"):
        page = requests.get(url, headers={**BROWSER, "X-Forwarded-Prefix": wrong}, timeout=60)
        assert 'href="/sparql"' in page.text, wrong
    forged = {**BROWSER, "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert "evil.example" not in requests.get(url, headers=forged, timeout=60).text


def test_the_release_is_named_through_the_proxy(proxied: str) -> None:
    answer = requests.head(proxied, timeout=60)
    assert answer.headers["Tsunagu-Release"] == FIRST
    assert BASE not in answer.headers.get("Link", "")
