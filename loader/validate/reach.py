"""How far shapes look: what validation of a thing reads beyond the thing's own statements.

A conservative reading of the shapes graph (SHACL, 2.1.3, 2.3.1 and 4): what it names may be read,
what it does not name is certainly not. So pieces of a graph give what the whole would give, as long
as a thing is in one piece with the things that it depends on (loader/validate/index.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from loader.validate.graph import RDF, SH, Node, ShapesGraph

SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"

_READS_ITSELF = frozenset(
    {"property", "class", "equals", "disjoint", "lessThan", "lessThanOrEquals", "path"}
)
"""What makes the validation of a node read statements about the node."""

_ASKS_OTHERS = ("node", "not", "qualifiedValueShape", "and", "or", "xone")
_STEPS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
_FOLLOWED = frozenset(_STEPS) - {"zeroOrOnePath"}
"""Paths inside which one step may come after another, whatever their order."""

_ANYTHING = frozenset(
    {"sparql", "select", "ask", "target", "validator", "nodeValidator", "propertyValidator"}
)
"""What cannot be told from outside: SPARQL (SHACL, 5 and 6) and targets of SHACL-AF."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What shapes read; predicates and nodes in N-Triples syntax."""

    predicates: frozenset[str] | None
    """All predicates that a shape may read; None where a shape may read any (``sh:closed``)."""
    forward: frozenset[str]
    """Predicates over which a thing depends on the object of a statement about it."""
    inverse: frozenset[str]
    """Predicates over which the object of a statement depends on its subject."""
    nodes: frozenset[str]
    """Nodes that are validated wherever they are (``sh:targetNode``)."""
    anything: bool
    """Whether a shape may read anything, so that only the whole graph gives a sure answer."""

    @classmethod
    def of(cls, shapes: ShapesGraph) -> "Reach":
        """Read the shapes graph."""
        return _Reading(shapes).reach()


@dataclass(slots=True)
class _Reading:
    shapes: ShapesGraph
    forward: set[str] = field(default_factory=set)
    inverse: set[str] = field(default_factory=set)

    def reach(self) -> Reach:
        for shape in self.shapes.shapes:
            self._paths(shape)
        everywhere = self.shapes.everywhere
        self.inverse.update(str(value) for value in everywhere("targetObjectsOf"))
        anything = any(next(everywhere(name), None) is not None for name in _ANYTHING)
        return Reach(
            predicates=None if anything or self._is_closed() else self._predicates(),
            forward=frozenset(self.forward),
            inverse=frozenset(self.inverse),
            nodes=frozenset(str(value) for value in everywhere("targetNode")),
            anything=anything,
        )

    def _is_closed(self) -> bool:
        closed = self.shapes.everywhere("closed")
        return any(getattr(value, "value", "") in ("true", "1") for value in closed)

    def _predicates(self) -> frozenset[str]:
        """Every IRI that is an object in the shapes graph, and what classes need."""
        objects = (triple.object for triple in self.shapes.triples)
        named = (str(value) for value in objects if isinstance(value, NamedNode))
        return frozenset({*named, f"<{RDF}type>", SUBCLASS})

    def _paths(self, shape: Node) -> None:
        for path in self.shapes.of(shape, "path"):
            self._path(path, self._reads_values(shape), False)

    def _reads_values(self, shape: Node) -> bool:
        """Whether a property shape reads statements about its values."""
        if self.shapes.of(shape, "class") or self.shapes.of(shape, "property"):
            return True
        return any(self._reads(other, {shape}) for other in self._others(shape))

    def _others(self, shape: Node) -> Iterator[Node]:
        for name in _ASKS_OTHERS:
            yield from self.shapes.each(self.shapes.of(shape, name))

    def _reads(self, shape: Node, seen: set[Node]) -> bool:
        """Whether validation against a shape reads statements about the node."""
        if shape in seen:
            return False
        seen.add(shape)
        said = {predicate.removeprefix(SH) for predicate in self.shapes.said(shape)}
        if said & _READS_ITSELF or "closed" in said:
            return True
        return any(self._reads(other, seen) for other in self._others(shape))

    def _path(self, path: Node, followed: bool, inverse: bool) -> None:
        """Take a path; ``followed``: statements about the nodes at its end are read as well."""
        if isinstance(path, NamedNode):
            self._predicate(path, followed, inverse)
            return
        steps = list(self.shapes.members(path))
        for step in steps[:-1]:
            self._path(step, True, inverse)
        for step in steps[-1:]:
            self._path(step, followed, inverse)
        for name, inner in self._inner(path):
            self._path(inner, followed or name in _FOLLOWED, inverse != (name == "inversePath"))

    def _inner(self, path: Node) -> Iterator[tuple[str, Node]]:
        for name in _STEPS:
            for inner in self.shapes.of(path, name):
                yield name, inner
        for alternatives in self.shapes.of(path, "alternativePath"):
            for inner in self.shapes.members(alternatives):
                yield "alternativePath", inner

    def _predicate(self, predicate: NamedNode, followed: bool, inverse: bool) -> None:
        if inverse:
            self.inverse.add(str(predicate))
        elif followed:
            self.forward.add(str(predicate))
