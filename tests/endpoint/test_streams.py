"""Results over raw sockets: whole, or seen to be broken; a client that goes away ends its query."""

import contextlib
import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.test_server import free_port, start

NUMBERS = " ".join(str(number) for number in range(10))
DIGITS = " ".join(f"VALUES ?d{n} {{ {NUMBERS} }}" for n in range(8))
LONG = f"SELECT ?d0 ?d1 ?d2 ?d3 ?d4 ?d5 ?d6 ?d7 {{ {DIGITS} }}"
CONFIGURATION = """
[serve]
spool_bytes = 100_000
result_bytes = 400_000
client_seconds = 100_000
query_seconds = 300
access_log = "access.jsonl"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("streams")


@pytest.fixture(scope="module")
def port(place: Path) -> Iterator[int]:
    write_release(place)
    switch(place, FIRST)
    (place / "tsunagu.toml").write_text(CONFIGURATION)
    number = free_port()
    process = start(place, number, place / "errors")
    yield number
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert (place / "errors").read_text() == ""


def request(query: str, name: str, version: str = "1.1", more: str = "") -> bytes:
    path = f"/sparql?query={quote(query)}&format={name}{more}"
    return f"GET {path} HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def ask(port: int, sent: bytes) -> tuple[str, dict[str, str], bytes]:
    """Send a request; return status line, header and all bytes that come."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(sent)
        received = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                received += piece
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    return status, {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}, body


def test_a_result_that_is_cut_is_broken(port: int) -> None:
    """Of the whole table of formats and codings tells test_honest.py."""
    status, _, body = ask(port, request(LONG, "csv"))
    assert status == "HTTP/1.1 200 OK"
    assert not body.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_large_result_within_the_limits_is_whole(port: int, version: str) -> None:
    status, header, body = ask(port, request(f"{LONG} LIMIT 20000", "csv", version))
    assert status.split()[1] == "200"
    if version == "1.0" or "content-length" in header:  # written before the answer began
        assert int(header["content-length"]) == len(body) == 25 + 17 * 20_000
    else:
        assert body.endswith(b"0\r\n\r\n")


def test_limits_are_lowered_and_told(port: int) -> None:
    status, header, body = ask(port, request(LONG, "json", more="&limit=3"))
    assert header["tsunagu-limit"] == "rows=3"
    assert body.count(b'"d7":') == 3
    assert b"#rows=3" in body


def test_a_client_that_goes_away_ends_its_query(port: int) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    for _ in range(6):  # three times what one client may run at once: the earlier ones have ended
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(request(endless, "json"))
            time.sleep(0.6)
    status, _, _ = ask(port, request("ASK {}", "json"))  # would wait longer than the client does
    assert status.split()[1] == "200"


def test_a_slow_client_does_not_hold_a_worker(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            slow = socket.create_connection(("127.0.0.1", port), timeout=60)
            stack.enter_context(slow)
            slow.sendall(request(f"{LONG} LIMIT 20000", "csv"))
            assert slow.recv(12) == b"HTTP/1.1 200"
        status, _, _ = ask(port, request("ASK {}", "json"))
        assert status.split()[1] == "200"


def test_the_log_says_what_became_of_each(port: int, place: Path) -> None:
    lines = [json.loads(line) for line in (place / "access.jsonl").read_text().splitlines()]
    assert {line["client"] for line in lines} == {"127.0.0.0/24"}
    outcomes = {line["outcome"] for line in lines}
    assert {"ok", "query.result-too-large"} <= outcomes
    assert "query.client-gone" in {line.get("query_outcome") for line in lines}
    whole = [line for line in lines if line.get("rows") == 20_000]
    assert whole and all(line["query_outcome"] == "ok" for line in whole)
    assert not any("SELECT" in json.dumps(line) for line in lines)
