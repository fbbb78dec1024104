"""Requests for IRIs of earlier base IRIs are led to what the IRIs are now."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from tests.endpoint.conftest import ReadingClient
from tests.endpoint.example_release import BASE, FIRST, switch, write_release

OLD = ["http://old.example.jp/", "https://older.example.jp:8443/data/", f"{BASE}before/"]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("moved")
    path = write_release(folder) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "earlier_bases": OLD}), encoding="utf-8")
    switch(folder, FIRST)
    application = create_app(folder, settings=Settings(page_seconds=20.0, query_seconds=20.0))
    application.testing = True
    application.test_client_class = ReadingClient
    yield application
    application.extensions[EXTENSION].workers.close()


@pytest.fixture
def visitor(moved: Flask) -> FlaskClient:
    return moved.test_client()


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("http://old.example.jp/id/aed/992011-9", "id/aed/992011-9"),
        ("https://old.example.jp/id/aed/992011-9", "id/aed/992011-9"),
        ("http://OLD.example.jp:80/", ""),
        ("https://older.example.jp:8443/data/dataset/aed?lang=en", "dataset/aed?lang=en"),
        ("http://old.example.jp/id/facility/東町-2", "id/facility/%E6%9D%B1%E7%94%BA-2"),
        ("http://old.example.jp/id/facility/100%25", "id/facility/100%25"),
        ("http://old.example.jp/sparql?query=%E6%9D%B1&x=1", "sparql?query=%E6%9D%B1&x=1"),
        (f"{BASE}before/dump/aed.nq", "dump/aed.nq"),
    ],
)  # fmt: skip
def test_earlier_addresses_lead_to_the_new_ones(
    visitor: FlaskClient, asked: str, path: str
) -> None:
    answer = visitor.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, BASE + path)


@pytest.mark.parametrize(
    "asked",
    [
        f"{BASE}id/aed/992011-9",
        "http://localhost/id/aed/992011-9",
        "http://other.example.jp/id/aed/992011-9",
        "https://older.example.jp:8443/id/aed/992011-9",
        "https://older.example.jp:9443/data/id/aed/992011-9",
        "http://old.example.jp.evil.example/id/aed/992011-9",
        "http://old.example.jp/healthz",
    ],
)
def test_other_addresses_are_answered(visitor: FlaskClient, asked: str) -> None:
    assert visitor.get(asked).status_code != 301


def test_a_query_by_post_stays_one(visitor: FlaskClient) -> None:
    answer = visitor.post("http://old.example.jp/sparql", data={"query": "ASK {}"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{BASE}sparql")
    assert visitor.options("http://old.example.jp/sparql").status_code == 200


@pytest.mark.parametrize(
    ("earlier", "now", "asked", "leads"),
    [
        (BASE, f"{BASE}lod/", f"{BASE}id/aed/1", False),
        (f"{BASE}a/", f"{BASE}a/b/", f"{BASE}a/b/id/1", False),
        (f"{BASE}a/", f"{BASE}a/b/", f"{BASE}a/id/1", True),
        (f"{BASE}a/b/", f"{BASE}a/", f"{BASE}a/b/id/1", False),
        (f"{BASE}a/", BASE, f"{BASE}a/id/1", True),
    ],
)
def test_no_request_is_led_in_a_circle(
    tmp_path: Path, earlier: str, now: str, asked: str, leads: bool
) -> None:
    folder = tmp_path / "releases" / FIRST
    folder.mkdir(parents=True)
    manifest = {"layout": 1, "base_iri": now, "earlier_bases": [earlier], "datasets": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    switch(tmp_path, FIRST)
    client = create_app(tmp_path).test_client()
    answer = client.get(asked.replace("/id/", "/robots.txt/"))
    assert (answer.status_code == 301) == leads
    if leads:
        again = client.get(answer.headers["Location"])
        assert again.status_code != 301


def test_nothing_published_is_told_as_ever(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert client.get("http://old.example.jp/").status_code == 503
