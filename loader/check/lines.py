"""Detector of mixed line ends, which some programs read as one long row (RFC 4180, rule 1)."""

import re
from collections import Counter
from pathlib import Path

from loader.model import Resource

CHUNK = 1 << 20
LONGEST_CELL = 1 << 24
"""Bytes; where quotation marks enclose more, one of them was never closed."""

_QUOTED = re.compile(b'"[^"]*"')

_TEXTS = ("text/csv", "text/tab-separated-values")


def has_mixed_line_ends(path: Path) -> bool:
    """Whether rows of a text file end in more than one way (CR LF, LF, CR).

    Line breaks inside quotation marks belong to cells and do not count; where quotation marks are
    not even in number nothing can be said. Not for encodings whose bytes are not ASCII's
    (UTF-16, ISO-2022-JP).
    """
    return _may_be_mixed(path) and _are_mixed(path)


def _may_be_mixed(path: Path) -> bool:
    """Whether there is more than one kind of line break at all: cheap, for clean files."""
    both = line_feeds = returns = 0
    end = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            joint = end == b"\r" and chunk[:1] == b"\n"
            both += chunk.count(b"\r\n") + joint
            line_feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            end = chunk[-1:]
    return sum(count > 0 for count in (both, line_feeds - both, returns - both)) > 1


def _are_mixed(path: Path) -> bool:
    ends: Counter[bytes] = Counter()
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            outside, rest = _outside(rest + chunk)
            if len(rest) > LONGEST_CELL:
                return False
            _count(outside, ends)
    _count(rest, ends)
    return b'"' not in rest and len(+ends) > 1


def _outside(buffer: bytes) -> tuple[bytes, bytes]:
    """Return what stands outside of quotation marks, and what is not finished yet."""
    end = len(buffer)
    if buffer.count(b'"') % 2:
        end = buffer.rindex(b'"')
    elif buffer.endswith(b"\r"):
        end -= 1
    return _QUOTED.sub(b"", buffer[:end]), buffer[end:]


def _count(outside: bytes, ends: Counter[bytes]) -> None:
    both = outside.count(b"\r\n")
    ends[b"\r\n"] += both
    ends[b"\n"] += outside.count(b"\n") - both
    ends[b"\r"] += outside.count(b"\r") - both


def has_line_ends(resource: Resource) -> bool:
    """Whether a resource is a text whose line breaks and quotation marks are ASCII's bytes."""
    if resource.media_type not in _TEXTS:
        return False
    with resource.path.open("rb") as stream:
        head = stream.read(4096)
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x1b$" not in head
