"""Reads EPUB (https://www.w3.org/TR/epub-33/): the package document and the first chapters."""

import posixpath
import zipfile
from itertools import islice
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from loader.check.documents.markup import Markup, marked_up
from loader.check.documents.model import Document, member
from loader.check.documents.office import parsed, text_of

CHAPTERS = 20
"""How many documents of the spine are looked into."""

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def read_epub(path: Path) -> Document:
    """Read the metadata of the package document (5.5) and the chapters in the order of reading."""
    with zipfile.ZipFile(path) as archive:
        container = parsed(archive, "META-INF/container.xml")
        root = container.find(f".//{_CONTAINER}rootfile")
        place = root.get("full-path", "") if root is not None else ""
        package = parsed(archive, place)
        chapters = [_chapter(archive, name) for name in _spine(package, place)]
    return Document(
        title=text_of(package, f"{_DC}title"),
        creator=text_of(package, f"{_DC}creator"),
        language=text_of(package, f"{_DC}language"),
        modified=text_of(package, f"{_DC}date"),
        headings=any(chapter.headings for chapter in chapters) if chapters else None,
        layout=any(chapter.layout for chapter in chapters) if chapters else None,
        tables=any(chapter.tables for chapter in chapters) if chapters else None,
    )


def _spine(package: Element, place: str) -> list[str]:
    """Return the names of the first chapters (5.7: the spine refers to the manifest)."""
    manifest = {item.get("id"): item.get("href", "") for item in package.iter(f"{_OPF}item")}
    order = (manifest.get(itemref.get("idref")) for itemref in package.iter(f"{_OPF}itemref"))
    folder = posixpath.dirname(place)
    return [posixpath.join(folder, unquote(href)) for href in islice(filter(None, order), CHAPTERS)]


def _chapter(archive: zipfile.ZipFile, name: str) -> Markup:
    return marked_up(member(archive, name).decode("utf-8", "replace"))
