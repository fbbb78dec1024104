"""What the check tells of real files: the page about it, and what people thought of it."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real files of ../shared/data are not here"
)


@pytest.fixture(scope="module")
def report() -> ModuleType:
    """docs/make_check_report.py as a module."""
    path = ROOT / "docs" / "make_check_report.py"
    spec = importlib.util.spec_from_file_location("make_check_report", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(report: ModuleType) -> Any:
    """The findings about all files."""
    return report.check(SHARED)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_up_to_date(report: ModuleType, found: Any, language: str) -> None:
    committed = report.PAGES[language].read_text(encoding="utf-8")
    assert committed == report.page(language, found), "run: docs/make_check_report.py"


def test_findings_are_told_as_people_judged_them(report: ModuleType, found: Any) -> None:
    """The right ones are told, of the row where it was looked at; the wrong ones no longer."""
    told = {
        (path, first.code, first.column or "", str(row or ""))
        for path, groups in found.items()
        for group in groups
        for first in group.examples
        for row in (first.row, None)
    }
    judged = report.judgements()
    assert len([one for one in judged if one.told]) >= 60
    wrong = [one for one in judged if one.told is not (_place(one) in told)]
    assert wrong == []


def test_few_judged_findings_are_doubtful(report: ModuleType) -> None:
    told = [one for one in report.judgements() if one.told]
    assert sum(one.verdict == "right" for one in told) >= 0.95 * len(told)


def _place(one: Any) -> tuple[str, str, str, str]:
    return one.file, one.code, one.column, one.row
