"""``tsunagu shapes``: propose shapes from data, list those that come with Tsunagu."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat
from rich.console import Console

from loader import release
from loader.cli.inspect import is_rdf_file, is_release
from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.config import RemoteSource, find_home, read_config
from loader.errors import ReleaseError, SourceError, UsageError
from loader.fetch import Fetcher
from loader.model import FindingLog
from loader.progress import TerminalProgress
from loader.source import discover
from loader.transform import Transformation
from loader.validate.inference import Inference
from loader.validate.rdf_files import read_as_nquads
from shapes import names, texts

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
            inference.add(_quads(file))
        if not files:
            _add_data(path, inference, findings, options, words, console)
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


def _quads(path: Path) -> pyoxigraph.QuadParser:
    if path.suffix.lower() == ".nq":
        return pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS, rename_blank_nodes=True)
    return pyoxigraph.parse(read_as_nquads(path), format=RdfFormat.N_QUADS)


def _add_data(
    place: Path | RemoteSource,
    inference: Inference,
    findings: FindingLog,
    options: argparse.Namespace,
    words: Words,
    console: Console,
) -> None:
    """Map what is to be published, and take what comes of it."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)

    def take(lines: Sequence[str]) -> None:
        inference.add(pyoxigraph.parse("".join(lines), format=RdfFormat.N_QUADS))

    with (
        TerminalProgress(console, words).shown() as progress,
        Fetcher(home, config.fetch, progress) as fetcher,
    ):
        discovery = discover([place], fetcher)
        findings.extend(discovery.findings)
        for package in discovery.packages:
            Transformation(package, config.policy, FindingLog(), take, progress).run()
