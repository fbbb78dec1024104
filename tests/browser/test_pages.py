"""The pages in a real browser: by mouse, by keyboard, without scripts, at 320 px, by axe-core."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

AXE = Path(__file__).parents[2] / "endpoint" / "static" / "vendor" / "axe.min.js"
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
PAGES = [
    "",
    "dataset/facilities",
    "doc/facility/992011-1",
    "def/facilities",
    "sparql",
    "sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%205",
    "query/",
    "query/names?run=1&word=図書館",
    "query/nearest-aed",
    "sparql?view=chart&query=SELECT%20%3Fp%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D%20GROUP%20BY%20%3Fp",
    "sparql?view=map&query=PREFIX%20g%3A%3Chttp%3A%2F%2Fwww.opengis.net%2Font%2Fgeosparql%23%3ESELECT%20%3Fo%7B%3Fs%20g%3AasWKT%20%3Fo%7D",
    "release/20261121T040000Z-00000001",
]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RULES)["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_accessibility(page: Page, url: str, path: str, language: str) -> None:
    joint = "&" if "?" in path else "?"
    page.goto(f"{url}{path}{joint}lang={language}")
    page.wait_for_load_state("networkidle")
    for closed in page.locator("summary").all():
        closed.click()
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    levels = [int(tag[1]) for tag in page.eval_on_selector_all(
        "main :is(h1, h2, h3, h4)", "found => found.map(heading => heading.tagName)"
    )]  # fmt: skip
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_screen_needs_no_sideways_scrolling(page: Page, url: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(url + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_query_is_run_in_the_editor(page: Page, url: str) -> None:
    page.goto(url + "sparql")
    expect(page.locator("#plain")).to_be_hidden()
    page.locator("a[data-query]").first.click()
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr table").first).to_contain_text("公共施設一覧")
    assert violations(page) == []


def test_the_keyboard_gets_into_the_editor_and_out(page: Page, url: str) -> None:
    page.goto(url + "sparql")
    page.locator(".examples summary").last.focus()
    inside = "document.activeElement.closest('.CodeMirror') !== null"
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(inside))
    assert True in seen
    assert seen[-1] is False
    page.locator("a[data-query]").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".yasr table").first).to_contain_text("AED設置箇所一覧")


def test_from_the_home_page_to_a_row(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="公共施設一覧", exact=True).click()
    expect(page.locator("h1")).to_have_text("公共施設一覧")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Public facilities")
    page.get_by_role("link", name="Query this dataset").click()
    expect(page.locator("#result")).to_be_visible()
    page.locator("#result a[href*='/id/facility/992011-1']").first.click()
    expect(page.locator("h1")).to_have_text("Tsunagu Public Library")
    page.get_by_role("link", name="図書館1階のAED").click()
    expect(page.locator("h1")).to_have_text("図書館1階のAED")


def test_the_skip_link(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="本文へ移る")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_hostile_data_stay_data(page: Page, url: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(url + "doc/facility/a%2Fb")
    expect(page.locator("h1")).to_have_text("</script><script>alert('x')</script>")
    page.goto(url + "sparql?format=html&query=SELECT%20%3Fo%20%7B%3Fs%20%3Fp%20%3Fo%7D")
    expect(page.locator("#result")).to_contain_text("onerror=alert(2)")
    assert page.locator("#result img").count() == 0


def test_without_scripts(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(url + "sparql")
    expect(page.locator("#editor")).to_be_hidden()
    page.get_by_label("Query").fill("SELECT (6 * 7 AS ?answer) {}")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result td")).to_contain_text("42")
    context.close()
