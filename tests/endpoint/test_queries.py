"""Stored queries: values, binding, the publisher's own files, pages and API."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from endpoint.app import create_app
from endpoint.errors import BadRequest
from endpoint.language import MESSAGES
from endpoint.queries.binding import bound_text
from endpoint.queries.library import Libraries
from endpoint.queries.model import IRI, Choice, Parameter, StoredQuery
from endpoint.queries.openapi import columns
from endpoint.queries.reading import RESERVED, Statements, Unusable
from endpoint.queries.values import DATATYPES, bind
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from tests.endpoint.conftest import ReadingClient
from tests.endpoint.example_release import BASE, FIRST, switch, write_release
from vocab.namespaces import PREFIXES, XSD

ROOT = Path(__file__).parents[2]
INTEGER, DECIMAL, DATE = XSD["integer"], XSD["decimal"], XSD["date"]
STRING, BOOLEAN = XSD["string"], XSD["boolean"]


def parameter(datatype: str, **others: Any) -> Parameter:
    return Parameter("x", datatype, {"ja": "値"}, {}, **others)


def stored(text: str, *parameters: Parameter) -> StoredQuery:
    iri = f"{BASE}query/q"
    return StoredQuery("q", iri, "select", text, {}, {}, {}, {}, None, parameters)


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(datatype))


RED = Choice(NamedNode("http://e.example/colour#red"), {"ja": "赤"})
GOOD = [
    (parameter(INTEGER), "１２", literal("12", INTEGER)),
    (parameter(DECIMAL), " -1.5 ", literal("-1.5", DECIMAL)),
    (parameter(DECIMAL, least=-2, most=0), "-2", literal("-2", DECIMAL)),
    (parameter(XSD["double"]), "1e3", literal("1e3", XSD["double"])),
    (parameter(BOOLEAN), "true", literal("true", BOOLEAN)),
    (parameter(DATE), "2024-02-29", literal("2024-02-29", DATE)),
    (parameter(XSD["dateTime"]), "2024-02-29T01:02:03Z",
     literal("2024-02-29T01:02:03Z", XSD["dateTime"])),
    (parameter(XSD["gYear"]), "2024", literal("2024", XSD["gYear"])),
    (parameter(STRING), "改\n行", Literal("改\n行")),
    (parameter(STRING, pattern="^[0-9]{6}$"), "992011", Literal("992011")),
    (parameter(IRI), "https://e.example/東", NamedNode("https://e.example/東")),
    (parameter(IRI, choices=(RED,)), "red", RED.term),
    (parameter(IRI, choices=(RED,)), "http://e.example/colour#red", RED.term),
    (parameter(STRING, default=Literal("a")), "  ", Literal("a")),
    (parameter(STRING, optional=True), "", None),
]  # fmt: skip
BAD = [
    (parameter(INTEGER), "1.5", "api.bad-value"),
    (parameter(INTEGER), "1) } DROP", "api.bad-value"),
    (parameter(DECIMAL), "1e3", "api.bad-value"),
    (parameter(DATE), "2023-02-29", "api.bad-value"),
    (parameter(XSD["dateTime"]), "2023-02-29T00:00:00", "api.bad-value"),
    (parameter(XSD["gYearMonth"]), "2023-13", "api.bad-value"),
    (parameter(BOOLEAN), "yes", "api.bad-value"),
    (parameter(STRING, pattern="^[0-9]{6}$"), "99201", "api.bad-pattern"),
    (parameter(STRING), "x" * 1001, "api.long-value"),
    (parameter(DECIMAL, least=-90, most=90), "90.1", "api.out-of-range"),
    (parameter(IRI), "relative", "api.no-iri"),
    (parameter(IRI), "http://e.example/a b", "api.no-iri"),
    (parameter(IRI, choices=(RED,)), "blue", "api.no-choice"),
    (parameter(STRING), "", "api.missing-parameter"),
]


@pytest.mark.parametrize(("about", "text", "term"), GOOD)
def test_a_value_becomes_a_term(about: Parameter, text: str, term: object) -> None:
    assert bind(stored("", about), {"x": [text]}) == {"x": term}


@pytest.mark.parametrize(("about", "text", "code"), BAD)
def test_a_value_is_refused_by_name(about: Parameter, text: str, code: str) -> None:
    with pytest.raises(BadRequest) as error:
        bind(stored("", about), {"x": [text]})
    assert error.value.code == code
    for language in ("ja", "en"):
        assert MESSAGES.text(code, language, **error.value.values).startswith(
            ("x", "The value of x", "A value of x")
        )


def test_unknown_and_repeated_parameters_are_refused() -> None:
    for given, code in (
        ({"y": ["1"]}, "api.unknown-parameter"),
        ({"x": ["1", "2"]}, "api.repeated-parameter"),
    ):
        with pytest.raises(BadRequest) as error:
            bind(stored("", parameter(STRING)), given)
        assert error.value.code == code


PLACES = [
    ("SELECT * WHERE { ?s ?p ?x }", "SELECT * WHERE {¶ ?s ?p ?x }"),
    ("SELECT (EXISTS { ?a ?b ?c } AS ?e) { ?x ?p ?o }",
     "SELECT (EXISTS { ?a ?b ?c } AS ?e) {¶ ?x ?p ?o }"),
    ("ASK { ?s ?p ?x }", "ASK {¶ ?s ?p ?x }"),
    ("CONSTRUCT { ?s ?p ?x } WHERE { ?s ?p ?x }", "CONSTRUCT { ?s ?p ?x } WHERE {¶ ?s ?p ?x }"),
    ("CONSTRUCT WHERE { ?s ?p ?x }", "CONSTRUCT WHERE {¶ ?s ?p ?x }"),
    ("CONSTRUCT # {\n WHERE { ?s ?p ?x }", "CONSTRUCT # {\n WHERE {¶ ?s ?p ?x }"),
    ("SELECT * { FILTER('{' = '}') }", "SELECT * {¶ FILTER('{' = '}') }"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_values_stand_at_the_beginning_of_the_outermost_group(text: str, expected: str) -> None:
    bound = bound_text(stored(text), {"x": Literal('"} # \\\n')})
    assert bound == expected.replace("¶", '\n  VALUES (?x) { ("\\"} # \\\\\\n") }')


WRITTEN = [
    (literal("-12", INTEGER), "-12"),
    (literal("1.5", DECIMAL), "1.5"),
    (literal("1", DECIMAL), f'"1"^^<{DECIMAL}>'),
    (literal("1 } #", INTEGER), f'"1 }} #"^^<{INTEGER}>'),
    (NamedNode("http://e.example/東"), "<http://e.example/東>"),
    (None, "UNDEF"),
]


@pytest.mark.parametrize(("term", "expected"), WRITTEN)
def test_terms_are_written_as_queries_have_them(term: Literal | None, expected: str) -> None:
    assert f"{{ ({expected}) }}" in bound_text(stored("ASK { ?s ?p ?x }"), {"x": term})


def test_a_query_without_a_group_cannot_take_values() -> None:
    with pytest.raises(Unusable):
        bound_text(stored("DESCRIBE <a:a>"), {"x": None})
    assert bound_text(stored("DESCRIBE <a:a>"), {}) == "DESCRIBE <a:a>"


COLUMNS = [
    ("SELECT ?a (COUNT(?b) AS ?n) ?c WHERE { ?d ?e ?f }", ["a", "n", "c"]),
    ("SELECT * { ?d ?e ?f }", []),
    ("SELECT DISTINCT ?a", ["a"]),
]


@pytest.mark.parametrize(("text", "expected"), COLUMNS)
def test_columns_of_a_query(text: str, expected: list[str]) -> None:
    assert columns(text) == expected


def test_our_own_prefixes_are_those_of_the_house(tmp_path: Path) -> None:
    own = Libraries(tmp_path, Settings()).current(BASE).queries
    assert len(own) > 15
    known = PREFIXES | {
        "geof": "http://www.opengis.net/def/function/geosparql/",
        "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
    }
    for query in own.values():
        used = set(re.findall(r"(?<![<\w/:\"])([a-z][\w-]*):", re.sub(r'"[^"]*"', "", query.text)))
        assert used <= set(query.prefixes)
        assert query.prefixes.items() <= known.items()
        for texts in (query.label, query.description, query.keywords):
            assert set(texts) == {"ja", "en"}, query.name
        assert query.group is not None
        assert all(set(entry.label) == {"ja", "en"} for entry in query.parameters)


# --- the publisher's own files --------------------------------------------------------------------

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
OWN = '''<query/toilets> a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;
  sh:prefixes <query/#prefixes> ; rdfs:label "トイレ" ;
  sh:parameter [ sh:path <query/toilets#word> ; sh:datatype xsd:string ; sh:optional true ] ,
    [ sh:path <query/toilets#colour> ; sh:nodeKind sh:IRI ; sh:optional true ;
      sh:in (<http://e.example/red> "青") ] ;
  sh:select """SELECT ?name WHERE { ?thing rdfs:label ?name
    FILTER(!BOUND(?word) || ?name = ?word) }""" .
<http://e.example/red> rdfs:label "赤"@ja .
'''
UNUSABLE = [
    "nonsense",
    OWN.replace("<query/toilets> a", "<query/Toilets!> a"),
    OWN.replace("<query/toilets> a", "[] a"),
    OWN.replace("<query/toilets> a", "<query/datasets> a"),
    OWN.replace("sh:select", "sh:update"),
    OWN.replace("#word>", "#no-variable>"),
    OWN.replace("#word>", "#format>"),
    OWN.replace("xsd:string", "xsd:hexBinary"),
    OWN.replace("sh:optional true ] ,", "sh:pattern '(' ] ,"),
    OWN.replace("sh:optional true ] ,", "sh:minInclusive 'one' ] ,"),
    OWN.replace("?thing rdfs:label", "SERVICE <http://e.example/> {} ?thing rdfs:label"),
    OWN + "<query/#prefixes> sh:declare [ sh:prefix 'x' ; sh:namespace 'no iri' ] .",
    "#" * (1 << 20) + "\n" + OWN,
]


@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_a_file_that_cannot_be_used_is_left_out_and_named(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "a-good.ttl").write_text(HEAD + OWN.replace("toilets", "benches"), encoding="utf-8")
    (folder / "bad.ttl").write_text(HEAD + content, encoding="utf-8")
    library = Libraries(tmp_path, Settings()).current(BASE)
    assert [problem.file for problem in library.problems] == ["bad.ttl"]
    assert library.problems[0].reason
    assert "benches" in library.queries
    assert "toilets" not in library.queries


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "gone.ttl").symlink_to(tmp_path / "nowhere")
    library = Libraries(tmp_path, Settings()).current(BASE)
    assert [problem.file for problem in library.problems] == ["gone.ttl"]


def test_a_list_that_runs_in_a_circle_ends() -> None:
    text = f"<a:l> <{PREFIXES['rdf']}first> 1 ; <{PREFIXES['rdf']}rest> <a:l> ."
    statements = Statements(parse(text.encode(), RdfFormat.TURTLE))
    assert len(list(statements.items(NamedNode("a:l")))) == 1


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("publisher")
    write_release(home)
    switch(home, FIRST)
    app = create_app(home, settings=Settings(page_seconds=20.0))
    app.test_client_class = ReadingClient
    app.config["HOME"] = home
    yield app.test_client()
    app.extensions[EXTENSION].workers.close()


def test_queries_of_the_publisher_are_there_at_once(publisher: FlaskClient) -> None:
    assert publisher.get("/api/toilets").status_code == 404
    folder = publisher.application.config["HOME"] / "queries"
    folder.mkdir()
    (folder / "own.ttl").write_text(HEAD + OWN, encoding="utf-8")
    (folder / "bad.ttl").write_text("nonsense", encoding="utf-8")
    names = [row["name"] for row in publisher.get("/api/toilets").json["rows"]]
    assert "東町集会所" in names
    one = publisher.get("/api/toilets.json", query_string={"word": "百分率", "colour": ""}).json
    assert one == {"columns": ["name"], "rows": [{"name": "百分率"}]}
    listed = publisher.get("/query/?lang=en", headers={"Accept": "text/html"}).text
    assert "The queries of bad.ttl are left out" in listed
    page = publisher.get("/query/toilets", headers={"Accept": "text/html"}).text
    assert '<option value="http://e.example/red" lang="ja">赤</option>' in page
    assert '<option value="青" lang="ja">青</option>' in page
    about = publisher.get("/query/toilets.ttl").text
    assert "トイレ" in about
    assert "query/datasets>" not in about


# --- the API --------------------------------------------------------------------------------------

HTML = {"Accept": "text/html"}


def test_formats_of_the_api(client: FlaskClient) -> None:
    """The suffix, ``format=`` and Accept, in this order."""
    csv = client.get("/api/names.csv?word=図書館&format=json")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv.headers["Tsunagu-Release"] == FIRST
    assert '</api/openapi.json>; rel="service-desc"' in csv.headers["Link"]
    assert client.get("/api/names?word=図書館&format=geojson").json["features"]
    assert client.get("/api/names", headers={"Accept": "text/csv"}).text.startswith("thing,name")
    assert client.get("/api/names", headers=HTML).status_code == 406
    assert client.get("/api/names.pdf").status_code == 404
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/api/names?format=pdf").status_code == 400
    assert client.get("/api/names?format=csv&format=json").status_code == 400
    graph = client.get("/api/describe-dataset?name=facilities&format=json")
    assert graph.headers["Content-Type"] == "application/ld+json"
    assert client.get("/api/municipality-exists").json == {"head": {}, "boolean": False}


def test_an_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/api/names.json?word=図書館")
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/names.json?word=図書館", headers=headers).status_code == 304
    assert client.get("/api/names.json?word=集会所", headers=headers).status_code == 200


def test_the_rows_of_an_answer_may_be_fewer(client: FlaskClient) -> None:
    few = client.get("/api/names.json?word=図&limit=1")
    assert len(few.json["rows"]) == 1
    assert few.headers["Tsunagu-Limit"] == "rows=1"
    more = client.get("/api/names.json?word=図&limit=999&timeout=9")
    assert len(more.json["rows"]) > 1
    assert "Tsunagu-Limit" not in more.headers
    assert client.get("/api/names.json?limit=x").status_code == 400
    assert client.get("/api/municipality-exists?limit=0").json["boolean"] is False


def test_a_wrong_value_is_named(client: FlaskClient) -> None:
    response = client.get("/api/nearest-aed?latitude=91&lang=en")
    assert response.status_code == 400
    assert response.text == "latitude: “91” is out of range (-90.0 to 90.0).\n"
    assert client.get("/api/names?word=%FF").status_code == 400
    injected = client.get("/api/names.json", query_string={"word": '") } #'})
    assert injected.json == {"columns": ["thing", "name"], "rows": []}


def test_the_api_leads_people_to_its_page(client: FlaskClient) -> None:
    response = client.get("/api/?lang=en")
    assert (response.status_code, response.headers["Location"]) == (303, "/query/?lang=en")


def test_the_queries_are_rdf_too(client: FlaskClient) -> None:
    response = client.get("/query/", headers={"Accept": "text/turtle"})
    triples = list(parse(response.data, RdfFormat.TURTLE))
    targets = [triple.object for triple in triples if triple.predicate.value.endswith("/target")]
    assert targets == [NamedNode(f"{BASE}sparql")] * len(targets)
    assert len(targets) > 15
    assert client.get("/query.ttl").data == response.data
    assert client.get("/query.pdf").status_code == 404
    described = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert {triple.subject for triple in parse(described.data, RdfFormat.TURTLE)} > {
        triple.subject for triple in triples if isinstance(triple.subject, NamedNode)
    }
    assert "sh:SPARQLSelectExecutable" in described.text


def test_a_form_shows_its_answer(client: FlaskClient) -> None:
    page = client.get("/query/names?lang=en&run=1&word=図書館", headers=HTML).text
    assert '<input type="hidden" name="lang" value="en">' in page
    assert 'value="図書館"' in page
    assert "つなぐ市民図書館" in page
    assert 'href="/api/names.csv-excel?word=%E5%9B%B3%E6%9B%B8%E9%A4%A8"' in page
    assert "/api/names.csv?word=図書館</a>" in page
    graph = client.get("/query/describe-dataset?run=1&name=facilities", headers=HTML).text
    assert "@prefix" not in graph
    wrong = client.get("/query/nearest-aed?run=1&latitude=x&lang=en", headers=HTML)
    assert wrong.status_code == 400
    assert (
        'role="alert" id="problem">latitude: “x” is not of the form of xsd:decimal.' in wrong.text
    )
    assert 'value="x" type="text" inputmode="decimal" aria-invalid="true"' in wrong.text
    assert "/api/nearest-aed.csv?latitude=30.5&" in wrong.text
    assert 'id="result"' not in wrong.text
    assert client.get("/query/nothing", headers=HTML).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_openapi(client: FlaskClient, language: str) -> None:
    response = client.get(f"/api/openapi.json?lang={language}")
    described = json.loads(response.data)
    validate(described, cls=OpenAPIV31SpecValidator)
    names = [path["get"]["operationId"] for path in described["paths"].values()]
    assert len(names) == len(set(names)) > 15
    tags = {tag["name"] for tag in described["tags"]}
    for path in described["paths"].values():
        assert set(path["get"]["tags"]) <= tags
        for entry in path["get"]["parameters"]:
            Draft202012Validator.check_schema(entry["schema"])
            if "default" in entry["schema"]:
                Draft202012Validator(entry["schema"]).validate(entry["schema"]["default"])
        for told in path["get"]["responses"].values():
            if "$ref" in told:
                assert told["$ref"].rpartition("/")[2] in described["components"]["responses"]


def test_the_answers_are_as_openapi_says(client: FlaskClient) -> None:
    described = json.loads(client.get("/api/openapi.json").data)
    for path in ("/api/names", "/api/kinds", "/api/findings"):
        content = described["paths"][path]["get"]["responses"]["200"]["content"]
        schema = content["application/json"]["schema"]
        found = client.get(path).json
        Draft202012Validator(schema).validate(found)
        named = schema["properties"]["rows"]["items"]["properties"]
        assert found["columns"] == list(named)


@pytest.mark.parametrize("language", ["", "ja"])
def test_the_example_of_the_documentation_can_be_used(tmp_path: Path, language: str) -> None:
    text = (ROOT / "docs" / language / "querying.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "own.ttl").write_text(example, encoding="utf-8")
    library = Libraries(tmp_path, Settings()).current(BASE)
    assert library.problems == []
    query = library.get("large-shelters")
    assert query.group is not None
    assert query.group.label["en"] == "Facilities and places"
    assert bind(query, {}) == {"people": literal("500", INTEGER)}
    for datatype in DATATYPES:
        assert f"`{datatype.rpartition('#')[2]}`" in text or f"`xsd:{datatype[33:]}`" in text
    for name in RESERVED:
        assert f"`{name}`" in text
