"""``tsunagu map``, ``tsunagu check`` and ``tsunagu validate``: look without publishing."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from loader import release
from loader.cli.checking import CheckReport
from loader.cli.checking.documents import csv_report, json_report
from loader.cli.checking.page import html_report
from loader.cli.checking.sarif import sarif_report
from loader.cli.checking.text import print_report
from loader.cli.rdf_output import RdfOutput
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.config import Config, RemoteSource, find_home, read_config
from loader.csvw.convert import convert_file
from loader.descriptor.naming import slug
from loader.errors import SourceError, UsageError
from loader.fetch import Fetcher
from loader.mapping.run import run_document
from loader.model import FindingLog, Package, Severity
from loader.progress import Progress, TerminalProgress
from loader.report import findings_json
from loader.source import discover
from loader.transform import Sink, Transformation, Transformed, no_sink
from loader.validate import Validator, validate_files
from loader.validate.own_shapes import own_shapes
from shapes import texts
from vocab.formats import RDF_FORMATS, Format

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
            packages = _packages(options.paths, findings, fetcher, options.mapping)
            _transform_all(packages, config, findings, output.write, progress, jobs=options.jobs)
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
        packages = _packages(options.paths, discovered, fetcher, documents=True)
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
    return Transformation(package, config.policy, findings, no_sink, progress, jobs=jobs).run()


def validate(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Validate packages, RDF files or a release; return 1 where it does not conform."""
    findings = FindingLog()
    shapes = [_read(path) for path in options.shapes] or texts()
    local = [path for path in options.paths if isinstance(path, Path)]
    rdf = [file for path in local for file in _rdf_files(path)]
    if rdf:
        validator = validate_files(rdf, shapes, findings)
    else:
        config = _config(options)
        with (
            TerminalProgress(console, words).shown() as progress,
            Fetcher(find_home(options.home), config.fetch, progress) as fetcher,
        ):
            packages = _packages(options.paths, findings, fetcher)
            if not options.shapes:
                shapes += [text for package in packages for text in own_shapes(package, findings)]
            validator = Validator(shapes, findings)
            _transform_all(packages, config, findings, no_sink, progress, validator, options.jobs)
    conforms = validator.finish()
    if options.format == "turtle":
        sys.stdout.write(validator.report("turtle"))
    elif options.format == "json":
        _print_json({"conforms": conforms, "findings": findings_json(findings)})
    else:
        out = result_console()
        print_log(out, findings, words)
        print_plain(out, words("validation.conforms" if conforms else "validation.fails"))
    return int(not conforms or findings.count(Severity.VIOLATION) > 0)


def _config(options: argparse.Namespace) -> Config:
    return read_config(find_home(options.home), options.base_iri)


def _packages(
    places: Sequence[Path | RemoteSource],
    findings: FindingLog,
    fetcher: Fetcher,
    mapping: Path | None = None,
    documents: bool = False,
) -> list[Package]:
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


def _transform_all(
    packages: Sequence[Package],
    config: Config,
    findings: FindingLog,
    sink: Sink,
    progress: Progress,
    validator: Validator | None = None,
    jobs: int = 1,
) -> list[Transformed]:
    return [
        Transformation(package, config.policy, findings, sink, progress, validator, jobs).run()
        for package in packages
    ]


def _rdf_files(path: Path) -> Iterator[Path]:
    """The RDF files that a path stands for: itself, or the dumps of the release that it is."""
    if (path / release.MANIFEST).is_file():
        yield from sorted((path / "dumps").glob("*.nq"))
    elif path.is_file() and _rdf_format(path):
        yield path


def _rdf_format(path: Path) -> Format | None:
    suffix = path.suffix.lstrip(".").lower()
    return next((format_ for format_ in RDF_FORMATS if format_.suffix == suffix), None)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("shapes.unreadable", path=path, reason=error) from error


def _print_json(content: object) -> None:
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
