"""Reads Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300) text documents."""

import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from loader.check.documents.body import Body
from loader.check.documents.model import MOST_PROPERTIES, Document, member

_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"

_HEADING = re.compile(r"(heading|見出し)\s*[1-9１-９]", re.IGNORECASE)


def read_docx(path: Path) -> Document:
    """Read the properties (docProps/core.xml) and the paragraphs (word/document.xml).

    A heading is a paragraph with an outline level, or with a style that is called a heading.
    """
    with zipfile.ZipFile(path) as archive:
        core = parsed(archive, "docProps/core.xml")
        headings = _heading_styles(parsed(archive, "word/styles.xml"))
        body = Body(
            paragraph=f"{_W}p",
            text=f"{_W}t",
            table=f"{_W}tbl",
            is_heading=lambda tag, attributes: (
                tag == f"{_W}outlineLvl"
                or (tag == f"{_W}pStyle" and attributes.get(f"{_W}val") in headings)
            ),
        ).read(member(archive, "word/document.xml"))
    return Document(
        title=text_of(core, f"{_DC}title"),
        creator=text_of(core, f"{_DC}creator"),
        language=text_of(core, f"{_DC}language"),
        modified=text_of(core, f"{_DCTERMS}modified"),
        headings=body.headings,
        layout=body.layout.found,
        tables=body.tables,
    )


def _heading_styles(styles: Element) -> set[str | None]:
    """Return the identifiers of the styles that are called headings."""
    return {
        style.get(f"{_W}styleId")
        for style in styles.iter(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None
        and _HEADING.match(name.get(f"{_W}val", ""))
    }


def read_odt(path: Path) -> Document:
    """Read the properties (meta.xml) and the text (content.xml; runs of blanks: part 3, 6.1.3)."""
    with zipfile.ZipFile(path) as archive:
        meta = parsed(archive, "meta.xml")
        body = Body(
            paragraph=f"{_TEXT}p",
            text=f"{_TEXT}p",
            table=f"{_TABLE}table",
            blanks=f"{_TEXT}s",
            is_heading=lambda tag, _: tag == f"{_TEXT}h",
        ).read(member(archive, "content.xml"))
    return Document(
        title=text_of(meta, f"{_DC}title"),
        creator=text_of(meta, f"{_DC}creator") or text_of(meta, f"{_META}initial-creator"),
        language=text_of(meta, f"{_DC}language"),
        modified=text_of(meta, f"{_DC}date"),
        headings=body.headings,
        layout=body.layout.found,
        tables=body.tables,
    )


def parsed(archive: zipfile.ZipFile, name: str) -> Element:
    """Return the root of a small document; an empty element where there is none."""
    content = member(archive, name, MOST_PROPERTIES)
    root: Element = fromstring(content) if content else Element("none")
    return root


def text_of(root: Element, name: str) -> str | None:
    """Return the text of the first element of that name, if it has any."""
    found = root.find(f".//{name}")
    return ((found.text or "").strip() or None) if found is not None else None
