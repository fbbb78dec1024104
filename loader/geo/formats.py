"""Which geographic format a file has: told by its content, never by its name alone."""

import contextlib
import xml.parsers.expat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ijson

from loader.encoding import NotATableError
from loader.json_bytes import BoundedJson

HEAD = 1 << 16
PROLOG = 1 << 20
"""Bytes in which the root element of an XML document begins."""

DEEPEST = 100
"""Levels of nesting that are followed."""

_SHAPE = b"\x00\x00\x27\x0a"
"""File code 9994 (ESRI Shapefile Technical Description, July 1998, table 1)."""

_GEOJSON_TYPES = {
    *("FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString"),
    *("Polygon", "MultiPolygon", "GeometryCollection"),
}
"""RFC 7946, 1.4."""

_GML = "http://www.opengis.net/gml"
_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class GeoFormat:
    """A format: its name for people, GDAL's driver, suffix and media type."""

    name: str
    driver: str
    suffix: str
    media_type: str


GEOJSON = GeoFormat("GeoJSON", "GeoJSON", ".geojson", "application/geo+json")
TOPOJSON = GeoFormat("TopoJSON", "TopoJSON", ".topojson", "application/topo+json")
KML = GeoFormat("KML", "LIBKML", ".kml", "application/vnd.google-earth.kml+xml")
GML = GeoFormat("GML", "GML", ".gml", "application/gml+xml")
SHAPEFILE = GeoFormat("Shapefile", "ESRI Shapefile", ".shp", "application/vnd.shp")

FORMATS = (GEOJSON, TOPOJSON, KML, GML, SHAPEFILE)


def detect(path: Path) -> GeoFormat | None:
    """Return the geographic format of a file, None for any other content.

    JSON and XML are expected in UTF-8 or as they declare themselves. Raises NotATableError
    (geo.document-type) for XML with a document type: entities have no place in KML and GML.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(_SHAPE):
        return SHAPEFILE
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return _json_format(path)
    if start.startswith(b"<") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _xml_format(path)
    return None


def _json_format(path: Path) -> GeoFormat | None:
    with path.open("rb") as stream:
        try:
            type_ = _member(BoundedJson(stream, path), "type")
        except (ijson.JSONError, ValueError):
            return None
    if type_ == "Topology":
        return TOPOJSON
    return GEOJSON if type_ in _GEOJSON_TYPES else None


def _member(stream: BoundedJson, name: str) -> Any:
    """Return the value of a member of the outermost object; None where it has none.

    ijson.items makes a string of each place, as long as the document is deep: not for files that
    nobody has looked at.
    """
    depth, key = 0, None
    for event, value in ijson.basic_parse(stream):
        if depth == 1 and key == name and event != "map_key":
            return value
        depth += (event in {"start_map", "start_array"}) - (event in {"end_map", "end_array"})
        if depth > DEEPEST:
            return None
        if depth == 1 and event == "map_key":
            key = value
    return None


class _RootFoundError(Exception):
    """Ends the parsing at the root element."""


@dataclass(slots=True)
class _Prolog:
    """Looks at an XML document up to its root element."""

    path: Path
    root: str = ""
    gml: bool = False

    def document_type(self, *_: object) -> None:
        """Refuse it: neither KML nor GML has one, and entities can blow a document up."""
        raise NotATableError("geo.document-type", self.path)

    def namespace(self, _: str | None, iri: str | None) -> None:
        """Note that GML is spoken."""
        self.gml = self.gml or bool(iri and iri.startswith(_GML))

    def element(self, name: str, _: dict[str, str]) -> None:
        """Take the first element's local name."""
        self.root = name.rsplit(_SEPARATOR, 1)[-1]
        raise _RootFoundError


def _xml_format(path: Path) -> GeoFormat | None:
    found = _Prolog(path)
    parser = xml.parsers.expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartDoctypeDeclHandler = found.document_type
    parser.StartNamespaceDeclHandler = found.namespace
    parser.StartElementHandler = found.element
    with path.open("rb") as stream:
        prolog = stream.read(PROLOG)
    with contextlib.suppress(_RootFoundError, xml.parsers.expat.ExpatError):
        parser.Parse(prolog, False)
    if found.root == "kml":
        return KML
    return GML if found.gml and found.root else None
