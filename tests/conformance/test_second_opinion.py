"""Every result is compared with what pySHACL finds: on the W3C suite, on random data and shapes,
and with our shapes on real files, mapped and then damaged."""

import contextlib
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import rdflib
from rdflib import Namespace, URIRef

import shapes
from loader.errors import ConfigurationError
from loader.model import FindingLog
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation
from loader.validate import validate_files
from tests.conformance.second_opinion import (
    DIFFERENCES,
    Result,
    graph,
    of_ours,
    of_pyshacl,
    results,
    triples,
)
from tests.loader.validate.random_cases import NODES, TableShapes, case, table
from vocab.iris import IriPolicy

SHARED = Path(__file__).parents[2].parent / "shared"
SUITE = SHARED / "suites" / "shacl" / "tests"
DATA = SHARED / "data"
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
POLICY = IriPolicy("https://data.example.jp/")
CASES = 150
TABLES = 40
LINES = 2_000
FILES = [
    "02_municipal/saitama_111007_AED.csv",
    "02_municipal/sapporo_011002/011002hospital.csv",
    "02_municipal/tourism_lists/res_051_yamaguchi_pref.csv",
    "04_bibliographic/ndlsearch_books_a.csv",
    "05_geo/shelters_emergency_pref37.geojson",
    "05_geo/shelters_evacuation_pref37.geojson",
    "09_gtfs_donan/stops.txt",
    "09_gtfs_donan/stop_times.txt",
]
SUITE_TESTS = [
    path for path in sorted(SUITE.rglob("*.ttl")) if "sht:Validate" in path.read_text("utf-8")
]
_ODD = re.compile(r'"９"|\\n"')
"""Values that pySHACL reads otherwise (see the kinds of differences)."""

REFUSED = Counter({("refused", "", "", "", ""): 1})


class ComparableShapes(TableShapes):
    """Shapes without what pySHACL compares otherwise (see the kinds of differences)."""

    def _simple(self) -> list[str]:
        return [text for text in super()._simple() if not re.search("clusive|lessThan", text)]


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let RDFLib be as it was before when the test has ended."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def _compare(
    part: str, name: str, ours: Callable[[], Counter[Result]], theirs: Callable[[], Counter[Result]]
) -> None:
    """Hold what both find against the table of differences."""
    found, other = ours(), theirs()
    reason = DIFFERENCES[part].get(name)
    if reason is None:
        assert (found - other, other - found) == (Counter(), Counter()), name
    else:
        assert found != other, f"{name} is listed as a difference, but there is none: {reason}"


def test_every_difference_is_of_a_case_that_is_run() -> None:
    cases = {
        "suite": {_name(path) for path in SUITE_TESTS},
        "random": {str(seed) for seed in range(CASES)},
        "tables": {str(seed) for seed in range(TABLES)},
    }
    if not SUITE_TESTS:
        del cases["suite"]
    for part, known in cases.items():
        assert set(DIFFERENCES[part]) <= known
    assert set(DIFFERENCES) == {"suite", "random", "tables", "kinds"}


def _name(path: Path) -> str:
    return path.relative_to(SUITE).as_posix()


@pytest.mark.skipif(not SUITE_TESTS, reason="the W3C SHACL suite is not beside this checkout")
@pytest.mark.parametrize("path", SUITE_TESTS, ids=_name)
def test_suite(path: Path) -> None:
    manifest = rdflib.Graph().parse(path, publicID=path.as_uri())
    [data] = _files(manifest, SHT.dataGraph)
    [stated] = _files(manifest, SHT.shapesGraph)

    def ours() -> Counter[Result]:
        texts = [stated.read_text(encoding="utf-8")]
        try:
            report = validate_files([data], texts, FindingLog()).report("ntriples")
        except ConfigurationError:
            return REFUSED
        return results(graph([report], "ntriples"))

    def theirs() -> Counter[Result]:
        graphs = [rdflib.Graph().parse(file, publicID=file.as_uri()) for file in (stated, data)]
        try:
            return of_pyshacl(*graphs)
        except (AssertionError, NotImplementedError):
            return REFUSED

    _compare("suite", _name(path), ours, theirs)


def _files(manifest: rdflib.Graph, predicate: URIRef) -> set[Path]:
    return {Path(str(file).removeprefix("file://")) for file in manifest.objects(None, predicate)}


@pytest.mark.parametrize("seed", range(CASES))
def test_random(seed: int) -> None:
    text, lines = case(seed, NODES)
    _compare(
        "random",
        str(seed),
        lambda: of_ours([text], lines),
        lambda: of_pyshacl(graph([text]), graph(["".join(lines)], "ntriples")),
    )


@pytest.mark.parametrize("seed", range(TABLES))
def test_random_tables(seed: int) -> None:
    chance = random.Random(seed)
    text, batches = ComparableShapes(chance).text(), table(chance)
    lines = [line for runs in batches for run in runs for line in run if not _ODD.search(line)]
    _compare(
        "tables",
        str(seed),
        lambda: of_ours([text], lines),
        lambda: of_pyshacl(graph([text]), triples(lines)),
    )


@pytest.fixture(scope="module")
def our_shapes() -> rdflib.Graph:
    return graph(shapes.texts())


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside this checkout")
@pytest.mark.parametrize("name", FILES)
def test_real(name: str, our_shapes: rdflib.Graph) -> None:
    lines = _damaged(_mapped(DATA / name), random.Random(name))
    found = of_ours(shapes.texts(), lines)
    other = of_pyshacl(our_shapes, triples(lines))
    assert sum(1 for result in found if not _kind(result)) > 50
    differing = set((found - other) + (other - found))
    assert [result for result in differing if not _kind(result)] == []


def _kind(result: Result) -> str | None:
    """The kind of differences that a result is of, where it is of one."""
    for name, kind in DIFFERENCES["kinds"].items():
        if re.fullmatch(kind["component"], result[2]) and re.fullmatch(kind["value"], result[4]):
            return name
    return None


@pytest.mark.parametrize("name", DIFFERENCES["kinds"])
def test_kinds_of_differences_are_still_there(name: str) -> None:
    kind = DIFFERENCES["kinds"][name]
    found = of_ours([kind["shapes"]], [kind["data"] + "\n"])
    other = of_pyshacl(graph([kind["shapes"]]), graph([kind["data"]], "ntriples"))
    assert {_kind(result) for result in (found - other) + (other - found)} == {name}


class _EnoughError(Exception):
    """There are lines enough."""


def _mapped(path: Path) -> list[str]:
    """The first lines that a file is mapped to."""
    [package] = discover([path]).packages
    lines: list[str] = []

    def take(some: Sequence[str]) -> None:
        lines.extend(some)
        if len(lines) >= LINES:
            raise _EnoughError

    with contextlib.suppress(_EnoughError):
        Transformation(package, POLICY, FindingLog(), take, Silence(), jobs=1, checked=False).run()
    return list(dict.fromkeys(lines[:LINES]))


def _damaged(lines: Sequence[str], chance: random.Random) -> list[str]:
    """Lines with errors: some left out, with another object, datatype or text."""
    damaged = []
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        kind = chance.randrange(40)
        if kind == 0:
            continue
        if kind == 1:
            damaged.append(f"{subject} {predicate} {chance.choice(lines).split(' ', 2)[2]}")
        elif kind == 2:
            rest = rest.replace("XMLSchema#", "XMLSchema#x", 1)
        elif kind == 3:
            rest = rest.replace('"', '"-', 1)
        elif kind == 4:
            rest = re.sub('^".*"', '"x"', rest)
        damaged.append(f"{subject} {predicate} {rest}")
    return damaged
