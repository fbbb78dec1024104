"""The shapes: each can fail, says so in both languages, and two engines agree on every case."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH
from rdflib.term import Node

import shapes
from loader.model import FindingLog, Severity
from loader.validate import Validator, validate_files
from vocab.iris import OWN

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir())
SHAPE = OWN + "shape#"


def _shapes_graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    for text in shapes.texts():
        graph.parse(data=text, format="turtle")
    return graph


def _property_shapes(graph: rdflib.Graph) -> set[Node]:
    return set(graph.subjects(SH.path))


def _results(report: rdflib.Graph) -> Counter[tuple[str, ...]]:
    """Severity, component, shape, focus node and value of each result, by local names."""

    def local(node: Node | None, pattern: str = r"[#/]") -> str:
        return "_" if isinstance(node, rdflib.BNode) else re.split(pattern, str(node))[-1]

    return Counter(
        (
            local(report.value(result, SH.resultSeverity)),
            local(report.value(result, SH.sourceConstraintComponent)),
            local(report.value(result, SH.sourceShape)),
            local(report.value(result, SH.focusNode), "/"),
            local(report.value(result, SH.value), r"(?<=^)(?=$)"),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def _validated(case: Path, findings: FindingLog | None = None) -> Validator:
    return validate_files([case / "data.ttl"], shapes.texts(), findings or FindingLog())


def _of_validator(case: Path) -> Counter[tuple[str, ...]]:
    return _results(rdflib.Graph().parse(data=_validated(case).report(), format="turtle"))


def _expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()


def _in_words(results: Counter[tuple[str, ...]]) -> list[str]:
    return sorted(" ".join(result[:4]) for result in results.elements())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_results_are_as_expected(case: Path) -> None:
    assert _in_words(_of_validator(case)) == _expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_second_engine_agrees(case: Path) -> None:
    data = rdflib.Graph().parse(case / "data.ttl", format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes_graph(), advanced=False)
    assert isinstance(report, rdflib.Graph)
    assert _results(report) == _of_validator(case)


def test_sound_cases_have_no_result() -> None:
    sound = [case for case in CASES if case.name.endswith("-sound")]
    assert sound and not any(_expected(case) for case in sound)


def test_every_property_shape_fails_somewhere() -> None:
    told = {line.split()[2] for case in CASES for line in _expected(case)}
    assert {str(shape).removeprefix(SHAPE) for shape in _property_shapes(_shapes_graph())} <= told


def test_every_property_shape_has_words_and_severity() -> None:
    graph = _shapes_graph()
    for shape in _property_shapes(graph):
        messages = list(graph.objects(shape, SH.message))
        languages = sorted(str(getattr(message, "language", None)) for message in messages)
        assert languages == ["en", "ja"], shape
        assert graph.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape


def test_no_two_shapes_share_their_words_in_different_languages() -> None:
    """The validator finds a message's language by its text (loader/validate/)."""
    messages = set(_shapes_graph().objects(None, SH.message))
    assert len({str(message) for message in messages}) == len(messages)


def test_findings_are_sentences_in_both_languages() -> None:
    findings = FindingLog()
    case = next(case for case in CASES if case.name == "thing-wrong")
    assert not _validated(case, findings).summary()["conforms"]
    texts = {group.examples[0].details["shape"]: group.examples[0] for group in findings.groups()}
    finding = texts["Thing-one-name"]
    assert finding.severity is Severity.VIOLATION
    assert finding.text("ja").startswith("同じ言語の名称が二つ以上あります。")
    assert finding.text("en").startswith("It has two or more names in one language")
    assert finding.file == "data.ttl"


def test_names_and_texts() -> None:
    assert "facility" in shapes.names()
    assert len(shapes.texts()) == len(shapes.names())
    assert shapes.texts(["aed"]) == [(Path(shapes.__file__).parent / "aed.ttl").read_text("utf-8")]
    assert len(shapes.for_catalog()) == 5
    with pytest.raises(KeyError):
        shapes.texts(["no-such"])


@pytest.mark.parametrize("name", shapes.names())
@pytest.mark.parametrize("get", [shapes.texts], ids=["texts"])
def test_each_file_stands_alone(name: str, get: Callable[[list[str]], list[str]]) -> None:
    validator = Validator(get([name]), FindingLog())
    assert validator.finish()


@pytest.mark.parametrize(("file", "language"), [("shapes.md", "en"), ("ja/shapes.md", "ja")])
def test_every_shape_is_documented_in_its_own_words(file: str, language: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / file).read_text(encoding="utf-8")
    graph = _shapes_graph()
    assert all(f"### `{name}`" in page for name in shapes.names())
    for shape in _property_shapes(graph):
        [words] = [
            str(message)
            for message in graph.objects(shape, SH.message)
            if getattr(message, "language", None) == language
        ]
        row = rf"^\| `{str(shape).removeprefix(SHAPE)}` \| [^|]+ \| {re.escape(words)} \|$"
        assert re.search(row, page, re.MULTILINE), shape
