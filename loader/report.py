"""The report of a dataset as JSON: findings in both languages, how its tables were read.

docs/releases.md describes the document.
"""

from typing import Any

from loader.model import FindingGroup, FindingLog
from loader.outcome import Result
from loader.transform import Transformed
from vocab.language import LANGUAGES


def report_json(result: Result, transformed: Transformed) -> dict[str, Any]:
    """Return the report that is kept in a release as ``reports/<dataset>.json``."""
    return {
        "dataset": result.name,
        "findings": findings_json(result.findings),
        "validation": {"conforms": result.conforms},
        "tables": [
            {
                "file": table.resource.label,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "mapping": table.mapping,
                "rows": table.rows,
            }
            for table in transformed.tables
        ],
    }


def findings_json(findings: FindingLog) -> list[dict[str, Any]]:
    """Return the groups of findings, gravest first, with their first examples."""
    return [_group(group) for group in findings.groups()]


def _group(group: FindingGroup) -> dict[str, Any]:
    first = group.examples[0]
    return {
        "code": first.code,
        "severity": first.severity.value,
        "count": group.count,
        "file": first.file,
        "column": first.column,
        "text": {language: first.text(language) for language in LANGUAGES},
        "advice": {language: first.advice(language) for language in LANGUAGES},
        "examples": [
            {"row": finding.row, "column": finding.column, "value": finding.value}
            for finding in group.examples
        ],
    }
