"""The queries that the query page offers have answers in the sample data."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.examples import Example, examples
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


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_has_answers(samples: FlaskClient, example: Example) -> None:
    headers = {"Accept": "text/csv, application/n-triples"}
    response = samples.post("/sparql", data={"query": example.query}, headers=headers)
    assert response.status_code == 200
    lines = response.text.splitlines()
    assert len(lines) > 1, response.text
    assert set("".join(lines[1:])) - set(","), response.text


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
