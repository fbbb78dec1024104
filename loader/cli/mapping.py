"""``tsunagu mapping``: propose a mapping, try it, explain a choice, list what is known."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from loader.cli.mapping_text import (
    explanation_json,
    print_explanation,
    print_standards,
    print_trial,
    standards_json,
    trial_json,
)
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.config import Config, find_home, read_config
from loader.errors import SourceError, UsageError
from loader.mapping import registry
from loader.mapping.explanation import explain
from loader.mapping.proposal import propose
from loader.mapping.proposal.document import document
from loader.mapping.trial import Opening, open_mapped, try_rows
from loader.model import FindingLog, Package, Resource, Severity
from loader.report import findings_json
from loader.source import discover

DEFAULT_OUTPUT = "mapping.yaml"


def mapping(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Do what the action says."""
    return _ACTIONS[options.action](options, words, console)


def init(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Write a proposal for the first table at the path; never over a file."""
    output: Path = options.output or _beside(options.table)
    to_stdout = str(output) == "-"
    if not to_stdout and output.exists():
        raise UsageError("mapping-init.exists", path=output)
    findings = FindingLog()
    tables = list(_tables(options.table, findings))
    if not tables:
        raise SourceError("mapping.no-table", path=options.table)
    package, resource = tables[0]
    opening = open_mapped(package, resource, read_config(find_home(None)).policy, findings)
    if opening is None:
        print_log(console, findings, words)
        raise SourceError("mapping.no-table", path=options.table)
    text = _proposed(opening, options, words)
    if to_stdout:
        sys.stdout.write(text)
        return 0
    with output.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    if len(tables) > 1:
        shown = {"path": options.table, "count": len(tables), "table": resource.label}
        print_plain(console, words("mapping-init.more-tables", **shown))
    print_plain(console, words("mapping-init.done", path=output, table=options.table))
    return 0


def _proposed(opening: Opening, options: argparse.Namespace, words: Words) -> str:
    table, package = opening.table, opening.package
    bare = dataclasses.replace(table.resource, mapping=None)
    judged = registry.judgements(bare, table.header, package)
    return document(propose(table, options.dataset_name or package.name, judged), words)


def _beside(table: Path) -> Path:
    return (table if table.is_dir() else table.parent) / DEFAULT_OUTPUT


def test(options: argparse.Namespace, words: Words, _: Console) -> int:
    """Show the first rows beside what they make; return 1 where there is a violation."""
    findings, config = FindingLog(), read_config(find_home(options.home), options.base_iri)
    document_ = options.mapping
    if document_ is not None and not document_.is_file():
        raise SourceError("source.missing", path=document_)
    trials = [
        try_rows(opening, options.rows, findings)
        for opening in _openings(options.table, config, findings, document_)
    ]
    for trial in trials:
        for row in trial.rows:
            findings.extend(row.findings)
    base = config.policy.base
    if options.format == "json":
        made = [trial_json(trial, base) for trial in trials]
        _print_json({"tables": made, "findings": findings_json(findings)})
    else:
        out = result_console()
        for trial in trials:
            print_trial(out, trial, words, base)
        print_log(out, findings, words)
    return int(findings.count(Severity.VIOLATION) > 0)


def explain_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Say which mapping each table at the path gets, and why."""
    findings, config = FindingLog(), read_config(find_home(None))
    openings = list(_openings(options.table, config, findings, None))
    if options.format == "json":
        made = [explanation_json(opening, explain(opening), words) for opening in openings]
        _print_json({"tables": made, "findings": findings_json(findings)})
        return 0
    out = result_console()
    for opening in openings:
        print_explanation(out, opening, explain(opening), words)
    return 0


def list_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """List the standard datasets."""
    if options.format == "json":
        _print_json(standards_json(registry.standards()))
    else:
        print_standards(registry.standards(), words)
    return 0


def _tables(path: Path, findings: FindingLog) -> Iterator[tuple[Package, Resource]]:
    discovery = discover([path])
    findings.extend(discovery.findings)
    for package in discovery.packages:
        for resource in package.resources:
            if resource.is_table:
                yield package, resource


def _openings(
    path: Path, config: Config, findings: FindingLog, document_: Path | None
) -> Iterator[Opening]:
    """Open the tables at a path with the mapping that they get, or with a document.

    Raises SourceError where there is none.
    """
    empty = True
    for package, resource in _tables(path, findings):
        if document_ is not None:
            stated = str(document_.resolve())
            resource = dataclasses.replace(resource, mapping=stated, description=None)
        opening = open_mapped(package, resource, config.policy, findings)
        if opening is not None:
            empty = False
            yield opening
    if empty and findings.count(Severity.VIOLATION) == 0:
        raise SourceError("mapping.no-table", path=path)


def _print_json(content: object) -> None:
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


_ACTIONS: dict[str, Callable[[argparse.Namespace, Words, Console], int]] = {
    "init": init,
    "test": test,
    "explain": explain_,
    "list": list_,
}
