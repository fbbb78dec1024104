"""Reads Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300) text documents."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from loader.check.documents.model import Document, has_layout, member

_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"

_HEADING = re.compile(r"(heading|見出し)\s*[1-9１-９]", re.IGNORECASE)


def read_docx(path: Path) -> Document:
    """Read the properties (docProps/core.xml) and the paragraphs (word/document.xml)."""
    with zipfile.ZipFile(path) as archive:
        core = parsed(member(archive, "docProps/core.xml"))
        styles = parsed(member(archive, "word/styles.xml"))
        body = parsed(member(archive, "word/document.xml"))
    return Document(
        title=text_of(core, f"{_DC}title"),
        creator=text_of(core, f"{_DC}creator"),
        language=text_of(core, f"{_DC}language"),
        modified=text_of(core, f"{_DCTERMS}modified"),
        headings=_has_docx_headings(body, styles),
        layout=has_layout(_docx_paragraphs(body)),
        tables=body.find(f".//{_W}tbl") is not None,
    )


def _has_docx_headings(body: Element, styles: Element) -> bool:
    """Whether a paragraph has an outline level, or a style that is called a heading."""
    named = {
        style.get(f"{_W}styleId")
        for style in styles.iter(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None
        and _HEADING.match(name.get(f"{_W}val", ""))
    }
    used = {style.get(f"{_W}val") for style in body.iter(f"{_W}pStyle")}
    return bool(named & used) or body.find(f".//{_W}outlineLvl") is not None


def _docx_paragraphs(body: Element) -> Iterator[str]:
    for paragraph in body.iterfind(f"{_W}body/{_W}p"):
        yield "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def read_odt(path: Path) -> Document:
    """Read the properties (meta.xml) and the text (content.xml)."""
    with zipfile.ZipFile(path) as archive:
        meta = parsed(member(archive, "meta.xml"))
        body = parsed(member(archive, "content.xml"))
    return Document(
        title=text_of(meta, f"{_DC}title"),
        creator=text_of(meta, f"{_DC}creator") or text_of(meta, f"{_META}initial-creator"),
        language=text_of(meta, f"{_DC}language"),
        modified=text_of(meta, f"{_DC}date"),
        headings=body.find(f".//{_TEXT}h") is not None,
        layout=has_layout(_odt_paragraphs(body)),
        tables=body.find(f".//{_TABLE}table") is not None,
    )


def _odt_paragraphs(body: Element) -> Iterator[str]:
    """Give the paragraphs; runs of blanks are written as ``text:s`` (part 3, 6.1.3)."""
    for paragraph in body.iter(f"{_TEXT}p"):
        blanks = "  " * len(paragraph.findall(f".//{_TEXT}s"))
        yield "".join(paragraph.itertext()) + blanks + ("." if blanks else "")


def parsed(content: bytes) -> Element:
    """Return the root of an XML document; an empty element where there is none."""
    root: Element = fromstring(content) if content else Element("none")
    return root


def text_of(root: Element, name: str) -> str | None:
    """Return the text of the first element of that name, if it has any."""
    found = root.find(f".//{name}")
    return ((found.text or "").strip() or None) if found is not None else None
