"""The queries that the query page offers have answers in the sample data."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.queries.binding import example_text
from endpoint.queries.library import Libraries
from endpoint.queries.openapi import columns
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from tests.endpoint.conftest import ReadingClient

SAMPLES = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("samples")
    command = [sys.executable, "-m", "loader.cli", "publish", str(SAMPLES), "--home", str(home)]
    subprocess.run(command, cwd=SAMPLES.parent, check=True, capture_output=True)
    app = create_app(home, settings=Settings(page_seconds=20.0, query_seconds=60.0))
    app.test_client_class = ReadingClient
    yield app.test_client()
    app.extensions[EXTENSION].workers.close()


QUERIES = Libraries(SAMPLES, Settings()).current("http://localhost:8000/").queries
STABLE = {
    "datasets-by-licence": [("https://creativecommons.org/licenses/by/4.0/", 9)],
    "nearest-aed": [("緑が丘公民館", "1階事務室", 1346), ("児童館ひかり", "事務室", 2015)],
    "shelters-in-box": [("つなぐ第一小学校", 340)],
    "population-of-municipality": [("つなぐ市", "2025-04-01", 13950, 10)],
    "population-by-age": [("0～4歳", 58, 53)],
    "budget-by-department": [("子育て支援課", 412300, 398700)],
    "links-between-datasets": [("つなぐ保健センター", "つなぐ保健センター")],
    "municipalities": [("310000", "鳥取県"), ("312011", "鳥取市")],
    "books-with-doi": [("10.5555/tsunagu.2025.003", "つなぐ市統計書 令和6年版")],
}
"""How the answers begin."""


@pytest.mark.parametrize("name", QUERIES)
def test_every_stored_query_has_answers(samples: FlaskClient, name: str) -> None:
    query = QUERIES[name]
    found = samples.get(f"/api/{name}.{'ttl' if query.form == 'construct' else 'json'}")
    assert found.status_code == 200, found.text
    if query.form != "select":
        assert (
            found.json == {"head": {}, "boolean": True} if found.is_json else len(found.data) > 99
        )
        return
    rows = [tuple(row.values()) for row in found.json["rows"]]
    assert rows
    assert list(found.json["rows"][0]) == columns(query.text)
    expected = STABLE.get(name, [])
    assert [row[: len(first)] for row, first in zip(rows, expected, strict=False)] == expected


@pytest.mark.parametrize("name", QUERIES)
def test_what_the_query_page_offers_is_the_same_query(samples: FlaskClient, name: str) -> None:
    words = {"query": example_text(QUERIES[name])}
    headers = {"Accept": "text/csv, application/n-triples"}
    lines = samples.post("/sparql", data=words, headers=headers).text.splitlines()
    if QUERIES[name].form == "select":
        assert lines == samples.get(f"/api/{name}.csv").text.splitlines()
    assert lines


def test_every_form_shows_its_answer(samples: FlaskClient) -> None:
    for name in QUERIES:
        page = samples.get(f"/query/{name}?run=1&lang=en", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert '<section id="result"' in page.text
    shown = samples.get("/query/nearest-aed?run=1&view=map", headers={"Accept": "text/html"}).text
    assert shown.count("<circle") == 10
    shown = samples.get(
        "/query/population-by-age?run=1&view=chart", headers={"Accept": "text/html"}
    )
    assert shown.text.count("<rect") == 18 * 2 + 2


def test_the_home_page_says_which_datasets_are_samples(samples: FlaskClient) -> None:
    page = samples.get("/?lang=en").text
    assert "What is marked “Sample” is invented" in page
    assert page.count('<span class="badge sample">') == 7
    assert "Creative Commons Attribution 4.0 International" in page
    for target in ("/sparql?lang=en", "/catalog.ttl", "/def/?lang=en", "/dump/tsunagu-aed.nq"):
        assert f'href="{target}' in page


def test_a_thing_is_told_in_words(samples: FlaskClient) -> None:
    page = samples.get("/doc/aed/992011-1?lang=ja").text
    assert ">aed.csv の 3 行目</a>" in page
    assert ">+81-99-999-1001</a>" in page
    english = samples.get("/doc/aed/992011-1?lang=en").text
    for word in (">row 3 of aed.csv</a>", ">Days</a>", ">Equipment</a>", ">Written form</a>"):
        assert word in english
