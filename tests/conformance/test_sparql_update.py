"""Update evaluation and syntax cases of the W3C SPARQL 1.1 suite, on the store of the writer.

What the writer makes of blank nodes (IRIs) is turned back before datasets are compared.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    Store,
)

from loader.writing.request import Protected, Refused
from loader.writing.scratch import Scratch
from tests.conformance.sparql11 import (
    LABEL,
    MF,
    MISSING,
    UT,
    Entry,
    Node,
    entries,
    file_of,
    folders,
    read,
)

GENID = "http://suite.example/genid/"
LOADS = frozenset(("update-silent/load-silent", "update-silent/load-into-silent"))
"""Cases that are refused, because LOAD is (docs/writing.md)."""
SYNTAX = r"^write\.(malformed|label|load)"
"""How a text is refused that is no update: by our reading of it, where it has LOAD."""


def _cases(kind: str) -> list[pytest.ParameterSet]:
    found = (entry for folder in folders() for entry in entries(f"{folder}/manifest.ttl"))
    return [pytest.param(entry, id=entry.name) for entry in found if entry.kind.endswith(kind)]


EVALUATION = _cases("#UpdateEvaluationTest")
POSITIVE = _cases("#PositiveUpdateSyntaxTest11")
NEGATIVE = _cases("#NegativeUpdateSyntaxTest11")


def _dataset(entry: Entry, node: Node | None) -> Iterator[Quad]:
    """The quads of a graph store that the suite describes."""
    for data in entry.terms(f"{UT}data", node):
        yield from _graph(file_of(data.value), DefaultGraph())
    for graph in entry.terms(f"{UT}graphData", node):
        assert isinstance(graph, NamedNode | BlankNode)
        file, name = entry.text_of(f"{UT}graph", graph), entry.text_of(LABEL, graph)
        assert file and name
        yield from _graph(file_of(file), NamedNode(name))


def _graph(path: Path, name: NamedNode | DefaultGraph) -> Iterator[Quad]:
    for quad in read(path):
        yield Quad(quad.subject, quad.predicate, quad.object, name)


def _written(scratch: Scratch) -> Dataset:
    def back(term: object) -> object:
        made = isinstance(term, NamedNode) and term.value.startswith(GENID)
        return BlankNode(term.value.removeprefix(GENID)) if made else term

    return _canonical(
        Quad(back(quad.subject), quad.predicate, back(quad.object), quad.graph_name)  # type: ignore[arg-type]
        for quad in scratch.store
    )


def _canonical(quads: Iterator[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _update(scratch: Scratch, file: str) -> None:
    text = file_of(file).read_text(encoding="utf-8")
    request = {"kind": "update", "text": text, "base": file, "using": [], "using_named": []}
    scratch.apply(request)


def _scratch(quads: Iterator[Quad]) -> Scratch:
    store = Store()
    store.extend(quads)
    return Scratch(store, Protected(frozenset(), ("http://suite.example/none/",)), GENID, 1000, 64)


@pytest.mark.skipif(not EVALUATION, reason=MISSING)
def test_the_suite_is_whole() -> None:
    assert (len(EVALUATION), len(POSITIVE), len(NEGATIVE)) == (94, 42, 13)


@pytest.mark.skipif(not EVALUATION, reason=MISSING)
@pytest.mark.parametrize("entry", EVALUATION)
def test_evaluation(entry: Entry) -> None:
    action, result = entry.node_of(f"{MF}action"), entry.node_of(f"{MF}result")
    scratch = _scratch(_dataset(entry, action))
    file = entry.text_of(f"{UT}request", action)
    assert file is not None
    if entry.name in LOADS:
        with pytest.raises(Refused, match=r"^write\.load"):
            _update(scratch, file)
        return
    _update(scratch, file)
    assert _written(scratch) == _canonical(_dataset(entry, result))


@pytest.mark.skipif(not EVALUATION, reason=MISSING)
@pytest.mark.parametrize("entry", POSITIVE)
def test_positive_syntax(entry: Entry) -> None:
    file = entry.text_of(f"{MF}action")
    assert file is not None
    if re.search(r"^\s*LOAD\b", file_of(file).read_text(encoding="utf-8"), re.MULTILINE | re.I):
        with pytest.raises(Refused, match=r"^write\.load"):
            _update(_scratch(iter(())), file)
        return
    try:
        _update(_scratch(iter(())), file)
    except Refused as refused:
        assert refused.code != "write.malformed", refused


@pytest.mark.skipif(not EVALUATION, reason=MISSING)
@pytest.mark.parametrize("entry", NEGATIVE)
def test_negative_syntax(entry: Entry) -> None:
    file = entry.text_of(f"{MF}action")
    assert file is not None
    with pytest.raises(Refused, match=SYNTAX):
        _update(_scratch(iter(())), file)
