"""Media types by what is read from the files that have them."""

TABLE_MEDIA_TYPES = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/json",
        "application/x-ndjson",
        "application/geo+json",
        "application/topo+json",
        "application/vnd.google-earth.kml+xml",
        "application/gml+xml",
        "application/vnd.shp",
    }
)
"""What rows are read from. TopoJSON and NDJSON have no registered media type; theirs are the
customary ones."""

GRAPH_MEDIA_TYPES = frozenset(
    {
        "text/turtle",
        "application/n-triples",
        "application/n-quads",
        "application/trig",
        "application/rdf+xml",
        "application/ld+json",
    }
)
"""What statements are read from (RDF 1.1 and its registrations at IANA)."""
