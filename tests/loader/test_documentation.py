"""The generated pages say what the catalogue of findings and the schema say, and nothing older."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from loader.model import FINDINGS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def script(name: str) -> ModuleType:
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "name",
    [
        "make_findings",
        "make_descriptor",
        "make_functions",
        "make_geosparql",
        "make_checklists",
        "make_identifiers",
        "make_shapes",
    ],
)
def test_pages_are_up_to_date(name: str, language: str) -> None:
    module = script(name)
    committed = module.PAGES[language].read_text(encoding="utf-8")
    assert committed == module.page(language), f"run: .venv/bin/python docs/{name}.py"


@pytest.mark.parametrize("code", FINDINGS.entries)
def test_every_code_says_all_that_a_reader_needs(code: str) -> None:
    entry = FINDINGS.entries[code]
    assert entry["severity"] in ("info", "warning", "violation")
    assert all(entry[key].strip() for key in ("ja", "en", "do_ja", "do_en"))


def test_every_area_has_a_title() -> None:
    areas = {code.split(".")[0] for code in FINDINGS.entries}
    assert areas <= set(script("make_findings").AREAS)


OURS = ("source", "graph", "descriptor", "table", "check", "text", "geo", "personal")


def test_every_code_about_files_and_tables_is_used_and_tested() -> None:
    code_files = [path.read_text(encoding="utf-8") for path in (ROOT / "loader").rglob("*.py")]
    tests = [
        *(ROOT / "tests").rglob("expected.json"),
        *Path(__file__).parent.rglob("*.py"),
    ]
    expected = "".join(path.read_text(encoding="utf-8") for path in tests)
    for code in FINDINGS.entries:
        if code.split(".")[0] in OURS:
            assert any(f'"{code}"' in text for text in code_files), f"{code} is not used"
            assert f'"{code}"' in expected, f"{code} is not tested"
