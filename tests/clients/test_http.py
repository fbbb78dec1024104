"""HTTP/1.1 as bytes on a connection: kept alive, pipelined, closed, 100-continue (RFC 9112)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from urllib.parse import quote, urlsplit

import pytest
import requests

ASK = f"/sparql?query={quote('ASK {}')}"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    host, port = urlsplit(url).netloc.split(":")
    with socket.create_connection((host, int(port)), 60) as found:
        yield found


def request(method: str, path: str, more: str = "", body: bytes = b"") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}{length}\r\n".encode() + body


def answer(found: socket.socket, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    """Read one answer; only for connections on which nothing follows it yet."""
    response = HTTPResponse(found, method=method)
    response.begin()
    return response, response.read()


def is_closed(found: socket.socket) -> bool:
    """Whether the server has closed its side; waits for that, or for a byte."""
    return found.recv(1) == b""


def test_many_requests_on_one_connection(url: str) -> None:
    with connected(url) as found:
        for number in range(120):
            path = ("/healthz", ASK, "/nowhere", "/catalog.ttl")[number % 4]
            method = ("GET", "HEAD", "GET")[number % 3]
            found.sendall(request(method, path))
            response, body = answer(found, method)
            assert response.status == (404 if path == "/nowhere" else 200)
            assert (body == b"") is (method == "HEAD")
            assert not response.will_close


def test_a_streamed_answer_and_a_refused_one_leave_the_connection_usable(url: str) -> None:
    with connected(url) as found:
        for query, status in ((MANY, 200), ("SELECT", 400), (MANY, 200), ("ASK {}", 200)):
            body = f"query={quote(query)}&format=csv".encode()
            found.sendall(request("POST", "/sparql", FORM, body))
            response, text = answer(found)
            assert response.status == status
            assert len(text) > (100_000 if query == MANY else 0)


def test_pipelined_requests_are_answered_in_their_order(url: str) -> None:
    numbers = range(20)
    paths = [f"/sparql?format=csv&query={quote(f'SELECT ({n} AS ?n) {{}}')}" for n in numbers]
    last = request("GET", paths[-1], "Connection: close\r\n")
    with connected(url) as found:
        found.sendall(b"".join(request("GET", path) for path in paths[:-1]) + last)
        received = b"".join(iter(lambda: found.recv(65_536), b""))
    answers = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [text.partition(b"\r\n\r\n")[2] for text in answers] == [
        f"n\r\n{number}\r\n".encode() for number in numbers
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_connection_close_is_obeyed(url: str, method: str) -> None:
    with connected(url) as found:
        found.sendall(request(method, ASK, "Connection: close\r\n"))
        received = b"".join(iter(lambda: found.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" in head.lower()
    assert (body == b"") is (method == "HEAD")


def test_http_1_0_is_closed_unless_kept(url: str) -> None:
    for more, closes in (("", True), ("Connection: keep-alive\r\n", False)):
        with connected(url) as found:
            found.sendall(f"GET {ASK} HTTP/1.0\r\nHost: localhost\r\n{more}\r\n".encode())
            response, body = answer(found)
            assert (response.status, response.version) == (200, 10)
            assert int(response.headers["Content-Length"]) == len(body)
            if not closes:
                found.sendall(request("GET", "/healthz", "Connection: close\r\n"))
                assert answer(found)[0].status == 200
            assert is_closed(found)


def test_who_waits_for_leave_to_send_a_body_is_given_it(url: str) -> None:
    """RFC 9110, 10.1.1: curl and .NET send this before a long query."""
    body = f"query={quote('ASK {} #' + 'x' * 3000)}".encode()
    head = request("POST", "/sparql", f"{FORM}Expect: 100-continue\r\n", body)
    head = head.removesuffix(body)
    with connected(url) as found:
        found.sendall(head)
        assert found.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        found.sendall(body)
        response, text = answer(found)
        assert (response.status, b"true" in text) == (200, True)


def test_a_body_in_chunks(url: str) -> None:
    """RFC 9112, 7.1: what streams its request does not know the length."""
    pieces = [b"query=", quote("ASK { ?s ?p ").encode(), quote("?o }").encode()]
    with requests.Session() as session:
        found = session.post(
            f"{url}sparql",
            data=iter(pieces),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            timeout=60,
        )
    assert found.status_code == 200, found.text
    assert found.json()["boolean"] is True


BROKEN = [
    (b"GET /healthz HTTP/1.1\r\n\r\n", (200, 400)),  # no Host: nothing depends on it here
    (b"NONSENSE\r\n\r\n", (400,)),
    (b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (414, 431, 400)),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n", (400,)),
    (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        (400, 415),
    ),
]


@pytest.mark.parametrize(("sent", "statuses"), BROKEN)
def test_what_is_not_http_is_refused_and_nobody_else_suffers(
    url: str, sent: bytes, statuses: tuple[int, ...]
) -> None:
    with connected(url) as found:
        found.sendall(sent)
        status = int(found.recv(1024).split(b" ")[1])
        assert status in statuses
    assert requests.get(f"{url}healthz", timeout=60).status_code == 200
