"""The formats of RDF and of query results: one table for the loader and the endpoint.

Media types and suffixes: RDF 1.1 specifications and the IANA registry; format IRIs:
https://www.w3.org/ns/formats/ (used in service descriptions).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: its short name, media types (the first is sent), suffix and IRI."""

    name: str
    label: str
    media_types: tuple[str, ...]
    suffix: str
    iri: str
    quads: bool = False
    """Whether it can name graphs."""

    @property
    def media_type(self) -> str:
        """The media type that is sent."""
        return self.media_types[0]


def _w3(name: str) -> str:
    return f"http://www.w3.org/ns/formats/{name}"


RDF_FORMATS = (
    Format("turtle", "Turtle", ("text/turtle", "application/x-turtle"), "ttl", _w3("Turtle")),
    Format("jsonld", "JSON-LD", ("application/ld+json",), "jsonld", _w3("JSON-LD"), True),
    Format("rdfxml", "RDF/XML", ("application/rdf+xml",), "rdf", _w3("RDF_XML")),
    Format("ntriples", "N-Triples", ("application/n-triples",), "nt", _w3("N-Triples")),
    Format("nquads", "N-Quads", ("application/n-quads",), "nq", _w3("N-Quads"), True),
    Format("trig", "TriG", ("application/trig",), "trig", _w3("TriG"), True),
    Format("n3", "N3", ("text/n3",), "n3", _w3("N3")),
)

WRITABLE = tuple(
    format_
    for format_ in RDF_FORMATS
    if format_.name in ("turtle", "jsonld", "rdfxml", "ntriples", "n3")
)
"""Formats of one graph that is written."""

RESULT_FORMATS = (
    Format(
        "json",
        "JSON",
        ("application/sparql-results+json", "application/json"),
        "json",
        _w3("SPARQL_Results_JSON"),
    ),
    Format(
        "xml",
        "XML",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "xml",
        _w3("SPARQL_Results_XML"),
    ),
    Format("csv", "CSV", ("text/csv",), "csv", _w3("SPARQL_Results_CSV")),
    Format("tsv", "TSV", ("text/tab-separated-values",), "tsv", _w3("SPARQL_Results_TSV")),
)

GEOJSON = Format("geojson", "GeoJSON", ("application/geo+json",), "geojson", "")
EXCEL = Format("csv-excel", "CSV (Excel)", ("text/csv",), "csv-excel", "")
"""CSV with a byte order mark."""
TABLE_FORMATS = (GEOJSON, EXCEL)
"""Further formats of solutions, that no specification of SPARQL has; given where asked for."""

_BY_WORD = {
    word: format_
    for format_ in (*TABLE_FORMATS, *RESULT_FORMATS, *RDF_FORMATS)  # text/csv is plain CSV
    for word in (format_.name, format_.suffix, *format_.media_types)
}


def find(word: str) -> Format | None:
    """Return the format that a short name, a suffix or a media type stands for."""
    return _BY_WORD.get(word.strip().lower())
