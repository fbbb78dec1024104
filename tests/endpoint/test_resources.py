"""Dereferencing, documents, catalogue, downloads: address by address."""

import json
import re

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, RdfFormat, parse

from tests.endpoint.example_release import BASE, CSV, FIRST

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE = "text/turtle"

REDIRECTS = [
    ("/id/facility/992011-1", BROWSER, "/doc/facility/992011-1"),
    ("/id/facility/992011-1", None, "/data/facility/992011-1.ttl"),
    ("/id/facility/992011-1", "*/*", "/data/facility/992011-1.ttl"),
    ("/id/facility/992011-1", "application/rdf+xml", "/data/facility/992011-1.rdf"),
    ("/id/facility/992011-1", "application/ld+json", "/data/facility/992011-1.jsonld"),
    ("/id/facility/992011-1", "text/html;q=0.1, text/turtle;q=0.2", "/data/facility/992011-1.ttl"),
    ("/id/facility/992011-1?lang=en", BROWSER, "/doc/facility/992011-1?lang=en"),
    ("/id/facility/東町-2", BROWSER, "/doc/facility/%E6%9D%B1%E7%94%BA-2"),
    ("/id/facility/%E6%9D%B1%E7%94%BA-2", TURTLE, "/data/facility/%E6%9D%B1%E7%94%BA-2.ttl"),
    ("/id/facility/a%2Fb", TURTLE, "/data/facility/a%2Fb.ttl"),
    ("/id/facility/a/b", TURTLE, "/data/facility/a%2Fb.ttl"),
    ("/id/facility/raw/slash", TURTLE, "/data/facility/raw/slash.ttl"),
    ("/id/facility/100%25", TURTLE, "/data/facility/100%25.ttl"),
    ("/id/organization/tsunagu", BROWSER, "/doc/organization/tsunagu"),
    ("/dataset/facilities/distribution/facilities.csv", BROWSER, "/dataset/facilities"),
    ("/dataset/facilities/distribution/facilities.csv", TURTLE, "/dataset/facilities.ttl"),
    ("/catalog", BROWSER, "/"),
]


@pytest.mark.parametrize(("address", "accept", "target"), REDIRECTS)
def test_redirects(client: FlaskClient, address: str, accept: str | None, target: str) -> None:
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["Location"]) == (303, target)
    assert "Accept" in response.headers["Vary"]
    assert client.get(target, headers={"Accept": accept or "*/*"}).status_code == 200


def test_a_thing_names_its_documents(client: FlaskClient) -> None:
    links = client.get("/id/facility/992011-1").headers["Link"]
    assert links.count('rel="alternate"') == 8
    assert '</doc/facility/992011-1>; rel="alternate"; type="text/html"' in links
    page = client.get("/doc/facility/992011-1").text
    assert page.count('<link rel="alternate"') == 7


