"""Documents of RDF that are written: the statements of one graph, or a word about why not."""

import tempfile
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from loader.rdf.safety import UnsafeError, check
from loader.writing.request import Refused

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "n3": RdfFormat.N3,
}
"""Formats of a graph that is written, by the names of ``vocab.formats``."""
_REMOTE = "LoadDocumentCallback"
"""What the parser of JSON-LD says where a context is at another address."""


def read_document(content: bytes, name: str, graph: str, base: str) -> list[Quad]:
    """Read a document as the statements of a graph. Raises Refused."""
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            check(Path(file.name), FORMATS[name])
        found = parse(
            content, format=FORMATS[name], base_iri=graph or base, rename_blank_nodes=True
        )
        return [_in_graph(quad, graph) for quad in found]
    except UnsafeError as error:
        raise Refused("write.unsafe", reason=str(error)) from error
    except (SyntaxError, ValueError) as error:
        code = "write.remote-context" if _REMOTE in str(error) else "write.rdf"
        raise Refused(code, reason=str(error)) from error


def _in_graph(quad: Quad, graph: str) -> Quad:
    if not isinstance(quad.graph_name, DefaultGraph):
        raise Refused("write.named-graphs", graph=str(quad.graph_name))
    return Quad(
        quad.subject, quad.predicate, quad.object, NamedNode(graph) if graph else DefaultGraph()
    )
