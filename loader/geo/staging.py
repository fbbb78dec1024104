"""Lays a geographic file out in a private folder: the file and its parts, and nothing else.

So GDAL finds no schema, index or template beside the file that is none of ours, writes nothing
beside it, and sees the suffix that the content has.
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from loader.encoding import NotATableError, find_codec, find_encoding
from loader.geo.formats import KML, SHAPEFILE, GeoFormat, detect
from loader.geo.kml import rename_data

PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""What belongs to a Shapefile (ESRI Shapefile Technical Description; .prj and .cpg by use)."""

CHUNK = 1 << 20
NAME = "input"

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARATION = re.compile(r"(<\?xml[^>]*encoding\s*=\s*[\"'])[A-Za-z0-9._-]+([\"'])")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file laid out: its place, its format, the codec of its text as published and whether that
    is stated, and the names of columns that had to be changed for GDAL (as they are there, and as
    they were)."""

    path: Path
    format: GeoFormat
    codec: str
    stated: bool
    names: dict[str, str] = field(default_factory=dict)


def stage(path: Path, folder: Path, stated: str | None = None) -> Staged:
    """Lay a file out in a folder.

    Text in another encoding than UTF-8 is written anew in UTF-8. Raises NotATableError for what
    is no geographic file, OSError for what cannot be read.
    """
    source, codec = path, "utf-8"
    if _needs_recoding(path):
        source, codec = _recoded(path, folder, stated)
    format_ = detect(source)
    if format_ is None:
        raise NotATableError("geo.unknown-format", path)
    place = folder / f"{NAME}{format_.suffix}"
    if format_ is KML:
        return Staged(place, format_, codec, bool(stated), rename_data(source, place))
    place.symlink_to(source.resolve())
    if format_ is not SHAPEFILE:
        return Staged(place, format_, codec, bool(stated))
    for suffix, part in parts(path).items():
        place.with_suffix(suffix).symlink_to(part.resolve())
    codec, is_stated = dbf_codec(place)
    return Staged(place, format_, codec, is_stated)


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


def _needs_recoding(path: Path) -> bool:
    """Whether an XML document declares an encoding that GDAL does not know, or JSON is no UTF-8."""
    with path.open("rb") as stream:
        head = stream.read(1024)
        declared = _DECLARED.match(head)
        if declared:
            return find_codec(declared[1].decode("ascii")) not in (None, "utf-8", "utf-16")
        if not head.lstrip().startswith(b"{"):
            return False
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = stream.read(CHUNK)
        except UnicodeDecodeError:
            return True
    return False


def _recoded(path: Path, folder: Path, stated: str | None) -> tuple[Path, str]:
    """Write a text file anew in UTF-8; return where, and the codec that it was read with."""
    encoding = find_encoding(path, stated)
    place = folder / "recoded"
    with path.open(encoding=encoding.codec) as text, place.open("w", encoding="utf-8") as out:
        out.write(_DECLARATION.sub(r"\1UTF-8\2", text.read(CHUNK), count=1))
        while chunk := text.read(CHUNK):
            out.write(chunk)
    return place, encoding.codec


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
        content = _text_bytes(stream.read(16 << 20))
    return min(("utf-8", "cp932"), key=lambda codec: _lost(content, codec)), False


def _text_bytes(content: bytes) -> bytes:
    """Leave out the binary parts of a dBASE file's header (32 bytes a field, 11 its name)."""
    start = int.from_bytes(content[8:10], "little")
    names = [content[place : place + 11] for place in range(32, max(32, start - 1), 32)]
    return b" ".join(name.split(b"\0")[0] for name in names) + b" " + content[start:]


def _lost(content: bytes, codec: str) -> int:
    return codecs.decode(content, codec, "replace").count("\ufffd")
