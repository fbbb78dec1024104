"""The files that make up a Shapefile (ESRI Shapefile Technical Description, July 1998)."""

import codecs
from pathlib import Path

from loader.encoding import find_codec

PARTS = {
    ".dbf": "application/vnd.dbf",
    ".shx": "application/vnd.shx",
    ".prj": "text/plain",
    ".cpg": "text/plain",
}
"""Attributes, index, reference system and encoding: the last two are of use only, not of the
description. With their media types (https://www.iana.org/assignments/media-types/)."""

LOOKED_AT = 16 << 20
"""Bytes of attributes by which their encoding is found."""


def parts(path: Path) -> dict[str, Path]:
    """Return the files that belong to a Shapefile, by suffix; suffixes may be in capitals.

    A link that leads out of the folder is not taken.
    """
    home = path.resolve().parent
    beside = [other for other in sorted(path.parent.iterdir()) if other.stem == path.stem]
    return {
        other.suffix.lower(): other
        for other in beside
        if other.suffix.lower() in PARTS and other.is_file() and other.resolve().parent == home
    }


def dbf_codec(path: Path) -> tuple[str, bool]:
    """Return the codec of a Shapefile's attributes, and whether it is stated.

    What the .cpg says counts where it is known; else UTF-8 or CP932, whichever reads more of the
    bytes (cells may be cut in the middle of a character).
    """
    table, stated = path.with_suffix(".dbf"), path.with_suffix(".cpg")
    if stated.is_file():
        with stated.open("rb") as stream:
            codec = find_codec(stream.read(64).decode("ascii", "ignore"))
        if codec:
            return codec, True
    if not table.is_file():
        return "utf-8", False
    with table.open("rb") as stream:
        content = _text_bytes(stream.read(LOOKED_AT))
    return min(("utf-8", "cp932"), key=lambda codec: _lost(content, codec)), False


def _text_bytes(content: bytes) -> bytes:
    """Leave out the binary parts of a dBASE file's header (32 bytes a field, 11 its name)."""
    start = int.from_bytes(content[8:10], "little")
    names = [content[place : place + 11] for place in range(32, max(32, start - 1), 32)]
    return b" ".join(name.split(b"\0")[0] for name in names) + b" " + content[start:]


def _lost(content: bytes, codec: str) -> int:
    return codecs.decode(content, codec, "replace").count("\ufffd")
