"""The catalogue graph as documents: Turtle, RDF/XML and JSON-LD.

Made from the lines and not from the store, which would rewrite ``xsd:nonNegativeInteger``; the
statements are sorted by subject, so the documents are the same bytes for the same graph.
"""

import json
from collections.abc import Sequence

from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse, serialize

from vocab.namespaces import PREFIXES

_USED = ("adms", "dcat", "dcterms", "foaf", "geo", "rdf", "rdfs", "skos", "spdx", "vcard", "void")
_PREFIXES = {prefix: PREFIXES[prefix] for prefix in (*_USED, "xsd")}


def catalog_documents(lines: Sequence[str]) -> dict[str, bytes]:
    """Return the documents of a graph that is given in sorted lines, by their suffix."""
    text = "".join(lines)
    triples = [quad.triple for quad in parse(text, format=RdfFormat.N_QUADS)]
    return {
        "ttl": _written(triples, RdfFormat.TURTLE),
        "rdf": _written(triples, RdfFormat.RDF_XML),
        "jsonld": _json_ld(triples),
    }


def _written(triples: Sequence[Triple], format_: RdfFormat) -> bytes:
    return serialize(triples, format=format_, prefixes=_PREFIXES) or b""


def _json_ld(triples: Sequence[Triple]) -> bytes:
    """Compact the expanded JSON-LD; the context lies in the document, none is ever fetched."""
    expanded = json.loads(_written(triples, RdfFormat.JSON_LD))
    document = jsonld.compact(expanded, _PREFIXES, {"documentLoader": _no_loader, "graph": True})
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode()


def _no_loader(url: str, _: object) -> object:
    raise ValueError(f"no document is fetched: {url}")
