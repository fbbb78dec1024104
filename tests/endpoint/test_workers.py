"""Workers: hostile queries are ended, others are answered meanwhile, nothing gets mixed up."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from endpoint.app import create_app
from endpoint.errors import BadRequest, EndpointError, TimedOut, Unavailable
from endpoint.evaluation.task import Limits, Task
from endpoint.evaluation.worker import Worker
from endpoint.evaluation.workers import Lane
from endpoint.settings import MIB, Settings
from endpoint.state import EXTENSION
from loader.release import Release
from tests.endpoint.example_release import FIRST, SECOND, switch, write_release

EVERYTHING = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?q ?r ?s . ?t ?u ?v }"
MANY = [f"?s ?p{n} ?o{n}" for n in range(600)]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GROWTH = "BIND(CONCAT({0}, {0}) AS {1})"
BOMB = " ".join(GROWTH.format(f"?v{n}", f"?v{n + 1}") for n in range(40))

RUNAWAY = {
    "cross-join": f"SELECT (COUNT(*) AS ?n) {EVERYTHING}",
    "order": f"SELECT * {EVERYTHING} ORDER BY ?c LIMIT 10",
    "group-concat": f"SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {EVERYTHING}",
    "concat": "SELECT (STRLEN(?v40) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?v0) " + BOMB + " }",
    "star": "SELECT (COUNT(*) AS ?n) { " + " . ".join(MANY[:300]) + " }",
}

ODD = {
    "optionals": "SELECT * { ?s ?p ?o OPTIONAL {" + "} OPTIONAL {".join(MANY) + "} }",
    "nested-things": "SELECT * { ?s ?p " + "[ ?q " * 60 + "?z" + " ]" * 60 + " }",
    "long-path": "ASK { ?s (" + "/".join(["!<a:b>"] * 800) + ") ?o . FILTER(false) }",
    "path-over-everything": "SELECT (COUNT(*) AS ?n) { ?s (!<a:b>)* ?o }",
}
"""These end early or late as the data have it; what counts is that the lane goes on."""

STACK = {
    "negations": "SELECT (" + "!" * 20_000 + "true AS ?x) {}",
    "sum": "SELECT (" + "1+" * 15_000 + "1 AS ?x) {}",
    "groups": "SELECT * " + "{" * 5000 + "}" * 5000,
    "parentheses": "SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}",
    "calls": "SELECT (" + "STR(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}",
}


@pytest.fixture(scope="module")
def release(home: Path) -> Release:
    return Release(home / "releases" / FIRST)


def limits(seconds: float = 30.0, **others: int) -> Limits:
    return replace(Limits.of(Settings(), seconds, 0), **others)


@pytest.fixture
def lane() -> Iterator[Lane]:
    found = Lane(2, 16, limits())
    yield found
    found.close()


@pytest.mark.parametrize("query", RUNAWAY.values(), ids=RUNAWAY.keys())
def test_a_runaway_query_is_ended(release: Release, query: str) -> None:
    lane = Lane(1, 1, limits(1.0, memory_bytes=1536 * MIB, result_bytes=4 * MIB))
    try:
        with pytest.raises((TimedOut, Unavailable)):
            lane.run(release, Task(query))
        lane.limits = limits()
        assert b"boolean" in lane.run(release, Task("ASK {}")).read()
    finally:
        lane.close()


@pytest.mark.parametrize("query", ODD.values(), ids=ODD.keys())
def test_the_lane_goes_on_after_an_odd_query(release: Release, query: str) -> None:
    lane = Lane(1, 1, limits(1.0, memory_bytes=1536 * MIB, result_bytes=4 * MIB))
    try:
        with contextlib.suppress(TimedOut, Unavailable):
            lane.run(release, Task(query)).body.close()
        lane.limits = limits()
        assert b"boolean" in lane.run(release, Task("ASK {}")).read()
    finally:
        lane.close()


@pytest.mark.parametrize("query", STACK.values(), ids=STACK.keys())
def test_the_stack_is_large_enough_behind_the_guard(release: Release, query: str) -> None:
    worker = Worker(release.store, limits())
    try:
        worker.start(Task(query))
        worker.answer().body.close()
        assert worker.ready
    finally:
        worker.close()


def test_others_are_answered_beside_a_runaway_query(lane: Lane, release: Release) -> None:
    lane.limits = limits(3.0)
    with ThreadPoolExecutor(1) as executor:
        hostile = executor.submit(lane.run, release, Task(RUNAWAY["cross-join"]))
        answers = [lane.run(release, Task(COUNT)).read() for _ in range(5)]
        assert not hostile.done()
        assert len(set(answers)) == 1
        assert isinstance(hostile.exception(), TimedOut)


def test_an_idle_worker_that_dies_is_nobodys_loss(lane: Lane, release: Release) -> None:
    lane.run(release, Task("ASK {}")).body.close()
    [idle] = lane._idle
    os.kill(idle.pid, signal.SIGSEGV)
    idle._process.wait()
    assert b"boolean" in lane.run(release, Task("ASK {}")).read()
    assert idle not in lane._idle


def test_a_worker_that_has_grown_is_replaced(
    lane: Lane, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane.run(release, Task("ASK {}")).body.close()
    [first] = lane._idle
    monkeypatch.setattr("endpoint.evaluation.worker._SHORT_SECONDS", 0.0)
    lane.run(release, Task("ASK {}")).body.close()
    assert lane._idle == [first]
    with monkeypatch.context() as scarce:
        scarce.setattr("endpoint.evaluation.worker._MOST_KEPT", 4 * MIB)
        lane.run(release, Task("ASK {}")).body.close()
    assert not first.ready
    for _ in range(1000):
        if lane._idle:
            break
        time.sleep(0.01)
    [second] = lane._idle
    assert second.ready and second is not first


def test_a_worker_killed_at_work_is_told(lane: Lane, release: Release) -> None:
    threads_before = threading.active_count()
    worker = Worker(release.store, limits())
    timer = threading.Timer(0.3, os.kill, (worker.pid, signal.SIGKILL))
    timer.start()
    with pytest.raises(Unavailable):
        worker.start(Task(RUNAWAY["cross-join"]))
        worker.answer()
    timer.join()
    assert not worker.ready
    assert threading.active_count() <= threads_before  # those of earlier tests may end


def test_a_worker_does_not_outlive_its_master(release: Release) -> None:
    worker = Worker(release.store, limits())
    process = worker._process
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


def test_the_network_is_out_of_reach(release: Release) -> None:
    worker = Worker(release.store, limits())
    try:
        if not worker.offline:
            pytest.skip("this system has no seccomp: only the guard keeps SERVICE away")
        worker.start(Task("SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }"))
        with pytest.raises(Unavailable) as told:
            worker.drain(worker.answer())
        assert told.value.code == "query.failed"
    finally:
        worker.close()


def test_a_result_beyond_the_limit_is_no_result(release: Release) -> None:
    lane = Lane(1, 1, limits(result_bytes=100_000))
    try:
        with pytest.raises(Unavailable) as told:
            lane.run(release, Task("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
        assert told.value.code == "query.result-too-large"
    finally:
        lane.close()


def test_a_full_queue_refuses_at_once(release: Release) -> None:
    lane = Lane(1, 0, limits(2.0))
    with ThreadPoolExecutor(1) as executor:
        hostile = executor.submit(lane.run, release, Task(RUNAWAY["cross-join"]))
        while not lane.places.at_work:
            pass
        with pytest.raises(Unavailable) as told:
            lane.run(release, Task("ASK {}"))
        assert told.value.code == "query.busy"
        assert isinstance(hostile.exception(), EndpointError)
    lane.close()


def test_waiting_too_long_is_refused(release: Release) -> None:
    lane = Lane(1, 4, limits(0.2))
    lane.places.enter(lane._nobody().client, 0)
    with pytest.raises(Unavailable) as told:
        lane.run(release, Task("ASK {}"))
    assert told.value.code == "query.busy"


def test_a_mistake_does_not_cost_the_worker(lane: Lane, release: Release) -> None:
    with pytest.raises(BadRequest):
        lane.run(release, Task("SELECT nonsense"))
    [worker] = lane._idle
    answer = lane.run(release, Task("ASK {}", result_format=None))
    assert (answer.form, answer.format, answer.read()) == ("ask", None, b"")
    assert lane._idle == [worker]


def test_answers_are_never_mixed_up(lane: Lane, release: Release) -> None:
    def ask(number: int) -> int:
        body = lane.run(release, Task(f"SELECT ({number} AS ?n) {{}}")).read()
        return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])

    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(ask, range(200))) == list(range(200))
    assert len(lane._idle) <= 2


def test_a_damaged_release_is_told(tmp_path: Path, lane: Lane) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(Unavailable) as told:
        lane.run(Release(tmp_path), Task("ASK {}"))
    assert told.value.code == "release.damaged"


def _application(home: Path) -> Flask:
    return create_app(home, settings=Settings(page_seconds=20.0))


def test_a_new_release_is_taken_up_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.state._LOOK_AGAIN_SECONDS", 0.0)
    write_release(tmp_path)
    write_release(tmp_path, SECOND, more="<a:new> rdfs:label 'new' .")
    switch(tmp_path, FIRST)
    app = _application(tmp_path)
    client = app.test_client()
    question = "/sparql?query=ASK%20%7B%20%3Ca%3Anew%3E%20%3Fp%20%3Fo%20%7D"
    try:
        seen = []
        for identifier in (FIRST, SECOND, FIRST):
            switch(tmp_path, identifier)
            answer = client.get(question)
            seen.append((answer.headers["Tsunagu-Release"], answer.get_json()["boolean"]))
        assert seen == [(FIRST, False), (SECOND, True), (FIRST, False)]
        page = client.get(f"/release/{SECOND}?lang=en", headers={"Accept": "text/html"}).text
        assert "Another release is served now." in page
        assert f'href="/release/{FIRST}?lang=en"' in page
    finally:
        app.extensions[EXTENSION].workers.close()


def test_a_home_without_a_release(tmp_path: Path) -> None:
    client = _application(tmp_path).test_client()
    for address in ("/", "/healthz", "/sparql?query=ASK%7B%7D", "/dataset/a", "/id/a/b"):
        for accept in ("text/html", "*/*"):
            response = client.get(address, headers={"Accept": accept, "Accept-Language": "en"})
            assert response.status_code == 503
            assert "Nothing is published yet" in response.text
            assert int(response.headers["Retry-After"]) > 0
    assert client.get("/robots.txt").status_code == 200
    assert client.get("/nix").status_code == 404


def test_a_release_whose_manifest_is_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / FIRST
    folder.mkdir(parents=True)
    switch(tmp_path, FIRST)
    assert _application(tmp_path).test_client().get("/").status_code == 503
    (folder / "manifest.json").write_text("{")
    assert _application(tmp_path).test_client().get("/").status_code == 503


def test_a_damaged_report_is_told(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    switch(tmp_path, FIRST)
    (folder / "reports" / "facilities.json").write_text("{")
    app = _application(tmp_path)
    try:
        response = app.test_client().get("/dataset/facilities.html")
        assert response.status_code == 503
    finally:
        app.extensions[EXTENSION].workers.close()
