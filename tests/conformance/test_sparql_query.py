"""Query evaluation and syntax cases of the W3C SPARQL 1.1 suite, each through HTTP.

The data of all cases are one release; a case names its dataset in the request, as
``default-graph-uri`` and ``named-graph-uri``. Solutions are compared as the result-set graphs of
the suite, canonical but for the names of blank nodes.
"""

import csv
import io
from collections.abc import Iterable, Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from tests.conformance.sparql11 import (
    MF,
    MISSING,
    QT,
    SUITE,
    Entry,
    entries,
    file_of,
    folders,
    read,
)

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))
EMPTY = "http://suite.example/empty"

NOT_RUN = {
    "entailment": "the service has no entailment regime but simple entailment, and says no other",
    "service": "SERVICE is refused (docs/endpoint.md); nothing is fetched for a query",
    "syntax-fed": "SERVICE is refused (docs/endpoint.md); nothing is fetched for a query",
}
"""Folders of queries that are not run, and why."""
UPDATES = frozenset(
    (
        *("add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert"),
        *("delete-where", "drop", "move", "syntax-update-1", "syntax-update-2", "update-silent"),
    )
)
EXCHANGES = frozenset(
    ("protocol", "service-description", "graph-store-protocol", "http-rdf-update")
)
"""Run by test_sparql_protocol.py; the last is an older copy of graph-store-protocol."""

_ZERO_LENGTH = "a path of length zero does not reach a term that is nowhere in the data"
_GRAPH = "within GRAPH ?g, ?g is not bound to each graph where nothing is matched in it"
KNOWN = {
    "aggregates/agg-empty-group-count-graph": _GRAPH,
    "bindings/graph": _GRAPH,
    "aggregates/agg-groupconcat-04": "GROUP_CONCAT keeps the language that all its values share",
    "aggregates/agg-groupconcat-06": "GROUP_CONCAT keeps the language that all its values share",
    "csv-tsv-res/csv03": "CSV has no datatypes, and the store writes 1.0e6 as 1000000",
    "csv-tsv-res/tsv03": "the store makes xsd:integer of derived types such as xsd:negativeInteger",
    "functions/bnode01": "BNODE with the same text gives the same node in every solution",
    "negation/graph-minus": "within GRAPH ?g, MINUS takes ?g for a variable that both sides share",
    "property-path/zero_or_more_set_end": _ZERO_LENGTH,
    "property-path/zero_or_more_set_start": _ZERO_LENGTH,
    "property-path/zero_or_one_set_end": _ZERO_LENGTH,
    "property-path/zero_or_one_set_start": _ZERO_LENGTH,
    "syntax-query/test_4": "a function that the service does not have is told, not left unbound",
}
"""By folder and name of the case: how the engine (pyoxigraph 0.5.13) differs."""

KINDS = {
    f"{MF}QueryEvaluationTest": "evaluation",
    f"{MF}CSVResultFormatTest": "evaluation",
    f"{MF}PositiveSyntaxTest": "positive",
    f"{MF}PositiveSyntaxTest11": "positive",
    f"{MF}NegativeSyntaxTest": "negative",
    f"{MF}NegativeSyntaxTest11": "negative",
}


def _cases(kind: str) -> list[pytest.ParameterSet]:
    return [
        pytest.param(entry, id=entry.name, marks=_marks(entry))
        for folder in folders()
        if folder not in {*NOT_RUN, *UPDATES, *EXCHANGES}
        for entry in entries(f"{folder}/manifest.ttl")
        if KINDS[entry.kind] == kind
    ]


def _marks(entry: Entry) -> list[pytest.MarkDecorator]:
    reason = KNOWN.get(entry.name)
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


EVALUATION, POSITIVE, NEGATIVE = map(_cases, ("evaluation", "positive", "negative"))


def test_every_folder_of_the_suite_is_accounted_for() -> None:
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    run = {str(case.id).partition("/")[0] for case in (*EVALUATION, *POSITIVE, *NEGATIVE)}
    assert run | set(NOT_RUN) | UPDATES | EXCHANGES == set(folders())
    assert set(KNOWN) <= {str(case.id) for case in (*EVALUATION, *POSITIVE, *NEGATIVE)}
    assert (len(EVALUATION), len(POSITIVE), len(NEGATIVE)) == (235, 63, 40)


