"""A SPARQL endpoint (Oxigraph behind a real server) read page by page."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from loader import release
from loader.cli.main import main
from loader.config import FetchRules, Kind, RemoteSource
from loader.errors import ConfigurationError
from loader.fetch import Fetcher
from loader.source import Discovery, discover
from loader.source.sparql_query import EVERYTHING, QueryError, paged

EX = "http://example.org/"
STATIONS = "".join(
    f'<{EX}{number}> a <{EX}Station> ; <{EX}name> "駅{number} _:x"@ja ; <{EX}no> {number} .\n'
    for number in range(10)
)


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    rules = FetchRules(allow_private=True, max_bytes=1_000_000)
    with Fetcher(tmp_path / "home", rules, sleep=lambda _: None) as fetcher:
        yield fetcher


@pytest.fixture
def endpoint(site) -> str:
    """The address of an endpoint with ten stations; it answers in Turtle or N-Triples."""
    store = pyoxigraph.Store()
    store.load(STATIONS, format=RdfFormat.TURTLE)
    site.store = store

    def answer(handler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        text = handler.rfile.read(length).decode() or urlsplit(handler.path).query
        query = parse_qs(text)["query"][0]
        form = getattr(site, "form", RdfFormat.N_TRIPLES)
        result = store.query(query)
        assert isinstance(result, pyoxigraph.QueryTriples)
        body = pyoxigraph.serialize(result, format=form)
        assert body is not None
        handler.reply(200, body, Content_Type=f"{form.media_type}; charset=utf-8")

    site.pages["/sparql"] = answer
    return site.url + "/sparql"


def source(url: str, tmp_path: Path, query: str = "", **more: object) -> RemoteSource:
    path = None
    if query:
        path = tmp_path / "query.rq"
        path.write_text(query, encoding="utf-8")
    return RemoteSource(Kind.SPARQL, url, "stations", query=path, **{"page_size": 4, **more})


def told(discovery: Discovery) -> list[str]:
    codes = []
    for group in discovery.findings.groups():
        for finding in group.examples:
            assert all(finding.text(lang) and finding.advice(lang) for lang in ("ja", "en"))
            codes.append(finding.code)
    return codes


def triples(discovery: Discovery) -> set[pyoxigraph.Triple]:
    [package] = discovery.packages
    [resource] = package.resources
    assert resource.is_graph
    return {quad.triple for quad in pyoxigraph.parse(path=resource.path)}


EVERY = {quad.triple for quad in pyoxigraph.parse(STATIONS, format=RdfFormat.TURTLE)}


@pytest.mark.parametrize("form", [RdfFormat.N_TRIPLES, RdfFormat.TURTLE, RdfFormat.RDF_XML])
@pytest.mark.parametrize("size", [4, 7, 30, 1_000])
def test_all_pages_together_are_everything(
    site, endpoint: str, fetcher: Fetcher, tmp_path: Path, form: RdfFormat, size: int
) -> None:
    site.form = form
    metadata = {"title": "駅"}
    found = discover([source(endpoint, tmp_path, page_size=size, metadata=metadata)], fetcher)
    assert triples(found) == EVERY
    [package] = found.packages
    assert (package.name, package.title) == ("stations", {"ja": "駅"})
    assert package.resources[0].url == endpoint
    assert len(site.asked) == 30 // size + (2 if 30 % size else 1)
    assert told(found) == []


def test_a_query_of_ones_own(site, endpoint: str, fetcher: Fetcher, tmp_path: Path) -> None:
    query = f"""PREFIX ex: <{EX}>
        CONSTRUCT {{ ?s ex:label ?n }} WHERE {{ ?s ex:name ?n ; ex:no ?x FILTER(?x < 5) }} # all"""
    found = discover([source(endpoint, tmp_path, query, page_size=2)], fetcher)
    assert len(triples(found)) == 5
    assert "ORDER+BY" in site.asked[0][1] and site.asked[0][0] == "GET"
    assert site.asked[0][2]["Accept"].startswith("application/n-triples")


def test_a_long_query_is_posted(site, endpoint: str, fetcher: Fetcher, tmp_path: Path) -> None:
    found = discover([source(endpoint, tmp_path, EVERYTHING + " # long" * 400)], fetcher)
    assert triples(found) == EVERY
    assert {method for method, _, _ in site.asked} == {"POST"}


