"""The shapes graph, to be read shape by shape."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

Node = NamedNode | BlankNode | Literal | Triple


class ShapesGraph:
    """What is said of each node of the shapes graph, by predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(triples)
        self._said: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in self.triples:
            self._said[triple.subject][triple.predicate.value].append(triple.object)

    @property
    def shapes(self) -> list[Node]:
        """All nodes of which something is said."""
        return list(self._said)

    def of(self, node: Node, name: str) -> list[Node]:
        """The values of a term of SHACL (by its local name) for a node."""
        return self.said(node).get(SH + name, [])

    def said(self, node: Node) -> dict[str, list[Node]]:
        """What is said of a node: values by the IRIs of predicates."""
        return self._said.get(node, {})

    def everywhere(self, name: str) -> Iterator[Node]:
        """The values of a term of SHACL, whatever has them."""
        for said in self._said.values():
            yield from said.get(SH + name, ())

    def members(self, node: Node) -> Iterator[Node]:
        """The members of a list; none where the node is not a list."""
        seen = set()
        while RDF + "first" in self.said(node) and node not in seen:
            seen.add(node)
            yield from self.said(node)[RDF + "first"]
            node = next(iter(self.said(node).get(RDF + "rest", ())), node)

    def each(self, values: Iterable[Node]) -> Iterator[Node]:
        """The values, or the members of those that are lists."""
        for value in values:
            yield from list(self.members(value)) or [value]
