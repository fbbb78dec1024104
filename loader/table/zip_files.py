"""Opens zip files (and the workbooks that are such) whose directory is of bounded size.

APPNOTE.TXT 4.3.16: the last record tells how large the directory is, which is read whole.
"""

import struct
import zipfile
from pathlib import Path

MOST_MEMBERS = 10_000

LARGEST_DIRECTORY = 8 << 20
"""Bytes."""

_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 0xFFFF


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip file; raises zipfile.BadZipFile for what is none or has too many members."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END.size - _LONGEST_COMMENT))
        tail = stream.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) < place + _END.size:
        raise zipfile.BadZipFile("no end of central directory")
    _, _, _, _, members, directory, _, _ = _END.unpack_from(tail, place)
    if members > MOST_MEMBERS or directory > LARGEST_DIRECTORY:
        raise zipfile.BadZipFile(f"more than {MOST_MEMBERS:,} members")
    return zipfile.ZipFile(path)
