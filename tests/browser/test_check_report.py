"""The pages that ``tsunagu check`` and ``validate --format html`` write, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from loader.cli.main import main
from tests.browser.test_pages import violations

CITY = Path(__file__).parents[2] / "data" / "tsunagu-city"


@pytest.mark.parametrize("command", ["check", "validate"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_accessibility(
    browser: Browser,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    command: str,
) -> None:
    main([command, str(CITY), "--home", str(tmp_path), "--format", "html", "--lang", language])
    path = tmp_path / "report.html"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(path.as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
