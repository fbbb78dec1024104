"""Writes triples in the formats of ``vocab.formats``; shared by workers and pages."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, RdfFormat, Triple, serialize

from vocab.namespaces import RDF

Statements: TypeAlias = Iterable[Triple] | Iterable[Quad] | QueryTriples

RDF_SYNTAX = {
    "turtle": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "n3": RdfFormat.N3,
}
"""The engine's syntaxes by the names of ``vocab.formats``."""

# A predicate is an element name in RDF/XML: its IRI has to end in an NCName (Namespaces in XML
# 1.0, 3). The engine writes an element without a name otherwise, which no parser reads.
_ENDS_IN_NAME = re.compile(r"[^\W\d][\w.\-·]*$")


class CannotSerialise(ValueError):
    """The format cannot say this; the text is an IRI that it has no way to write."""


def write(
    statements: Statements, name: str, prefixes: Mapping[str, str], output: IO[bytes]
) -> None:
    """Serialise to a binary stream. Raises CannotSerialise where RDF/XML has no name for it."""
    if name == "jsonld":
        expanded = serialize(statements, format=RdfFormat.JSON_LD)
        output.write(compact(expanded or b"[]", prefixes))
        return
    checked = _named(statements) if name == "rdfxml" else statements
    serialize(checked, output, RDF_SYNTAX[name], prefixes=dict(prefixes))


def with_blank_nodes(triples: Iterable[Triple], prefix: str) -> Iterator[Triple]:
    """Give triples with blank nodes for IRIs that begin with ``prefix`` (RDF 1.1 Concepts, 3.5)."""

    def node(term: Any) -> Any:
        made = isinstance(term, NamedNode) and term.value.startswith(prefix)
        return BlankNode(term.value.removeprefix(prefix)) if made else term

    for triple in triples:
        yield Triple(node(triple.subject), triple.predicate, node(triple.object))


def _named(statements: Statements) -> Iterator[Triple]:
    seen: set[str] = set()
    for statement in statements:
        predicate = statement.predicate.value
        if predicate not in seen and not _ENDS_IN_NAME.search(predicate):
            raise CannotSerialise(predicate)
        seen.add(predicate)
        yield statement  # type: ignore[misc]  # RDF/XML takes quads as triples


def compact(expanded: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Compact the engine's expanded JSON-LD with the prefixes that it uses (JSON-LD 1.1 API, 6)."""
    from pyld import jsonld

    content = [_typed(node) for node in json.loads(expanded)]
    text = expanded.decode()
    context = {prefix: iri for prefix, iri in prefixes.items() if iri in text}
    result: Any = jsonld.compact(
        content, {"@context": context}, {"documentLoader": _never_load, "graph": len(content) != 1}
    )
    return json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n"


def _typed(node: dict[str, Any]) -> dict[str, Any]:
    """Write ``rdf:type`` as the keyword ``@type``, in named graphs too."""
    kinds = node.pop(RDF["type"], [])
    if all("@id" in kind for kind in kinds):
        node["@type"] = [*node.get("@type", []), *(kind["@id"] for kind in kinds)]
    else:
        node[RDF["type"]] = kinds
    if "@graph" in node:
        node["@graph"] = [_typed(inner) for inner in node["@graph"]]
    return {key: value for key, value in node.items() if key != "@type" or value}


def _never_load(url: str, _options: object) -> dict[str, Any]:
    raise CannotSerialise(url)
