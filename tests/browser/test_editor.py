"""The query editor in a real browser: views, downloads, hints, completion."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import violations

COUNTS = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
POINTS = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?where { ?s geo:asWKT ?where }"""
VALUE = "() => window.tsunaguEditor.getTab().getYasqe().getValue()"


def write(page: Page, text: str) -> None:
    page.evaluate(
        """text => { const editor = window.tsunaguEditor.getTab().getYasqe();
          editor.setValue(text); editor.focus(); editor.getDoc().setCursor(0, text.length); }""",
        text,
    )


@pytest.fixture
def editor(page: Page, url: str) -> Page:
    page.goto(url + "sparql?lang=ja")
    expect(page.locator("#plain")).to_be_hidden()
    return page


@pytest.mark.parametrize(("query", "view"), [(COUNTS, "chart"), (POINTS, "map")])
def test_views(editor: Page, query: str, view: str) -> None:
    write(editor, query)
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(".yasr table")).to_be_visible()
    editor.locator(f".select_{view}").click()
    expect(editor.locator(f".yasr svg.{view}")).to_be_visible()
    assert violations(editor) == []
    link = editor.get_by_role("link", name="CSV (Excel)")
    asked = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert asked == {"query": [query], "format": ["csv-excel"]}
    pinned = editor.get_by_role("link", name="この結果をいつでも再現できるリンク")
    assert "/release/20261121T040000Z-00000001/sparql?" in (pinned.get_attribute("href") or "")


def test_a_view_of_what_is_no_table_says_so(editor: Page) -> None:
    write(editor, "SELECT ?s { ?s ?p ?o } LIMIT 3")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(".yasr table")).to_be_visible()
    editor.locator(".select_map").click()
    expect(editor.locator(".yasr_results")).to_contain_text("地図にできる列がありません")


def test_hints(editor: Page) -> None:
    write(editor, "SELECT * { ?s ?p ?o } ORDER BY ?s")
    editor.get_by_role("button", name="遅くなりそうなところを調べる").click()
    expect(editor.locator("#hints")).to_be_focused()
    expect(editor.locator("#hints")).to_contain_text("?s ?p ?o は全データに当てはまります")
    assert violations(editor) == []


COMPLETIONS = [
    ("SELECT * { ?s a 施設", "ic:施設型", "ic"),
    ("SELECT * { ?s <http://imi.go.jp/ns/core/rdf#住", "ic:住所", "ic"),
    ("SELECT * { ?s geo:hasG", "geo:hasGeometry", "geo"),
    ("SELECT * { ?s a 除細動", "tsd:Aed", "tsd"),
]


@pytest.mark.parametrize(("text", "term", "prefix"), COMPLETIONS)
def test_terms_are_completed_by_name_iri_and_prefix(
    editor: Page, text: str, term: str, prefix: str
) -> None:
    write(editor, text)
    editor.keyboard.press("Control+Space")
    first = editor.locator(".CodeMirror-hint").first
    expect(first).to_contain_text(term)
    assert violations(editor) == []
    editor.keyboard.press("Enter")
    found = editor.evaluate(VALUE)
    assert f"PREFIX {prefix}: <" in found
    assert found.endswith(f" {term}")