DOCUMENTS = [
    ("/data/facility/992011-1.ttl", None, "text/turtle"),
    ("/data/facility/992011-1.rdf", BROWSER, "application/rdf+xml"),
    ("/data/facility/992011-1.jsonld", TURTLE, "application/ld+json"),
    ("/data/facility/992011-1.nt", None, "application/n-triples"),
    ("/data/facility/992011-1.nq", None, "application/n-quads"),
    ("/data/facility/992011-1.trig", None, "application/trig"),
    ("/data/facility/992011-1.n3", None, "text/n3"),
    ("/data/facility/992011-1", "application/n-triples", "application/n-triples"),
    ("/data/facility/a%2Fb.jsonld", None, "application/ld+json"),
    ("/doc/facility/992011-1", TURTLE, "text/html"),
    ("/doc/facility/bare", None, "text/html"),
    ("/def/facilities", TURTLE, "text/turtle"),
    ("/def/facilities", BROWSER, "text/html"),
    ("/def/facilities.rdf", BROWSER, "application/rdf+xml"),
    ("/def/tsunagu", TURTLE, "text/turtle"),
    ("/def/tsunagu", BROWSER, "text/html"),
    ("/def/tsunagu.html", TURTLE, "text/html"),
    ("/def/tsunagu.ttl", BROWSER, "text/turtle"),
    ("/def/tsunagu.rdf", BROWSER, "application/rdf+xml"),
    ("/def/tsunagu.jsonld", BROWSER, "application/ld+json"),
    ("/def/tsunagu.nt", None, "application/n-triples"),
    ("/def/tsunagu.nq", None, "application/n-quads"),
    ("/def/tsunagu.trig", None, "application/trig"),
    ("/def/tsunagu.n3", None, "text/n3"),
    ("/def/tsunagu/function", TURTLE, "text/turtle"),
    ("/def/tsunagu/function", BROWSER, "text/html"),
    ("/def/tsunagu/function.rdf", BROWSER, "application/rdf+xml"),
    ("/def", BROWSER, "text/html"),
    ("/def/", TURTLE, "text/turtle"),
    ("/def.html", None, "text/html"),
    ("/def.jsonld", BROWSER, "application/ld+json"),
    ("/dataset/facilities", TURTLE, "text/turtle"),
    ("/dataset/facilities", BROWSER, "text/html"),
    ("/dataset/facilities.html", TURTLE, "text/html"),
    ("/dataset/facilities.jsonld", BROWSER, "application/ld+json"),
    ("/dataset/aed", BROWSER, "text/html"),
    ("/catalog", None, "text/turtle"),
    ("/catalog", "application/rdf+xml", "application/rdf+xml"),
    ("/catalog.ttl", BROWSER, "text/turtle"),
    ("/catalog.xml", None, "application/rdf+xml"),
    ("/catalog.jsonld", None, "application/ld+json"),
    ("/catalog.nt", None, "application/n-triples"),
    ("/.well-known/void", None, "text/turtle"),
    ("/graph/dataset/facilities", BROWSER, "text/html"),
    ("/activity/facilities/0123.ttl", BROWSER, "text/turtle"),
    ("/.well-known/genid/aed/aed.ttl/1", "text/turtle", "text/turtle"),
    (f"/release/{FIRST}", BROWSER, "text/html"),
    (f"/release/{FIRST}", TURTLE, "text/turtle"),
    (f"/release/{FIRST}.nt", None, "application/n-triples"),
    ("/", TURTLE, "text/html"),
    ("/robots.txt", None, "text/plain"),
    ("/healthz", None, "application/json"),
    ("/static/site.css", None, "text/css"),
    ("/dump/facilities.nq", None, "application/n-quads"),
    ("/file/facilities/facilities.csv", None, "text/csv"),
    ("/file/facilities/note.html", None, "application/octet-stream"),
]


