"""The store that the requests of a batch are evaluated on: a checkpoint of the one that is served.

Only the graphs that may be written count. What is written of blank nodes gets IRIs (RDF 1.1
Concepts, 3.5), as in all releases: lines can then be compared, removed and sent to others.
"""

import base64
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)

from loader.functions.geosparql import custom_aggregates, custom_geo_functions
from loader.functions.sparql import custom_functions
from loader.writing.documents import read_document
from loader.writing.operations import Operation, operations
from loader.writing.request import DEFAULT, Protected, Refused
from loader.writing.tokens import Malformed
from vocab.lines import graph_of

_SHOWN = 40
"""Characters of a text that nobody can say more about."""
_FUNCTIONS = custom_functions() | custom_geo_functions()
_AGGREGATES = custom_aggregates()


@dataclass(slots=True)
class Scratch:
    """A store with how many statements each written graph has.

    ``genid`` begins the IRIs of blank nodes; ``most`` statements may be written in all, ``depth``
    brackets nested in an update.
    """

    store: Store
    protected: Protected
    genid: str
    most: int
    depth: int
    counts: Counter[str] = field(default_factory=Counter)

    def apply(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Carry a request out; return its answer, with the graphs that it touched.

        Raises Refused, and leaves the store half changed then: who calls has another.
        """
        if request["kind"] == "update":
            touched, answer = self._update(request), dict[str, Any]()
        else:
            touched, answer = self._graph_store(request)
        for graph in sorted(touched):
            self.counts[graph] = self._tidy(graph)
        if self.counts.total() > self.most:
            raise Refused("write.too-many", limit=self.most)
        return {**answer, "touched": sorted(touched)}

    def _update(self, request: Mapping[str, Any]) -> set[str]:
        text, base = request["text"], request["base"]
        touched: set[str] = set()
        try:
            for operation in operations(text, self.depth):
                ready = self._with_dataset(operation, request)
                touched |= self._operate(ready, text, base)
        except Malformed:
            _try(text, base)
            raise Refused("write.malformed", reason=text.strip()[:_SHOWN]) from None
        return touched

    @staticmethod
    def _with_dataset(operation: Operation, request: Mapping[str, Any]) -> Operation:
        using, named = request["using"], request["using_named"]
        if not using and not named:
            return operation
        if operation.names_dataset:
            raise Refused("write.two-datasets")
        return operation.on(using, named)

    def _operate(self, operation: Operation, text: str, base: str) -> set[str]:
        """Carry out an operation; return the graphs that it may have changed."""
        if operation.kind == "load":
            raise Refused("write.load")
        try:
            targets = self._targets(operation, base)
            self._require_writable(targets)
            if operation.kind in ("clear", "create"):
                _try(operation.text, base)
                self._manage(operation, targets)
            else:
                self._evaluate(operation, base)
        except SyntaxError as error:
            _try(operation.alone(text), base)
            raise _syntax(str(error)) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise Refused("write.failed", reason=str(error)) from error
        return targets

    def _targets(self, operation: Operation, base: str) -> set[str]:
        if operation.words:
            return set(self._existing(operation.words))
        named = [term for term in operation.targets if term]
        found = set(_resolve(operation.prologue, named, base))
        if "" in operation.targets:
            found.add(DEFAULT)
        return found | self._values(operation, base)

    def _existing(self, words: str) -> Iterator[str]:
        """Give the graphs that there are and that may be written."""
        if words != "named":
            yield DEFAULT
        if words != "default":
            for graph in self.store.named_graphs():
                if isinstance(graph, NamedNode) and not self.protected.has(graph.value):
                    yield graph.value

    def _values(self, operation: Operation, base: str) -> set[str]:
        """Return the graphs that the variables of templates stand for."""
        if not operation.variables:
            return set()
        default = [operation.with_graph] if operation.with_graph else operation.using
        own = bool(operation.using or operation.using_named)
        solutions = self.store.query(
            f"{operation.prologue} SELECT DISTINCT {' '.join(operation.variables)} WHERE "
            f"{operation.where}",
            base_iri=base,
            default_graph=_nodes(operation, default, base) if default or own else None,
            named_graphs=_nodes(operation, operation.using_named, base) if own else None,
            custom_functions=_FUNCTIONS,
            custom_aggregate_functions=_AGGREGATES,
        )
        assert isinstance(solutions, QuerySolutions)
        found = (value for solution in solutions for value in solution)
        return {value.value for value in found if isinstance(value, NamedNode)}

    def _require_writable(self, targets: Iterable[str]) -> None:
        for graph in sorted(targets):
            if self.protected.has(graph):
                raise Refused("write.protected", graph=graph)

    def _manage(self, operation: Operation, targets: Iterable[str]) -> None:
        """CLEAR, DROP, CREATE: a graph is there while it says something (3.2)."""
        for graph in targets:
            if operation.kind == "clear":
                self._clear(graph)
            elif not operation.silent and self._is_there(graph):
                raise Refused("write.exists", graph=graph)

    def _evaluate(self, operation: Operation, base: str) -> None:
        self.store.update(
            operation.text,
            base_iri=base,
            custom_functions=_FUNCTIONS,
            custom_aggregate_functions=_AGGREGATES,
        )

    def _graph_store(self, request: Mapping[str, Any]) -> tuple[set[str], dict[str, Any]]:
        """Graph Store HTTP Protocol, 5.3 (PUT), 5.4 (DELETE), 5.5 (POST)."""
        graph = request["graph"]
        self._require_writable([graph])
        there = self._is_there(graph)
        if request.get("there", there) != there:
            raise Refused("write.changed")
        if request["kind"] != "post":
            self._clear(graph)
        for document in request.get("documents", ()):
            content = base64.b64decode(document["content"])
            quads = read_document(content, document["format"], graph, request["base"])
            self.store.extend(quads)
        return {graph}, {"found": there}

    def _clear(self, graph: str) -> None:
        if graph == DEFAULT:
            self.store.clear_graph(DefaultGraph())
        else:
            self.store.remove_graph(NamedNode(graph))

    def _is_there(self, graph: str) -> bool:
        return next(self._quads(graph), None) is not None

    def _quads(self, graph: str) -> Iterator[Quad]:
        return self.store.quads_for_pattern(None, None, None, _node(graph))

    def _tidy(self, graph: str) -> int:
        """Give blank nodes IRIs; return how many statements the graph has."""
        count = 0
        unnamed = []
        for quad in self._quads(graph):
            count += 1
            if isinstance(quad.object, Triple):
                raise Refused("write.triple-term")
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                unnamed.append(quad)
        for quad in unnamed:
            self.store.remove(quad)
        self.store.extend(map(self._named, unnamed))
        return count

    def _named(self, quad: Quad) -> Quad:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = NamedNode(self.genid + subject.value)
        if isinstance(object_, BlankNode):
            object_ = NamedNode(self.genid + object_.value)
        return Quad(subject, quad.predicate, object_, quad.graph_name)

    def count(self, earlier: Path | None, touched: Iterable[str]) -> None:
        """Count anew: as in the lines of ``earlier``, but the touched graphs as in the store."""
        self.counts = Counter(graph_of(line).decode()[1:-1] for line in _lines(earlier))
        for graph in touched:
            self.counts[graph] = sum(1 for _ in self._quads(graph))

    def write(self, earlier: Path | None, touched: Sequence[str], target: Path) -> None:
        """Write the lines of all written graphs, sorted: the untouched as they are in a file."""
        names = {f"<{graph}>".encode() if graph else b"" for graph in touched}
        kept = (line for line in _lines(earlier) if graph_of(line) not in names)
        quads = (quad for graph in touched for quad in self._quads(graph))
        changed = sorted(f"{quad} .\n".encode() for quad in quads)
        with target.open("wb") as stream:
            stream.writelines(heapq.merge(kept, changed))


def _lines(path: Path | None) -> Iterator[bytes]:
    if path is not None:
        with path.open("rb") as stream:
            yield from stream


def _node(graph: str) -> NamedNode | DefaultGraph:
    return NamedNode(graph) if graph else DefaultGraph()


def _nodes(operation: Operation, terms: Sequence[str], base: str) -> list[Any]:
    return [NamedNode(iri) for iri in _resolve(operation.prologue, terms, base)]


def _resolve(prologue: str, terms: Sequence[str], base: str) -> list[str]:
    """Return the IRIs that terms stand for; the engine knows best."""
    if not terms:
        return []
    query = f"{prologue} SELECT * {{ VALUES ?graph {{ {' '.join(terms)} }} }}"
    found = Store().query(query, base_iri=base)
    assert isinstance(found, QuerySolutions)
    return [solution["graph"].value for solution in found]


def _try(text: str, base: str) -> None:
    """See whether the engine can read a text; raises Refused where it cannot, and says where."""
    try:
        Store().update(text, base_iri=base)
    except SyntaxError as error:
        raise _syntax(str(error)) from error
    except (RuntimeError, OSError, ValueError):
        return  # it can be read: that it means nothing here is no matter


def _syntax(message: str) -> Refused:
    return Refused("write.malformed", reason=message)
