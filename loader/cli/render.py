"""What commands print: tables of results, findings as sentences, JSON."""

import os
from typing import Any

from rich.console import Console
from rich.table import Table

from loader.cli.history.document import changes_json
from loader.cli.words import Words
from loader.model import FindingGroup, FindingLog, Severity
from loader.outcome import Outcome, Result
from loader.report import findings_json

_STYLES = {Severity.INFO: "cyan", Severity.WARNING: "yellow", Severity.VIOLATION: "bold red"}
_ROWS_NAMED = 5
_VALUE_SHOWN = 40
_WIDTH = 160


def result_console() -> Console:
    """Where results go: standard output, wide where it is a file or a pipe and has no width."""
    out = Console()
    known = out.is_terminal or "COLUMNS" in os.environ
    return out if known else Console(width=_WIDTH)


def print_outcome(out: Console, outcome: Outcome, words: Words) -> None:
    """Print the summary: a line per dataset."""
    table = Table(title=words("summary.title"), title_justify="left", caption=words("summary.more"))
    table.add_column(words("summary.dataset"), overflow="fold")
    table.add_column(words("summary.status"))
    for name in ("rows", "triples", "info", "warning", "violation"):
        table.add_column(words(f"summary.{name}"), justify="right")
    table.add_column(words("summary.validation"))
    table.add_column(words("summary.seconds"), justify="right")
    for result in outcome.results:
        table.add_row(*_summary_row(result, words))
    out.print(table)


def _summary_row(result: Result, words: Words) -> list[str]:
    status = words(f"status.{result.status.value}")
    if result.previous_stays:
        status += words("status.previous-stays")
    return [
        result.name,
        status,
        f"{result.rows:,}",
        f"{result.triples:,}",
        *(f"{count:,}" for count in result.counts.values()),
        words("validation.conforms" if result.conforms else "validation.fails"),
        f"{result.seconds:.1f}",
    ]


def print_findings(out: Console, outcome: Outcome, words: Words) -> None:
    """Print what is grave enough to act on, of the folder and of each dataset, gravest first."""
    print_log(out, outcome.findings, words)
    for result in outcome.results:
        print_log(out, result.findings, words, heading=result.name, leave_out=Severity.INFO)


def print_log(
    out: Console,
    findings: FindingLog,
    words: Words,
    heading: str = "",
    leave_out: Severity | None = None,
) -> None:
    """Print the findings of a log under a heading; nothing where there are none."""
    groups = [group for group in findings.groups() if group.examples[0].severity != leave_out]
    if groups and heading:
        out.print(heading, style="bold", markup=False, highlight=False)
    for group in groups:
        print_group(out, group, words)


def print_group(out: Console, group: FindingGroup, words: Words) -> None:
    """Print equal findings: what is wrong, where first, how many, what to do."""
    first = group.examples[0]
    label = words(f"severity.{first.severity.value}")
    out.print(f"  {label} ", style=_STYLES[first.severity], end="", highlight=False)
    print_plain(out, f"{first.text(words.language)} [{first.code}]")
    print_plain(out, f"      {_where(group, words)}")
    print_plain(out, f"      → {first.advice(words.language)}")


def print_plain(out: Console, text: str) -> None:
    """Print a text as it is."""
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _where(group: FindingGroup, words: Words) -> str:
    first = group.examples[0]
    parts = [first.file]
    if first.column:
        parts.append(words("where.column", column=first.column))
    rows = [str(finding.row) for finding in group.examples if finding.row is not None]
    if rows:
        more = "…" if group.count > _ROWS_NAMED else ""
        parts.append(words("where.rows", rows=", ".join(rows[:_ROWS_NAMED]) + more))
    if first.value:
        parts.append(words("where.value", value=_shortened(first.value)))
    elif first.value is not None:
        parts.append(words("where.blank"))
    if group.count > 1:
        parts.append(words("where.count", count=f"{group.count:,}"))
    return " · ".join(parts)


def _shortened(value: str) -> str:
    one_line = " ".join(value.split())
    return one_line if len(one_line) <= _VALUE_SHOWN else one_line[:_VALUE_SHOWN] + "…"


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as ``--format json`` prints it (docs/cli.md)."""
    return {
        "release": outcome.release.id if outcome.release else None,
        "switched": outcome.switched,
        "exit_code": outcome.exit_code,
        "findings": findings_json(outcome.findings),
        "datasets": [_result_json(result) for result in outcome.results],
        "changes": [changes_json(changes) for changes in outcome.changes],
        "refused": [changes.name for changes in outcome.shrunk],
    }


def _result_json(result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "status": result.status.value,
        "previous_stays": result.previous_stays,
        "rows": result.rows,
        "triples": result.triples,
        "counts": dict(result.counts),
        "conforms": result.conforms,
        "seconds": round(result.seconds, 3),
        "findings": result.report["findings"] if result.report else findings_json(result.findings),
    }
