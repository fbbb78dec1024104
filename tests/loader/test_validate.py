"""The validator: pieces, things that are described twice, reports, wrong shapes."""

import re
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from loader.errors import ConfigurationError
from loader.model import FindingLog
from loader.validate import Validator, collect
from loader.validate import validator as pieces
from loader.validate.report import path_statements

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SOURCE = "http://purl.org/dc/terms/source"
SH = "http://www.w3.org/ns/shacl#"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e/> .
e:S a sh:NodeShape ; sh:targetClass e:C ;
    sh:property [ sh:path e:name ; sh:maxCount 1 ; sh:message "two names"@en ] ,
        [ sh:path e:place ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


def _row(number: int, name: str) -> list[str]:
    thing = f"<http://e/{number}>"
    return [
        f"{thing} <{TYPE}> <http://e/C> <http://g> .\n",
        f'{thing} <http://e/name> "{name}" <http://g> .\n',
        f"{thing} <{SOURCE}> <http://e/f.csv#row={number + 1}> <http://g> .\n",
    ]


def _validator(findings: FindingLog | None = None) -> Validator:
    return Validator([SHAPES], FindingLog() if findings is None else findings)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pieces, "PIECE_LINES", 6)
    monkeypatch.setattr(pieces, "FIRST_LINES", 6)
    yield


def test_nothing_fed_conforms() -> None:
    validator = _validator()
    assert validator.finish()
    assert "sh:conforms true" in validator.report()
    assert validator.summary() == {
        "conforms": True,
        "results": {"info": 0, "warning": 0, "violation": 0},
    }


def test_warnings_conform_but_the_report_says_what_shacl_says() -> None:
    validator = _validator()
    validator.feed(_row(1, "a"))
    assert validator.finish()
    assert "sh:conforms false" in validator.report()


@pytest.mark.usefixtures("small_pieces")
def test_pieces_give_the_same_as_a_whole() -> None:
    rows = [_row(number, "a") for number in range(20)]
    findings = FindingLog()
    some = _validator(findings)
    for row in rows:
        some.feed(row)
    assert some.finish()
    whole = _validator()
    whole.feed([line for row in rows for line in row])
    assert whole.finish()
    assert some.summary() == whole.summary()
    arguments = ("http://g", "http://r")
    assert _without_shape(some.report_lines(*arguments)) == _without_shape(
        whole.report_lines(*arguments)
    )
    assert [group.count for group in findings.groups()] == [20]


def _without_shape(lines: list[str]) -> list[str]:
    return [line for line in lines if "sourceShape" not in line]


@pytest.mark.usefixtures("small_pieces")
def test_two_names_in_two_pieces_are_seen_with_the_whole() -> None:
    rows = [_row(1, "a"), _row(2, "b"), _row(3, "c"), _row(1, "other"), _row(2, "b")]
    findings = FindingLog()
    validator = _validator(findings)
    for row in rows:
        validator.feed(row)
    assert not validator.finish(lambda feed: [feed(row) for row in rows])
    [group, _] = findings.groups()
    assert (group.count, group.examples[0].details["focus"]) == (1, "http://e/1")
    assert validator.summary()["results"] == {"info": 0, "warning": 3, "violation": 1}


@pytest.mark.usefixtures("small_pieces")
def test_examples_of_the_sure_where_the_first_ones_were_unsure() -> None:
    """The first ten results of a kind are about things that another piece describes, too."""
    rows = [_row(number, "a") for number in [*range(12), *range(100, 130), *range(12)]]
    findings = FindingLog()
    validator = _validator(findings)
    for row in rows:
        validator.feed(row)
    assert validator.finish(lambda feed: [feed(row) for row in rows])
    [group] = findings.groups()
    assert (group.count, len(group.examples)) == (42, 10)
    whole = _validator()
    whole.feed([line for row in rows for line in row])
    assert whole.finish()
    assert validator.summary() == whole.summary()


@pytest.mark.usefixtures("small_pieces")
def test_sure_results_are_told_where_the_unsure_conform() -> None:
    rows = [_row(number, "a") for number in [*range(12), *range(100, 130)]]
    places = [
        f"<http://e/{number}> <http://e/place> <http://e/p> <http://g> .\n" for number in range(12)
    ]
    findings = FindingLog()
    validator = _validator(findings)
    for lines in [*rows, places]:
        validator.feed(lines)
    assert validator.finish(lambda feed: [feed(lines) for lines in [*rows, places]])
    [group] = findings.groups()
    assert (group.count, len(group.examples)) == (30, 10)
    assert group.examples[0].row == 101


