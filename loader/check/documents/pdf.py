"""Reads what a PDF (ISO 32000) shows without being parsed: its XMP packet and information.

Only what stands uncompressed in the first and last part of the file is seen; of anything else it
is not known whether it is there.
"""

import os
import re
from html import unescape
from pathlib import Path

from loader.check.documents.model import Document

PART = 2_000_000
"""Bytes at the beginning, and at the end, that are looked at."""

NEAR = 4_000
"""Bytes within which an entry, or the end of an element, is looked for."""

_XMP = {"title": b"<dc:title>", "creator": b"<dc:creator>"}
_LIST_ITEM = re.compile(rb"<rdf:li[^<>]*>([^<]*)</rdf:li>")
_CHANGED = re.compile(rb"xmp:ModifyDate(?:>|=\")([0-9T:+Z.-]{4,40})")

_ABOUT = (b"/Producer", b"/CreationDate", b"/ModDate")
"""Entries that only the information dictionary has; bookmarks have a ``/Title`` too."""

_STRING = rb"\s*(\((?:\\.|[^\\)]){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>)"
_INFORMATION = {
    "title": re.compile(rb"/Title" + _STRING, re.DOTALL),
    "creator": re.compile(rb"/Author" + _STRING, re.DOTALL),
}
_LANGUAGE = re.compile(rb"/Lang\s{0,9}\(([A-Za-z0-9-]{2,35})\)")
_TAGGED = re.compile(rb"/MarkInfo\s{0,9}<<[^<>]{0,99}/Marked\s{1,9}true")


def read_pdf(path: Path) -> Document:
    """Read title, author, language and date, and whether the document says that it is tagged."""
    content = _ends(path)
    language = _LANGUAGE.search(content)
    information = b"" if b"/Encrypt" in content else _information(content)
    changed = _CHANGED.search(content)
    return Document(
        title=_of_xmp("title", content) or _entry("title", information),
        creator=_of_xmp("creator", content) or _entry("creator", information),
        modified=changed[1].decode("ascii") if changed else None,
        language=language[1].decode("ascii") if language else None,
        headings=True if _TAGGED.search(content) else None,
    )


def _ends(path: Path) -> bytes:
    with path.open("rb") as stream:
        first = stream.read(PART)
        rest = os.fstat(stream.fileno()).st_size - PART
        if rest <= 0:
            return first
        stream.seek(-min(PART, rest), os.SEEK_END)
        return first + b"\n" + stream.read(PART)


def _of_xmp(name: str, content: bytes) -> str | None:
    start = content.find(_XMP[name])
    match = _LIST_ITEM.search(content, start, start + NEAR) if start >= 0 else None
    return (unescape(match[1].decode("utf-8", "replace")).strip() or None) if match else None


def _information(content: bytes) -> bytes:
    """Return the last information dictionary (14.3.3), as far as it stands there."""
    place = next((at for key in _ABOUT if (at := content.rfind(key)) >= 0), -1)
    if place < 0:
        return b""
    start = content.rfind(b"<<", max(0, place - NEAR), place)
    return content[max(start, 0) : place + NEAR].partition(b"endobj")[0] if start >= 0 else b""


def _entry(name: str, information: bytes) -> str | None:
    """Return an entry of the dictionary, a text string (7.9.2.2)."""
    match = _INFORMATION[name].search(information)
    if match is None:
        return None
    raw = _bytes_of(match[1])
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip() or None
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "ascii"
    return raw.decode(encoding, "replace").strip() or None


def _bytes_of(string: bytes) -> bytes:
    """Return what a string in brackets or in hexadecimal digits stands for (7.3.4)."""
    if string.startswith(b"("):
        return re.sub(rb"\\(.)", rb"\1", string[1:-1], flags=re.DOTALL)
    digits = b"".join(string[1:-1].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
