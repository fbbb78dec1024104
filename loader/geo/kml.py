"""Gives the data of a KML document names that GDAL leaves as they are.

LIBKML makes an underscore of every byte of ``<Data name="種別">`` that is no ASCII letter or digit,
so that columns of as many letters become one. The document is written anew, event by event, with
names of our own instead (OGC KML 2.3, 9.2 ExtendedData).
"""

from pathlib import Path
from typing import BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parse

from loader.encoding import NotATableError

PREFIX = "tsunagu_data_"


class _Renaming(XMLGenerator):
    """Writes a document as it is read, but for the names of data."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__(out, "utf-8")
        self.names: dict[str, str] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Write the start of an element."""
        given = dict(attrs)
        if name.rpartition(":")[2] == "Data" and "name" in given:
            number = len(self.names)
            given["name"] = self.names.setdefault(given["name"], f"{PREFIX}{number}")
        super().startElement(name, AttributesImpl(given))


def rename_data(source: Path, target: Path) -> dict[str, str]:
    """Write a KML document anew; return the names that it has there, and what they stand for.

    Raises NotATableError for what is not well-formed, or has a document type.
    """
    with source.open("rb") as read, target.open("wb") as out:
        handler: ContentHandler = (writer := _Renaming(out))
        try:
            parse(read, handler, forbid_dtd=True)
        except DefusedXmlException as error:
            raise NotATableError("geo.document-type", source) from error
        except SAXParseException as error:
            reason = f"{error.getLineNumber()}: {error.getMessage()}"
            raise NotATableError("geo.unreadable", source, reason=reason) from error
    return {ours: theirs for theirs, ours in writer.names.items()}