@pytest.mark.usefixtures("small_pieces")
def test_without_the_whole_a_finding_tells_that_nobody_looked() -> None:
    findings = FindingLog()
    validator = _validator(findings)
    for number in (1, 2, 1, 2, 1):
        validator.feed(_row(number, str(number)))
    assert validator.finish()
    scattered = [g for g in findings.groups() if g.examples[0].code == "shacl.scattered"]
    assert validator.finish()
    assert [group.count for group in scattered] == [2]
    assert scattered[0].examples[0].text("en").startswith("Things are told")


@pytest.mark.usefixtures("small_pieces")
def test_broken_lines_raise_when_they_are_collected() -> None:
    validator = _validator()
    with pytest.raises(ValueError, match="parse error"):
        validator.feed([*_row(1, "a"), *["<http://e/1> <http://e/name> no .\n"] * 3])
        validator.finish()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("@prefix", "shapes.unreadable"),
        ("<http://e/a> <http://e/b> <http://e/c> .", "shapes.none"),
        (SHAPES.replace("sh:maxCount 1", "sh:maxCount 'many'"), "shapes.ill-formed"),
        (SHAPES.replace("sh:maxCount 1", "sh:pattern '('"), "shapes.ill-formed"),
    ],
)
def test_wrong_shapes_are_an_error_of_configuration(text: str, code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Validator([text], FindingLog())
    assert caught.value.code == code


def test_wrong_sparql_in_shapes_is_an_error_of_configuration() -> None:
    query = 'sh:sparql [ sh:select "SELECT $this WHERE { SERVICE <http://e/> { $this ?p ?o } }" ]'
    validator = Validator([SHAPES + f"e:S {query} ."], FindingLog())
    validator.feed(_row(1, "a"))
    with pytest.raises(ConfigurationError) as caught:
        validator.finish()
    assert caught.value.code == "shapes.ill-formed"


def test_blank_nodes_of_two_texts_are_kept_apart() -> None:
    shape = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S{0}> a sh:NodeShape ; "
        "sh:targetClass <http://e/C> ; sh:property _:b . "
        "_:b sh:path <http://e/p{0}> ; sh:minCount 1 ."
    )
    validator = Validator([shape.format(1), shape.format(2)], FindingLog())
    validator.feed(_row(1, "a"))
    validator.finish()
    assert validator.summary()["results"] == {"info": 0, "warning": 0, "violation": 2}


def test_report_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "RESULTS_KEPT", 3)
    validator = _validator()
    validator.feed([line for number in range(5) for line in _row(number, "a")])
    validator.feed(_row(0, "b"))
    assert not validator.finish()
    report = validator.report()
    assert report.count("sh:focusNode") == 3
    assert "6 results in all; only 3 are listed here." in report
    assert report.index("sh:Violation") < report.index("sh:Warning")


@pytest.mark.parametrize("name", ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"])
def test_report_in_every_format(name: str) -> None:
    validator = _validator()
    validator.feed(_row(1, "a"))
    validator.finish()
    formats = {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }
    quads = list(pyoxigraph.parse(validator.report(name), format=formats[name]))
    assert sum(quad.predicate.value == SH + "focusNode" for quad in quads) == 1


def test_report_lines_are_deterministic_and_without_blank_nodes() -> None:
    def lines() -> list[str]:
        validator = _validator()
        validator.feed(
            [
                *_row(1, 'a\\t\\"'),
                *_row(1, "b"),
                "_:blank <" + TYPE + "> <http://e/C> .\n",
            ]
        )
        validator.finish()
        return validator.report_lines("http://g", "http://r", "http://about")

    found = lines()
    assert found == sorted(found) == lines()
    assert [line for line in found if not re.fullmatch(r"<.* <http://g> \.\n", line)] == []
    assert not any("_:" in line for line in found)
    assert (
        "<http://r> <http://xmlns.com/foaf/0.1/primaryTopic> <http://about> <http://g> .\n" in found
    )


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("<a>", ["n <a>"]),
        ("^<a>", [f"1 {SH}inversePath <a>", "n 1"]),
        ("(<a>/<b>)", [f"1 {RDF}first <b>", f"1 {RDF}rest nil", f"2 {RDF}first <a>", "n 2"]),
        ("(<a>|<b>)*", [f"3 {SH}alternativePath 2", f"4 {SH}zeroOrMorePath 3", "n 4"]),
        ("(<a>)+", [f"1 {SH}oneOrMorePath <a>", "n 1"]),
        ("(^<a>)?", [f"2 {SH}zeroOrOnePath 1", "n 2"]),
    ],
)
def test_paths_as_structures(path: str, expected: list[str]) -> None:
    node, statements = path_statements(path, "h", lambda hint: hint.removeprefix("h-path-"))
    told = [
        statement.replace("<" + RDF + "nil>", "nil").replace(f"<{RDF}", RDF).replace(f"<{SH}", SH)
        for statement in statements
    ]
    plain = {re.sub(r"(first|rest|Path)>", r"\1", text).removesuffix(" .") for text in told}
    assert set(expected) <= plain | {f"n {node}"}
