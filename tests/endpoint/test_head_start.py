"""Queries that are begun before the application is asked: answered as others, and never lost."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask
from werkzeug.test import EnvironBuilder

from endpoint.errors import BadRequest, ClientGone
from endpoint.evaluation.places import Client, Places
from endpoint.evaluation.task import Task
from endpoint.evaluation.workers import Lane
from endpoint.sparql.head_start import HeadStart, start
from endpoint.state import EXTENSION, Site
from loader.release import Release
from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.serving import served
from tests.endpoint.test_serving import SLOW
from tests.endpoint.test_spool import asking, lane
from tests.endpoint.test_workers import RUNAWAY

LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s ?l"
GRAPH = LABELS.replace("SELECT ?s ?l", "CONSTRUCT WHERE").replace(" ORDER BY ?s ?l", "")
OTHER = {"If-None-Match": '"another"'}
"""A request with this is left to the application from the start."""


@pytest.fixture(scope="module")
def site(app: Flask) -> Site:
    found: Site = app.extensions[EXTENSION]
    release = found.releases.current()
    assert release is not None
    found.workers.queries.warm(release)
    return found


def begun(site: Site, query: str = "ASK {}", **more: Any) -> HeadStart | None:
    """What is begun of a GET request, where the release was looked up just now."""
    site.releases.current()
    parameters = {"query": query, **more.pop("parameters", {})}
    builder = EnvironBuilder("/sparql", query_string=urlencode(parameters), **more)
    return start(site, builder.get_environ())


def test_a_plain_query_is_begun(site: Site) -> None:
    early = begun(site)
    assert early is not None
    assert site.workers.queries.places.at_work == 1
    assert b"boolean" in early.begun.answer().read()
    assert site.workers.queries.places.at_work == 0


NOT_PLAIN: list[dict[str, Any]] = [
    {"method": "POST"},
    {"method": "HEAD"},
    {"headers": OTHER},
    {"headers": {"Accept": "text/html"}},
    {"headers": {"Accept": "image/png"}},
    {"headers": {"Authorization": "Bearer nobody"}},
    {"parameters": {"hints": "1"}},
    {"parameters": {"format": "nonsense"}},
    {"parameters": {"timeout": "soon"}},
    {"query": "INSERT DATA {}"},
    {"query": "SELECT * { SERVICE <http://localhost/> {} }"},
    {"query": f"ASK {{}} #{'x' * 5000}"},
]


@pytest.mark.parametrize("case", NOT_PLAIN, ids=str)
def test_what_is_not_plain_is_left_to_the_application(site: Site, case: dict[str, Any]) -> None:
    assert begun(site, **case) is None
    assert site.workers.queries.places.at_work == 0


def test_a_client_has_no_more_places_than_else(site: Site) -> None:
    found = [begun(site) for _ in range(site.settings.client_queries + 1)]
    assert [early is None for early in found] == [False] * (len(found) - 1) + [True]
    for early in filter(None, found):
        early.begun.end()
    assert site.workers.queries.places.at_work == 0


def test_places_go_to_those_who_wait_first() -> None:
    client = Client("192.0.2.1", 10.0, 2, 4, 60.0)
    places = Places(2, 4)
    assert places.enter_at_once(client)
    places._in_line["198.51.100.7"] += 1
    assert not places.enter_at_once(client)
    places._in_line.clear()
    assert places.enter_at_once(client) and not places.enter_at_once(client)
    assert places.at_work == 2


@pytest.fixture
def one(home: Path) -> Iterator[Lane]:
    found = lane(Release(home / "releases" / FIRST))
    yield found
    found.close()


def test_nothing_waits_for_a_worker_to_start(one: Lane, home: Path) -> None:
    release = Release(home / "releases" / FIRST)
    assert one.begin_at_once(release, Task("ASK {}"), asking()) is None
    assert one.places.at_work == 0
    one.warm(release)
    query = one.begin_at_once(release, Task("ASK {}"), asking())
    assert query is not None and one.begin_at_once(release, Task("ASK {}"), asking()) is None
    assert b"boolean" in query.answer().read()


def test_what_nobody_waits_for_is_ended(one: Lane, home: Path) -> None:
    release = Release(home / "releases" / FIRST)
    query = one.begin(release, Task(RUNAWAY["cross-join"]), asking())
    query.end()
    assert not query.worker.ready
    assert (one.places.at_work, one.register.all()) == (0, [])
    with pytest.raises(ClientGone):
        query.answer()


def test_an_answer_is_taken_once_and_told_as_often_as_asked_for(one: Lane, home: Path) -> None:
    release = Release(home / "releases" / FIRST)
    query = one.begin(release, Task("ASK {}"), asking())
    assert query.take() is not None
    assert one.places.at_work == 1  # until it is said that all is done
    query.end()
    query.end()
    assert one.places.at_work == 0
    assert query.answer() is query.answer()
    wrong = one.begin(release, Task("SELECT nonsense"), asking())
    for _ in range(2):
        with pytest.raises(BadRequest):
            wrong.answer()
    assert one.places.at_work == 0 and query.worker.ready


def test_a_query_somebody_waits_for_is_not_ended(one: Lane, home: Path) -> None:
    query = one.begin(Release(home / "releases" / FIRST), Task(SLOW), asking())
    waiting = threading.Thread(target=query.answer)
    waiting.start()
    while not query.taken:
        pass
    query.end()
    waiting.join()
    assert query.answer().rows == 1
    assert one.places.at_work == 0 and query.worker.ready


def test_a_short_answer_is_seen_to_be_there(one: Lane, home: Path) -> None:
    release = Release(home / "releases" / FIRST)
    for text, most, seen in ((LABELS, 1 << 20, True), (LABELS, 100, False), ("SELECT", 99, False)):
        query = one.begin(release, Task(text), asking())
        query.worker._ready_to_read.poll(20_000)
        assert query.worker.has_all(most) is seen
        query.take()
        query.end()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("head-start")
    write_release(folder)
    switch(folder, FIRST)
    (folder / "tsunagu.toml").write_text("[serve]\ncache_bytes = 0\nclient_seconds = 100_000\n")
    with served(folder, folder / "errors") as address:
        yield address


ALIKE: list[tuple[str, dict[str, str], dict[str, str]]] = [
    *((LABELS, {"format": name}, {}) for name in ("json", "xml", "csv", "tsv", "geojson")),
    *((GRAPH, {"format": name}, {}) for name in ("turtle", "jsonld", "ntriples", "rdfxml")),
    (LABELS, {}, {"Accept": "application/sparql-results+xml, text/turtle;q=0.5"}),
    (LABELS, {"limit": "2"}, {}),
    (LABELS, {"format": "csv"}, {"Accept-Encoding": "gzip"}),
    ("SELECT (NOW() > NOW() AS ?x) {}", {"format": "csv"}, {}),
    ("ASK { <http://example.jp/construct> ?p ?o }", {"format": "xml"}, {}),
    (GRAPH, {}, {"Accept": "application/sparql-results+json"}),
    ("SELECT nonsense", {}, {}),
    ("SELECT nonsense", {}, {"Accept-Language": "en"}),
    ("CONSTRUCT { ?s <http://example.jp/1> 1 } { ?s ?p ?o }", {"format": "rdfxml"}, {}),
    (SLOW, {"format": "csv"}, {}),
    ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000", {"format": "csv"}, {}),
    (RUNAWAY["cross-join"], {"timeout": "0.3"}, {}),
]
"""Of them some are answered while the event loop waits, some fail, and ``SLOW`` and what runs away
take longer than that."""


@pytest.mark.parametrize(("query", "parameters", "headers"), ALIKE, ids=str)
def test_the_answer_is_the_same(
    url: str, query: str, parameters: dict[str, str], headers: dict[str, str]
) -> None:
    asked = {"query": query, **parameters}
    requests.get(f"{url}sparql?query=ASK{{}}", timeout=60)  # the release is looked up now
    mine = requests.get(f"{url}sparql", params=asked, headers=headers, timeout=60)
    left = requests.get(f"{url}sparql", params=asked, headers=headers | OTHER, timeout=60)
    assert (mine.status_code, mine.content) == (left.status_code, left.content)
    assert told(mine) == told(left)
    assert (mine.status_code == 504) is ("timeout" in parameters)


def told(answer: requests.Response) -> list[tuple[str, str]]:
    headers = answer.raw.headers.items()
    return sorted((name.lower(), value) for name, value in headers if name.lower() != "date")
