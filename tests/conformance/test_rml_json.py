"""JSON sources in the manner of RML's JSON test cases (https://rml.io/test-cases/), in both
generations of the vocabulary. The cases are our own; numbers are those of the case they resemble.
"""

from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from loader.errors import TsunaguError
from loader.mapping.run import run_document
from loader.model import FindingLog

CASES = sorted((Path(__file__).parent / "cases" / "rml-json").iterdir())
OLD = (
    "http://www.w3.org/ns/r2rml#",
    "http://semweb.mmlab.be/ns/rml#",
    "http://semweb.mmlab.be/ns/ql#",
)
NEW = "http://w3id.org/rml/"


@pytest.fixture(params=["old", "new"])
def vocabulary(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def document(case: Path, vocabulary: str, folder: Path) -> Path:
    """Return the mapping, with its sources beside it, in one generation of the vocabulary."""
    text = (case / "mapping.ttl").read_text(encoding="utf-8")
    if vocabulary == "new":
        for namespace in OLD:
            text = text.replace(namespace, NEW)
    for source in case.glob("*.json"):
        (folder / source.name).write_bytes(source.read_bytes())
    path = folder / "mapping.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def canonical(text: str) -> str:
    dataset = Dataset(parse(text, RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, vocabulary: str, tmp_path: Path) -> None:
    mapping = document(case, vocabulary, tmp_path)
    batches = run_document(mapping, "http://example.com/base/", FindingLog())
    error = case / "error.txt"
    if error.exists():
        with pytest.raises(TsunaguError) as raised:
            list(batches)
        assert raised.value.code == error.read_text(encoding="utf-8").strip()
        return
    got = "".join(line for lines in batches for line in lines)
    assert canonical(got) == canonical((case / "expected.nq").read_text(encoding="utf-8"))