def test_the_same_answers_make_the_same_file(
    site, endpoint: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.store.load(f"<{EX}z> <{EX}p> [ <{EX}q> 1 ], [ <{EX}q> 2 ] .", format=RdfFormat.TURTLE)
    wanted = source(endpoint, tmp_path, page_size=1_000)
    first = discover([wanted], fetcher)
    [path] = [resource.path for resource in first.packages[0].resources]
    content = path.read_bytes()
    assert told(first) == ["source.sparql-blank-nodes"]
    discover([wanted], fetcher)
    assert path.read_bytes() == content
    assert b"_:p0n1" in content and "駅1 _:x".encode() in content


def test_an_answer_without_triples(endpoint: str, fetcher: Fetcher, tmp_path: Path) -> None:
    query = f"CONSTRUCT WHERE {{ ?s a <{EX}Nothing> }}"
    assert told(discover([source(endpoint, tmp_path, query)], fetcher)) == ["source.sparql-nothing"]


def test_an_endpoint_that_does_not_turn_pages(site, fetcher: Fetcher, tmp_path: Path) -> None:
    url = site.page("/s", f"<{EX}a> <{EX}b> <{EX}c> .", Content_Type="application/n-triples")
    found = discover([source(url, tmp_path)], fetcher)
    assert (found.packages, told(found)) == ([], ["source.sparql-same-page"])


def test_an_endpoint_without_end(site, fetcher: Fetcher, tmp_path: Path) -> None:
    def answer(handler) -> None:
        line = f'<{EX}{len(site.asked)}> <{EX}b> "{"x" * 90_000}" .'
        handler.reply(200, line.encode(), Content_Type="application/n-triples")

    site.pages["/s"] = answer
    assert told(discover([source(site.url + "/s", tmp_path)], fetcher)) == ["source.too-large"]


@pytest.mark.parametrize(
    ("body", "media_type", "code"),
    [
        ("<a> <b>", "application/n-triples", "source.sparql-answer"),
        ("a,b\n", "text/csv", "source.sparql-answer"),
        ("<a:a> <a:b> " + "<<( <a:a> <a:b> " * 1_001, "text/turtle", "source.sparql-answer"),
        ("<!DOCTYPE html>", "text/turtle", "source.html-page"),
        ("", "", "source.sparql-answer"),
    ],
)
def test_answers_that_are_none(
    site, fetcher: Fetcher, tmp_path: Path, body: str, media_type: str, code: str
) -> None:
    url = site.page("/s", body, Content_Type=media_type)
    found = discover([source(url, tmp_path)], fetcher)
    assert (found.packages, told(found)) == ([], [code])


def test_a_page_that_fails_leaves_the_last_whole_file(
    site, endpoint: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    wanted = source(endpoint, tmp_path)
    discover([wanted], fetcher)
    good = site.pages["/sparql"]

    def answer(handler) -> None:
        if "OFFSET+8" in handler.path:
            handler.reply(400, b"too much")
        else:
            good(handler)

    site.pages["/sparql"] = answer
    found = discover([wanted], fetcher)
    assert triples(found) == EVERY
    assert told(found) == ["source.copy-used"]
    unusable = RemoteSource(Kind.SPARQL, "ftp://example.jp/", "stations")
    assert told(discover([unusable], fetcher)) == ["source.address-unusable"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 10",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } OFFSET 10",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } VALUES ?s { 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CONSTRUCT {",
        "",
        "(" * 5_000,
    ],
)
def test_queries_that_cannot_be_asked(
    query: str, endpoint: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    with pytest.raises(QueryError):
        paged(query)
    wanted = source(endpoint, tmp_path, query or " ")
    with pytest.raises(ConfigurationError, match="config.source-query"):
        discover([wanted], fetcher)


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "?o ?p ?s"),
        ("CONSTRUCT { ?s <http://e/?x> '?y' } WHERE { ?s ?p ?o }", "?s"),
        ("CONSTRUCT WHERE { $a ?b [ <e:p> ?c ] }", "?a ?b ?c"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s", None),
        ("CONSTRUCT { <a:a> <a:b> 1 } WHERE { }", None),
    ],
)
def test_the_order_of_solutions(query: str, ordered: str | None) -> None:
    page = paged(query).page(10, 20)
    assert page == query + (f"\nORDER BY {ordered}" if ordered else "") + "\nLIMIT 10\nOFFSET 20"


def test_a_query_file_that_is_not_there(fetcher: Fetcher, tmp_path: Path) -> None:
    wanted = RemoteSource(Kind.SPARQL, "http://e/", "x", query=tmp_path / "absent.rq")
    with pytest.raises(ConfigurationError, match="config.source-query"):
        discover([wanted], fetcher)


def test_published_from_the_configuration(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "names.rq").write_text(
        f"CONSTRUCT {{ ?s <{EX}name> ?n }} WHERE {{ ?s <{EX}name> ?n }}"
    )
    (tmp_path / "tsunagu.toml").write_text(
        f'[fetch]\nallow_private = true\n[[sources]]\nname = "stations"\nkind = "sparql"\n'
        f'url = "{endpoint}"\nquery = "names.rq"\npage_size = 3\nmetadata.title = "駅"\n',
        encoding="utf-8",
    )
    assert main(["publish", "--source", "stations", "--home", str(tmp_path)]) == 0
    current = release.current(tmp_path)
    assert current is not None
    assert current.datasets["stations"]["triples"] == 10
    catalog = current.catalog("ttl").read_text(encoding="utf-8")
    assert f"accessURL <{endpoint}>" in catalog.replace("dcat:", "")
