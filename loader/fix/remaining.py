"""What is left to be done by people: the findings of the checks on the repaired tables."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from loader.fix.writing import TableWriter
from loader.model import Finding, FindingLog

_MENDED = frozenset(
    {
        "table.encoding-inferred",
        "table.encoding-mismatch",
        "table.title-lines",
        "table.linkdata-lines",
        "table.header-lines",
        "table.header-space",
        "table.header-line-break",
        "table.mixed-line-ends",
    }
)
"""Findings of the source that its repaired copy no longer has."""

_OF_THE_HEADER = frozenset({"table.empty-header", "table.duplicate-header"})
"""Findings of the source whose header is now in the first row."""

_COLUMNS = ("file", "row", "column", "value", "code", "severity", "count", "text", "advice")


def left_over(findings: FindingLog, writers: Sequence[TableWriter]) -> FindingLog:
    """Return the findings that still hold."""
    western = {writer.resource.label: writer.western for writer in writers}

    def holds(finding: Finding) -> bool:
        if finding.code in _MENDED or finding.code.startswith("check.level"):
            return False
        has_western = finding.column in western.get(finding.file, ())
        return not (finding.code == "check.era-year" and has_western)

    return _only(findings, holds)


def _moved(finding: Finding) -> Finding:
    return replace(finding, row=1) if finding.code in _OF_THE_HEADER else finding


def _only(findings: FindingLog, holds: Callable[[Finding], bool]) -> FindingLog:
    kept = FindingLog()
    for group in findings.groups():
        first, *others = map(_moved, group.examples)
        if holds(first):
            kept.add(first, group.count - len(others))
            kept.extend(others)
    return kept


def write_remaining(path: Path, findings: FindingLog, language: str) -> None:
    """Write the findings as CSV: the first of each group, with how many there are."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for group in findings.groups():
            writer.writerows(_row(finding, group.count, language) for finding in group.examples)


def _row(finding: Finding, count: int, language: str) -> tuple[str, ...]:
    return (
        finding.file,
        "" if finding.row is None else str(finding.row),
        finding.column or "",
        finding.value or "",
        finding.code,
        finding.severity.value,
        str(count),
        finding.text(language),
        finding.advice(language),
    )
