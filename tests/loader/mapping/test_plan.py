"""Tables mapped by a plan give what ``expected.nq`` and ``findings.txt`` say.

A case is a table, what its descriptor says (``resource.json``) and maybe a mapping of its own; the
standard datasets are those of ``cases/standards``.
"""

import csv
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, parse

from loader.errors import TsunaguError
from loader.mapping import registry
from loader.mapping.plan import Context, Plan, compile_plan
from loader.model import Batch, Field, FindingLog, Package, Resource
from vocab.iris import IriPolicy, decode

CASES = Path(__file__).parent / "cases"
STANDARDS = CASES / "standards"
POLICY = IriPolicy("https://data.example.jp/")


def context(file: str, row_iri: bool = True) -> Context:
    return Context(
        policy=POLICY,
        graph=POLICY.graph("sample"),
        dataset="sample",
        scope="scope",
        file=file,
        row_iri=POLICY.row("sample", file, "") if row_iri else None,
        area="131016",
    )


def table(path: Path) -> tuple[list[str], Batch]:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    columns = [[row[number] for row in rows] for number in range(len(header))]
    return header, Batch(range(2, 2 + len(rows)), columns)


def resource(case: Path) -> Resource:
    path = next(case.glob("*.csv"))
    stated = case / "resource.json"
    described = json.loads(stated.read_text(encoding="utf-8")) if stated.exists() else {}
    document = next(case.glob("mapping.*"), None)
    return Resource(
        path.stem,
        path,
        fields=tuple(Field(**field) for field in described.get("fields", [])),
        primary_key=tuple(described.get("primary_key", [])),
        mapping=str(document) if document else described.get("mapping"),
    )


def mapped(case: Path) -> tuple[Plan, str, str]:
    found = resource(case)
    package = Package("sample", case, (found,))
    header, batch = table(found.path)
    log = FindingLog()
    choice = registry.choose(found, header, package, STANDARDS)
    plan = compile_plan(choice, header, context(found.path.name), log)
    lines = "".join(sorted(set(plan.lines(batch, log))))
    findings = sorted(
        f"{finding.code} {finding.row or '-'} {finding.column or '-'} {finding.value}\n"
        for group in log.groups()
        for finding in group.examples
    )
    return plan, lines, "".join(findings)


@pytest.mark.parametrize("case", sorted((CASES / "plan").iterdir()), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    _, lines, findings = mapped(case)
    assert lines == (case / "expected.nq").read_text(encoding="utf-8")
    assert findings == (case / "findings.txt").read_text(encoding="utf-8")
    assert len(list(parse(lines, RdfFormat.N_QUADS))) == lines.count("\n")


def test_classes_and_generic_columns() -> None:
    plan, _, _ = mapped(CASES / "plan" / "standard")
    assert plan.classes[0] == "http://example.com/def#Facility"
    names = [column.name for column in plan.generic_columns]
    assert names == ["面積(㎡)", "緯度", "経度", "電話番号"]
    assert plan.generic_columns[0].iri == POLICY.term("sample", "面積(㎡)")


def test_batches_are_mapped_alike_however_they_are_cut() -> None:
    case = CASES / "plan" / "standard"
    found = resource(case)
    header, batch = table(found.path)
    choice = registry.choose(found, header, Package("sample", case, (found,)), STANDARDS)
    whole, log = compile_plan(choice, header, context("facility.csv"), FindingLog()), FindingLog()
    parts = [
        Batch([batch.rows[number]], [[column[number]] for column in batch.columns])
        for number in range(len(batch))
    ]
    lines = [line for part in parts for line in whole.lines(part, log)]
    assert "".join(sorted(set(lines))) == mapped(case)[1]


def test_without_a_row_iri_a_thing_has_no_source() -> None:
    case = CASES / "plan" / "standard-few-columns"
    found = resource(case)
    header, batch = table(found.path)
    choice = registry.choose(found, header, Package("sample", case, (found,)), STANDARDS)
    plan = compile_plan(choice, header, context("t.csv", row_iri=False), FindingLog())
    assert "http://purl.org/dc/terms/source" not in "".join(plan.lines(batch, FindingLog()))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mappings: {}", "mapping.malformed"),
        ("mappings: {m: {sources: a~csv, po: [[a, x]]}}", "mapping.unsupported"),
        ("mappings: {m: {sources: a~csv, s: x/$(b), po: [[a, x]]}}", "mapping.unknown-column"),
        (
            "mappings: {m: {sources: a~csv, s: x, po: [{p: y, o: {mapping: m, condition: {function:"
            " equal, parameters: [[str1, $(a)], [str2, $(a)]]}}}]}}",
            "mapping.no-source",
        ),
    ],
)
def test_what_a_publisher_s_document_may_not_do(tmp_path: Path, text: str, code: str) -> None:
    document = tmp_path / "own.yaml"
    document.write_text(text, encoding="utf-8")
    found = Resource("t", tmp_path / "t.csv", mapping=str(document))
    choice = registry.choose(found, ["a"], Package("sample", tmp_path, (found,)), STANDARDS)
    with pytest.raises(TsunaguError, match=code):
        compile_plan(choice, ["a"], context("t.csv"), FindingLog())


