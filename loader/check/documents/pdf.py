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

_XMP = {
    "title": re.compile(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL),
    "creator": re.compile(rb"<dc:creator>.*?<rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL),
    "modified": re.compile(rb"<xmp:ModifyDate>(.*?)<|xmp:ModifyDate=\"(.*?)\"", re.DOTALL),
}
_INFORMATION = {
    "title": re.compile(
        rb"/Title\s*(\((?:\\.|[^\\)]){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>)", re.DOTALL
    ),
    "creator": re.compile(
        rb"/Author\s*(\((?:\\.|[^\\)]){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>)", re.DOTALL
    ),
}
_LANGUAGE = re.compile(rb"/Lang\s*\(([A-Za-z0-9-]{2,35})\)")
_TAGGED = re.compile(rb"/MarkInfo\s*<<[^>]*/Marked\s+true")


def read_pdf(path: Path) -> Document:
    """Read title, author, language and date, and whether the document says that it is tagged."""
    content = _ends(path)
    language = _LANGUAGE.search(content)
    encrypted = b"/Encrypt" in content
    title, creator, modified = (
        _of_xmp(name, content) or (None if encrypted else _of_information(name, content))
        for name in ("title", "creator", "modified")
    )
    return Document(
        title=title,
        creator=creator,
        modified=modified,
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
    match = _XMP[name].search(content)
    found = next(filter(None, match.groups()), b"") if match else b""
    return unescape(found.decode("utf-8", "replace")).strip() or None


def _of_information(name: str, content: bytes) -> str | None:
    """Return an entry of the information dictionary (14.3.3), a text string (7.9.2.2)."""
    pattern = _INFORMATION.get(name)
    match = pattern.search(content) if pattern else None
    if match is None:
        return None
    if match[1].startswith(b"<"):
        digits = b"".join(match[1][1:-1].split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        raw = re.sub(rb"\\(.)", rb"\1", match[1][1:-1], flags=re.DOTALL)
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip() or None
    return (
        raw.decode("utf-8" if raw.startswith(b"\xef\xbb\xbf") else "ascii", "replace").strip(
            "\ufeff \t\r\n"
        )
        or None
    )
