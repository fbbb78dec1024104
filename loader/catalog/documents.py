"""The catalogue graph as documents: Turtle, RDF/XML and JSON-LD.

Made from the lines and not from the store, which would rewrite ``xsd:nonNegativeInteger``. The
same graph gives the same bytes, in every process: harvesters find changes by hash.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from pyoxigraph import RdfFormat, Triple, parse, serialize

from vocab.namespaces import PREFIXES, RDF

_USED = (
    "dcat",
    "dcterms",
    "foaf",
    "geo",
    "rdf",
    "rdfs",
    "skos",
    "spdx",
    "vcard",
    "void",
    "xsd",
)
_PREFIXES = {prefix: PREFIXES[prefix] for prefix in _USED}
_ROOT = re.compile(r"<rdf:RDF( [^>]*)>")


def catalog_documents(lines: Sequence[str]) -> dict[str, bytes]:
    """Return the documents of a graph that is given in sorted lines, by their suffix."""
    triples = [quad.triple for quad in parse("".join(lines), format=RdfFormat.N_QUADS)]
    return {"ttl": _turtle(triples), "rdf": _rdf_xml(triples), "jsonld": _json_ld(triples)}


def _written(triples: Sequence[Triple], format_: RdfFormat) -> str:
    return (serialize(triples, format=format_, prefixes=_PREFIXES) or b"").decode()


def _turtle(triples: Sequence[Triple]) -> bytes:
    """Write Turtle; the engine gives the prefixes in an order that changes with the process."""
    lines = _written(triples, RdfFormat.TURTLE).splitlines(keepends=True)
    prefixes = sorted(line for line in lines if line.startswith("@prefix "))
    return "".join([*prefixes, *lines[len(prefixes) :]]).encode()


def _rdf_xml(triples: Sequence[Triple]) -> bytes:
    """Write RDF/XML, the prefixes in order."""
    text = _written(triples, RdfFormat.RDF_XML)
    return _ROOT.sub(_ordered_root, text, count=1).encode()


def _ordered_root(match: re.Match[str]) -> str:
    return "<rdf:RDF " + " ".join(sorted(match.group(1).split())) + ">"


def _json_ld(triples: Sequence[Triple]) -> bytes:
    """Compact the expanded JSON-LD; the context lies in the document, none is ever fetched."""
    # Imported late: it brings an HTTP client of 25 MB, which commands that map have no use for.
    from pyld import jsonld

    expanded = [_typed(node) for node in json.loads(_written(triples, RdfFormat.JSON_LD))]
    options = {"documentLoader": _no_loader, "graph": True}
    document = jsonld.compact(expanded, _PREFIXES, options)
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode()


def _typed(node: dict[str, Any]) -> dict[str, Any]:
    """Give a node its classes as ``@type``, where the engine writes the property."""
    classes = node.pop(RDF["type"], [])
    return node | {"@type": [class_["@id"] for class_ in classes]} if classes else node


def _no_loader(url: str, _: object) -> object:
    raise ValueError(f"no document is fetched: {url}")
