"""``tsunagu validate``: packages, RDF files, releases and SPARQL endpoints against SHACL shapes."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from loader.cli.checking.documents import csv_report
from loader.cli.checking.sarif import sarif_report
from loader.cli.inspect import find_packages, is_rdf_file, is_release, read_text
from loader.cli.render import print_group, print_log, print_plain, result_console
from loader.cli.validated import Part, Validated
from loader.cli.validation_reports import html_page, json_document, told_counts
from loader.cli.words import Words
from loader.config import Config, Kind, RemoteSource, find_home, read_config
from loader.fetch import Fetcher
from loader.model import FindingLog, Package, Severity
from loader.progress import Progress, Silence, TerminalProgress
from loader.release import Release
from loader.released import ReleasedDataset
from loader.source.sparql_endpoint import fetch_triples
from loader.transform import Sink, Transformation, Transformed, no_sink
from loader.validate import Feed, Validator, validate_files
from loader.validate.own_shapes import own_shapes
from loader.validate.report import turtle
from shapes import texts

ENDPOINT = "/sparql"
"""How the address of a SPARQL endpoint ends, where no graph is named."""

NOTHING_READ = 2


def validate(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Validate; return 1 where a finding is as grave as ``--fail-on`` says."""
    with ExitStack() as stack:
        home = find_home(options.home)
        config = read_config(home, options.base_iri)
        progress = stack.enter_context(TerminalProgress(console, words).shown())
        fetcher = stack.enter_context(Fetcher(home, config.fetch, progress))
        validated = _Validation(options, config, fetcher, progress).run()
    if not validated.parts:
        print_log(console, validated.discovered, words)
        return NOTHING_READ
    if options.format == "text":
        _print_text(validated, words)
    else:
        sys.stdout.write(REPORTS[options.format](validated, words))
    return int(validated.report.fails(Severity(options.fail_on)))


@dataclass(frozen=True, slots=True)
class _Validation:
    """What the command was asked for: RDF together as one graph, every package by itself."""

    options: argparse.Namespace
    config: Config
    fetcher: Fetcher
    progress: Progress

    def run(self) -> Validated:
        """Validate all of it."""
        validated = Validated()
        shapes = [read_text(path) for path in self.options.shapes]
        files, rest = self._files(validated.discovered)
        if files:
            validated.parts.append(self._graph(files, shapes))
        for path in self.options.paths:
            if isinstance(path, Path) and is_release(path):
                validated.parts.extend(self._release(Release(path), shapes))
        if rest:
            for package in find_packages(rest, validated.discovered, self.fetcher):
                validated.parts.append(self._package(package, shapes))
        return validated

    def _graph(self, files: Sequence[Path], shapes: Sequence[str]) -> Part:
        findings = FindingLog()
        validator = validate_files(files, shapes or texts(), findings, self.progress)
        return Part.of(validator, findings, files)

    def _release(self, release: Release, shapes: Sequence[str]) -> Iterator[Part]:
        """Validate each dataset of a release by itself, and the graphs of the house together."""
        for name in release.datasets:
            findings = FindingLog()
            dataset = ReleasedDataset(release, name)
            validator = dataset.validate(shapes, findings, self.progress)
            yield Part.of(validator, findings, [release.dump(name)], dataset=name)
        house = [name for name in release.graph_files if not name.startswith("dumps/")]
        yield self._graph([release.path / name for name in house], shapes)

    def _files(self, findings: FindingLog) -> tuple[list[Path], list[Path | RemoteSource]]:
        """Return the files of RDF, those of endpoints fetched, and the places that are no RDF."""
        files: list[Path] = []
        rest: list[Path | RemoteSource] = []
        for place in self.options.paths:
            if isinstance(place, RemoteSource) and self._is_endpoint(place):
                fetched = self._fetched(place, findings)
                files += [fetched] if fetched else []
                continue
            if isinstance(place, RemoteSource) or not (is_release(place) or is_rdf_file(place)):
                rest.append(place)
            elif not is_release(place):
                files.append(place)
        return files, rest

    def _is_endpoint(self, place: RemoteSource) -> bool:
        return bool(self.options.graph) or place.url.endswith(ENDPOINT)

    def _fetched(self, source: RemoteSource, findings: FindingLog) -> Path | None:
        """Fetch the triples of an endpoint, or of one graph of it, page by page."""
        graph = self.options.graph
        with tempfile.TemporaryDirectory() as folder:
            source = replace(source, kind=Kind.SPARQL, name="endpoint")
            if graph:
                query = Path(folder) / "graph.rq"
                pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
                text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
                query.write_text(text, encoding="utf-8")
                source = replace(source, query=query)
            return fetch_triples(source, self.fetcher, findings)

    def _package(self, package: Package, shapes: Sequence[str]) -> Part:
        """Map a package and validate what comes of it, with the shapes of its own publisher."""
        findings = FindingLog()
        used = shapes or [*texts(), *own_shapes(package, findings)]
        validator = Validator(used, findings)
        transformed = self._transformed(package, findings, no_sink, validator)

        def again(feed: Feed) -> None:
            self._transformed(package, FindingLog(), feed)

        validator.finish(again)
        return Part.of(validator, findings, [], transformed)

    def _transformed(
        self,
        package: Package,
        findings: FindingLog,
        sink: Sink,
        validator: Validator | None = None,
    ) -> Transformed:
        progress = self.progress if validator else Silence()
        checked = validator is not None
        jobs, policy = self.options.jobs, self.config.policy
        return Transformation(
            package, policy, findings, sink, progress, validator, jobs, checked
        ).run()


def _print_text(validated: Validated, words: Words) -> None:
    out = result_console()
    print_log(out, validated.discovered, words)
    for part in validated.parts:
        if len(validated.parts) > 1:
            out.print(part.name, style="bold", markup=False, highlight=False)
        for entry in part.entries():
            print_group(out, entry.group, words)
    print_plain(out, told_counts(validated, words))
    print_plain(out, words("validation.conforms" if validated.conforms else "validation.fails"))


REPORTS: dict[str, Callable[[Validated, Words], str]] = {
    "turtle": lambda validated, _: turtle(validated.content()),
    "json": json_document,
    "html": html_page,
    "sarif": lambda validated, words: sarif_report(validated.report, words),
    "csv": lambda validated, words: csv_report(validated.report, words),
}
"""The formats of the report, beside the text for the terminal."""
