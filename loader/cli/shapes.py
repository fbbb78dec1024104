"""``tsunagu shapes``: propose shapes from data, list those that come with Tsunagu."""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat
from rich.console import Console

from loader import release
from loader.cli.inspect import is_rdf_file, is_release
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.served import is_served, served_scope
from loader.cli.words import Words
from loader.config import Kind, RemoteSource, find_home, read_config
from loader.errors import ReleaseError, SourceError, UsageError
from loader.fetch import Fetcher
from loader.model import FindingLog, Severity
from loader.progress import Progress, TerminalProgress
from loader.source import discover
from loader.source.sparql_endpoint import fetch_triples
from loader.transform import Transformation
from loader.validate.inference import Inference
from loader.validate.rdf_files import read_as_nquads
from shapes import names, texts
from vocab.iris import IriPolicy

_TARGET = re.compile(r"sh:target(?:Class|SubjectsOf) ([^;]+?) ;")


def shapes(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Do what the action says."""
    return _list() if options.action == "list" else _infer(options, words, console)


def _list() -> int:
    out = result_console()
    for name, text in zip(names(), texts(), strict=True):
        print_plain(out, f"{name}: {', '.join(_TARGET.findall(text))}")
    return 0


def _infer(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Write a proposal from the paths, else from the current release; never over a file."""
    output: Path | None = options.output
    if output is not None and output.exists():
        raise UsageError("shapes-infer.exists", path=output)
    inference, findings = Inference(), FindingLog()
    for path in options.paths or [_current(find_home(options.home))]:
        files = [] if isinstance(path, RemoteSource) else _rdf_files(path)
        for file in files:
            inference.add(_quads(file), _dataset(path, file))
        if not files:
            _add_others(path, inference, findings, options, words, console)
    text = inference.shapes()
    if "sh:NodeShape" not in text:
        raise SourceError("shapes-infer.nothing")
    print_log(console, findings, words)
    if output is None:
        sys.stdout.write(text)
        return 0
    with output.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    print_plain(console, words("shapes-infer.done", path=output))
    return 0


def _current(home: Path) -> Path:
    served = release.current(home)
    if served is None:
        raise ReleaseError("shapes-infer.no-release", home=home)
    return served.path


def _rdf_files(path: Path) -> Sequence[Path]:
    """Return the dumps of a release, or the file of RDF that is named."""
    if is_release(path):
        return sorted((path / "dumps").glob("*.nq"))
    return [path] if is_rdf_file(path) else []


def _dataset(path: Path | RemoteSource, file: Path) -> str:
    """The dataset that a file is of: of a release each dump is one, other files are one graph."""
    return file.name if file != path else ""


def _quads(path: Path) -> pyoxigraph.QuadParser:
    if path.suffix.lower() == ".nq":
        return pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS, rename_blank_nodes=True)
    return pyoxigraph.parse(read_as_nquads(path), format=RdfFormat.N_QUADS)


def _add_others(
    place: Path | RemoteSource,
    inference: Inference,
    findings: FindingLog,
    options: argparse.Namespace,
    words: Words,
    console: Console,
) -> None:
    """Take what an endpoint or a release elsewhere has, or what is made of data."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)
    with (
        TerminalProgress(console, words).shown() as progress,
        Fetcher(home, config.fetch, progress) as fetcher,
    ):
        if isinstance(place, RemoteSource) and is_served(place.url, None):
            _add_served(place, inference, findings, fetcher)
        else:
            _add_data(place, inference, findings, config.policy, fetcher, progress)


def _add_served(
    place: RemoteSource, inference: Inference, findings: FindingLog, fetcher: Fetcher
) -> None:
    """Fetch the dumps of the release that an address serves, else the triples of an endpoint."""
    with tempfile.TemporaryDirectory() as folder:
        scope = served_scope(place.url, None, fetcher, Path(folder), findings, dumps_only=True)
        if scope is not None:
            files = [scope.release.dump(name) for name in scope.names]
        elif findings.count(Severity.VIOLATION):
            files = []
        else:
            source = replace(place, kind=Kind.SPARQL, name="endpoint")
            fetched = fetch_triples(source, fetcher, findings)
            files = [fetched] if fetched else []
        for file in files:
            inference.add(_quads(file), file.name)


def _add_data(
    place: Path | RemoteSource,
    inference: Inference,
    findings: FindingLog,
    policy: IriPolicy,
    fetcher: Fetcher,
    progress: Progress,
) -> None:
    """Map what is to be published, and take what comes of it."""

    def take(dataset: str, lines: Sequence[str]) -> None:
        inference.add(pyoxigraph.parse("".join(lines), format=RdfFormat.N_QUADS), dataset)

    discovery = discover([place], fetcher)
    findings.extend(discovery.findings)
    for package in discovery.packages:
        sink = partial(take, package.name)
        Transformation(package, policy, FindingLog(), sink, progress).run()