def test_many_distinct_values_are_not_kept() -> None:
    """Columns of values that all differ are computed alike in the first and in later batches."""
    case = CASES / "plan" / "standard"
    header = ["NO", "名称", "住所", "電話番号"]
    found = resource(case)
    choice = registry.choose(found, header, Package("sample", case, (found,)), STANDARDS)
    plan, log = compile_plan(choice, header, context("t.csv"), FindingLog()), FindingLog()
    counts = []
    for first in range(0, 100_000, 20_000):
        numbers = [str(number) for number in range(first, first + 20_000)]
        phones = [f"099-{number.zfill(3)[-3:]}-{number.zfill(4)[-4:]}" for number in numbers]
        phones[7] = "なし"
        batch = Batch(range(first, first + 20_000), [numbers, numbers, numbers, phones])
        counts.append(len(plan.lines(batch, log)))
    assert counts[0] == counts[2] == counts[4]
    assert [group.count for group in log.groups()] == [5]


CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_any_text_comes_back_as_it_was_but_for_trimming_and_unicode_form(cells: list[str]) -> None:
    """What is written is canonical N-Quads, and a cell makes a literal unless it is blank."""
    found = Resource("t", Path("/t.csv"), mapping="generic")
    choice = registry.choose(found, ["a"], Package("sample", Path("/"), (found,)), STANDARDS)
    plan = compile_plan(choice, ["a"], context("t.csv"), FindingLog())
    lines = plan.lines(Batch(range(2, 2 + len(cells)), [cells]), FindingLog())
    quads = list(parse("".join(lines), RdfFormat.N_QUADS))
    assert [f"{quad} .\n" for quad in quads] == lines
    values = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    unified = (cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells)
    expected = {unicodedata.normalize("NFC", cell).strip() for cell in unified}
    assert values == expected - {""}


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_any_text_in_a_template_makes_a_valid_iri(cells: list[str]) -> None:
    found = Resource("t", Path("/t.csv"), primary_key=("a",))
    choice = registry.choose(found, ["a"], Package("sample", Path("/"), (found,)), STANDARDS)
    plan = compile_plan(choice, ["a"], context("t.csv"), FindingLog())
    lines = plan.lines(Batch(range(2, 2 + len(cells)), [cells]), FindingLog())
    subjects = {str(quad.subject) for quad in parse("".join(lines), RdfFormat.N_QUADS)}
    keys = {"_".join(unicodedata.normalize("NFKC", cell).split()) for cell in cells} - {""}
    assert {decode(subject.rpartition("/")[2][:-1]) for subject in subjects} == {
        unicodedata.normalize("NFC", key) for key in keys
    }
