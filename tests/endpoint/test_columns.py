"""SELECT * gives its columns in the order in which the query names them."""

import csv
import io
import json

import pytest
from pyoxigraph import Store

from endpoint.evaluation.columns import written_order
from endpoint.evaluation.frames import Kind
from tests.endpoint.test_worker_process import told

CASES = [
    ("SELECT * { VALUES (?b ?a) { (1 2) } }", "b a"),
    ("select distinct * where { VALUES ($z ?a) { (1 2) } } order by ?a", "z a"),
    ("SELECT REDUCED * { VALUES (?z ?y ?x) { (1 2 3) } } LIMIT 1", "z y x"),
    ("SELECT * FROM <a:g> { { SELECT ?q ?b { VALUES (?q ?a ?b) { (1 2 3) } } } }", "q b"),
    ("SELECT * { BIND(1 AS ?z) FILTER(?nowhere || true) BIND(2 AS ?a) } # ?late", "z a"),
    ("SELECT * { BIND(1 AS ?z) MINUS { ?m <a:p> ?o } BIND(2 AS ?a) }", "z a"),
    ("PREFIX select: <a:b#> SELECT * { BIND(select:x AS ?z) BIND('SELECT *' AS ?a) }", "z a"),
    ("SELECT * { BIND(1 AS ?z) } VALUES ?a { 1 }", "z a"),
    ("SELECT * { BIND(<https://w3id.org/tsunagu/function#date>('2025') AS ?z) BIND(1 AS ?a) }",
     "z a"),
    ("SELECT ?b ?a { VALUES (?a ?b) { (1 2) } }", "b a"),
    ("SELECT (COUNT(*) AS ?n) { VALUES ?a { 1 } }", "n"),
    ("SELECT * { BIND('\\u007A' AS ?z) BIND(1 AS ?a) }", "z a"),
    ("SELECT * {}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("query", "columns"), CASES)
@pytest.mark.parametrize("format_", ["json", "csv", "tsv", "xml"])
def test_columns(query: str, columns: str, format_: str) -> None:
    frames = told(query, result_format=format_)
    body = b"".join(content for kind, content in frames if kind is Kind.DATA).decode()
    assert frames[-1][0] is Kind.END
    if format_ == "json":
        found = json.loads(body)["head"]["vars"]
    elif format_ == "xml":
        found = [part.split('"')[0] for part in body.split('<variable name="')[1:]]
    else:
        [header, *_] = csv.reader(io.StringIO(body), delimiter="\t" if format_ == "tsv" else ",")
        found = [name.removeprefix("?") for name in header]
    assert " ".join(found) == columns


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?b ?a ?c }",
        "CONSTRUCT WHERE { ?b ?a ?c }",
        "DESCRIBE * { ?b ?a ?c }",
        "SELECT * ",
        "SELECT * } {",
        "SELECT *",
        "SELECT",
        "{ * }",
        "",
    ],
)
def test_what_has_no_star_to_replace_stays_as_it_is(query: str) -> None:
    assert written_order(Store().query, query) == query


def test_finding_the_columns_evaluates_nothing() -> None:
    """This would not come back before long."""
    endless = " ".join(f"VALUES ?{letter} {{ {'1 ' * 50} }}" for letter in "zyxwvut")
    rewritten = written_order(Store().query, f"SELECT * {{ {endless} }} ORDER BY ?z")
    assert rewritten.startswith("SELECT ?z ?y ?x ?w ?v ?u ?t {")
