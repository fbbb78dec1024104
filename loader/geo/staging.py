"""Lays a geographic file out in a private folder: the file and its parts, and nothing else.

So GDAL finds no schema, index or template beside the file that is none of ours, writes nothing
beside it, and sees the suffix that the content has.
"""

import codecs
import re
from pathlib import Path

from loader.encoding import NotATableError, find_codec, find_encoding
from loader.geo.formats import GeoFormat, detect

PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""What belongs to a Shapefile (ESRI Shapefile Technical Description; .prj and .cpg by use)."""

CHUNK = 1 << 20
NAME = "input"

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARATION = re.compile(r"(<\?xml[^>]*encoding\s*=\s*[\"'])[A-Za-z0-9._-]+([\"'])")


def stage(path: Path, folder: Path, stated: str | None = None) -> tuple[Path, GeoFormat]:
    """Lay a file out in a folder and return its place there and its format.

    Text in another encoding than UTF-8 is written anew in UTF-8. Raises NotATableError for what
    is no geographic file, OSError for what cannot be read.
    """
    format_ = None if _needs_recoding(path) else detect(path)
    source = path
    if format_ is None:
        source = _recoded(path, folder, stated)
        format_ = detect(source)
    if format_ is None:
        raise NotATableError("geo.unknown-format", path)
    place = folder / f"{NAME}{format_.suffix}"
    if source == path:
        place.symlink_to(path.resolve())
    else:
        source.rename(place)
    for suffix, part in parts(path).items() if format_.suffix == ".shp" else ():
        place.with_suffix(suffix).symlink_to(part.resolve())
    return place, format_


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
    """Whether an XML document declares an encoding that GDAL's parser does not know."""
    with path.open("rb") as stream:
        declared = _DECLARED.match(stream.read(1024))
    codec = find_codec(declared[1].decode("ascii")) if declared else None
    return codec not in (None, "utf-8", "utf-16")


def _recoded(path: Path, folder: Path, stated: str | None) -> Path:
    """Write a text file anew in UTF-8; raises NotATableError where it already is."""
    encoding = find_encoding(path, stated)
    if encoding.codec in ("utf-8", "utf-8-sig"):
        raise NotATableError("geo.unknown-format", path)
    place = folder / "recoded"
    with path.open(encoding=encoding.codec) as text, place.open("w", encoding="utf-8") as out:
        out.write(_DECLARATION.sub(r"\1UTF-8\2", text.read(CHUNK), count=1))
        while chunk := text.read(CHUNK):
            out.write(chunk)
    return place


def dbf_codec(path: Path) -> str | None:
    """Return the codec of a Shapefile's attributes, None where there are none.

    What the .cpg says counts where it is known; else UTF-8 or CP932, whichever reads more of the
    bytes (cells may be cut in the middle of a character).
    """
    table, stated = path.with_suffix(".dbf"), path.with_suffix(".cpg")
    if not table.is_file():
        return None
    if stated.is_file():
        with stated.open("rb") as stream:
            codec = find_codec(stream.read(64).decode("ascii", "ignore"))
        if codec:
            return codec
    with table.open("rb") as stream:
        content = _text_bytes(stream.read(16 << 20))
    return min(("utf-8", "cp932"), key=lambda codec: _lost(content, codec))


def _text_bytes(content: bytes) -> bytes:
    """Leave out the binary parts of a dBASE file's header (32 bytes a field, 11 its name)."""
    start = int.from_bytes(content[8:10], "little")
    names = [content[place : place + 11] for place in range(32, max(32, start - 1), 32)]
    return b" ".join(name.split(b"\0")[0] for name in names) + b" " + content[start:]


def _lost(content: bytes, codec: str) -> int:
    return codecs.decode(content, codec, "replace").count("\ufffd")
