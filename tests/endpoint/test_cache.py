"""Answers from memory, and compressed ones: over HTTP, and piece by piece."""

import gzip
import hashlib
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from endpoint.errors import TimedOut
from endpoint.http.cache import AnswerCache, Kept, key_of
from endpoint.http.compression import choose, coded_headers, compressed, is_worthwhile, varied
from tests.endpoint.example_release import FIRST, SECOND, switch, write_release
from tests.endpoint.test_server import free_port, start

MANY = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 200"
SECRET = hashlib.sha256(b"operator").hexdigest()
CONFIGURATION = f"""
[serve]
client_seconds = 100_000
[[serve.keys]]
name = "operator"
sha256 = "{SECRET}"
operator = true
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def url(place: Path) -> Iterator[str]:
    write_release(place)
    write_release(place, SECOND, more="<a:new> <http://www.w3.org/2000/01/rdf-schema#label> 'n' .")
    switch(place, FIRST)
    (place / "tsunagu.toml").write_text(CONFIGURATION)
    port = free_port()
    process = start(place, port, place / "errors")
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert (place / "errors").read_text() == ""


def hits(url: str) -> int:
    lines = requests.get(f"{url}metrics", timeout=30).text.splitlines()
    return int(
        float(next(line.split()[1] for line in lines if line.startswith("tsunagu_cache_hits")))
    )


def headers(answer: requests.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.lower() != "date"}


ADDRESSES = ["", "def/tsunagu", "id/facility/992011-1", "data/facility/992011-1.ttl", "def.ttl"]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_second_answer_is_the_first(url: str, address: str, accept: str) -> None:
    sent = {"Accept": accept}
    first, second = (requests.get(url + address, headers=sent, timeout=30) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert headers(first) == headers(second)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_query_asked_again_is_answered_from_memory(url: str, method: str) -> None:
    place = {"params" if method == "get" else "data": {"query": f"{MANY} # {method}"}}
    before = hits(url)
    answers = [requests.request(method, f"{url}sparql", timeout=30, **place) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert hits(url) == before + 2
    other = requests.request(
        method, f"{url}sparql", timeout=30, headers={"Accept": "text/csv"}, **place
    )
    assert other.headers["Content-Type"].startswith("text/csv")
    assert hits(url) == before + 2


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (RAND() AS ?n) {}"])
def test_what_changes_is_asked_anew(url: str, query: str) -> None:
    before = hits(url)
    answers = [requests.get(f"{url}sparql", {"query": query}, timeout=30) for _ in range(2)]
    assert answers[0].content != answers[1].content
    assert hits(url) == before


def test_errors_are_not_kept(url: str) -> None:
    before = hits(url)
    for _ in range(2):
        assert requests.get(f"{url}sparql", {"query": "ASK {"}, timeout=30).status_code == 400
        assert requests.get(f"{url}id/facility/none", timeout=30).status_code == 404
    assert hits(url) == before


def test_what_the_client_has_is_not_sent_again(url: str) -> None:
    for coding in ("identity", "gzip"):
        sent = {"Accept-Encoding": coding}
        tag = requests.get(
            f"{url}sparql?query=DESCRIBE%20%3Fs%20%7B%3Fs%20%3Fp%20%3Fo%7D",
            headers=sent,
            timeout=30,
        ).headers["ETag"]
        assert tag.startswith("W/") == (coding == "gzip")
        again = requests.get(
            f"{url}sparql?query=DESCRIBE%20%3Fs%20%7B%3Fs%20%3Fp%20%3Fo%7D",
            headers={**sent, "If-None-Match": tag},
            timeout=30,
        )
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Type" not in again.headers


@pytest.mark.parametrize("limit", [200, 20_000])
def test_compressed_answers(url: str, limit: int) -> None:
    query = f"SELECT ?a ?d ?g {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {limit}"
    parameters = {"query": query, "format": "csv"}
    packed = requests.get(f"{url}sparql", parameters, timeout=30)
    plain = requests.get(
        f"{url}sparql", parameters, headers={"Accept-Encoding": "gzip;q=0"}, timeout=30
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (packed, plain))


def test_a_new_release_is_not_answered_from_the_old_one(url: str, place: Path) -> None:
    query = {"query": "ASK { <a:new> ?p ?o }", "format": "csv"}
    answers = set()
    for release in (FIRST, SECOND, FIRST):
        switch(place, release)
        while requests.get(url, timeout=30).headers["Tsunagu-Release"] != release:
            pass
        answer = requests.get(f"{url}sparql", query, timeout=30)
        answers.add((answer.headers["Tsunagu-Release"], answer.text))
    assert answers == {(FIRST, "false"), (SECOND, "true")}


def kept(body: bytes, release: str = FIRST) -> Kept:
    return Kept(release, [], body, "")


def test_the_last_used_stay() -> None:
    cache = AnswerCache(4096)
    for name in (b"a", b"b", b"c"):
        cache.keep(name, kept(b"x" * 256))
    assert cache.find(b"a", FIRST) is not None
    cache.keep(b"d", kept(b"x" * 256))
    assert cache.find(b"b", FIRST) is None
    assert cache.find(b"a", FIRST) is not None
    assert cache.find(b"a", SECOND) is None
    assert cache.size <= cache.limit
    cache.keep(b"a", kept(b"y"))
    cache.keep(b"e", kept(b"x" * 8192))
    assert cache.size == 0
    assert (cache.hits, cache.misses) == (2, 2)


ENVIRON = {"REQUEST_METHOD": "GET", "PATH_INFO": "/a", "QUERY_STRING": "b=1"}


def test_what_decides_an_answer_is_its_key() -> None:
    other = [
        {**ENVIRON, "PATH_INFO": "/a\nb=1"},
        {**ENVIRON, "QUERY_STRING": ""},
        {**ENVIRON, "HTTP_ACCEPT": "text/csv"},
        {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "en"},
        {**ENVIRON, "REQUEST_METHOD": "POST"},
        {**ENVIRON, "HTTP_HOST": "old.example"},
        {**ENVIRON, "SCRIPT_NAME": "/lod"},
    ]
    keys = [key_of(environ, b"", "") for environ in (ENVIRON, *other)]
    keys += [key_of(ENVIRON, b"body", ""), key_of(ENVIRON, b"", "gzip")]
    assert len(set(keys)) == 10
    assert None not in keys
    for name in ("HTTP_RANGE", "HTTP_AUTHORIZATION"):
        assert key_of({**ENVIRON, name: "x"}, b"", "") is None
    assert key_of({**ENVIRON, "REQUEST_METHOD": "HEAD"}, b"", "") is None


CODINGS = [
    ("", ""),
    ("gzip, deflate, br", "gzip"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("gzip, zstd;q=0.5", "gzip"),
    ("zstd;q=0, gzip", "gzip"),
    ("zstd", "zstd"),
    ("br", ""),
    ("*", "gzip"),
    ("*;q=0.5, gzip;q=0", ""),
    ("identity", ""),
]


@pytest.mark.parametrize(("accepted", "coding"), CODINGS)
def test_codings(accepted: str, coding: str) -> None:
    assert choose(accepted) == coding


def test_what_is_worth_compressing() -> None:
    text = [("Content-Type", "text/turtle")]
    assert is_worthwhile(200, text, 1024)
    assert not is_worthwhile(200, text, 1023)
    assert not is_worthwhile(206, text, 1024)
    assert not is_worthwhile(200, [*text, ("Content-Encoding", "gzip")], 1024)
    for media_type in ("application/octet-stream", "application/pdf", "image/png"):
        assert not is_worthwhile(200, [("Content-Type", media_type)], 1024)
    sent = [*text, ("Content-Length", "9"), ("ETag", '"a"'), ("Vary", "Accept")]
    assert coded_headers(sent, "gzip") == [
        *text,
        ("ETag", 'W/"a"'),
        ("Vary", "Accept"),
        ("Content-Encoding", "gzip"),
    ]
    assert varied(sent)[-1] == ("Vary", "Accept, Accept-Encoding")


def test_a_broken_answer_has_no_end_of_its_coding() -> None:
    pieces = iter([b"b" * 100_000, b"c" * 100_000])

    def rest() -> bytes:
        for piece in pieces:
            return piece
        raise TimedOut("query.timeout", seconds=1)

    following = compressed(b"a" * 100_000, rest, "gzip")
    taken = b""
    with pytest.raises(TimedOut):
        while piece := following():
            taken += piece
    with pytest.raises(EOFError):
        gzip.decompress(taken)
    following = compressed(b"a", lambda: b"", "gzip")
    assert gzip.decompress(b"".join(iter(following, b""))) == b"a"
