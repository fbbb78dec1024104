"""The server under the tables of hostile queries and requests: each ends as it has to, in both
languages, and the server goes on answering."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.hostile import Case, cases, exchange, grandchildren
from tests.endpoint.test_server import free_port, start

CONFIGURATION = """
[serve]
query_workers = 1
query_seconds = 30
memory_bytes = 1_610_612_736
result_bytes = 4_000_000
spool_bytes = 5_000_000
client_seconds = 1_000_000
cache_bytes = 0
body_seconds = 3
"""
QUERIES = cases("hostile.toml")
REQUESTS = cases("hostile_requests.toml")
LANGUAGES = ("ja", "en")
MOST_SECONDS = 120
"""Protection from hanging for ever; no measure of anything."""
KILLING = ("query.timeout", "query.crashed", "query.result-too-large")


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    process: int

    def ask(self, query: str, language: str = "ja", seconds: float = 0) -> requests.Response:
        """Answer of ``/sparql`` to a form with a query."""
        address = f"http://127.0.0.1:{self.port}/sparql"
        form = {"query": query, "timeout": str(seconds)}
        headers = {"Accept-Language": language}
        return requests.post(address, form, headers=headers, timeout=MOST_SECONDS)

    def workers(self) -> set[int]:
        """The processes that evaluate queries."""
        return grandchildren(self.process)

    def require_answers(self) -> None:
        """See that a cheap query is answered."""
        assert self.ask("ASK {}").json()["boolean"] is True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile")
    write_release(home)
    switch(home, FIRST)
    (home / "tsunagu.toml").write_text(CONFIGURATION)
    port = free_port()
    process = start(home, port, home / "errors")
    yield Server(port, process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert (home / "errors").read_text() == ""


def name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", QUERIES, ids=name)
def test_a_hostile_query_ends_and_others_are_answered(server: Server, case: Case) -> None:
    language = LANGUAGES[QUERIES.index(case) % 2]
    server.require_answers()
    before = server.workers()
    answer = server.ask(case.query, language, case.seconds)
    end = case.ends_in(answer.status_code, answer.text)
    assert end is not None, (answer.status_code, answer.text[:500])
    assert "Traceback" not in answer.text
    if end != "ok":
        assert answer.headers["Content-Language"] == language
    server.require_answers()
    if end in KILLING:
        assert before - server.workers(), "the worker that evaluated it still runs"


@pytest.mark.parametrize("case", REQUESTS, ids=name)
def test_a_hostile_request_is_answered_or_closed(server: Server, case: Case) -> None:
    status, header, body = exchange(server.port, case.request)
    text = body.decode()
    assert case.ends_in(status, text) is not None, (status, text[:500])
    assert b"Set-Cookie" not in header
    assert len(body) < 2000
    server.require_answers()
