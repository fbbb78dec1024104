"""The standard datasets: real files are recognised, and small tables give the expected quads."""

import csv
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from loader.mapping.plan import Context, compile_plan
from loader.mapping.registry import choose
from loader.model import FindingLog, Package, Resource
from loader.table import open_table
from vocab.iris import IriPolicy

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "mappings"
SHARED = ROOT.parent / "shared" / "data"
NAMES = sorted(folder.name for folder in (ROOT / "mappings").iterdir() if folder.is_dir())
POLICY = IriPolicy("https://data.example.jp/")


def package(path: Path, name: str, title: str = "") -> Package:
    """A package of one bare file."""
    tabs = {".tsv", ".txt"}
    media_type = "text/tab-separated-values" if path.suffix in tabs else "text/csv"
    media_type = "application/json" if path.suffix == ".json" else media_type
    resource = Resource(name=path.stem, path=path, media_type=media_type)
    titles = {"ja": title} if title else {}
    return Package(name, path.parent, (resource,), title=titles, spatial="139998")


def quads(path: Path, name: str, log: FindingLog) -> Iterator[str]:
    """What a file becomes, in the graph of a dataset of that name."""
    found = package(path, name)
    table = open_table(found.resources[0], log)
    assert table is not None
    choice = choose(found.resources[0], table.header, found)
    assert choice.name == name
    context = Context(
        policy=POLICY,
        graph=POLICY.graph(name),
        dataset=name,
        scope="sample",
        file=path.name,
        row_iri=POLICY.row(name, path.name, ""),
        area="139998",
    )
    plan = compile_plan(choice, table.header, context, log)
    for batch in table.batches():
        yield from plan.lines(batch, log)


@pytest.mark.parametrize("name", NAMES)
def test_a_small_table_gives_the_expected_quads(name: str) -> None:
    log = FindingLog()
    (path,) = (CASES / name).glob("input.*")
    lines = sorted(set(quads(path, name, log)))
    expected = (CASES / name / "expected.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines == expected
    codes = sorted({group.examples[0].code for group in log.groups()})
    allowed = (CASES / name / "findings.txt").read_text(encoding="utf-8").split()
    assert codes == allowed


def expectations() -> list[tuple[str, str, str]]:
    with (CASES / "recognition.csv").open(encoding="utf-8", newline="") as text:
        return [(row["file"], row["title"], row["dataset"]) for row in csv.DictReader(text)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real files of ../shared/data")
@pytest.mark.parametrize(("file", "title", "dataset"), expectations())
def test_real_files_are_recognised(file: str, title: str, dataset: str) -> None:
    path = SHARED / file
    found = package(path, path.stem.lower(), title)
    table = open_table(found.resources[0], FindingLog())
    assert table is not None
    choice = choose(found.resources[0], table.header, found)
    assert ("generic" if choice.generic else choice.name) == dataset


def editions() -> list[tuple[str, str, list[str]]]:
    """Dataset, edition and columns, as their publishers define them."""
    with (CASES / "editions.csv").open(encoding="utf-8", newline="") as text:
        return [(dataset, edition, columns) for dataset, edition, *columns in csv.reader(text)]


SECOND_CODES = ["市区町村コード"]
"""The new edition of evacuation-space has two columns for the code of the municipality."""


@pytest.mark.parametrize(("dataset", "edition", "columns"), editions())
def test_every_column_of_every_edition_is_known(
    dataset: str, edition: str, columns: list[str], coverage: ModuleType
) -> None:
    found = package(Path("table.csv"), "table")
    choice = choose(found.resources[0], columns, found)
    assert choice.name == dataset
    known = coverage.mapped_columns(choice, columns)
    unknown = [name for number, name in enumerate(columns) if number not in known]
    assert unknown in ([], SECOND_CODES)


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    """docs/make_coverage.py as a module."""
    spec = importlib.util.spec_from_file_location("make_coverage", ROOT / "docs/make_coverage.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_cells_of_small_tables_are_represented(coverage: ModuleType) -> None:
    """The measure itself, on a table of our own: a lost cell is found and its reason named."""
    found = coverage.measure(CASES / "coverage.csv", "coverage.csv")
    assert (found.mapping, found.rows, len(found.things)) == ("public-toilet", 3, 2)
    assert (found.cells, found.without_value) == (10, 1)
    assert dict(found.lost) == {("男性トイレ総数", "identifier.no-key"): 1}


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real files of ../shared/data")
def test_cells_of_real_files_are_represented(tmp_path: Path) -> None:
    """In a process of its own: traced for coverage, it takes twice as long."""
    (tmp_path / "ja").mkdir()
    script = [sys.executable, ROOT / "docs/make_coverage.py", SHARED, tmp_path]
    subprocess.run(script, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    for path in ("coverage.md", "ja/coverage.md"):
        committed = (ROOT / "docs" / path).read_text(encoding="utf-8")
        assert committed == (tmp_path / path).read_text(encoding="utf-8"), "run make_coverage.py"
    share = re.search(r"cells are represented: ([\d.]+) %", (tmp_path / "coverage.md").read_text())
    assert share is not None and float(share[1]) >= 99


@pytest.mark.parametrize("page", ["mappings.md", "ja/mappings.md"])
def test_every_dataset_is_documented(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in text] == []
