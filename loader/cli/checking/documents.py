"""The report of a check for programs: JSON (docs/check-report.schema.json) and CSV."""

import csv
import io
import json
from typing import Any

from loader.cli.checking.report import CheckReport, Entry
from loader.cli.words import Words
from loader.model import Finding
from loader.report import file_json, group_json
from loader.transform import TableResult, Transformed

COLUMNS = (
    "severity",
    "code",
    "dataset",
    "file",
    "row",
    "column",
    "value",
    "count",
    "text",
    "advice",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run, or refuse, where a cell begins so."""


def json_report(report: CheckReport, words: Words) -> str:
    """Return the report as JSON; texts in both languages."""
    content = {
        "version": 1,
        "counts": report.counts,
        "files": [file_json(file) for file in report.files],
        "findings": [
            {"dataset": entry.dataset, **group_json(entry.group)} for entry in report.entries
        ],
        "tables": [_table(result, table) for result in report.results for table in result.tables],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _table(result: Transformed, table: TableResult) -> dict[str, Any]:
    return {
        "dataset": result.package.name,
        "file": table.resource.label,
        "rows": table.rows,
        "columns": len(table.header),
        "encoding": table.encoding,
        "mapping": table.mapping,
    }


def csv_report(report: CheckReport, words: Words) -> str:
    """Return a line for each finding that was kept (RFC 4180), with the count of its group.

    A byte order mark lets spreadsheets read it as UTF-8; cells that they would take for a formula
    have an apostrophe before them.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entry in report.entries:
        for finding in entry.group.examples:
            writer.writerow([safe(cell) for cell in _cells(entry, finding, words.language)])
    return "\ufeff" + text.getvalue()


def _cells(entry: Entry, finding: Finding, language: str) -> list[object]:
    return [
        finding.severity.value,
        finding.code,
        entry.dataset,
        finding.file,
        finding.row,
        finding.column,
        finding.value,
        entry.group.count,
        finding.text(language),
        finding.advice(language),
    ]


def safe(cell: object) -> str:
    """Return a cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
