"""Reads RDF files of others, in six formats, without being harmed by them.

Refused are what is known to crash or to fool the parser: document type declarations in RDF/XML
(entities), deep nesting, and RDF/XML that is not well-formed (cut between elements it would give
part of the data without an error).
"""

import re
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import RdfFormat

from loader.errors import SourceError
from vocab import formats

DEPTH = 200
"""How deep elements, brackets or triple terms may be nested."""

_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_TRIPLE_TERM = re.compile(rb"<<|>>")


def read_as_nquads(path: Path) -> str:
    """The file's content as N-Quads, its blank nodes named afresh.

    Raises SourceError with ``validate.unknown-format``, ``validate.unreadable`` or
    ``validate.refused``.
    """
    format_ = _format(path)
    try:
        data = path.read_bytes()
        _CHECKS.get(format_, _check_triple_terms)(path, data)
        quads = pyoxigraph.parse(
            data,
            format=format_,
            base_iri=path.resolve().as_uri(),
            rename_blank_nodes=True,
        )
        text = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    except (OSError, SyntaxError, ValueError, expat.ExpatError) as error:
        raise SourceError("validate.unreadable", path=path, reason=error) from error
    return text.decode("utf-8")


def _format(path: Path) -> RdfFormat:
    known = formats.find(path.suffix.removeprefix("."))
    format_ = _FORMATS.get(known.name) if known else None
    if format_ is None:
        suffixes = [entry.suffix for entry in formats.RDF_FORMATS if entry.name in _FORMATS]
        raise SourceError("validate.unknown-format", path=path, known=" ".join(suffixes))
    return format_


class _Depth:
    """Counts levels of nesting and refuses a file that has too many."""

    def __init__(self, path: Path) -> None:
        self._path, self._level = path, 0

    def open(self, *_: object) -> None:
        self._level += 1
        if self._level > DEPTH:
            raise SourceError("validate.refused", path=self._path, reason=f"nesting > {DEPTH}")

    def close(self, *_: object) -> None:
        self._level -= 1


def _check_xml(path: Path, data: bytes) -> None:
    def refuse(*_: object) -> None:
        raise SourceError("validate.refused", path=path, reason="<!DOCTYPE>, <!ENTITY>")

    depth = _Depth(path)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = depth.open
    parser.EndElementHandler = depth.close
    parser.Parse(data, True)


def _check_json(path: Path, data: bytes) -> None:
    _check_brackets(path, _JSON_TOKEN.findall(data), b"[{", b"]}")


def _check_triple_terms(path: Path, data: bytes) -> None:
    _check_brackets(path, _TRIPLE_TERM.findall(data), b"<<", b">>")


def _check_brackets(path: Path, tokens: list[bytes], opening: bytes, closing: bytes) -> None:
    depth = _Depth(path)
    for token in tokens:
        if token in opening:
            depth.open()
        elif token in closing:
            depth.close()


_CHECKS: dict[RdfFormat, Callable[[Path, bytes], None]] = {
    RdfFormat.RDF_XML: _check_xml,
    RdfFormat.JSON_LD: _check_json,
}
