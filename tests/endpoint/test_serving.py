"""The running server: read its configuration again, stop, come back after a crash."""

import http.client
import json
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.hostile import is_alive
from tests.endpoint.serving import running

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 60000"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own, whose configuration a test may change."""
    folder = tmp_path / "home"
    write_release(folder)
    switch(folder, FIRST)
    configure(folder)
    return folder


def configure(home: Path, *lines: str) -> None:
    text = "\n".join(["[serve]", "client_seconds = 10000", "page_seconds = 20", *lines])
    (home / "tsunagu.toml").write_text(text, encoding="utf-8")


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def children(pid: int) -> list[int]:
    """The processes that a process has started (proc(5))."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


def web_process(pid: int) -> int:
    """The newest process that has query workers."""
    return [child for child in children(pid) if children(child)][-1]


@contextmanager
def asked_all_the_time(address: str) -> Iterator[Counter[tuple[str, str]]]:
    """Clients that ask one request after another, on new and on kept connections."""
    seen: Counter[tuple[str, str]] = Counter()
    done = threading.Event()

    def ask(kind: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        while not done.wait(0.005):
            try:
                if kind == "query":
                    connection.request("POST", "/sparql", "SELECT (1 AS ?n) {}", headers)
                else:
                    connection.request("GET", "/catalog.ttl")
                answer = connection.getresponse()
                answer.read()
                seen[kind, str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                seen[kind, repr(error)] += 1
                connection.close()
            if kind == "new":
                connection.close()
        connection.close()

    kinds = ("new", "new", "kept", "kept", "query")
    with ThreadPoolExecutor(len(kinds)) as executor:
        futures = [executor.submit(ask, kind) for kind in kinds]
        try:
            yield seen
        finally:
            done.set()
            for future in futures:
                future.result()


def test_the_configuration_is_read_again_and_no_request_fails(home: Path, tmp_path: Path) -> None:
    long = f"ASK {{}} #{'x' * 2000}"
    log = tmp_path / "errors"
    with running(home, log) as (address, process):
        before = web_process(process.pid)
        with asked_all_the_time(address) as seen:
            assert requests.post(f"{address}sparql", {"query": long}, timeout=60).status_code == 200
            configure(home, "query_bytes = 1000")
            process.send_signal(signal.SIGHUP)
            until(lambda: before not in children(process.pid))
            told = requests.post(f"{address}sparql", {"query": long}, timeout=60)
            assert told.status_code == 413
        assert {status for _, status in seen} == {"200"}, seen
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert log.read_text() == ""


def test_a_configuration_with_a_mistake_is_told_and_what_runs_goes_on(
    home: Path, tmp_path: Path
) -> None:
    log = tmp_path / "errors"
    with running(home, log, "--lang", "en") as (address, process):
        before = children(process.pid)
        for line, told in (
            ("query_second = 5", "unknown key serve.query_second."),
            ("query_workers = 0", "The value 0 cannot be used for serve.query_workers"),
            ('access_log = "nowhere/log"', "Cannot write the access log"),
        ):
            configure(home, line)
            process.send_signal(signal.SIGHUP)
            until(lambda told=told: told in log.read_text())  # type: ignore[misc]
        assert requests.get(f"{address}readyz", timeout=60).status_code == 200
        assert children(process.pid) == before
        assert "Traceback" not in log.read_text()


def test_nothing_outlives_a_main_process_that_is_killed(home: Path, tmp_path: Path) -> None:
    with running(home, tmp_path / "errors") as (address, process):
        web = children(process.pid)
        assert web
        process.kill()
        process.wait()
        until(lambda: not any(map(is_alive, web)))
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{address}healthz", timeout=60)


def test_requests_at_work_are_answered_before_the_end(home: Path, tmp_path: Path) -> None:
    with running(home, tmp_path / "errors") as (address, process), ThreadPoolExecutor(2) as pool:
        queries = [{"query": SLOW}, {"query": LARGE, "format": "csv"}]
        asked = [
            pool.submit(requests.post, f"{address}sparql", query, timeout=60) for query in queries
        ]
        until(lambda: _running(address) > 0 or any(future.done() for future in asked))
        process.send_signal(signal.SIGTERM)
        assert [future.result().status_code for future in asked] == [200, 200]
        assert asked[1].result().text.count("\r\n") == 60_001
        assert process.wait(30) == 0
    assert (tmp_path / "errors").read_text() == ""


def _running(address: str) -> int:
    text = requests.get(f"{address}metrics", timeout=60).text
    lines = [line for line in text.splitlines() if line.startswith("tsunagu_queries_running")]
    return sum(int(float(line.split()[-1])) for line in lines)


def test_what_takes_too_long_is_broken_off_at_the_end(home: Path, tmp_path: Path) -> None:
    configure(home, "stop_seconds = 0.5", "query_seconds = 60")
    with running(home, tmp_path / "errors") as (address, process), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.post, f"{address}sparql", {"query": ENDLESS}, timeout=60)
        until(lambda: _running(address) > 0)
        workers = children(web_process(process.pid))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        with pytest.raises(requests.ConnectionError):
            asked.result()
        until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))


def test_connections_wait_while_a_crashed_process_is_replaced(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "errors"
    with running(home, log) as (address, process):
        crashed = web_process(process.pid)
        subprocess.run(["kill", "-KILL", str(crashed)], check=True)
        until(lambda: crashed not in children(process.pid))
        assert requests.get(f"{address}readyz", timeout=60).status_code == 200


def test_a_closed_terminal_ends_neither_process(home: Path, tmp_path: Path) -> None:
    """SIGHUP to all of a terminal's processes is a reload, and no more."""
    with running(home, tmp_path / "errors") as (address, process):
        before = web_process(process.pid)
        for pid in (*children(before), before, process.pid):
            subprocess.run(["kill", "-HUP", str(pid)], check=True)
        until(lambda: before not in children(process.pid))
        assert requests.get(f"{address}readyz", timeout=60).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert (tmp_path / "errors").read_text() == ""


def test_the_command_line_goes_before_the_configuration(home: Path, tmp_path: Path) -> None:
    configure(home, 'access_log = "configured.jsonl"', "query_workers = 3")
    log = tmp_path / "access.jsonl"
    options = ["--workers", "1", "--access-log", str(log)]
    with running(home, tmp_path / "errors", *options) as (address, process):
        requests.get(f"{address}catalog.ttl", timeout=60)
        until(lambda: "/catalog.ttl" in log.read_text())
        assert json.loads(log.read_text().splitlines()[-1])["status"] == 200
        assert len(children(web_process(process.pid))) == 2  # one for queries, one for pages
    assert not (home / "configured.jsonl").exists()
