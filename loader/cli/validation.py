"""``tsunagu validate``: packages, RDF files, releases and SPARQL endpoints against SHACL shapes."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from loader.cli.checking import CheckReport
from loader.cli.checking.documents import csv_report
from loader.cli.checking.page import html_report
from loader.cli.checking.report import Entry
from loader.cli.checking.sarif import sarif_report
from loader.cli.inspect import find_packages, print_json, rdf_files, read_text, transform_all
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.config import Config, Kind, RemoteSource, find_home, read_config
from loader.fetch import Fetcher
from loader.model import FindingLog, Severity
from loader.progress import Progress, Silence, TerminalProgress
from loader.report import findings_json
from loader.source.sparql_endpoint import fetch_triples
from loader.transform import no_sink
from loader.validate import Feed, Validator, validate_files
from loader.validate.own_shapes import own_shapes
from shapes import texts

ENDPOINT = "/sparql"
"""How the address of a SPARQL endpoint ends, where no graph is named."""

Report = Callable[[Validator, FindingLog, Words], str]


def validate(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Validate; return 1 where a finding is as grave as ``--fail-on`` says."""
    findings = FindingLog()
    shapes = [read_text(path) for path in options.shapes] or texts()
    config = read_config(find_home(options.home), options.base_iri)
    with ExitStack() as stack:
        progress = stack.enter_context(TerminalProgress(console, words).shown())
        home = find_home(options.home)
        fetcher = stack.enter_context(Fetcher(home, config.fetch, progress))
        files = _files(options, fetcher, findings)
        if files or _is_endpoint(options):
            validator = validate_files(files, shapes, findings, progress)
        else:
            validator = _packages(options, config, shapes, fetcher, findings, progress)
    conforms = validator.finish()
    if options.format == "text":
        _print_text(findings, conforms, words)
    elif options.format == "json":
        print_json({"conforms": conforms, "findings": findings_json(findings)})
    else:
        sys.stdout.write(REPORTS[options.format](validator, findings, words))
    return int(_entries(findings).fails(Severity(options.fail_on)))


def _files(options: argparse.Namespace, fetcher: Fetcher, findings: FindingLog) -> list[Path]:
    """Return the RDF files that are named, and those of endpoints, fetched."""
    files = [file for path in options.paths if isinstance(path, Path) for file in rdf_files(path)]
    if _is_endpoint(options):
        sources = [path for path in options.paths if isinstance(path, RemoteSource)]
        fetched = (_fetched(source, options.graph, fetcher, findings) for source in sources)
        files += [path for path in fetched if path is not None]
    return files


def _is_endpoint(options: argparse.Namespace) -> bool:
    remote = [path.url for path in options.paths if isinstance(path, RemoteSource)]
    return bool(remote) and all(options.graph or url.endswith(ENDPOINT) for url in remote)


def _fetched(
    source: RemoteSource, graph: str | None, fetcher: Fetcher, findings: FindingLog
) -> Path | None:
    """Fetch the triples of an endpoint, or of one graph of it, page by page."""
    with tempfile.TemporaryDirectory() as folder:
        source = replace(source, kind=Kind.SPARQL, name="endpoint")
        if graph:
            query = Path(folder) / "graph.rq"
            pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
            query.write_text(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", encoding="utf-8")
            source = replace(source, query=query)
        return fetch_triples(source, fetcher, findings)


def _packages(
    options: argparse.Namespace,
    config: Config,
    shapes: list[str],
    fetcher: Fetcher,
    findings: FindingLog,
    progress: Progress,
) -> Validator:
    """Map packages and validate what comes out; where pieces do not tell, map them once more."""
    packages = find_packages(options.paths, findings, fetcher)
    if not options.shapes:
        shapes += [text for package in packages for text in own_shapes(package, findings)]
    validator = Validator(shapes, findings)
    transform_all(packages, config, findings, no_sink, progress, validator, options.jobs)

    def again(feed: Feed) -> None:
        transform_all(packages, config, FindingLog(), feed, Silence(), None, options.jobs, False)

    validator.finish(again)
    return validator


def _print_text(findings: FindingLog, conforms: bool, words: Words) -> None:
    out = result_console()
    print_log(out, findings, words)
    print_plain(out, words("validation.conforms" if conforms else "validation.fails"))


def _entries(findings: FindingLog) -> CheckReport:
    return CheckReport([], [], [Entry(group) for group in findings.groups()])


def _of_entries(report: Callable[[CheckReport, Words], str]) -> Report:
    return lambda _, findings, words: report(_entries(findings), words)


REPORTS: dict[str, Report] = {
    "turtle": lambda validator, _, __: validator.report("turtle"),
    "html": _of_entries(html_report),
    "sarif": _of_entries(sarif_report),
    "csv": _of_entries(csv_report),
}
"""The formats of the report, beside text and JSON."""
