"""The RML test cases over CSV (https://rml.io/test-cases/), 39 of them."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from loader.errors import TsunaguError
from loader.mapping.run import run_document
from loader.model import FindingLog

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "rml-csv"
KNOWN_FAILURES: dict[str, str] = {}
"""Cases that fail, by name, and why; one that passes after all makes the test fail."""

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="shared/suites/rml-csv is not there")


def _expects_error() -> dict[str, bool]:
    if not SUITE.is_dir():
        return {}
    with (SUITE / "metadata.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        name, *_ = rows.fieldnames or [""]
        error = next(field for field in rows.fieldnames or [] if "error" in field.lower())
        return {row[name]: row[error] == "true" for row in rows if row[name].endswith("-CSV")}


def _cases() -> list[object]:
    return [
        pytest.param(
            name,
            error,
            id=name,
            marks=pytest.mark.xfail(reason=KNOWN_FAILURES[name], strict=True)
            if name in KNOWN_FAILURES
            else (),
        )
        for name, error in _expects_error().items()
    ]


def _canonical(text: str) -> str:
    dataset = Dataset(parse(text, RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


@pytest.mark.parametrize(("name", "error"), _cases())
def test_case(name: str, error: bool) -> None:
    folder = SUITE / name
    batches = run_document(folder / "mapping.ttl", "http://example.com/base/", FindingLog())
    if error:
        with pytest.raises(TsunaguError):
            list(batches)
        return
    got = "".join(line for lines in batches for line in lines)
    expected = (folder / "output.nq").read_text(encoding="utf-8")
    assert _canonical(got) == _canonical(expected)


def test_all_cases_are_there() -> None:
    assert len(_expects_error()) == 39
