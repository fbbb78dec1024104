"""What is refused before the engine sees it, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.errors import BadRequest, EndpointError, Forbidden, TooLarge
from endpoint.sparql import guard
from endpoint.sparql.guard import Inspection, admit, inspect

FEDERATED = [
    "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
    "SELECT * { service silent<http://a/>{?s ?p ?o} }",
    "SELECT * { SERVICE?x { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://a/>{?s ?p ?o} }",
    "PREFIX a: <http://a/> SELECT * { SERVICEa:b {?s ?p ?o} }",
    "SELECT * { ?s ?p 1SERVICE <http://a/> {} }",
    "SELECT * { ?s ?p true SERVICE <http://a/> {} }",
    "SELECT * { ?s ?p 'x'SERVICE <http://a/> {} }",
    "SELECT * { # comment\rSERVICE <http://a/> {} }",
    r"SELECT * { \u0053ERVICE <http://a/> {} }",
    r"SELECT * { ?s ?p '\u0027 . SERVICE <http://a/> { ?s ?p 'x' } }",
    "SELECT * { LATERAL { SERVICE ?x { ?s ?p ?o } } }",
]
HARMLESS = [
    "SELECT * { ?service ?p $SERVICE }",
    "SELECT * { <http://a/SERVICE> ex:service 'SERVICE' }",
    "SELECT * { ?s ?p ?o # SERVICE <http://a/>\n }",
    "SELECT * { ?s ?p 'it\\'s a SERVICE', \"a \\\" SERVICE\" }",
    "SELECT * { ?s ?p '''a 'SERVICE' ''' , \"\"\"a \"SERVICE\" \"\"\" }",
    "SELECT * { ?s ?p 'x'@service , _:service }",
    "SELECT * { ?s ?p 'INSERT DATA' ; ex:load ex:drop }",
    "SELECT * { ?s ex:a\\-b%20SERVICE ?o }",
]
UPDATES = ["INSERT DATA {}", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://a/>", "drop all",
           "CLEAR ALL", "CREATE GRAPH <a:a>", "COPY <a:a> TO <a:b>"]  # fmt: skip


@pytest.mark.parametrize("query", FEDERATED + UPDATES)
def test_forbidden(query: str) -> None:
    with pytest.raises(Forbidden):
        admit(query, 1000, 64)


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless(query: str) -> None:
    admit(query, 1000, 64)


HOSTILE: list[tuple[str, type[EndpointError]]] = [
    ("SELECT * " + "{" * 5000 + "}" * 5000, BadRequest),
    ("SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}", BadRequest),
    ("SELECT (" + "STR(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}", BadRequest),
    ("SELECT * { ?s ?p " + "[ ?p " * 192 + "]" * 192 + " }", BadRequest),
    ("SELECT * { ?s ?p " + "(" * 288 + ")" * 288 + " }", BadRequest),
    ("SELECT * { ?s ?p " + r"\u007B" * 100 + " }", BadRequest),
    ("#" * (1 << 20), TooLarge),
    ("SELECT * { FILTER(REGEX('a', '" + "a" * 11_000_000 + "')) }", TooLarge),
    ("SELECT * { ?s ?p ?o FILTER(?o IN (" + "1," * 100_000 + "1)) }", TooLarge),
    ("SELECT * { ?s ?p " + "<< ?a ?b " * 8000, TooLarge),
]


@pytest.mark.parametrize(("query", "error"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_never_reach_the_engine(query: str, error: type[EndpointError]) -> None:
    with pytest.raises(error):
        admit(query, 64 << 10, 64)


def test_what_a_query_says_of_itself() -> None:
    seen = inspect("SELECT (NOW() AS ?n) FROM <a:a> WHERE { { ?s ?p ?o } }")
    assert (seen.depth, seen.volatile, seen.dataset) == (2, True, True)
    seen = inspect("SELECT ?from WHERE { ?s ?now ?o }")
    assert (seen.depth, seen.volatile, seen.dataset) == (1, False, False)


def test_an_escape_of_no_character_does_no_harm() -> None:
    admit(r"SELECT * { ?s ?p '\UFFFFFFFF' }", 1000, 64)


WORDS = ["SELECT", "*", "{", "}", "(", ")", "?s", "<http://a/>", "a:b", "#", "\n", "'", '"',
         "\\u0041", "SERVICE", "service:x", "INSERT", "with", "FROM", "from-a", "NOW", "BNODE",
         "now.x", "x"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["", " "]))
def test_the_short_way_sees_what_the_long_one_does(words: list[str], between: str) -> None:
    query = between.join(words)
    if guard._is_harmless(query, 64):
        seen = inspect(query)
        seen.depth = 0
        assert seen == Inspection()
