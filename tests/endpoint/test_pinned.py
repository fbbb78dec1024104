"""A query that is pinned to a release is answered from it, whatever is served."""

import json
import shutil
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.evaluation.task import Limits, Task
from endpoint.evaluation.workers import Lane, Workers
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from loader.release import PRUNED, Release
from tests.endpoint.conftest import ReadingClient
from tests.endpoint.example_release import BASE, FIRST, SECOND, switch, write_release

ADDED = f'<{BASE}id/aed/992011-9> rdfs:comment "新しい"@ja .'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EARLIER = f"/release/{FIRST}/sparql"
LATER = f"/release/{SECOND}/sparql"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A home with two releases; the second, which has one triple more, is served."""
    folder = tmp_path_factory.mktemp("pair")
    write_release(folder)
    write_release(folder, SECOND, ADDED)
    switch(folder, SECOND)
    application = create_app(folder, settings=Settings(page_seconds=20.0, query_seconds=20.0))
    application.testing = True
    application.test_client_class = ReadingClient
    yield application
    application.extensions[EXTENSION].workers.close()


@pytest.fixture
def visitor(pair: Flask) -> FlaskClient:
    return pair.test_client()


@pytest.fixture
def workers(pair: Flask) -> Workers:
    found: Workers = pair.extensions[EXTENSION].workers
    return found


def count(client: FlaskClient, path: str) -> int:
    answer = client.get(path, query_string={"query": COUNT, "format": "json"})
    assert answer.status_code == 200, answer.text
    return int(json.loads(answer.text)["results"]["bindings"][0]["n"]["value"])


def test_each_release_answers_for_itself(visitor: FlaskClient) -> None:
    served = count(visitor, "/sparql")
    assert count(visitor, LATER) == served
    assert count(visitor, EARLIER) == served - 1
    assert count(visitor, "/sparql") == served


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get(EARLIER, query_string={"query": COUNT}),
        lambda client: client.post(EARLIER, data={"query": COUNT}),
        lambda client: client.post(EARLIER, data=COUNT, content_type="application/sparql-query"),
    ],
    ids=["get", "form", "direct"],
)
def test_it_speaks_the_protocol(visitor: FlaskClient, ask: Callable[[FlaskClient], object]) -> None:
    answer: object = ask(visitor)
    assert getattr(answer, "status_code", 0) == 200
    assert getattr(answer, "headers", {})["Tsunagu-Release"] == FIRST


def test_an_answer_that_the_client_has_is_not_sent_again(visitor: FlaskClient) -> None:
    query = {"query": COUNT}
    tag = visitor.get(EARLIER, query_string=query).headers["ETag"]
    known = {"If-None-Match": tag}
    assert visitor.get(EARLIER, query_string=query, headers=known).status_code == 304
    assert visitor.get("/sparql", query_string=query, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": "SELECT"}, 400),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, 403),
        ({"update": "CLEAR ALL"}, 400),
    ],
)
def test_what_is_refused_is_refused_here_too(
    visitor: FlaskClient, parameters: dict[str, str], status: int
) -> None:
    assert visitor.get(EARLIER, query_string=parameters).status_code == status


@pytest.mark.parametrize("name", ["20260101T000000Z-00000000", "..", ".", "%00", "..%2Freleases"])
def test_an_unknown_release_is_not_found(visitor: FlaskClient, name: str) -> None:
    answer = visitor.get(f"/release/{name}/sparql", query_string={"query": COUNT})
    assert answer.status_code == 404


def test_a_damaged_release_is_told(pair: Flask, visitor: FlaskClient) -> None:
    folder = pair.extensions[EXTENSION].home / "releases" / "broken"
    folder.mkdir()
    (folder / "manifest.json").write_text("{")
    answer = visitor.get("/release/broken/sparql", query_string={"query": COUNT})
    assert answer.status_code == 503
    shutil.rmtree(folder)


def test_the_description_names_the_address_and_the_size(visitor: FlaskClient) -> None:
    text = visitor.get(EARLIER, headers={"Accept": "text/turtle"}).text
    assert f"<{BASE}release/{FIRST}/sparql>" in text
    assert f"<{BASE}sparql>" not in text


def test_the_result_page_offers_a_link_that_gives_it_again(visitor: FlaskClient) -> None:
    shown = visitor.get("/sparql", query_string={"query": COUNT, "format": "html", "lang": "en"})
    assert f'href="/release/{SECOND}/sparql?query=' in shown.text
    again = visitor.get(LATER, query_string={"query": COUNT, "format": "html", "lang": "en"})
    assert f'action="{LATER}"' in again.text
    assert "This page asks one release only" in again.text
    assert "This page asks one release only" not in shown.text
    release = visitor.get(f"/release/{FIRST}?lang=en", headers={"Accept": "text/html"})
    assert f'href="{EARLIER}' in release.text


def test_earlier_releases_have_workers_of_their_own(visitor: FlaskClient, workers: Workers) -> None:
    count(visitor, "/sparql")
    count(visitor, EARLIER)
    assert {worker.store.parent.name for worker in workers.queries._idle} == {SECOND}
    assert {worker.store.parent.name for worker in workers.pinned._idle} == {FIRST}


def test_a_worker_that_nobody_asks_is_ended(pair: Flask) -> None:
    home = pair.extensions[EXTENSION].home
    lane = Lane(1, 4, Limits.of(Settings(), 20.0, 0), idle_seconds=0.05)
    try:
        lane.run(Release(home / "releases" / FIRST), Task("ASK {}")).body.close()
        cleaner = lane._cleaner
        while cleaner is not None:
            cleaner.join()
            cleaner = lane._cleaner
        assert not lane._idle
    finally:
        lane.close()


def test_a_release_that_was_removed_is_gone(pair: Flask, visitor: FlaskClient) -> None:
    name = "20260101T000000Z-11111111"
    note = pair.extensions[EXTENSION].home / PRUNED / f"{name}.json"
    note.parent.mkdir()
    note.write_text(json.dumps({"pruned": "2026-11-21T04:00:00+00:00"}))
    answer = visitor.get(f"/release/{name}/sparql", query_string={"query": COUNT})
    assert answer.status_code == 410
    shutil.rmtree(note.parent)
