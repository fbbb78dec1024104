"""The report of a check as SARIF 2.1.0, which code hosts show beside the files.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the numbers are its sections.
"""

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from loader.cli.checking.report import CheckReport, Entry
from loader.cli.words import Words
from loader.model import FINDINGS, Finding, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
"""Severities as 3.27.10 has them."""

_PLACEHOLDER = re.compile(r"\{\w+\}")


def sarif_report(report: CheckReport, words: Words) -> str:
    """Return the log file: one run, a rule for each code, a result for each finding kept."""
    codes = sorted({entry.first.code for entry in report.entries})
    places = {code: index for index, code in enumerate(codes)}
    run = {
        "tool": {"driver": _driver(codes, words.language)},
        "language": words.language,
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(entry, finding, places[finding.code], words.language)
            for entry in report.entries
            for finding in entry.group.examples
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _driver(codes: list[str], language: str) -> dict[str, Any]:
    return {
        "name": "Tsunagu",
        "semanticVersion": version("tsunagu"),
        "rules": [_rule(code, language) for code in codes],
    }


def _rule(code: str, language: str) -> dict[str, Any]:
    """Return a reporting descriptor (3.49); “…” stands for what differs from case to case."""
    entry = FINDINGS.entries[code]
    wrong, advice = _general(entry[language]), _general(entry[f"do_{language}"])
    return {
        "id": code,
        "shortDescription": {"text": wrong},
        "help": {"text": f"{wrong}\n{advice}"},
        "defaultConfiguration": {"level": LEVELS[Severity(entry["severity"])]},
    }


def _general(text: str) -> str:
    return _PLACEHOLDER.sub("…", text.replace("{advice}", "")).replace("{{", "{").replace("}}", "}")


def _result(entry: Entry, finding: Finding, rule: int, language: str) -> dict[str, Any]:
    """Return a result (3.27); ``properties.count`` says how many equal ones there are."""
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.text(language)} {finding.advice(language)}"},
        "locations": [_location(entry, finding)],
        "properties": {"count": entry.group.count, **_cell(finding)},
    }


def _location(entry: Entry, finding: Finding) -> dict[str, Any]:
    """Return a location (3.28): the record of the file as its line, the column by its name."""
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(entry.path or Path(finding.file))}}
    if finding.row is not None and finding.row > 0:
        place["region"] = {"startLine": finding.row}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.column:
        location["logicalLocations"] = [{"name": finding.column, "kind": "member"}]
    return location


def _uri(path: Path) -> str:
    """Return a path relative to the working folder, from which code hosts look files up (3.4)."""
    absolute, here = path.absolute(), Path.cwd()
    inside = absolute.is_relative_to(here)
    return quote((absolute.relative_to(here) if inside else Path(path.name)).as_posix())


def _cell(finding: Finding) -> dict[str, str]:
    cell = {"column": finding.column, "value": finding.value}
    return {key: value for key, value in cell.items() if value is not None}
