"""What a document tells of itself, read soberly: no more of it than is bounded, nothing run.

A document is listed and served; no statements are made from it.
"""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from loader.check.documents.epub import read_epub
from loader.check.documents.model import Document, TooLargeError
from loader.check.documents.office import read_docx, read_odt
from loader.check.documents.pdf import read_pdf
from loader.check.documents.text import read_html, read_text

__all__ = ["Document", "read_document"]

_READERS: dict[str, Callable[[Path], Document]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
    "application/vnd.oasis.opendocument.text": read_odt,
    "application/epub+zip": read_epub,
    "application/pdf": read_pdf,
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "text/plain": read_text,
    "text/markdown": read_text,
}

_UNREADABLE = (
    OSError,
    ParseError,
    DefusedXmlException,
    TooLargeError,
    zipfile.BadZipFile,
    # What zipfile and zlib say of members that are encrypted, damaged or of unknown methods.
    RuntimeError,
    NotImplementedError,
    EOFError,
    ValueError,
    zlib.error,
)


def read_document(path: Path, media_type: str) -> Document | None:
    """Return what a document tells; None for a kind that is not looked into, or a damaged one."""
    reader = _READERS.get(media_type)
    if reader is None:
        return None
    try:
        return reader(path)
    except _UNREADABLE:
        return None
