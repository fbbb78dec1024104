"""Reads a resource that is a graph rather than a table, statement by statement.

The statements become lines of canonical N-Quads in the graph of the dataset. Blank nodes get IRIs
(docs/uri-policy.md), so that a dataset's dump is the same bytes each time; named graphs of the
file are put together; contexts of JSON-LD at other addresses are not fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat

from loader.model import Finding, FindingLog, Resource
from loader.rdf.safety import UnsafeError, check
from vocab import formats
from vocab.iris import IriPolicy

LINES_AT_ONCE = 4_000
"""Lines of a piece; a thing's lines that follow each other stay in one piece up to twice that."""

MOST_BLANK_NODES = 500_000
"""Blank nodes that are numbered, about 100 MB; N-Triples and N-Quads keep their own labels."""

MOST_COUNTED = 10_000
"""Names of graphs, and of classes, that are told apart."""

_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_LABELLED = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_DEFAULT = DefaultGraph()
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_POSITION = re.compile(r" at line (\d+)| between line (\d+)")


@dataclass(slots=True)
class Graph:
    """An RDF file that can be read; ``lines`` gives its statements, once."""

    resource: Resource
    policy: IriPolicy
    dataset: str
    findings: FindingLog
    _format: RdfFormat
    _label: str
    _numbers: dict[str, int] = field(default_factory=dict)
    _graphs: set[str] = field(default_factory=set)
    _triple_terms: int = 0
    bytes_read: int = 0
    classes: set[str] = field(default_factory=set)
    """IRIs of the classes that the statements read so far state."""

    @property
    def file(self) -> str:
        """The name of the file in messages and IRIs."""
        return self.resource.label

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.resource.path.stat().st_size

    def lines(self) -> Iterator[list[str]]:
        """Give the lines in pieces, cut between things; what is wrong goes to the findings."""
        piece: list[str] = []
        total = 0
        try:
            subject = None
            for quad in self._quads():
                if len(piece) >= LINES_AT_ONCE and (
                    quad.subject != subject or len(piece) >= 2 * LINES_AT_ONCE
                ):
                    yield piece
                    piece = []
                subject = quad.subject
                piece.append(self._line(quad))
                total += 1
        except (SyntaxError, ValueError) as error:
            self._report_syntax(error)
        except _TooManyNodes:
            limit = f"{MOST_BLANK_NODES:,}"
            self._report("graph.too-many-blank-nodes", limit=limit)
        else:
            self._report_whole(total)
        if piece:
            yield piece

    def _quads(self) -> Iterator[pyoxigraph.Quad]:
        """Give the statements that RDF 1.1 can express."""
        with self.resource.path.open("rb") as stream:
            for quad in pyoxigraph.parse(stream, format=self._format, base_iri=self._base()):
                if isinstance(quad.object, pyoxigraph.Triple):
                    self._triple_terms += 1
                    continue
                if quad.graph_name != _DEFAULT and len(self._graphs) < MOST_COUNTED:
                    self._graphs.add(str(quad.graph_name))
                if quad.predicate == _TYPE and isinstance(quad.object, NamedNode):
                    self._add_class(quad.object.value)
                yield quad
                self.bytes_read = stream.tell()

    def _add_class(self, iri: str) -> None:
        if len(self.classes) < MOST_COUNTED:
            self.classes.add(iri)

    def _base(self) -> str:
        """Return what relative IRIs of the file are relative to (RFC 3986, 5.1)."""
        return self.resource.url or self.policy.file(self.dataset, self.resource.file.name)

    def _line(self, quad: pyoxigraph.Quad) -> str:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = self._named(subject)
        if isinstance(object_, BlankNode):
            object_ = self._named(object_)
        return f"{subject} {quad.predicate} {object_} <{self.policy.graph(self.dataset)}> .\n"

    def _named(self, node: BlankNode) -> NamedNode:
        """Return the IRI that stands for a blank node (RDF 1.1 Concepts, 3.5)."""
        if self._format in _LABELLED:
            local = node.value
            if len(self._numbers) < MOST_BLANK_NODES:
                self._numbers[local] = 0
        else:
            local = str(self._number(node.value))
        if self.resource.member:
            local = f"{self.resource.member}-{local}"
        return NamedNode(self.policy.skolem(self.dataset, self.resource.file.name, local))

    def _number(self, label: str) -> int:
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        if number > MOST_BLANK_NODES:
            raise _TooManyNodes
        return number

    def _report_whole(self, total: int) -> None:
        if not total:
            self._report("graph.empty")
        if self._numbers:
            self._report("graph.blank-nodes", count=f"{len(self._numbers):,}")
        if self._graphs:
            self._report("graph.named-graphs", count=f"{len(self._graphs):,}")
        if self._triple_terms:
            self._report("graph.triple-terms", count=f"{self._triple_terms:,}")

    def _report_syntax(self, error: Exception) -> None:
        reason = str(error)
        if "LoadDocumentCallback" in reason:
            self._report("graph.remote-context")
            return
        found = _POSITION.search(reason)
        row = int(found.group(1) or found.group(2)) if found else None
        self._report("graph.syntax", row, format=self._label, reason=reason)

    def _report(self, code: str, row: int | None = None, **details: object) -> None:
        self.findings.add(Finding(code, self.file, row, details=details))


class _TooManyNodes(Exception):
    """More blank nodes than are numbered."""


def open_graph(
    resource: Resource, policy: IriPolicy, dataset: str, findings: FindingLog
) -> Graph | None:
    """Open a file of RDF, or return None with a violation in the log."""
    known = formats.find(resource.media_type)
    format_ = _FORMATS.get(known.name) if known else None
    if known is None or format_ is None:
        raise ValueError(f"not a graph: {resource.media_type}")
    graph = Graph(resource, policy, dataset, findings, format_, known.label)
    try:
        check(resource.path, format_)
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        findings.add(Finding("source.unreadable", resource.label, details=details))
    except UnsafeError as error:
        findings.add(Finding("graph.refused", resource.label, details={"reason": str(error)}))
    except SyntaxError as error:
        details = {"format": known.label, "reason": str(error)}
        findings.add(Finding("graph.syntax", resource.label, details=details))
    else:
        return graph
    return None
