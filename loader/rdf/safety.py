"""Refuses RDF files that would harm or fool the parser, piece by piece, without loading them.

Known of the parser (Oxigraph): triple terms nested some ten thousand deep overflow its stack;
RDF/XML takes time by the square of its depth, and RDF/XML that was cut between two elements gives
part of the data without an error. Entities of a document type declaration are never wanted.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from pyoxigraph import RdfFormat

DEPTH_OF_ELEMENTS = 200
DEPTH_OF_TERMS = 1_000
CHUNK = 1_048_576

_TRIPLE_TERM = re.compile(rb"<<\(|\)>>")
_TOKEN = 3
"""Bytes of what opens or closes a triple term."""


class UnsafeError(Exception):
    """What it is that makes a file unsafe to read."""


def check(path: Path, format_: RdfFormat) -> None:
    """Raise UnsafeError for an unsafe file, SyntaxError for XML that is not well-formed."""
    checks: dict[RdfFormat, Callable[[Iterator[bytes]], None]] = {
        RdfFormat.RDF_XML: _check_xml,
        RdfFormat.JSON_LD: _check_nothing,
    }
    checks.get(format_, _check_triple_terms)(_chunks(path))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _check_nothing(chunks: Iterator[bytes]) -> None:
    """JSON-LD: the parser itself limits the depth, and has no triple terms."""


def _check_triple_terms(chunks: Iterator[bytes]) -> None:
    """Count triple terms; those in text and comments count too, which the limit has room for."""
    depth, before = 0, b""
    for chunk in chunks:
        window = before + chunk
        for token in _TRIPLE_TERM.finditer(window):
            depth = depth + 1 if token.group() == b"<<(" else max(0, depth - 1)
            if depth > DEPTH_OF_TERMS:
                raise UnsafeError(f"<<( > {DEPTH_OF_TERMS}")
        before = _unfinished(window)


def _unfinished(window: bytes) -> bytes:
    """Return the end of a window that may be the beginning of a token."""
    for size in range(_TOKEN - 1, 0, -1):
        end = window[-size:]
        if b"<<(".startswith(end) or b")>>".startswith(end):
            return end
    return b""


def _check_xml(chunks: Iterator[bytes]) -> None:
    depth = 0

    def refuse(*_: object) -> None:
        raise UnsafeError("<!DOCTYPE>")

    def open_(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_OF_ELEMENTS:
            raise UnsafeError(f"depth > {DEPTH_OF_ELEMENTS}")

    def close(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = open_
    parser.EndElementHandler = close
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SyntaxError(str(error)) from error
