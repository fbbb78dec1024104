"""Validates RDF files of others, in six formats, without being harmed by them or filled up.

They are read as a stream. What the pieces of a large file cannot tell is looked up in a copy of its
statements on disk, because blank nodes have other names when a file is read again.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import RdfFormat

from loader.errors import SourceError
from loader.model import FindingLog
from loader.progress import Progress, Silence
from loader.rdf.safety import UnsafeError, check
from loader.validate.validator import Feed, Validator
from vocab import formats

LINES_AT_ONCE = 20_000
FILES_NAMED = 3
"""How many files a result is told of that names no row."""

_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def validate_files(
    paths: Sequence[Path],
    shapes_texts: Sequence[str],
    findings: FindingLog,
    progress: Progress | None = None,
) -> Validator:
    """Validate RDF files, all of them as one graph; the validator is finished.

    Raises SourceError with ``validate.unknown-format``, ``validate.unreadable`` or
    ``validate.refused``.
    """
    more = ["…"] if len(paths) > FILES_NAMED else []
    name = ", ".join([*(path.name for path in paths[:FILES_NAMED]), *more])
    validator = Validator(shapes_texts, findings, name=name)
    feed_files(validator, paths, progress or Silence())
    return validator


def feed_files(validator: Validator, paths: Sequence[Path], progress: Progress) -> None:
    """Feed RDF files to a validator and finish it; raises what ``validate_files`` raises."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as copy:
        for path in paths:
            for lines in read_lines(path, progress):
                copy.writelines(lines)
                validator.feed(lines)
        validator.finish(lambda feed: _again(copy, feed))


def _again(copy: TextIO, feed: Feed) -> None:
    copy.seek(0)
    while lines := list(islice(copy, LINES_AT_ONCE)):
        feed(lines)


def read_as_nquads(path: Path) -> str:
    """Return a small file's statements as one text; raises what ``validate_files`` raises."""
    return "".join(line for lines in read_lines(path, Silence()) for line in lines)


def read_lines(path: Path, progress: Progress) -> Iterator[list[str]]:
    """Give a file's statements as lines of N-Triples, its blank nodes named afresh.

    Literals are as written, but for language tags, which are in lower case (RDF 1.1, 3.3: they
    compare so).
    """
    format_ = _format(path)
    try:
        check(path, format_)
        progress.start(path.name, path.stat().st_size)
        with path.open("rb") as stream:
            quads = pyoxigraph.parse(
                stream, format=format_, base_iri=path.resolve().as_uri(), rename_blank_nodes=True
            )
            triples = (quad.triple for quad in quads)
            for lines in between_things(iter(lambda: _lines(triples), [])):
                progress.advance_to(stream.tell())
                yield lines
        progress.finish()
    except UnsafeError as error:
        raise SourceError("validate.refused", path=path, reason=error) from error
    except (OSError, SyntaxError, ValueError, expat.ExpatError) as error:
        raise SourceError("validate.unreadable", path=path, reason=error) from error


def between_things(pieces: Iterable[list[str]]) -> Iterator[list[str]]:
    """Cut lines between things, where those about a thing follow each other."""
    before: list[str] = []
    for lines in pieces:
        lines, before = before + lines, []
        subject = lines[-1].partition(" ")[0]
        while lines and lines[-1].startswith(subject):
            before.append(lines.pop())
        before.reverse()
        if lines:
            yield lines
    if before:
        yield before


def _lines(triples: Iterator[pyoxigraph.Triple]) -> list[str]:
    some = islice(triples, LINES_AT_ONCE)
    data = pyoxigraph.serialize(some, format=RdfFormat.N_TRIPLES) or b""
    return [line.decode() for line in data.splitlines(keepends=True)]


def _format(path: Path) -> RdfFormat:
    known = formats.find(path.suffix.removeprefix("."))
    format_ = _FORMATS.get(known.name) if known else None
    if format_ is None:
        suffixes = [entry.suffix for entry in formats.RDF_FORMATS if entry.name in _FORMATS]
        raise SourceError("validate.unknown-format", path=path, known=" ".join(suffixes))
    return format_
