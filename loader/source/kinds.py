"""Tells what a file without a descriptor is: by its suffix, and where that leaves it open by how
it begins."""

import re
from itertools import islice
from pathlib import Path

from loader.descriptor.resources import DOCUMENT_TYPES, MEDIA_TYPES
from loader.encoding import NotATableError
from loader.table.formats.json_records import ERRORS, walk

CONTAINERS = {suffix: MEDIA_TYPES[suffix] for suffix in (".zip", ".kmz", ".gz")}

HEAD = 4096
"""Bytes of a text file that are looked at."""

EVENTS = 2_000
"""How much of a JSON document is looked at: names, values, and starts and ends of lists."""

_TABLES = frozenset(
    (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".ods", ".ndjson", ".jsonl")
    + (".geojson", ".topojson", ".kml", ".gml", ".shp")
)
_GRAPHS = frozenset((".jsonld", ".nq", ".nt", ".rdf", ".trig", ".ttl"))
_TOOLS = re.compile(rb"http://semweb\.mmlab\.be/ns/rml#|http://w3id\.org/rml/|/ns/(r2rml|shacl)#")
"""What a document in RDF speaks of that is a mapping or shapes, rather than data."""

_NOTES = frozenset((".txt", ".md", ".xml"))
"""Suffixes of texts that lie beside data to explain it; they are no documents to judge."""

_GTFS_HEADER = re.compile(rb'(\xef\xbb\xbf)?"?[a-z_]+"?(,"?[a-z_]+"?)+\s*[\r\n]')
_GEOGRAPHIC = {"FeatureCollection": "application/geo+json", "Topology": "application/topo+json"}
_RECORDS: list[list[str | None]] = [[None], ["records", None], ["result", "records", None]]
_RECORDS += [["result", "results", None, "resources", None], ["result", "resources", None]]
_NOT_DATA = re.compile(r"(package(-lock)?|datapackage|.*-metadata|[a-z]+config|manifest)\.json")


def media_type_of(path: Path) -> str | None:
    """Return the media type that a file is published with, or None for what is no data.

    A JSON file is data where it is GeoJSON or TopoJSON, a list of objects, or the answer of a CKAN
    datastore or catalogue; a text file where there are tabs in it, or where it is a table of GTFS.
    """
    suffix = path.suffix.lower()
    if path.name.startswith("~$"):
        return None
    if suffix in _TABLES:
        return MEDIA_TYPES[suffix]
    if suffix in CONTAINERS:
        return CONTAINERS[suffix] if suffix != ".gz" or _holds_data(path) else None
    try:
        if suffix in _GRAPHS:
            return None if _TOOLS.search(_head(path)) else MEDIA_TYPES[suffix]
        if suffix == ".txt":
            return _text(path)
        return _json(path) if suffix == ".json" else None
    except OSError:
        return None


def document_type_of(path: Path) -> str | None:
    """Return the media type of a document, which is checked but not published by itself."""
    suffix = path.suffix.lower()
    usable = suffix not in _NOTES and not path.name.startswith("~$")
    return DOCUMENT_TYPES.get(suffix) if usable else None


def _holds_data(path: Path) -> bool:
    """Whether what is compressed has the name of data: not ``x.tar.gz``."""
    return Path(path.stem).suffix.lower() in {*_TABLES, *_GRAPHS, ".json", ".txt"}


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)


def _text(path: Path) -> str | None:
    head = _head(path)
    if b"\t" in head:
        return "text/tab-separated-values"
    return "text/csv" if _GTFS_HEADER.match(head) else None


def _json(path: Path) -> str | None:
    if _NOT_DATA.fullmatch(path.name.lower()):
        return None
    try:
        for around, event, value in islice(walk(path), EVENTS):
            kind = _told_by(around, event, value)
            if kind is not None:
                return kind
    except (*ERRORS, NotATableError):
        return None
    return None


def _told_by(around: list[str | None], event: str, value: object) -> str | None:
    if around == ["type"] and value in _GEOGRAPHIC:
        return _GEOGRAPHIC[str(value)]
    if event != "start_map":
        return None
    if around == ["features", None]:
        return "application/geo+json"
    return "application/json" if around in _RECORDS else None
