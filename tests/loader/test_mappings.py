"""The standard datasets: real files are recognised, and small tables give the expected quads."""

import csv
from collections.abc import Iterator
from pathlib import Path

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
    suffix = "tab-separated" if path.suffix in {".tsv", ".txt"} else "csv"
    media_type = f"text/{suffix}-values" if suffix.startswith("tab") else "text/csv"
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
    lines = sorted(set(quads(CASES / name / "input.csv", name, log)))
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


@pytest.mark.parametrize("page", ["mappings.md", "ja/mappings.md"])
def test_every_dataset_is_documented(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in text] == []
