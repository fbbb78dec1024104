"""Mapping documents run on the sources beside them give what ``expected.nq`` says.

``findings.txt`` lists what is found: code, row, column and value, one finding a line.
"""

from pathlib import Path

import pytest

from loader.errors import ConfigurationError, SourceError, TsunaguError
from loader.mapping.run import run_document
from loader.model import FindingLog

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
