"""``tsunagu map`` and ``tsunagu check``: look without publishing."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from loader import release
from loader.cli.checking import CheckReport
from loader.cli.checking.documents import csv_report, json_report
from loader.cli.checking.page import html_report
from loader.cli.checking.sarif import sarif_report
from loader.cli.checking.text import print_report
from loader.cli.rdf_output import RdfOutput
from loader.cli.render import print_log, result_console
from loader.cli.words import Words
from loader.config import Config, RemoteSource, find_home, read_config
from loader.csvw.convert import convert_file
from loader.descriptor.naming import slug
from loader.errors import SourceError, UsageError
from loader.fetch import Fetcher
from loader.mapping.run import run_document
from loader.model import FindingLog, Package, Severity
from loader.progress import Progress, TerminalProgress
from loader.source import discover
from loader.transform import Sink, Transformation, Transformed, no_sink
from vocab.formats import RDF_FORMATS

if TYPE_CHECKING:
    from loader.validate import Validator

REPORTS: dict[str, Callable[[CheckReport, Words], str]] = {
    "json": json_report,
    "html": html_report,
    "sarif": sarif_report,
    "csv": csv_report,
}
"""The formats of the report of a check, beside the text for the terminal."""


def map_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Write the RDF that the mappings make; return 1 where a source has a violation."""
    if not options.paths and not options.mapping:
        raise UsageError("cli.map-nothing")
    findings = FindingLog()
    config = _config(options)
    with (
        RdfOutput(options.to, options.output) as output,
        TerminalProgress(console, words).shown() as progress,
        Fetcher(find_home(options.home), config.fetch, progress) as fetcher,
    ):
        if options.paths:
            packages = find_packages(options.paths, findings, fetcher, options.mapping)
            jobs = options.jobs
            transform_all(packages, config, findings, output.write, progress, None, jobs, False)
        else:
            for lines in _run(options, config, findings):
                output.write(lines)
        failed = findings.count(Severity.VIOLATION) > 0
        output.complete = not failed
    print_log(console, findings, words)
    return int(failed)


def _run(options: argparse.Namespace, config: Config, findings: FindingLog) -> Iterator[list[str]]:
    """Run a document on the tables that it names itself."""
    path: Path = options.mapping
    if path.suffix.lower() != ".json":
        return run_document(path, config.policy.base, findings, options.jobs)
    url = config.policy.file(slug(path.resolve().parent.name) or "data", "")
    return convert_file(path, url, findings, options.minimal)


def check(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Report the findings; return 1 where there is one as grave as ``--fail-on`` says."""
    discovered = FindingLog()
    config = _config(options)
    with (
        TerminalProgress(console, words).shown() as progress,
        Fetcher(find_home(options.home), config.fetch, progress) as fetcher,
    ):
        packages = find_packages(options.paths, discovered, fetcher, documents=True)
        checked = [
            (_transformed(package, config, own, progress, options.jobs), own)
            for package in packages
            for own in (FindingLog(),)
        ]
    report = CheckReport.of(discovered, checked)
    if options.format == "text":
        print_report(result_console(), report, words)
    else:
        sys.stdout.write(REPORTS[options.format](report, words))
    return int(report.fails(Severity(options.fail_on)))


def _transformed(
    package: Package, config: Config, findings: FindingLog, progress: Progress, jobs: int
) -> Transformed:
    if "shapes" in package.descriptor or any(package.folder.glob("*.ttl")):
        # Few packages have shapes, and who has none need not wait for the engine.
        from loader.validate.own_shapes import own_shapes

        own_shapes(package, findings)
    return Transformation(package, config.policy, findings, no_sink, progress, jobs=jobs).run()


def _config(options: argparse.Namespace) -> Config:
    return read_config(find_home(options.home), options.base_iri)


def find_packages(
    places: Sequence[Path | RemoteSource],
    findings: FindingLog,
    fetcher: Fetcher,
    mapping: Path | None = None,
    documents: bool = False,
) -> list[Package]:
    """Return the packages that are at these places."""
    discovery = discover(places, fetcher, documents)
    findings.extend(discovery.findings)
    if mapping is None:
        return discovery.packages
    if not mapping.is_file():
        raise SourceError("source.missing", path=mapping)
    return [_with_mapping(package, mapping) for package in discovery.packages]


def _with_mapping(package: Package, mapping: Path) -> Package:
    path = mapping.resolve()
    description = path if path.suffix.lower() == ".json" else None
    resources = tuple(
        dataclasses.replace(resource, mapping=str(path), description=description)
        for resource in package.resources
    )
    return dataclasses.replace(package, resources=resources)


def transform_all(
    packages: Sequence[Package],
    config: Config,
    findings: FindingLog,
    sink: Sink,
    progress: Progress,
    validator: "Validator | None" = None,
    jobs: int = 1,
    checked: bool = True,
) -> list[Transformed]:
    """Send packages through the stages, one after the other; ``checked`` as Transformation's."""
    return [
        Transformation(
            package, config.policy, findings, sink, progress, validator, jobs, checked
        ).run()
        for package in packages
    ]


def is_release(path: Path) -> bool:
    """Whether a path is the folder of a release."""
    return (path / release.MANIFEST).is_file()


def is_rdf_file(path: Path) -> bool:
    """Whether a path is a file of RDF, by its name."""
    suffix = path.suffix.lstrip(".").lower()
    return path.is_file() and any(format_.suffix == suffix for format_ in RDF_FORMATS)


def read_text(path: Path) -> str:
    """Return the text of a file of shapes; raises SourceError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("shapes.unreadable", path=path, reason=error) from error


def print_json(content: object) -> None:
    """Print a document as JSON."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
