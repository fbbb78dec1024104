"""``tsunagu validate``: packages, RDF files, releases and SPARQL endpoints against SHACL shapes."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from rich.console import Console

from loader.cli.checking.documents import csv_report
from loader.cli.checking.sarif import sarif_report
from loader.cli.inspect import find_packages, is_rdf_file, is_release, read_text
from loader.cli.render import print_group, print_log, print_plain, result_console
from loader.cli.served import Scope, house_files, is_served, served_scope
from loader.cli.validated import Part, Validated
from loader.cli.validation_reports import html_page, json_document, told_counts
from loader.cli.words import Words
from loader.config import Config, Kind, RemoteSource, find_home, read_config
from loader.fetch import Fetcher
from loader.model import FindingLog, Package, Severity
from loader.progress import Progress, Silence, TerminalProgress
from loader.released import ReleasedDataset
from loader.source.sparql_endpoint import fetch_triples
from loader.transform import Sink, Transformation, Transformed, no_sink
from loader.validate import Feed, Validator, validate_files
from loader.validate.own_shapes import own_shapes
from loader.validate.report import turtle
from shapes import texts

NOTHING_READ = 2


def validate(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Validate; return 1 where a finding is as grave as ``--fail-on`` says."""
    with ExitStack() as stack:
        home = find_home(options.home)
        config = read_config(home, options.base_iri)
        progress = stack.enter_context(TerminalProgress(console, words).shown())
        fetcher = stack.enter_context(Fetcher(home, config.fetch, progress))
        told = partial(_tell_release, console, words)
        aside = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        validated = _Validation(options, config, fetcher, progress, aside, told).run()
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
    aside: Path
    """Where what is fetched of releases lies while it is looked at."""
    tell: Callable[[str], None]
    """Is told the release whose files are validated in place of what an endpoint answers."""

    def run(self) -> Validated:
        """Validate all of it."""
        validated = Validated()
        shapes = [read_text(path) for path in self.options.shapes]
        places = self._places(validated.discovered)
        if places.files:
            validated.parts.append(self._graph(places.files, shapes))
        for scope in places.releases:
            validated.parts.extend(self._release(scope, shapes))
        if places.rest:
            for package in find_packages(places.rest, validated.discovered, self.fetcher):
                validated.parts.append(self._package(package, shapes))
        return validated

    def _graph(self, files: Sequence[Path], shapes: Sequence[str]) -> Part:
        findings = FindingLog()
        validator = validate_files(files, shapes or texts(), findings, self.progress)
        return Part.of(validator, findings, files)

    def _release(self, scope: Scope, shapes: Sequence[str]) -> Iterator[Part]:
        """Validate each dataset of a release by itself, and the graphs of the house together."""
        release = scope.release
        for name in scope.names:
            findings = FindingLog()
            dataset = ReleasedDataset(release, name)
            validator = dataset.validate(shapes, findings, self.progress)
            yield Part.of(validator, findings, [release.dump(name)], dataset=name)
        if scope.house:
            yield self._graph([release.path / name for name in house_files(release)], shapes)

    def _places(self, findings: FindingLog) -> "_Places":
        places = _Places()
        for place in self.options.paths:
            if isinstance(place, RemoteSource) and is_served(place.url, self.options.graph):
                self._served(place, places, findings)
            elif isinstance(place, Path) and is_release(place):
                places.releases.append(Scope.whole(place))
            elif isinstance(place, Path) and is_rdf_file(place):
                places.files.append(place)
            else:
                places.rest.append(place)
        return places

    def _served(self, place: RemoteSource, places: "_Places", findings: FindingLog) -> None:
        """Fetch the release that an address serves, else the triples that an endpoint gives."""
        graph, known = self.options.graph, findings.count(Severity.VIOLATION)
        scope = served_scope(place.url, graph, self.fetcher, self.aside, findings)
        if scope is not None:
            self.tell(scope.release.id)
            places.releases.append(scope)
        elif findings.count(Severity.VIOLATION) == known:
            fetched = self._fetched(place, findings)
            places.files += [fetched] if fetched else []

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


@dataclass(slots=True)
class _Places:
    """The files of RDF, those of endpoints fetched; releases; and the places that are neither."""

    files: list[Path] = field(default_factory=list)
    releases: list[Scope] = field(default_factory=list)
    rest: list[Path | RemoteSource] = field(default_factory=list)


def _tell_release(console: Console, words: Words, release: str) -> None:
    print_plain(console, words("validation.served", release=release))


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
