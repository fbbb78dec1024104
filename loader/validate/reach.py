"""How far shapes look: what validation of a thing reads beyond the thing's own statements.

A conservative reading of the shapes graph (SHACL, 2.1.3, 2.3.1 and 4): what it names may be read,
what it does not name is certainly not. So pieces of a graph give what the whole would give, as long
as a thing is in one piece with the things that it depends on (loader/validate/index.py).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"

_Node = NamedNode | BlankNode | Literal | Triple
_Values = dict[_Node, dict[str, list[_Node]]]

_READS_ITSELF = frozenset({"property", "class", "equals", "disjoint", "lessThan", "path"})
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
    def of(cls, shapes: Sequence[Triple]) -> "Reach":
        """Read the shapes graph."""
        return _Reading(shapes).reach()


@dataclass(slots=True)
class _Reading:
    shapes: Sequence[Triple]
    values: _Values = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    forward: set[str] = field(default_factory=set)
    inverse: set[str] = field(default_factory=set)

    def reach(self) -> Reach:
        for triple in self.shapes:
            self.values[triple.subject][triple.predicate.value].append(triple.object)
        for shape in list(self.values):
            self._paths(shape)
        self.inverse.update(str(value) for value in self._objects("targetObjectsOf"))
        anything = any(next(self._objects(name), None) is not None for name in _ANYTHING)
        return Reach(
            predicates=None if anything or self._is_closed() else self._predicates(),
            forward=frozenset(self.forward),
            inverse=frozenset(self.inverse),
            nodes=frozenset(str(value) for value in self._objects("targetNode")),
            anything=anything,
        )

    def _objects(self, name: str) -> Iterator[_Node]:
        for said in self.values.values():
            yield from said.get(SH + name, ())

    def _is_closed(self) -> bool:
        return any(
            getattr(value, "value", "") in ("true", "1") for value in self._objects("closed")
        )

    def _predicates(self) -> frozenset[str]:
        """Every IRI that is an object in the shapes graph, and what classes need."""
        named = (str(t.object) for t in self.shapes if isinstance(t.object, NamedNode))
        return frozenset({*named, f"<{RDF}type>", SUBCLASS})

    def _paths(self, shape: _Node) -> None:
        for path in self.values[shape].get(SH + "path", ()):
            self._path(path, self._reads_values(shape), False)

    def _reads_values(self, shape: _Node) -> bool:
        """Whether a property shape reads statements about its values."""
        said = self.values[shape]
        if said.get(SH + "class") or said.get(SH + "property"):
            return True
        return any(self._reads(other, {shape}) for other in self._others(shape))

    def _others(self, shape: _Node) -> Iterator[_Node]:
        for name in _ASKS_OTHERS:
            for value in self.values[shape].get(SH + name, ()):
                members = list(self._members(value))
                yield from members or [value]

    def _reads(self, shape: _Node, seen: set[_Node]) -> bool:
        """Whether validation against a shape reads statements about the node."""
        if shape in seen:
            return False
        seen.add(shape)
        said = {predicate.removeprefix(SH) for predicate in self.values.get(shape, {})}
        if said & _READS_ITSELF or "closed" in said:
            return True
        return any(self._reads(other, seen) for other in self._others(shape))

    def _members(self, node: _Node) -> Iterator[_Node]:
        """The members of a list; none where the node is not a list."""
        seen = set()
        while node in self.values and RDF + "first" in self.values[node] and node not in seen:
            seen.add(node)
            yield from self.values[node][RDF + "first"]
            node = next(iter(self.values[node].get(RDF + "rest", ())), node)

    def _path(self, path: _Node, followed: bool, inverse: bool) -> None:
        """Take a path; ``followed``: statements about the nodes at its end are read as well."""
        if isinstance(path, NamedNode):
            self._predicate(path, followed, inverse)
            return
        steps = list(self._members(path))
        for step in steps[:-1]:
            self._path(step, True, inverse)
        for step in steps[-1:]:
            self._path(step, followed, inverse)
        for name, inner in self._inner(path):
            self._path(inner, followed or name in _FOLLOWED, inverse != (name == "inversePath"))

    def _inner(self, path: _Node) -> Iterator[tuple[str, _Node]]:
        said = self.values.get(path, {})
        for name in _STEPS:
            for inner in said.get(SH + name, ()):
                yield name, inner
        for alternatives in said.get(SH + "alternativePath", ()):
            for inner in self._members(alternatives):
                yield "alternativePath", inner

    def _predicate(self, predicate: NamedNode, followed: bool, inverse: bool) -> None:
        if inverse:
            self.inverse.add(str(predicate))
        elif followed:
            self.forward.add(str(predicate))
