"""Results of validation as findings: codes, words, file and row."""

from pathlib import Path

import pytest

from loader.model import FINDINGS, Finding, FindingLog, Severity
from loader.validate import Validator, validate_files
from loader.validate.findings import locate_row
from vocab.language import LANGUAGES

COMPONENTS = Path(__file__).parent / "validate" / "components"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://example.org/> .
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:Shape-name , [
    sh:path ( e:part [ sh:inversePath e:whole ] ) ; sh:minCount 1 ; sh:severity sh:Info ;
    sh:message "No part." ] .
e:Shape-name sh:path e:name ; sh:minCount 1 ; sh:severity %s ; sh:message %s .
"""
SOURCE = "http://purl.org/dc/terms/source"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FILE = "http://localhost:8000/file/aed/%E8%A1%A8.csv"


def _findings(lines: list[str], severity: str = "sh:Warning", words: str = '"x"') -> list[Finding]:
    log = FindingLog()
    validator = Validator([SHAPES % (severity, words)], log, name="a name")
    validator.feed(lines)
    validator.finish()
    found = {group.examples[0].details["shape"]: group.examples[0] for group in log.groups()}
    return [found["Shape-name"], found["Shape/part/^whole"]]


def _thing(subject: str, *more: str) -> list[str]:
    return [f"<{subject}> <{TYPE}> <http://example.org/Thing> .\n", *more]


def _all_components() -> dict[str, Finding]:
    log = FindingLog()
    texts = [(COMPONENTS / "shapes.ttl").read_text(encoding="utf-8")]
    validate_files([COMPONENTS / "data.ttl"], texts, log)
    return {group.examples[0].code: group.examples[0] for group in log.groups()}


def test_every_component_has_a_code_and_every_code_a_component() -> None:
    codes = {code for code in FINDINGS.entries if code.startswith("shacl.")}
    others = {code for code in codes if code.startswith("shacl.shapes-")}
    assert set(_all_components()) == codes - others - {"shacl.scattered", "shacl.in-pieces"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_component_speaks_where_the_shape_has_no_words(language: str) -> None:
    for code, finding in _all_components().items():
        text = finding.text(language)
        assert "None" not in text and "{" not in text, code
        assert text.startswith(FINDINGS.entries[code][f"plain_{language}"].split("{")[0])
        assert finding.advice(language)
        assert finding.severity is Severity.VIOLATION


def test_message_of_the_shape_in_both_languages() -> None:
    finding, _ = _findings(_thing("http://e/1"), words='"名前がない"@ja , "no name"@en-GB')
    assert finding.text("ja") == "名前がない（http://e/1）"
    assert finding.text("en") == "no name (http://e/1)"


@pytest.mark.parametrize("words", ['"only"@en', '"only"', '"only"@fr'])
def test_message_in_one_language_serves_for_both(words: str) -> None:
    finding, _ = _findings(_thing("http://e/1"), words=words)
    assert [finding.text(language).split("（")[0].split(" (")[0] for language in LANGUAGES] == [
        "only",
        "only",
    ]


@pytest.mark.parametrize(
    ("stated", "severity"),
    [
        ("sh:Info", Severity.INFO),
        ("sh:Warning", Severity.WARNING),
        ("sh:Violation", Severity.VIOLATION),
        ("e:Disaster", Severity.VIOLATION),
    ],
)
def test_severity_is_the_shape_s(stated: str, severity: Severity) -> None:
    finding, _ = _findings(_thing("http://e/1"), severity=stated)
    assert finding.severity is severity


def test_row_of_a_thing_and_of_its_part() -> None:
    source = f"<http://e/1> <{SOURCE}> <{FILE}#row=12> <http://g> .\n"
    for subject in ("http://e/1", "http://e/1#part"):
        finding, other = _findings(_thing(subject, source))
        assert (finding.file, finding.row) == ("表.csv", 12)
        assert other.details["path"] == "part/^whole"


def test_thing_without_a_row_is_filed_under_the_name() -> None:
    finding, _ = _findings(_thing("http://e/1"))
    assert (finding.file, finding.row) == ("a name", None)


def test_own_way_to_tell_the_row() -> None:
    log = FindingLog()
    validator = Validator([SHAPES % ("sh:Info", '"x"')], log, lambda iri: (iri.upper(), 3))
    validator.feed(_thing("http://e/1", f"<http://e/1> <{SOURCE}> <http://e/s> .\n"))
    assert validator.finish()
    assert {(group.examples[0].file, group.examples[0].row) for group in log.groups()} == {
        ("HTTP://E/S", 3)
    }


def test_many_equal_results_are_counted_and_the_first_kept() -> None:
    log = FindingLog()
    validator = Validator([SHAPES % ("sh:Info", '"x"')], log)
    for number in range(30):
        source = f"<http://e/{number}> <{SOURCE}> <{FILE}#row={number}> .\n"
        validator.feed(_thing(f"http://e/{number}", source))
    validator.finish()
    groups = list(log.groups())
    assert [group.count for group in groups] == [30, 30]
    assert [finding.row for finding in groups[0].examples] == list(range(10))


@pytest.mark.parametrize(
    ("iri", "place"),
    [
        ("http://e/file/ds/a.csv#row=7", ("a.csv", 7)),
        ("http://e/file/ds/%E8%A1%A8.csv", ("表.csv", None)),
        ("http://e/file/ds/a.csv#row=x", ("a.csv", None)),
    ],
)
def test_locate_row(iri: str, place: tuple[str, int | None]) -> None:
    assert locate_row(iri) == place
