"""Reads RML in Turtle (https://rml.io/specs/rml/) into the model of mappings."""

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Literal

from loader.encoding import find_codec
from loader.functions.registry import local_name
from loader.mapping.model import (
    DEFAULT_GRAPH,
    Constant,
    Expression,
    Join,
    LogicalSource,
    Mapping,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    TermMap,
    TermType,
    TriplesMap,
    class_map,
)
from loader.mapping.rml_document import CSVW, Node, RmlDocument, value_of
from loader.mapping.rml_terms import RmlTerms

DEFAULT_BASE = "http://example.com/base/"
"""What relative IRIs of a document begin with, where nothing else is said (RML test cases)."""

_NULL = f"{CSVW}null"
_DEFAULT = TermMap(Constant(DEFAULT_GRAPH), TermType.IRI)


def read_rml(path: Path, base: str = DEFAULT_BASE) -> Mapping:
    """Read a document; raises ConfigurationError for what is wrong in it."""
    return _Reader(RmlDocument(path, base)).mapping()


class _Reader:
    """Reads the triples maps of one document."""

    def __init__(self, document: RmlDocument) -> None:
        self.rdf = document
        self.terms = RmlTerms(document)

    def mapping(self) -> Mapping:
        """Read the triples maps: whatever has a logical source."""
        found = [node for node, said in self.rdf.properties.items() if "logicalSource" in said]
        maps = tuple(self._triples_map(node) for node in found if self._is_triples_map(node))
        if not maps:
            raise self.rdf.error(
                "mapping.malformed", found[0] if found else None, expected="rr:TriplesMap"
            )
        return Mapping(self.rdf.path, maps, self._base(found))

    def _base(self, nodes: Sequence[Node]) -> str | None:
        """Return the base IRI of the triples maps (rml:baseIRI), of which there may be one."""
        stated = {self.rdf.text(node, "baseIRI") for node in nodes}
        if len(stated) > 1:
            raise self.rdf.error("mapping.malformed", nodes[-1], expected="1 × baseIRI")
        return next(iter(stated), None)

    def _is_triples_map(self, node: Node) -> bool:
        """Whether it is no function value, which may have a logical source too."""
        calls = {
            value
            for said in list(self.rdf.properties.values())
            for value in said.get("functionValue", ())
        }
        return node not in calls

    def _triples_map(self, node: Node) -> TriplesMap:
        subjects = list(self.terms.term_maps(node, "subject", TermType.IRI))
        if len(subjects) != 1:
            raise self.rdf.error("mapping.malformed", node, expected="1 × subjectMap")
        term, subject = subjects[0], self.rdf.one(node, "subjectMap") or node
        made = [class_map(value_of(class_)) for class_ in self.rdf.all(subject, "class")]
        made += [
            self._predicate_object(found) for found in self.rdf.all(node, "predicateObjectMap")
        ]
        source = self._source(self.rdf.needed(node, "logicalSource"))
        return TriplesMap(value_of(node), (source,), (term,), tuple(made), self._graphs(subject))

    def _source(self, node: Node) -> LogicalSource:
        source = self.rdf.needed(node, "source")
        path = self._path(source)
        if path is None:
            raise self.rdf.error("mapping.unsupported-source", node, source=value_of(source))
        formulation = self.rdf.text(node, "referenceFormulation") or "CSV"
        dialect = self.rdf.one(source, f"{CSVW}dialect") or source
        return LogicalSource(
            path,
            local_name(formulation).lower(),
            self.rdf.text(node, "iterator"),
            self.rdf.text(dialect, f"{CSVW}delimiter") or ",",
            self.rdf.text(dialect, f"{CSVW}quoteChar") or '"',
            self._encoding(source, dialect),
            tuple(map(value_of, (*self.rdf.all(source, "null"), *self.rdf.all(source, _NULL)))),
            self.rdf.line(node),
        )

    def _encoding(self, source: Node, dialect: Node) -> str:
        stated = self.rdf.text(source, "encoding") or self.rdf.text(dialect, f"{CSVW}encoding")
        name = local_name(stated) if stated else "utf-8"
        codec = find_codec(name)
        if codec is None:
            raise self.rdf.error("mapping.malformed", source, expected="encoding: UTF-8")
        return "utf-8-sig" if codec == "utf-8" else codec

    def _path(self, source: Node) -> str | None:
        if source not in self.rdf.properties:
            return value_of(source)
        return self.rdf.text(source, "path") or self.rdf.text(source, f"{CSVW}url")

    def _predicate_object(self, node: Node) -> PredicateObjectMap:
        predicates = tuple(self.terms.term_maps(node, "predicate", TermType.IRI))
        objects = [
            *(self._object(found) for found in self.rdf.all(node, "objectMap")),
            *self.terms.constants(node, "object"),
        ]
        if not predicates or not objects:
            raise self.rdf.error("mapping.malformed", node, expected="predicate, object")
        return PredicateObjectMap(predicates, tuple(objects), self._graphs(node))

    def _graphs(self, node: Node) -> tuple[TermMap, ...]:
        found = self.terms.term_maps(node, "graph", TermType.IRI)
        return tuple(_DEFAULT if _is_default_graph(graph) else graph for graph in found)

    def _object(self, node: Node) -> TermMap | RefObjectMap:
        parent = self.rdf.one(node, "parentTriplesMap")
        if parent is None:
            return self.terms.term_map(node, None)
        joins = tuple(self._join(found) for found in self.rdf.all(node, "joinCondition"))
        if parent not in self.rdf.properties:
            raise self.rdf.error("mapping.unknown-map", node, name=value_of(parent), nearest="-")
        return RefObjectMap(value_of(parent), joins, self.rdf.line(node))

    def _join(self, node: Node) -> Join:
        return Join(self._side(node, "child"), self._side(node, "parent"))

    def _side(self, node: Node, name: str) -> Expression:
        stated = self.rdf.needed(node, name, f"{name}Map")
        return (
            Reference(value_of(stated), self.rdf.line(node))
            if isinstance(stated, Literal)
            else self.terms.expression(stated)
        )


def _is_default_graph(graph: TermMap) -> bool:
    constant = graph.expression
    return isinstance(constant, Constant) and local_name(constant.value) == "defaultGraph"
