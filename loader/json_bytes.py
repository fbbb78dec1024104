"""JSON that nobody has looked at, on its way to a parser: within bounds, or not at all.

A parser has to hold each string and number in memory whole, and the one that streams (ijson, its C
code) does not survive a number that Python refuses to convert; so both are looked at before.
"""

import re
from pathlib import Path
from typing import IO

from loader.encoding import NotATableError

LARGEST = 4 << 20
"""Characters of a record, or of a line of newline-delimited JSON; of a string in the end."""

LONGEST_NUMBER = 1_000
"""Digits in a row outside and inside of strings: more than any measured value has."""

READ_AT_ONCE = 1 << 16
"""Bytes."""

_BOM = b"\xef\xbb\xbf"
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % LONGEST_NUMBER)


class BoundedJson:
    """A file of JSON without its byte order mark, its strings and numbers of bounded length."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self._since_quote = 0
        self._escaped = b""
        self._digits = b""
        if stream.read(len(_BOM)) != _BOM:
            stream.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises NotATableError for an endless string or number."""
        chunk = self._stream.read(READ_AT_ONCE if size < 0 else min(size, READ_AT_ONCE))
        self._bound_strings(chunk)
        self._bound_numbers(chunk)
        return chunk

    def _bound_strings(self, chunk: bytes) -> None:
        plain = (self._escaped + chunk).replace(b"\\\\", b"").replace(b'\\"', b"")
        self._escaped = b"\\" if plain.endswith(b"\\") else b""
        last = plain.rfind(b'"')
        self._since_quote = len(plain) - last if last >= 0 else self._since_quote + len(chunk)
        if self._since_quote > LARGEST * 4:
            raise NotATableError("table.cell-too-long", self._path, limit=LARGEST)

    def _bound_numbers(self, chunk: bytes) -> None:
        text = self._digits + chunk
        if _LONG_NUMBER.search(text):
            raise NotATableError("table.number-too-long", self._path, limit=LONGEST_NUMBER)
        self._digits = text[len(text.rstrip(b"0123456789")) :]
