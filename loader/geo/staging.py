"""Lays a geographic file out in a private folder: the file and its parts, and nothing else.

So GDAL finds no schema, index or template beside the file that is none of ours, writes nothing
beside it, and sees the suffix that the content has.
"""

import codecs
import re
import xml.parsers.expat
from dataclasses import dataclass, field
from pathlib import Path

from loader.encoding import NotATableError, find_codec, find_encoding
from loader.geo.formats import GML, KML, SHAPEFILE, GeoFormat, detect
from loader.geo.kml import rename_data
from loader.geo.shapefile import dbf_codec, parts

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
    if format_ is GML:
        _refuse_malformed(source)
    place.symlink_to(source.resolve())
    if format_ is not SHAPEFILE:
        return Staged(place, format_, codec, bool(stated))
    for suffix, part in parts(path).items():
        place.with_suffix(suffix).symlink_to(part.resolve())
    codec, is_stated = dbf_codec(place)
    return Staged(place, format_, codec, is_stated)


def _refuse_malformed(source: Path) -> None:
    """Refuse XML that is not well-formed: GDAL would give what stands before the damage.

    There is no document type in it (loader/geo/formats.py), so no entity is expanded.
    """
    with source.open("rb") as stream:
        try:
            xml.parsers.expat.ParserCreate().ParseFile(stream)
        except xml.parsers.expat.ExpatError as error:
            raise NotATableError("geo.unreadable", source, reason=str(error)) from error


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
