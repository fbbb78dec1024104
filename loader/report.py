"""The report of a dataset as JSON: findings in both languages, how its tables were read.

docs/releases.md describes the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader.check import Assessment, assess_files
from loader.check.checklists import Judged
from loader.model import Finding, FindingGroup, FindingLog, Severity
from loader.outcome import Result
from loader.transform import TableResult, Transformed
from vocab.language import LANGUAGES

LEVEL_CODES = frozenset({"check.level", "check.level-best"})
"""Findings that only repeat what is told of a file as a whole."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of a dataset, judged; ``table`` says how it was read, where it was one.

    ``counts`` are the findings about it by severity.
    """

    assessment: Assessment
    table: TableResult | None
    counts: Mapping[str, int]

    @property
    def label(self) -> str:
        """How messages name the file."""
        return self.assessment.resource.label


def checked_files(transformed: Transformed, findings: FindingLog) -> list[CheckedFile]:
    """Return the files of a dataset, judged by what was found in them."""
    package = transformed.package
    tables = {table.resource.label: table for table in transformed.tables}
    counts: dict[str, dict[str, int]] = {}
    for group in findings.groups():
        first = group.examples[0]
        if first.code not in LEVEL_CODES:
            own = counts.setdefault(first.file, _no_counts())
            own[first.severity.value] += group.count
    return [
        CheckedFile(
            assessment,
            tables.get(assessment.resource.label),
            counts.get(assessment.resource.label, _no_counts()),
        )
        for assessment in assess_files(package, package.resources, findings)
    ]


def _no_counts() -> dict[str, int]:
    return {severity.value: 0 for severity in Severity}


def report_json(
    result: Result, transformed: Transformed, validation: Mapping[str, object]
) -> dict[str, Any]:
    """Return the report that is kept in a release as ``reports/<dataset>.json``.

    ``validation`` tells whether the dataset conforms, and the results by severity.
    """
    return {
        "dataset": result.name,
        "findings": findings_json(result.findings),
        "validation": dict(validation),
        "tables": [
            {
                "file": table.resource.label,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "mapping": table.mapping,
                "rows": table.rows,
                "columns": [
                    {"predicate": predicate, "part": part, "columns": list(names)}
                    for (predicate, part), names in sorted(table.columns.items())
                ],
            }
            for table in transformed.tables
        ],
        "files": [file_json(file) for file in checked_files(transformed, result.findings)],
    }


def file_json(file: CheckedFile) -> dict[str, Any]:
    """Return what was found out about a file as a whole (docs/check-report.schema.json)."""
    judged = file.assessment
    return {
        "dataset": judged.package.name,
        "file": file.label,
        "kind": judged.form.kind.value,
        "media_type": judged.resource.media_type,
        "level": judged.level,
        "grade": judged.grade,
        "stars": judged.stars,
        "reason": {language: judged.reason(language) for language in LANGUAGES},
        "next_step": {language: judged.next_step(language) for language in LANGUAGES},
        "counts": dict(file.counts),
        "items": [_item(item) for item in judged.items],
        "properties": judged.document.properties if judged.document else {},
    }


def _item(judged: Judged) -> dict[str, Any]:
    return {
        "id": judged.item.id,
        "mark": judged.item.mark.value,
        "status": judged.status.value,
        "codes": list(judged.codes),
        "text": {language: judged.item.text(language) for language in LANGUAGES},
        "advice": {language: judged.item.advice(language) for language in LANGUAGES},
    }


def findings_json(findings: FindingLog) -> list[dict[str, Any]]:
    """Return the groups of findings, gravest first, with their first examples."""
    return [group_json(group) for group in findings.groups()]


def group_json(group: FindingGroup) -> dict[str, Any]:
    """Return a group of findings with its first examples."""
    first = group.examples[0]
    return {
        "code": first.code,
        "severity": first.severity.value,
        "count": group.count,
        "file": first.file,
        "column": first.column,
        "text": {language: first.text(language) for language in LANGUAGES},
        "advice": {language: first.advice(language) for language in LANGUAGES},
        "examples": [_example(finding) for finding in group.examples],
    }


def _example(finding: Finding) -> dict[str, Any]:
    """Return where a finding is; ``rows`` where several rows have become one thing."""
    rows = finding.details.get("rows", ())
    several = {"rows": list(rows)} if isinstance(rows, tuple) and len(rows) > 1 else {}
    return {"row": finding.row, "column": finding.column, "value": finding.value, **several}
