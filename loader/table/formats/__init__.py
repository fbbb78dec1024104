"""Which reader a resource is read with, by its media type.

A reader's module is imported when a resource needs it: the libraries behind some are large.
"""

from importlib import import_module

from loader.model import FindingLog, Resource
from loader.table.reader import Opener, Reader

_SHEET = "loader.table.formats.workbook:open_sheet"
_GEOGRAPHIC = "loader.table.formats.geographic:open_geographic_table"

OPENERS = {
    "text/csv": "loader.table.text:open_text_table",
    "text/tab-separated-values": "loader.table.text:open_text_table",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _SHEET,
    "application/vnd.ms-excel": _SHEET,
    "application/vnd.oasis.opendocument.spreadsheet": _SHEET,
    "application/json": "loader.table.formats.json_documents:open_document",
    "application/x-ndjson": "loader.table.formats.json_records:open_json_lines",
    "application/geo+json": _GEOGRAPHIC,
    "application/topo+json": _GEOGRAPHIC,
    "application/vnd.google-earth.kml+xml": _GEOGRAPHIC,
    "application/gml+xml": _GEOGRAPHIC,
    "application/vnd.shp": _GEOGRAPHIC,
}
"""Media type, and where its opener is (module:function of the type reader.Opener)."""


def open_reader(resource: Resource, findings: FindingLog) -> Reader:
    """Open a resource that is a table; raises NotATableError or OSError for what cannot be read."""
    module, _, name = OPENERS[resource.media_type].partition(":")
    opener: Opener = getattr(import_module(module), name)
    return opener(resource, findings)
