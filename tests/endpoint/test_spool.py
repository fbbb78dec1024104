"""Results on their way: from worker to client, whole or broken, at the pace of each."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from endpoint.errors import ClientGone, TimedOut, Unavailable
from endpoint.evaluation.places import Client
from endpoint.evaluation.rows import RowCounter, limited
from endpoint.evaluation.running import Asking, Running
from endpoint.evaluation.spool import Abandoned, Spool
from endpoint.evaluation.task import Limits, Task
from endpoint.evaluation.workers import Lane
from endpoint.http.connection import Connection
from endpoint.settings import Settings
from loader.release import Release
from tests.endpoint.example_release import FIRST

MANY = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = MANY.replace("?i }", "?i . ?j ?k ?l . ?m ?n ?o }")
CLIENT = Client("192.0.2.1", 10.0, 2, 4, 60.0)


@pytest.mark.parametrize("memory", [0, 5, 100])
def test_what_is_written_is_read(memory: int) -> None:
    spool = Spool(memory)
    reader: list[bytes] = []
    thread = threading.Thread(target=lambda: reader.extend(spool))
    thread.start()
    for piece in (b"one ", b"two ", b"three"):
        spool.write(piece)
    spool.finish()
    thread.join()
    assert b"".join(reader) == b"one two three"
    assert (spool.size, spool.whole) == (13, True)
    assert spool.read() == b"one two three"
    with pytest.raises(Abandoned):
        spool.write(b"nobody reads this")


def test_a_broken_result_is_no_result() -> None:
    spool = Spool(100)
    spool.write(b"one")
    spool.finish(TimedOut("query.timeout", seconds=1))
    assert (spool.ended, spool.whole) == (True, False)
    with pytest.raises(TimedOut):
        spool.read()


def lane(release: Release, **others: int) -> Lane:
    small = {"spool_bytes": 10_000, "result_bytes": 3_000_000, **others}
    return Lane(1, 4, replace(Limits.of(Settings(), 30.0, 0), **small))


@pytest.fixture(scope="module")
def release(home: Path) -> Release:
    return Release(home / "releases" / FIRST)


def asking(connection: Connection | None = None, seconds: float = 30.0) -> Asking:
    return Asking(CLIENT, connection or Connection(), seconds, streams=True)


def test_a_worker_does_not_wait_for_the_reader(release: Release) -> None:
    found = lane(release)
    try:
        slow = found.run(release, Task(f"{MANY} LIMIT 20000", "csv"), asking())
        quick = found.run(release, Task("ASK {}"), asking())
        assert b"boolean" in quick.read()
        assert slow.read().count(b"\n") == 20_001
        assert slow.rows == 20_000
    finally:
        found.close()


def test_a_result_that_is_cut_is_told_to_the_reader(release: Release) -> None:
    found = lane(release, result_bytes=200_000)
    try:
        answer = found.run(release, Task(MANY, "csv"), asking())
        with pytest.raises(Unavailable) as told:
            answer.read()
        assert told.value.code == "query.result-too-large"
    finally:
        found.close()


def test_nobody_reads_any_more(release: Release) -> None:
    found = lane(release, result_bytes=10**12)
    try:
        found.run(release, Task(ENDLESS, "csv"), asking()).body.close()
        assert b"boolean" in found.run(release, Task("ASK {}"), asking()).read()
    finally:
        found.close()


def test_a_client_that_has_gone_before_the_query_begins(release: Release) -> None:
    found = lane(release)
    connection = Connection()
    connection.lose()
    try:
        with pytest.raises(ClientGone):
            found.run(release, Task(ENDLESS), asking(connection))
        assert not found.register.all()
    finally:
        found.close()


def test_a_query_is_killed_by_number(release: Release) -> None:
    found = lane(release)

    def kill() -> None:
        while not any(found.register.kill(running.number) for running in found.register.all()):
            pass

    threading.Timer(0.3, kill).start()
    try:
        with pytest.raises(Unavailable) as told:
            found.run(release, Task(f"SELECT (COUNT(*) AS ?n) {ENDLESS[15:]}"), asking())
        assert told.value.code == "query.killed"
        assert not found.register.kill(0)
    finally:
        found.close()


def test_what_runs_is_known() -> None:
    running = Running("ASK {}", FIRST, asking())
    assert running.seconds >= 0
    assert Running("ASK {}", FIRST, asking()).number == running.number + 1


LIMITED = [
    ("SELECT * {}", "SELECT * {}\nLIMIT 5\n"),
    ("SELECT * {} # end", "SELECT * {} # end\nLIMIT 5\n"),
    ("SELECT * {} LIMIT 9 OFFSET 2", "SELECT * {} LIMIT 5 OFFSET 2"),
    ("SELECT * {} limit 3", "SELECT * {} limit 3"),
    ("SELECT * {} LIMIT # limit 1\n 99999999999999999999", "SELECT * {} LIMIT # limit 1\n 5"),
    ("SELECT * { { SELECT * {} LIMIT 1 } }", "SELECT * { { SELECT * {} LIMIT 1 } }\nLIMIT 5\n"),
    ("SELECT * {} VALUES ?x { 1 }", "SELECT * {} \nLIMIT 5\nVALUES ?x { 1 }"),
    ("SELECT (1 AS ?limit) {}", "SELECT (1 AS ?limit) {}\nLIMIT 5\n"),
    ("PREFIX limit: <a:> DESCRIBE limit:1", "PREFIX limit: <a:> DESCRIBE limit:1\nLIMIT 5\n"),
]


@pytest.mark.parametrize(("query", "expected"), LIMITED)
def test_rows_are_limited_in_the_text(query: str, expected: str) -> None:
    assert limited(query, 5) == expected


ROWS = [
    ("SELECT * {}", 1),
    ("SELECT ?x { VALUES ?x {} }", 0),
    ("SELECT ?x { VALUES ?x { 1 2 3 } }", 3),
    ("SELECT ?x { VALUES ?x { 1 UNDEF 3 '},{x' '\"bindings\":[{' } }", 5),
]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(("query", "rows"), ROWS)
def test_rows_are_counted(query: str, rows: int, name: str, size: int) -> None:
    from pyoxigraph import QuerySolutions, Store

    from endpoint.evaluation.worker_process import RESULT_SYNTAX

    result = Store().query(query)
    assert isinstance(result, QuerySolutions)
    content = result.serialize(format=RESULT_SYNTAX[name])
    assert content is not None
    counter = RowCounter(name)
    for start in range(0, len(content), size):
        counter.see(content[start : start + size])
    assert counter.rows == rows
