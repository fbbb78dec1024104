"""What ``tsunagu mapping`` shows of trials, explanations and standard datasets: text and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from loader.cli.render import print_plain, result_console
from loader.cli.turtle import head, turtle
from loader.cli.words import Words
from loader.mapping.explanation import Explanation, Rival
from loader.mapping.registry import LEAST_SCORE, Standard
from loader.mapping.trial import Opening, RowTrial, Trial
from loader.report import findings_json

# --- trials -------------------------------------------------------------------------------------


def print_trial(out: Console, trial: Trial, words: Words, base: str) -> None:
    """Print each row, the cells first and then its triples."""
    label, name = trial.opening.table.resource.label, trial.opening.choice.name
    print_plain(out, words("trial.table", file=label, mapping=name, rows=len(trial.rows)))
    bodies = [turtle(row.lines, base) for row in trial.rows]
    print_plain(out, "\n" + head(bodies, base))
    for row, body in zip(trial.rows, bodies, strict=True):
        print_plain(out, "\n# " + words("trial.row", row=row.row, count=len(row.lines)))
        for name, cell in row.cells:
            if cell.strip():
                print_plain(out, f"#   {name}: {' '.join(cell.split())}")
        print_plain(out, body)
    unused = _joined(trial.unused)
    message = words("trial.unused", columns=unused) if unused else words("trial.all-used")
    print_plain(out, f"\n{message}")


def trial_json(trial: Trial, base: str) -> dict[str, Any]:
    """Return a trial as ``--format json`` prints it."""
    return {
        "file": trial.opening.table.resource.label,
        "dataset": trial.opening.package.name,
        "mapping": trial.opening.choice.name,
        "unused_columns": list(trial.unused),
        "rows": [_row_json(row, base) for row in trial.rows],
    }


def _row_json(row: RowTrial, base: str) -> dict[str, Any]:
    body = turtle(row.lines, base)
    return {
        "row": row.row,
        "cells": dict(row.cells),
        "triples": len(row.lines),
        "turtle": f"{head([body], base)}\n{body}\n",
        "findings": findings_json(row.findings),
    }


# --- explanations -------------------------------------------------------------------------------


def print_explanation(out: Console, opening: Opening, found: Explanation, words: Words) -> None:
    """Print which mapping a table gets, and why."""
    label = opening.table.resource.label
    name = " ".join((found.name, found.title.get(words.language, ""))).strip()
    score = f"{found.score:.2f}"
    print_plain(out, words("explain.chosen", file=label, name=name, score=score))
    print_plain(out, "  " + _why(opening, found, words))
    if found.columns:
        table = Table(words("explain.header"), words("explain.canonical"))
        for header, canonical in found.columns.items():
            table.add_row(header, canonical)
        out.print(table)
    if found.unknown:
        print_plain(out, "  " + words("explain.unknown", columns=_joined(found.unknown)))
    for any_of in found.missing:
        print_plain(out, "  " + words("explain.missing", columns=_joined(any_of)))
    if found.rivals:
        print_plain(out, "  " + words("explain.rivals"))
    for rival in found.rivals:
        print_plain(out, "    " + _rival(rival, words))


def _why(opening: Opening, found: Explanation, words: Words) -> str:
    return words(
        found.why,
        known=len(found.columns),
        total=len(opening.table.header),
        keyword=found.keyword or "",
        least=LEAST_SCORE,
    )


def _rival(rival: Rival, words: Words) -> str:
    judged = rival.judgement
    return words(
        "explain.rival",
        name=judged.standard.name,
        title=judged.standard.title.get(words.language, ""),
        score=f"{judged.score:.2f}",
        known=len(judged.aliases),
        why=_why_not(rival, words),
    )


def _why_not(rival: Rival, words: Words) -> str:
    missing = _joined("/".join(any_of) for any_of in rival.judgement.missing)
    return words(rival.why, columns=missing)


def explanation_json(opening: Opening, found: Explanation, words: Words) -> dict[str, Any]:
    """Return an explanation as ``--format json`` prints it."""
    return {
        "file": opening.table.resource.label,
        "dataset": opening.package.name,
        "mapping": found.name,
        "title": dict(found.title),
        "score": round(found.score, 3),
        "why": _why(opening, found, words),
        "columns": dict(found.columns),
        "unknown_columns": list(found.unknown),
        "missing_columns": [list(any_of) for any_of in found.missing],
        "rivals": [
            {
                "mapping": rival.judgement.standard.name,
                "score": round(rival.judgement.score, 3),
                "columns": len(rival.judgement.aliases),
                "why": _why_not(rival, words),
            }
            for rival in found.rivals
        ],
    }


# --- standard datasets --------------------------------------------------------------------------


def print_standards(standards: Sequence[Standard], words: Words) -> None:
    """Print a line for each standard dataset."""
    table = Table()
    for heading in (words("list.name"), words("list.title"), words("list.required")):
        table.add_column(heading, overflow="fold")
    for standard in standards:
        title = _titled(standard.title, words.language)
        required = " + ".join("/".join(any_of) for any_of in standard.required)
        table.add_row(standard.name, title, required)
    result_console().print(table)


def standards_json(standards: Sequence[Standard]) -> list[dict[str, Any]]:
    """Return the standard datasets as ``--format json`` prints them."""
    return [
        {
            "name": standard.name,
            "title": dict(standard.title),
            "columns": list(standard.columns),
            "required": [list(any_of) for any_of in standard.required],
            "keywords": list(standard.keywords),
        }
        for standard in standards
    ]


def _titled(title: Mapping[str, str], language: str) -> str:
    return title.get(language, "")


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)