@pytest.mark.parametrize(("address", "accept", "media_type"), DOCUMENTS)
def test_documents(client: FlaskClient, address: str, accept: str | None, media_type: str) -> None:
    headers = {"Accept": accept} if accept else {}
    response = client.get(address, headers=headers)
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.data
    head = client.head(address, headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    if "ETag" in response.headers:
        again = client.get(address, headers={**headers, "If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


MISSING = [
    "/def.doc",
    "/nix",
    "/id/facility/none",
    "/id/facility/100%2525",
    "/id/facility/a%00b",
    "/doc/facility/none",
    "/data/facility/none.ttl",
    "/data/facility/992011-1.html",
    "/data/facility/992011-1.pdf",
    "/def/none",
    "/dataset/none",
    "/dataset/none.ttl",
    "/dataset/none/distribution/x",
    "/catalog.pdf",
    "/catalog.csv",
    "/graph/none",
    "/release/none",
    "/release/..",
    "/dump/none.nq",
    "/dump/..%2fmanifest.nq",
    "/dump/aed.ttl",
    "/file/facilities/none.csv",
    "/file/facilities/lost.csv",
    "/file/facilities/../secret.txt",
    "/file/facilities/..%2fsecret.txt",
    "/file/facilities/%2e%2e/secret.txt",
    "/file/facilities/%2e%2e%2fsecret.txt%00.csv",
    "/file/../secret.txt",
    "/file/facilities//etc/passwd",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static//etc/passwd",
]


@pytest.mark.parametrize("address", MISSING)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_what_is_not_there(client: FlaskClient, address: str, accept: str) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == ("text/html" if accept == BROWSER else "text/plain")
    assert "not published" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "address",
    ["/", "/id/facility/992011-1", "/dataset/facilities", "/catalog", "/healthz", "/robots.txt"],
)
def test_only_reading(client: FlaskClient, address: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        response = client.open(address, method=method)
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]


def test_not_acceptable(client: FlaskClient) -> None:
    for address in ("/id/facility/992011-1", "/dataset/facilities", "/catalog", "/def/facilities"):
        assert client.get(address, headers={"Accept": "image/png"}).status_code == 406


def test_the_data_hold_the_thing_its_parts_and_the_document(client: FlaskClient) -> None:
    response = client.get("/data/facility/992011-1.ttl")
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    thing = rdflib.URIRef(f"{BASE}id/facility/992011-1")
    document = rdflib.URIRef(f"{BASE}doc/facility/992011-1")
    assert graph.value(document, rdflib.FOAF.primaryTopic) == thing
    assert (document, rdflib.VOID.inDataset, rdflib.URIRef(f"{BASE}dataset/facilities")) in graph
    assert (rdflib.URIRef(f"{thing}#code"), None, rdflib.Literal("992011")) in graph
    assert len(set(graph.subjects())) == 6
    assert client.get("/data/facility/992011-1.ttl").data == response.data


def test_the_page_of_a_thing(client: FlaskClient) -> None:
    page = client.get("/doc/facility/992011-1?lang=en")
    assert page.headers["Content-Language"] == "en"
    text = page.text
    assert '<h1 lang="en">Tsunagu Public Library</h1>' in text
    assert "latitude 35.68, longitude 139.75" in text
    assert 'href="/file/facilities/facilities.csv?lang=en#row=2"' in text
    assert 'href="/id/aed/992011-9?lang=en"' in text
    assert 'href="/dataset/facilities?lang=en"' in text
    assert 'href="tel:+81-0-0000"' in text
    assert 'href="javascript:' not in text
    assert "javascript:alert(1)" in text
    assert "見本の体系" in text
    assert "<dd>yes</dd>" in text
    assert "つなぐ市民図書館" in client.get("/doc/facility/992011-1").text


def test_nothing_in_the_data_becomes_markup(client: FlaskClient) -> None:
    text = client.get("/doc/facility/a%2Fb").text
    assert "<script>alert" not in text
    assert "<img" not in text
    embedded = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert embedded is not None
    assert "<" not in embedded[1]
    document = json.loads(embedded[1])
    assert document["rdfs:label"]["@value"] == "</script><script>alert('x')</script>"
    report = client.get("/dataset/facilities.html").text
    assert "&lt;b&gt;992010" in report
    assert "<b>992010" not in report
    error = client.get("/id/x/<script>alert(1)</script>", headers={"Accept": BROWSER})
    assert "<script>" not in error.text


def test_a_vocabulary_shows_its_own_terms(client: FlaskClient) -> None:
    text = client.get("/def/facilities?lang=en", headers={"Accept": BROWSER}).text
    assert '<h3 id="1階" lang="en">Ground floor</h3>' in text
    assert "別の語彙" not in text
    turtle = client.get("/def/facilities.ttl").text
    assert "Ground floor" in turtle
    assert "別の語彙" not in turtle


def test_the_report_of_a_dataset_in_plain_words(client: FlaskClient) -> None:
    english = client.get("/dataset/facilities?lang=en", headers={"Accept": BROWSER}).text
    assert english.index("Violations: 1") < english.index("Information: 2")
    assert "The check digit is wrong." in english
    assert "do not conform" in english
    assert "Sample data" in english
    assert "facilities.csv as it came: technical level 3 (grade 1), ★3" in english
    assert "note.html as it came: technical level 2, ★3" in english
    assert "Take the spaces out." in english
    assert "Fields hold nothing but data" in english
    japanese = client.get("/dataset/facilities", headers={"Accept": BROWSER}).text
    assert "コードを確かめてください。" in japanese
    assert '<td>utf-8</td><td class="number">12,345</td>' in japanese
    without = client.get("/dataset/aed?lang=en", headers={"Accept": BROWSER}).text
    assert "no report" in without


def test_validation_of_a_dataset_leads_to_rows_and_to_the_report(client: FlaskClient) -> None:
    page = client.get("/dataset/facilities?lang=en", headers={"Accept": BROWSER}).text
    section = page[page.index('<h2 id="validation">') :]
    assert "<dt>Violations</dt><dd>4,000</dd>" in section
    assert "There are two names." in section and "The check digit" not in section
    assert '<td class="number">4, 5</td><td>名称</td>' in section
    assert "<td>本館 | &lt;i&gt;別館&lt;/i&gt;</td>" in section
    assert "<td>(blank)</td>" in section
    for suffix in ("", ".ttl", ".jsonld"):
        assert f'href="/report/facilities{suffix}?lang=en"' in section


def test_the_home_page_lists_the_datasets(client: FlaskClient) -> None:
    text = client.get("/?lang=en").text
    for words in ("Tsunagu City open data", "Public facilities", "AED設置箇所一覧", "not stated"):
        assert words in text
    assert "Violations: 1" in text
    assert 'href="/sparql?query=' in text


def test_languages(client: FlaskClient) -> None:
    pages = {
        None: "ja",
        "en": "en",
        "fr": "ja",
        "fr, en;q=0.3": "en",
        "en;q=0.3, ja;q=0.9": "ja",
        "ja-JP": "ja",
        "en-US,en;q=0.9": "en",
        "*": "ja",
        "en;q=nonsense": "ja",
    }
    for header, language in pages.items():
        response = client.get("/", headers={"Accept-Language": header} if header else {})
        assert response.headers["Content-Language"] == language, header
        assert f'<html lang="{language}">' in response.text
        assert "Accept-Language" in response.headers["Vary"]
    assert client.get("/?lang=en&lang=ja").headers["Content-Language"] == "en"
    switch = client.get("/sparql?query=ASK%7B%7D&format=html&lang=en").text
    assert 'href="/sparql?query=ASK%7B%7D&amp;format=html&amp;lang=ja"' in switch


def test_headers_that_keep_browsers_safe(client: FlaskClient) -> None:
    for address in ("/", "/sparql", "/nix", "/doc/facility/992011-1", "/catalog.ttl"):
        headers = client.get(address, headers={"Accept": BROWSER}).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert "Set-Cookie" not in headers


def test_a_source_file_is_sent_as_it_is(client: FlaskClient) -> None:
    response = client.get("/file/facilities/facilities.csv")
    assert response.data == CSV
    assert response.headers["Content-Type"] == "text/csv; charset=windows-31j"
    assert response.headers["Content-Disposition"].startswith("attachment")
    part = client.get("/file/facilities/facilities.csv", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.data) == (206, CSV[:2])


def test_a_forged_host_changes_nothing(client: FlaskClient) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": BROWSER}
    for address in ("/", "/doc/facility/992011-1", "/id/facility/992011-1", "/catalog.ttl"):
        response = client.get(address, headers=forged)
        assert "evil.example" not in response.text + str(response.headers)


OWN = "https://w3id.org/tsunagu/def"


def test_our_own_terms_are_served_under_their_own_names(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/def/tsunagu.ttl").data, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == {
        OWN,
        f"{OWN}#Aed",
        f"{OWN}#table.blank-row",
    }


def test_links_to_our_own_terms_stay_here(client: FlaskClient) -> None:
    assert 'href="/def/tsunagu?lang=ja#Aed"' in client.get("/doc/aed/992011-9?lang=ja").text
    page = client.get("/def/tsunagu.html").text
    assert 'id="Aed"' in page and 'id="table.blank-row"' in page
    assert 'href="/def/tsunagu"' in page


def test_all_vocabularies_are_listed(client: FlaskClient) -> None:
    page = client.get("/def/?lang=en", headers={"Accept": BROWSER}).text
    assert 'href="/def/tsunagu?lang=en">Our words</a>' in page
    assert 'href="/def/facilities?lang=en"' in page
    graph = rdflib.Graph().parse(data=client.get("/def.ttl").data, format="turtle")
    functions = "https://w3id.org/tsunagu/function"
    found = {str(subject) for subject in graph.subjects()}
    assert found == {OWN, functions, f"{BASE}def/facilities"}


@pytest.mark.parametrize("suffix", ["nq", "trig"])
@pytest.mark.parametrize("stem", ["/data/facility/992011-1", "/def/tsunagu", "/dataset/aed"])
def test_documents_say_everything_in_the_default_graph(
    client: FlaskClient, stem: str, suffix: str
) -> None:
    format_ = RdfFormat.from_extension(suffix)
    quads = list(parse(client.get(f"{stem}.{suffix}").data, format=format_))
    assert quads and {quad.graph_name for quad in quads} == {DefaultGraph()}
