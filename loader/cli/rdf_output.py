"""Where ``tsunagu map`` writes: lines of N-Quads as they come, other formats through pyoxigraph."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, Triple

from vocab.formats import find
from vocab.namespaces import PREFIXES


class RdfOutput:
    """Takes lines of N-Quads and writes them in a format to a file or to standard output.

    A file appears only when all of it is written and ``complete`` was not set to False; standard
    output gets N-Quads while they are made, and other formats at the end.
    """

    def __init__(self, format_name: str, path: Path | None) -> None:
        self.complete = True
        self._format_name = format_name
        self._path = path
        self._direct = format_name == "nquads" and path is None
        self._lines: IO[bytes] = (
            sys.stdout.buffer if self._direct else tempfile.TemporaryFile()  # noqa: SIM115
        )

    def __enter__(self) -> "RdfOutput":
        return self

    def write(self, lines: Sequence[str]) -> None:
        """Take lines."""
        self._lines.write("".join(lines).encode())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._direct:
            self._lines.flush()
            return
        with self._lines:
            if kind is None and (self.complete or self._path is None):
                self._deliver()

    def _deliver(self) -> None:
        self._lines.seek(0)
        if self._path is None:
            self._convert(sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        if self._path.exists() and not self._path.is_file():
            # A device or a pipe is written to; it is not ours to put a file in its place.
            with self._path.open("wb") as stream:
                self._convert(stream)
            return
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            with temporary.open("wb") as stream:
                self._convert(stream)
            os.replace(temporary, self._path)
        finally:
            temporary.unlink(missing_ok=True)

    def _convert(self, stream: BinaryIO) -> None:
        if self._format_name == "nquads":
            shutil.copyfileobj(self._lines, stream)
            return
        format_ = find(self._format_name)
        assert format_ is not None
        rdf_format = RdfFormat.from_media_type(format_.media_type)
        assert rdf_format is not None
        quads = pyoxigraph.parse(self._lines, format=RdfFormat.N_QUADS)
        statements: Iterator[Quad] | Iterator[Triple] = iter(quads)
        if not format_.quads:
            statements = (quad.triple for quad in quads)
        prefixes = PREFIXES if self._format_name in {"turtle", "trig"} else None
        pyoxigraph.serialize(statements, stream, rdf_format, prefixes=prefixes)
