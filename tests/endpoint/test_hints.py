"""Hints about slow queries: what is told, and where nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.queries.binding import example_text
from endpoint.queries.library import Libraries
from endpoint.settings import Settings
from endpoint.sparql.hints import hints
from endpoint.state import EXTENSION
from tests.endpoint.conftest import ReadingClient

P = "<http://e.example/p>"
CASES = [
    (f"SELECT ?s {{ ?s {P} 1 }} LIMIT 5", []),
    (f"SELECT ?s {{ ?s {P} 1 }}", ["no-limit"]),
    (f"SELECT ?s {{ ?s {P} 1 }} ORDER BY ?s", ["order-without-limit"]),
    (f"SELECT (COUNT(*) AS ?n) {{ ?s {P} 1 }}", []),
    (f"SELECT ?s (SUM(?x) AS ?n) {{ ?s {P} ?x }} GROUP BY ?s", []),
    (f"ASK {{ ?s {P} 1 }}", []),
    (f"CONSTRUCT {{ ?s {P} 1 }} WHERE {{ ?s {P} 1 }}", ["no-limit"]),
    ("SELECT ?s { ?s ?p ?o } LIMIT 5", ["everything"]),
    ("SELECT ?s { ?s ?p 'x' } LIMIT 5", []),
    (f"SELECT * {{ ?a {P} ?b . ?c {P} ?d }} LIMIT 5", ["cross-product"]),
    (f"SELECT * {{ ?a {P} ?b . ?b {P} ?d }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P} ?b . ?c {P} ?d BIND(?b + ?c AS ?e) }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P} ?b . ?c {P} ?d FILTER(?b = ?c) }} LIMIT 5", ["cross-product"]),
    (f"SELECT * {{ VALUES (?x ?y) {{ (1 2) }} ?a {P} ?b }} LIMIT 5", []),
    (f"SELECT * {{ VALUES (?a ?c) {{ (1 2) }} ?a {P} ?b . ?c {P} ?d }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P} ?b . OPTIONAL {{ ?c {P} ?d }} }} LIMIT 5", ["cross-product"]),
    (f"SELECT * {{ ?a {P} ?b . MINUS {{ ?c {P} ?d }} }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P} ?b . FILTER NOT EXISTS {{ ?c {P} ?d }} }} LIMIT 5", []),
    (f"SELECT * {{ {{ ?a {P} ?b }} UNION {{ ?a {P} ?c }} ?a {P} ?d }} LIMIT 5", []),
    (f"SELECT * {{ {{ SELECT ?a {{ ?a {P} ?b }} }} GRAPH ?g {{ ?a {P} ?d }} }} LIMIT 5", []),
    ("SELECT * { GRAPH ?g { ?a ?p ?b } } LIMIT 5", ["everything"]),
    (f"SELECT * {{ ?g {P} 1 GRAPH ?g {{ ?a ?p ?b }} }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P} [ {P} ?b ] ; {P} ?c , 1.5 . ?c {P} (1 ?d) }} LIMIT 5", []),
    (f"SELECT * {{ OPTIONAL {{ ?a {P} ?b }} ?a {P} ?c }} LIMIT 5", ["leading-optional"]),
    (f"SELECT * {{ ?a {P} ?b FILTER(CONTAINS(?b, 'x')) }} LIMIT 5", ["text-search"]),
    (f"SELECT * {{ ?a {P} ?b FILTER(REGEX(STR(?b), 'x')) }} LIMIT 5", ["text-search"]),
    (f"SELECT * {{ ?a {P} ?b FILTER(regex(?b, '^x')) }} LIMIT 5", []),
    (f"SELECT * {{ ?a {P}+ ?b }} LIMIT 5", ["open-path"]),
    (f"SELECT * {{ <a:a> {P}+ ?b }} LIMIT 5", []),
    ("# REGEX( 'x' ) {\nASK { 'LIMIT' <a:OPTIONAL> ?x }", []),
    ("} } { ( [ ", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "codes"), CASES)
def test_hints(query: str, codes: list[str]) -> None:
    assert [hint.code for hint in hints(query)] == codes


def test_hints_name_the_line() -> None:
    found = hints(f"SELECT *\n{{\n?a {P} ?b .\n?c {P} ?d\n}}\nORDER BY ?a")
    assert [(hint.code, hint.line) for hint in found] == [
        ("cross-product", 2),
        ("order-without-limit", 6),
    ]
    assert found[0].detail == "?a, ?b × ?c, ?d"


def test_hints_are_few() -> None:
    statements = "".join(f"?s{number} ?p{number} ?o{number} .\n" for number in range(300))
    query = f"SELECT * {{ {statements} }}"
    assert len(hints(query)) == 8


def test_our_own_queries_give_no_reason_for_a_cross_product(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    own = Libraries(tmp_path_factory.mktemp("none"), Settings()).current("http://e.example/")
    for query in own.queries.values():
        codes = {hint.code for hint in hints(example_text(query))}
        assert not codes & {"everything", "leading-optional", "open-path"}, query.name


SLOW = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r } ORDER BY ?a"


@pytest.fixture(scope="module")
def impatient(home: Path) -> Iterator[FlaskClient]:
    app = create_app(home, settings=Settings(query_seconds=0.2))
    app.test_client_class = ReadingClient
    yield app.test_client()
    app.extensions[EXTENSION].workers.close()


def test_a_query_that_takes_too_long_is_told_why(impatient: FlaskClient) -> None:
    words = {"query": SLOW, "lang": "en"}
    told = impatient.get("/sparql", query_string=words)
    assert told.status_code == 504
    assert "Line 1: all results are sorted" in told.text
    page = impatient.get("/sparql", query_string=words, headers={"Accept": "text/html"})
    assert page.status_code == 504
    assert "<li>From line 1: some patterns share no variable (?a, ?b, ?c × ?d, ?e, ?f" in page.text


def test_hints_may_be_asked_for_without_running_the_query(impatient: FlaskClient) -> None:
    words = {"query": SLOW, "lang": "en", "format": "csv", "hints": "1"}
    page = impatient.get("/sparql", query_string=words)
    assert page.status_code == 200
    assert "all results are sorted" in page.text
    assert 'id="result"' not in page.text
    words["query"] = "ASK { <a:a> <a:b> ?c }"
    assert "Nothing in the text" in impatient.get("/sparql", query_string=words).text
