"""Compression of answers: content codings (RFC 9110, 8.4.1 and 12.5.3)."""

import re
import zlib
from collections.abc import Callable
from typing import Protocol

from zstandard import ZstdCompressor

from endpoint.http.negotiation import parse

_SMALLEST = 1024
"""Below this, compressing costs more than it saves."""
_COMPRESSIBLE = re.compile(r"text/|application/(?!octet-stream|pdf|zip|gzip|vnd\.)")
_GZIP = 31
"""zlib's number for a gzip header with the largest window."""
_QUICK, _THOROUGH = 1, 6
"""Levels of both codings: of what is streamed, of what is whole and may be kept."""

Headers = list[tuple[str, str]]


def choose(accepted: str) -> str:
    """The coding for an ``Accept-Encoding``; nothing where it allows none that we have."""
    weights = dict(parse(accepted)) if accepted else {}
    gzip = weights.get("gzip", weights.get("*", 0.0))
    if weights.get("zstd", 0.0) > 0 and weights["zstd"] >= gzip:
        return "zstd"  # RFC 8878: faster and shorter
    return "gzip" if gzip > 0 else ""


def is_worthwhile(status: int, headers: Headers, size: int) -> bool:
    """Whether an answer is of a kind that gets shorter, and whole."""
    names = {name.lower(): value for name, value in headers}
    return (
        status == 200
        and size >= _SMALLEST
        and "content-encoding" not in names
        and "content-range" not in names
        and _COMPRESSIBLE.match(names.get("content-type", "")) is not None
    )


def coded_headers(headers: Headers, coding: str) -> Headers:
    """The headers of the same answer, compressed: another length, and only a weak tag."""
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    weak = [(name, _weak(value) if name.lower() == "etag" else value) for name, value in kept]
    return [*weak, ("Content-Encoding", coding)]


def _weak(tag: str) -> str:
    return tag if tag.startswith("W/") else f"W/{tag}"


def varied(headers: Headers) -> Headers:
    """The headers of an answer that would be another one for another ``Accept-Encoding``."""
    told = [value for name, value in headers if name.lower() == "vary"]
    others = [(name, value) for name, value in headers if name.lower() != "vary"]
    return [*others, ("Vary", ", ".join([*told, "Accept-Encoding"]))]


def head_headers(status: int, headers: Headers, coding: str) -> Headers:
    """What HEAD tells: the headers of GET's answer (RFC 9110, 9.3.2), whose length is not known
    where it would be compressed."""
    length = next((value for name, value in headers if name.lower() == "content-length"), "0")
    if not is_worthwhile(status, headers, int(length)):
        return headers
    return varied(coded_headers(headers, coding) if coding else headers)


class _Coder(Protocol):
    """What both codings compress with, piece by piece."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def _coder(coding: str, level: int) -> _Coder:
    if coding == "zstd":
        return ZstdCompressor(level).compressobj()
    return zlib.compressobj(level, zlib.DEFLATED, _GZIP)


def compress(body: bytes, coding: str) -> bytes:
    """All of a body."""
    coder = _coder(coding, _THOROUGH)
    return coder.compress(body) + coder.flush()


def compressed(start: bytes, rest: Callable[[], bytes], coding: str) -> Callable[[], bytes]:
    """Return what gives one piece after another, and nothing at the end.

    An error of ``rest`` goes through, so that the end of the coding is missing as well.
    """
    coder = _coder(coding, _QUICK)
    waiting = [start]

    def next_piece() -> bytes:
        while waiting:
            piece = waiting.pop() or rest()
            if not piece:
                return coder.flush()
            waiting.append(b"")
            if done := coder.compress(piece):
                return done
        return b""

    return next_piece
