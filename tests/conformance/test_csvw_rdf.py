"""The W3C tests of CSV on the Web, conversion to RDF: manifest-rdf, 270 of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from loader.csvw.convert import Request, convert
from loader.csvw.place import PATTERNS, Place
from loader.csvw.problems import MetadataError
from loader.model import FindingLog, Severity

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "csvw" / "tests"
BASE = "http://www.w3.org/2013/csvw/tests/"
WELL_KNOWN = (*PATTERNS, "{+url}.json", "csvm.json")
"""What https://www.w3.org/.well-known/csvm says, which tests 259 and 260 rely on."""

KNOWN_FAILURES: dict[str, str] = {}
"""Cases that fail, by name, and why; one that passes after all makes the test fail."""

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="shared/suites/csvw is not there")

_VOCABULARY = "http://www.w3.org/2013/csvw/tests/vocab#"
_MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"


@dataclass(frozen=True, slots=True)
class Case:
    """A test of the manifest, its URLs absolute."""

    name: str
    kind: str
    result: str
    request: Request


def _read_cases() -> list[Case]:
    if not SUITE.is_dir():
        return []
    store = Store()
    manifest = BASE + "manifest-rdf"
    store.load(path=SUITE / "manifest-rdf.ttl", format=RdfFormat.TURTLE, base_iri=manifest)
    types = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    tests = [
        quad
        for quad in store.quads_for_pattern(None, types, None, None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(_VOCABULARY)
    ]
    return sorted((_case(store, quad) for quad in tests), key=lambda case: case.name)


def _case(store: Store, quad: Quad) -> Case:
    def value(subject: NamedNode | BlankNode, iri: str) -> str:
        found = _object(store, subject, iri)
        return "" if found is None else str(found.value)

    test = quad.subject
    option = _object(store, test, _VOCABULARY + "option")
    link = value(test, _VOCABULARY + "httpLink")
    request = Request(
        url=value(test, _MANIFEST + "action"),
        metadata=value(option, _VOCABULARY + "metadata") or None if option else None,
        linked=[link.partition(">")[0].removeprefix("<")] if link else [],
        patterns=WELL_KNOWN,
        minimal=bool(option and value(option, _VOCABULARY + "minimal") == "true"),
    )
    kind = quad.object.value.removeprefix(_VOCABULARY)
    name = test.value.rpartition("#")[2]
    return Case(name, kind, value(test, _MANIFEST + "result"), request)


def _object(store: Store, subject: NamedNode | BlankNode, iri: str) -> object:
    quads = store.quads_for_pattern(subject, NamedNode(iri), None, None)
    return next((quad.object for quad in quads), None)


CASES = _read_cases()


def _parameters() -> Sequence[object]:
    def marks(case: Case) -> Sequence[pytest.MarkDecorator]:
        reason = KNOWN_FAILURES.get(case.name)
        return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []

    return [pytest.param(case, id=case.name, marks=marks(case)) for case in CASES]


def _canonical(text: str, format_: RdfFormat, base: str | None = None) -> list[str]:
    dataset = Dataset(parse(text, format_, base_iri=base))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} ." for quad in dataset)


@pytest.mark.parametrize("case", _parameters())
def test_case(case: Case) -> None:
    findings = FindingLog()
    batches = convert(case.request, Place(SUITE, BASE), findings)
    if case.kind == "NegativeRdfTest":
        with pytest.raises(MetadataError):
            list(batches)
        return
    got = _canonical("".join(line for lines in batches for line in lines), RdfFormat.N_TRIPLES)
    result = SUITE / case.result.removeprefix(BASE)
    expected = result.read_text(encoding="utf-8")
    assert got == _canonical(expected, RdfFormat.TURTLE, case.result)
    if case.kind == "ToRdfTestWithWarnings":
        assert findings.count(Severity.WARNING) > 0


def test_all_cases_are_there() -> None:
    assert len(CASES) == 270
