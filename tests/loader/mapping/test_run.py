"""Mapping documents run on the sources beside them give what ``expected.nq`` says.

``findings.txt`` lists what is found: code, row, column and value, one finding a line.
"""

from pathlib import Path

import pytest

from loader.errors import ConfigurationError, SourceError, TsunaguError
from loader.mapping.run import run_document
from loader.model import FindingLog
from vocab.language import LANGUAGES, Catalogue

MESSAGES = Catalogue(Path(__file__).parents[3] / "loader" / "messages.toml")
SOURCE_ERRORS = {"mapping.no-source", "mapping.source-unreadable"}
CASES = Path(__file__).parent / "cases" / "run"


def run(document: Path) -> tuple[str, str]:
    log = FindingLog()
    lines = {line for batch in run_document(document, findings=log) for line in batch}
    found = [
        f"{finding.code} {finding.row} {finding.column or '-'} {finding.value}\n"
        for group in log.groups()
        for finding in group.examples
    ]
    return "".join(sorted(lines)), "".join(sorted(found))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    document = next(case.glob("mapping.*"))
    lines, findings = run(document)
    assert lines == (case / "expected.nq").read_text(encoding="utf-8")
    stated = case / "findings.txt"
    assert findings == (stated.read_text(encoding="utf-8") if stated.exists() else "")


ERRORS = Path(__file__).parent / "cases" / "errors"
DOCUMENTS = sorted([*ERRORS.glob("*.yaml"), *ERRORS.glob("*.ttl")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_an_error_names_file_place_and_what_is_near(document: Path) -> None:
    """The first line of a document says what is expected: code, line and some values."""
    code, *stated = document.read_text(encoding="utf-8").partition("\n")[0][2:].split(" ", 2)
    with pytest.raises(TsunaguError) as raised:
        run(document)
    error = raised.value
    kind = SourceError if code in SOURCE_ERRORS else ConfigurationError
    assert (type(error), error.code) == (kind, code)
    for word in " ".join(stated).replace(", ", ",").split():
        key, equals, value = word.partition("=")
        assert str(error.values[key if equals else "place"]).replace(", ", ",") == (value or key)
    for language in LANGUAGES:
        assert MESSAGES.text(code, language, **error.values)


def test_a_document_of_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mapping.unreadable"):
        run(tmp_path / "mapping.xml")


def test_an_empty_source_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("", encoding="utf-8")
    document = tmp_path / "mapping.yaml"
    document.write_text(
        "mappings: {m: {sources: [[t.csv~csv]], s: x, po: [[a, y]]}}", encoding="utf-8"
    )
    assert run(document) == ("", "")


def test_a_lone_surrogate_is_reported_and_not_written(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{"id": "\\ud800"}, {"id": "b"}]', encoding="utf-8")
    document = tmp_path / "mapping.yaml"
    document.write_text(
        "mappings: {m: {sources: [[t.json~json]], s: x/$(id), po: [[a, y], [z, $(id)]]}}",
        encoding="utf-8",
    )
    lines, findings = run(document)
    assert lines.count("\n") == 2
    assert findings.split()[:3] == ["mapping.invalid-character", "1", "id"]