@pytest.mark.skipif(not EVALUATION, reason=MISSING)
@pytest.mark.parametrize("entry", EVALUATION)
def test_evaluation(entry: Entry, suite_client: FlaskClient) -> None:
    result = file_of(entry.text_of(f"{MF}result") or "")
    word = {"srx": "xml", "srj": "json", "csv": "csv", "tsv": "tsv"}.get(result.suffix[1:])
    response = _ask(entry, suite_client, word)
    assert response.status_code == 200, response.text
    if word == "csv":
        assert _rows(response.text) == _rows(result.read_text(encoding="utf-8"))
    elif word is not None:
        assert _solutions(response.data, word) == _solutions(result.read_bytes(), word)
    elif (expected := list(_stated(read(result)))) or "json" in response.mimetype:
        assert _solutions(response.data, "json")[1] == _canonical(expected)
    else:
        assert _graph(response.text, response.mimetype) == _canonical(read(result))


@pytest.mark.skipif(not POSITIVE, reason=MISSING)
@pytest.mark.parametrize("entry", POSITIVE)
def test_positive_syntax(entry: Entry, suite_client: FlaskClient) -> None:
    assert _ask(entry, suite_client).status_code == 200


@pytest.mark.skipif(not NEGATIVE, reason=MISSING)
@pytest.mark.parametrize("entry", NEGATIVE)
def test_negative_syntax(entry: Entry, suite_client: FlaskClient) -> None:
    assert _ask(entry, suite_client).status_code == 400


def _ask(entry: Entry, client: FlaskClient, word: str | None = None):  # type: ignore[no-untyped-def]
    action = entry.node_of(f"{MF}action")
    query = entry.text_of(f"{QT}query", action) or (action.value if action else "")
    text = file_of(query).read_text(encoding="utf-8")
    parameters: dict[str, object] = {"query": f"BASE <{query}>\n{text}"}
    if "FROM" not in text:
        default = [file.value for file in entry.terms(f"{QT}data", action)]
        parameters["default-graph-uri"] = default or [EMPTY]
        parameters["named-graph-uri"] = [
            file.value for file in entry.terms(f"{QT}graphData", action)
        ]
    if word is not None:
        parameters["format"] = word
    return client.post("/sparql", data=parameters, buffered=True)


def _rows(text: str) -> list[list[str]]:
    """Head and rows; nodes without a name are alike."""
    head, *rows = csv.reader(io.StringIO(text))
    return [head, *sorted(["_:" if cell[:2] == "_:" else cell for cell in row] for row in rows)]


SYNTAXES = {
    "xml": QueryResultsFormat.XML,
    "json": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
}


def _solutions(body: bytes, word: str) -> tuple[object, str]:
    """A truth value, or the columns and the solutions as canonical statements."""
    found = parse_query_results(body, format=SYNTAXES[word])
    if isinstance(found, QueryBoolean):
        return bool(found), ""
    assert isinstance(found, QuerySolutions)
    names = {variable.value for variable in found.variables}
    return names, _canonical(_result_set(found))


def _result_set(solutions: QuerySolutions) -> Iterable[Quad]:
    names = solutions.variables
    for solution in solutions:
        row = BlankNode()
        yield Quad(row, TYPE, NamedNode(f"{RS}ResultSolution"))
        for name in names:
            if solution[name.value] is not None:
                cell = BlankNode()
                yield Quad(row, NamedNode(f"{RS}binding"), cell)
                yield Quad(cell, NamedNode(f"{RS}variable"), Literal(name.value))
                yield Quad(cell, NamedNode(f"{RS}value"), _by_value(solution[name.value]))


def _by_value(term: object) -> object:
    """A number or truth value as its value: the store writes them in its own way."""
    if isinstance(term, Literal) and term.datatype.value in NUMERIC:
        return Literal(repr(float(term.value)), datatype=term.datatype)
    if isinstance(term, Literal) and term.datatype.value == f"{XSD}boolean":
        return Literal(term.value in ("true", "1"))
    return term


def _graph(text: str, media_type: str) -> str:
    syntax = RdfFormat.from_media_type(media_type)
    return _canonical(parse(text, format=syntax))


def _stated(graph: Dataset) -> Iterator[Quad]:
    """The solutions of a result set in RDF, in the form of ``_result_set``; none of a graph."""
    for quad in graph:
        name = quad.predicate.value.removeprefix(RS)
        if name == "solution":
            yield Quad(quad.object, TYPE, NamedNode(f"{RS}ResultSolution"))
        elif name in ("binding", "variable", "value"):
            yield Quad(quad.subject, quad.predicate, _by_value(quad.object))


def _canonical(quads: Iterable[Quad]) -> str:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))
