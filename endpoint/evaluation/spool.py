"""Bytes of a result on their way: written by the thread that reads a worker, read by the sender.

The two are independent of each other, so that a slow client does not hold a worker: what it has
not taken yet lies in memory up to a size, beyond that in a temporary file without a name.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from typing import IO

CHUNK = 256 << 10


class Abandoned(Exception):
    """Nobody reads any more: whoever writes may stop."""


class Spool:
    """A result while it is made. One thread writes, one reads."""

    def __init__(self, memory: int) -> None:
        self._limit = memory
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0
        self._error: Exception | None = None
        self._ended = False
        self._closed = False
        self._changed = threading.Condition()

    @property
    def size(self) -> int:
        """How many bytes are there so far."""
        return self._size

    @property
    def ended(self) -> bool:
        """Whether all is written, or nothing more will come."""
        return self._ended

    @property
    def whole(self) -> bool:
        """Whether the result is there to its end."""
        return self._ended and self._error is None

    def write(self, data: bytes) -> None:
        """Add bytes; raises Abandoned where nobody reads any more."""
        with self._changed:
            if self._closed:
                raise Abandoned
            if self._file is None and self._size + len(data) > self._limit:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
                self._file.write(self._memory)
                self._memory.clear()
            if self._file is None:
                self._memory += data
            else:
                self._file.write(data)
            self._size += len(data)
            self._changed.notify_all()

    def finish(self, error: Exception | None = None) -> None:
        """Say that this is all; ``error`` where the result is not whole."""
        with self._changed:
            self._error, self._ended = error, True
            self._changed.notify_all()

    def read(self) -> bytes:
        """All bytes, when they are all there; closes. Raises the error of a broken result."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended)
            in_memory = self._file is None and self._error is None
        try:
            return bytes(self._memory) if in_memory else b"".join(self)
        finally:
            self.close()

    def __iter__(self) -> Iterator[bytes]:
        """The bytes as they come, from the start; raises the error of a broken result."""
        offset = 0
        while piece := self._piece(offset):
            offset += len(piece)
            yield piece

    def _piece(self, offset: int) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._size > offset or self._ended)
            if self._size > offset:
                if self._file is None:
                    return bytes(self._memory[offset : offset + CHUNK])
                return os.pread(self._file.fileno(), CHUNK, offset)
            if self._error is not None:
                raise self._error
            return b""

    def close(self) -> None:
        """Give back memory and disk."""
        with self._changed:
            self._closed = True
            self._memory.clear()
            if self._file is not None:
                self._file.close()
