"""What only the operator sees: metrics, the page, the log; and ending a query."""

import contextlib
import hashlib
import json
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.journal import Journal
from endpoint.settings import Key, Settings
from endpoint.state import EXTENSION
from tests.endpoint.conftest import ReadingClient
from tests.endpoint.example_release import FIRST

SECRET = "a secret of an operator"
KEYS = (
    Key("operator", hashlib.sha256(SECRET.encode()).hexdigest(), operator=True),
    Key("reader", hashlib.sha256(b"reader").hexdigest()),
)
BEARER = {"Authorization": f"Bearer {SECRET}"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Flask]:
    found = create_app(home, settings=Settings(page_seconds=20.0, keys=KEYS))
    found.test_client_class = ReadingClient
    yield found
    found.extensions[EXTENSION].workers.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


ALLOWED = [
    ("127.0.0.1", {"Host": "localhost:8000"}, 200),
    ("::1", {"Host": "[::1]:8000"}, 200),
    ("127.0.0.1", {"Host": "evil.example"}, 403),
    ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "127.0.0.1"}, 403),
    ("127.0.0.1", {"Host": "localhost", "Via": "1.1 proxy"}, 403),
    ("192.0.2.1", {"Host": "localhost"}, 403),
    ("192.0.2.1", {"Host": "data.example.jp", **BEARER}, 200),
    ("192.0.2.1", {"Host": "data.example.jp", "Authorization": "Bearer reader"}, 403),
    ("127.0.0.1", {"Host": "localhost", "Authorization": "Bearer nobody"}, 401),
]


@pytest.mark.parametrize("address", ["/metrics", "/operator"])
@pytest.mark.parametrize(("peer", "headers", "status"), ALLOWED)
def test_who_may_see_it(
    client: FlaskClient, address: str, peer: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get(address, headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


LINE = re.compile(r'(# (HELP|TYPE) \w+ .+)|(\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+.\de]+)')


def test_metrics_are_counted(client: FlaskClient) -> None:
    client.get("/sparql?query=ASK%20%7B%7D")
    client.get("/sparql?query=ASK%20%7B")
    text = client.get("/metrics").text
    for line in text.splitlines():
        assert LINE.fullmatch(line), line
    assert f'tsunagu_release_info{{id="{FIRST}"}} 1' in text
    assert 'tsunagu_queries_total{outcome="ok"} ' in text
    assert 'tsunagu_queries_total{outcome="query.syntax"} ' in text
    assert 'tsunagu_queries_running{lane="queries"} 0' in text
    count = re.search(r"tsunagu_query_seconds_count (\d+)", text)
    last = re.search(r'tsunagu_query_seconds_bucket{le="\+Inf"} (\d+)', text)
    assert count and last and count[1] == last[1] != "0"


@contextlib.contextmanager
def running(app: Flask, statuses: list[int]) -> Iterator[int]:
    """A query that runs on its own; gives its number."""
    address = f"/sparql?query={quote(ENDLESS)}"
    client = app.test_client()
    thread = threading.Thread(target=lambda: statuses.append(client.get(address).status_code))
    thread.start()
    register = app.extensions[EXTENSION].workers.register
    while not register.all():
        pass
    yield register.all()[0].number
    thread.join()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_query_is_seen_and_ended(app: Flask, client: FlaskClient, language: str) -> None:
    statuses: list[int] = []
    address = f"/operator/kill?lang={language}"
    with running(app, statuses) as number:
        page = client.get(f"/operator?lang={language}").text
        assert ENDLESS in page
        for form in ({}, {"key": "guessed"}, {"key": "reader"}):
            assert client.post(address, data={"number": number, **form}).status_code == 403
        done = client.post(address, data={"number": number, "key": SECRET})
        assert (done.status_code, done.headers["Location"]) == (303, f"/operator?lang={language}")
    assert statuses == [503]
    for gone in (str(number), "-1", "x", "9" * 30):
        assert client.post(address, data={"number": gone, "key": SECRET}).status_code == 404
    assert "query.killed" in client.get(f"/operator?lang={language}").text


def test_without_a_key_there_is_no_button(home: Path) -> None:
    app = create_app(home)
    try:
        page = app.test_client().get("/operator?lang=en").text
        assert "With the key of an operator" in page
        assert "<form" not in page
    finally:
        app.extensions[EXTENSION].workers.close()


def test_ready(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ok", "release": FIRST}


ENTRY = {"method": "GET", "path": "/", "status": 200, "bytes": 7, "outcome": "ok", "seconds": 0.1}


def test_the_log_has_a_line_for_each_request(tmp_path: Path) -> None:
    journal = Journal()
    journal.open_log(tmp_path, "log")
    journal.request({**ENTRY, "client": "192.0.2.55"})
    (tmp_path / "log").rename(tmp_path / "moved")
    journal.request({**ENTRY, "method": "BREW", "outcome": "query.timeout"})
    first, second = (
        json.loads((tmp_path / name).read_text(encoding="utf-8")) for name in ("moved", "log")
    )
    assert (first["client"], first["status"]) == ("192.0.2.0/24", 200)
    assert second["outcome"] == "query.timeout"
    assert dict(journal.requests) == {("GET", 200): 1, ("other", 200): 1}
    assert (journal.sent_bytes, journal.broken) == (14, 1)
    close(journal)


def close(journal: Journal) -> None:
    assert isinstance(journal._log, logging.Logger)
    for handler in journal._log.handlers:
        handler.close()


def test_the_log_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal()
    journal.open_log(Path("nowhere"), "-")
    journal.request(dict(ENTRY))
    assert json.loads(capsys.readouterr().out)["path"] == "/"
