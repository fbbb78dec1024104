"""Messages between the web process and its query workers: a letter, a length, the bytes."""

import json
import struct
from collections.abc import Callable
from enum import Enum
from typing import Any

HEAD = struct.Struct("!cI")
"""The head of a frame: kind and length of what follows, in network order."""


class Kind(Enum):
    """What a frame carries."""

    READY = b"R"
    """The store is open; JSON says whether the process is without network."""
    TASK = b"T"
    """A query, marshalled: what is not as ``Task`` has it by default. JSON would take seven times
    as long, and both sides are the same Python."""
    FORM = b"F"
    """The form of the query and, after a space, the format of the data that follow, if any do."""
    DATA = b"D"
    """Bytes of the result."""
    END = b"E"
    """The result is whole; how many rows it has, where they are counted."""
    FAILURE = b"X"
    """JSON: why there is no result."""


def pack(kind: Kind, payload: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    return HEAD.pack(kind.value, len(payload)) + payload


def pack_json(kind: Kind, content: dict[str, Any]) -> bytes:
    """Return a frame that carries JSON."""
    return pack(kind, json.dumps(content).encode())


def receive(read: Callable[[int], bytes]) -> tuple[Kind, bytes] | None:
    """Read one frame; ``read`` gives exactly as many bytes as asked for, or fewer at the end.

    Returns None where the other side has gone away, in the middle of a frame too.
    """
    head = read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    payload = read(length)
    return (Kind(kind), payload) if len(payload) == length else None
