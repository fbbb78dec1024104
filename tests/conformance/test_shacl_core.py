"""The W3C SHACL test suite, core and SPARQL, through ``tsunagu validate``: result for result.

What is compared are the results as a graph (SHACL, 3.6.2): focus node, path, constraint
component, shape, severity and value of each, blank nodes up to renaming.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Dataset, NamedNode, Quad, RdfFormat

from loader.cli.main import main

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "shacl" / "tests"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
COMPARED = [
    NamedNode(SH + name)
    for name in (
        "focusNode",
        "resultPath",
        "sourceConstraintComponent",
        "sourceShape",
        "resultSeverity",
        "value",
    )
]

KNOWN_FAILURES = {
    "sparql/pre-binding/unsupported-sparql-004.ttl": (
        "the engine evaluates a subquery that does not project $this instead of refusing it"
    ),
}
"""By path of the test's file below the suite: why it fails."""


def _tests() -> Iterator[pytest.ParameterSet]:
    for path in sorted(SUITE.rglob("*.ttl")):
        name = str(path.relative_to(SUITE))
        if "sht:Validate" in path.read_text(encoding="utf-8"):
            reason = KNOWN_FAILURES.get(name)
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            yield pytest.param(path, id=name, marks=marks)


TESTS = list(_tests())


def test_the_suite_is_whole() -> None:
    if not SUITE.is_dir():
        pytest.skip("the W3C SHACL suite is not beside this checkout")
    names = [str(parameter.id) for parameter in TESTS]
    assert len([name for name in names if name.startswith("core/")]) == 98
    assert set(KNOWN_FAILURES) <= set(names)


@pytest.mark.skipif(not TESTS, reason="the W3C SHACL suite is not beside this checkout")
@pytest.mark.parametrize("path", TESTS)
def test_validates_as_expected(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = _graph(path.read_bytes(), path.as_uri())
    data, shapes = (_file(manifest, SHT + name) for name in ("dataGraph", "shapesGraph"))
    arguments = ["validate", str(data), "--shapes", str(shapes), "--format"]
    expected = _object(manifest, None, MF + "result")
    if expected == NamedNode(SHT + "Failure"):
        assert main([*arguments, "turtle"]) == 2
        return
    code = main([*arguments, "turtle"])
    found = _graph(capsys.readouterr().out.encode(), path.as_uri())
    assert _results(found) == _results(manifest)
    assert main([*arguments, "json"]) == code
    report = json.loads(capsys.readouterr().out)
    assert sum(report["results"].values()) == len(_nodes(found))
    assert sum(group["count"] for group in report["findings"]) == len(_nodes(found))


def _graph(data: bytes, base: str) -> Dataset:
    return Dataset(pyoxigraph.parse(data, format=RdfFormat.TURTLE, base_iri=base))


def _object(graph: Dataset, subject: NamedNode | BlankNode | None, predicate: str) -> object:
    wanted = NamedNode(predicate)
    return next(
        quad.object
        for quad in graph
        if quad.predicate == wanted and subject in (None, quad.subject)
    )


def _file(manifest: Dataset, predicate: str) -> Path:
    iri = _object(manifest, None, predicate)
    assert isinstance(iri, NamedNode)
    return Path(iri.value.removeprefix("file://"))


def _nodes(graph: Dataset) -> set[object]:
    return {
        quad.subject
        for quad in graph
        if quad.predicate == TYPE and quad.object == NamedNode(SH + "ValidationResult")
    }


def _results(graph: Dataset) -> str:
    """The results in canonical form, so that equal strings mean isomorphic graphs."""
    nodes = _nodes(graph)
    kept = [quad for quad in graph if quad.subject in nodes and quad.predicate in COMPARED]
    paths = [quad.object for quad in kept if quad.predicate == NamedNode(SH + "resultPath")]
    dataset = Dataset({*kept, *_reachable(graph, paths)})
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))


def _reachable(graph: Dataset, nodes: Iterable[object]) -> Iterator[Quad]:
    for node in nodes:
        if isinstance(node, BlankNode):
            quads = list(graph.quads_for_subject(node))
            yield from quads
            yield from _reachable(graph, [quad.object for quad in quads])
