"""``tsunagu identifiers``: what a value is an identifier of, and identifiers for a table."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from loader.assign import Assigned, assign
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.config import find_home, read_config
from loader.errors import SourceError, UsageError
from loader.model import FindingLog, Severity
from loader.source import discover
from vocab.identifiers import Fit, fits

ASSIGN = "assign"
"""The first word that asks for identifiers to be assigned; all else are values."""

_HEADER = (
    "identifiers.value",
    "identifiers.scheme",
    "identifiers.notation",
    "identifiers.iri",
    "identifiers.problem",
)


def identifiers(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Say what values are, or assign identifiers; exit code 1 where a value fits no scheme."""
    if options.values[0] == ASSIGN:
        return _assign(options, words, console)
    found = [(value, list(fits(value))) for value in options.values]
    if options.format == "json":
        entries = [_entry(value, fit, words) for value, several in found for fit in several]
        json.dump(entries, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print(found, words)
    for value, several in found:
        if not several:
            print_plain(console, words("identifiers.none", value=value))
    return int(any(not _is_good(several) for _, several in found))


def _is_good(several: Sequence[Fit]) -> bool:
    return any(not fit.problem for fit in several)


def _entry(value: str, fit: Fit, words: Words) -> dict[str, Any]:
    return {
        "value": value,
        "scheme": fit.scheme.key,
        "title": fit.scheme.title[words.language],
        "notation": fit.notation or None,
        "iri": fit.iri,
        "link": fit.scheme.link if fit.iri else None,
        "problem": fit.problem or None,
        "expected": fit.expected or None,
    }


def _print(found: Sequence[tuple[str, Sequence[Fit]]], words: Words) -> None:
    table = Table()
    for message in _HEADER:
        table.add_column(words(message), overflow="fold")
    for value, several in found:
        for fit in several:
            problem = words("identifiers.wrong", expected=fit.expected) if fit.problem else ""
            title = fit.scheme.title[words.language]
            table.add_row(value, title, fit.notation, fit.iri or "", problem)
    if table.row_count:
        result_console().print(table)


def _assign(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Assign identifiers below the paths; exit code 1 where a source has a violation."""
    day, paths = _day(options.date), [Path(text) for text in options.values[1:]]
    if not paths:
        raise UsageError("identifiers.no-paths")
    policy = read_config(find_home(options.home)).policy
    discovery = discover(paths)
    findings, done = FindingLog(), list[Assigned]()
    findings.extend(discovery.findings)
    for package in discovery.packages:
        done += assign(package, policy, day, findings)
    print_log(console, findings, words)
    failed = findings.count(Severity.VIOLATION) > 0
    if not done and not failed:
        raise SourceError("identifiers.no-ledger", paths=", ".join(map(str, paths)))
    _print_assigned(done, options, words)
    return int(failed)


def _day(text: str | None) -> str:
    try:
        return (date.fromisoformat(text) if text else date.today()).isoformat()
    except ValueError as error:
        raise UsageError("codes.no-date", value=text) from error


def _print_assigned(done: Sequence[Assigned], options: argparse.Namespace, words: Words) -> None:
    counts = ("known", "new", "recognised", "back", "gone")
    if options.format == "json":
        entries = [
            {"file": found.resource.label, "ledger": found.ledger.ledger.name}
            | {name: getattr(found, name) for name in counts}
            for found in done
        ]
        json.dump(entries, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    for found in done:
        numbers = {name: f"{getattr(found, name):,}" for name in counts}
        shown = {"file": found.resource.label, "ledger": found.ledger.ledger.name}
        print_plain(result_console(), words("identifiers.assigned", **shown, **numbers))
