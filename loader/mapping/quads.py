"""Triples maps compiled to quads, with the rules about the parts of a thing.

A part (``…#address``) whose own values are all blank makes no triples: its type, what is constant
about it, and links to it are written only for rows where something else of it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from loader.functions import FUNCTIONS, Gives
from loader.mapping.emission import Quad, both, either
from loader.mapping.expressions import Expressions
from loader.mapping.frame import Column, Compiled, columns
from loader.mapping.model import (
    DEFAULT_GRAPH,
    RDF_TYPE,
    Call,
    Constant,
    Expression,
    PredicateObjectMap,
    RefObjectMap,
    TermMap,
    TriplesMap,
)
from loader.mapping.terms import NEVER, Term, Terms, without_part

JoinedTerms = Callable[[TriplesMap, RefObjectMap], Sequence[Term]]
"""Compiles the objects of a join: the subjects of another triples map."""


@dataclass(slots=True)
class Quads:
    """Compiles triples maps that share one table."""

    maps: Sequence[TriplesMap]
    expressions: Expressions
    terms: Terms
    joined: JoinedTerms
    graph: Term | None = None
    """The graph of all quads; where None, the mapping's own graphs are used."""
    _existence: dict[Expression, Column | None] = field(default_factory=dict)

    def quads(self, triples_map: TriplesMap) -> Iterator[Quad]:
        """Compile a triples map."""
        conditions = self._conditions(triples_map.conditions)
        if conditions is None:
            return
        for subject in triples_map.subjects:
            for made in triples_map.predicate_objects:
                yield from self._of_subject(triples_map, subject, made, conditions)

    def _of_subject(
        self,
        triples_map: TriplesMap,
        subject: TermMap,
        made: PredicateObjectMap,
        outer: tuple[Compiled, ...],
    ) -> Iterator[Quad]:
        own = self._conditions(made.conditions)
        if own is None:
            return
        conditions = (*outer, *own)
        masks = columns(conditions)
        if is_part(subject.expression):
            exists = self._exists(subject.expression)
            if exists is None:
                return
            masks = (exists, *masks)
        main = triples_map.name == self.maps[0].name
        for (one, predicate, other), links in self._triples(triples_map, subject, made):
            for graph in self._graphs(triples_map, made):
                kept = tuple(dict.fromkeys((*masks, *links)))
                yield Quad(one, predicate, other, graph, kept, conditions, main)

    def _triples(
        self, triples_map: TriplesMap, subject: TermMap, made: PredicateObjectMap
    ) -> Iterator[tuple[tuple[Term, Term, Term], tuple[Column, ...]]]:
        """Give subject, predicate and object, and the columns that have to have a value."""
        thing = self.terms.term(subject)
        for object_ in made.objects:
            for term, links in self._objects(triples_map, object_):
                for predicate in made.predicates:
                    yield (thing, self.terms.term(predicate), term), links
                for inverse in made.inverses:
                    yield (term, self.terms.term(inverse), thing), links

    def _objects(
        self, triples_map: TriplesMap, object_: TermMap | RefObjectMap
    ) -> list[tuple[Term, tuple[Column, ...]]]:
        """Compile an object; a link to a part comes with the column that says where it exists."""
        if isinstance(object_, RefObjectMap):
            return [(term, ()) for term in self._referenced(triples_map, object_)]
        term = self.terms.term(object_)
        if not self._is_link(object_.expression):
            return [(term, ())]
        exists = self._exists(object_.expression)
        return [(term, (exists,)) if exists else (NEVER, ())]

    def _referenced(self, triples_map: TriplesMap, reference: RefObjectMap) -> Sequence[Term]:
        parent = next((found for found in self.maps if found.name == reference.parent), None)
        if reference.joins or parent is None or parent.sources != triples_map.sources:
            return self.joined(triples_map, reference)
        return list(map(self.terms.term, parent.subjects))

    def _graphs(self, triples_map: TriplesMap, made: PredicateObjectMap) -> list[Term | None]:
        if self.graph is not None:
            return [self.graph]
        graphs = dict.fromkeys((*triples_map.graphs, *made.graphs))
        return [self._named(graph) for graph in graphs] or [None]

    def _named(self, graph: TermMap) -> Term | None:
        """Return the name of a graph; the default graph has none."""
        return None if graph.expression == Constant(DEFAULT_GRAPH) else self.terms.term(graph)

    def _conditions(self, conditions: Sequence[Call]) -> tuple[Compiled, ...] | None:
        """Compile conditions; None where one can never hold."""
        compiled = tuple(map(self.expressions.plain, conditions))
        return None if any(found.never for found in compiled) else compiled

    # --- parts -----------------------------------------------------------------------------

    def _is_link(self, expression: Expression) -> bool:
        """Whether an expression names a part that a triples map of the document makes."""
        return is_part(expression) and any(
            subject.expression == expression for found in self.maps for subject in found.subjects
        )

    def _exists(self, part: Expression) -> Column | None:
        """Return the column that has a value where a part has triples; None where it never has."""
        if part not in self._existence:
            self._existence[part] = None  # a part that links to itself does not exist by that
            evidence = [
                column
                for triples_map in self.maps
                if any(subject.expression == part for subject in triples_map.subjects)
                for column in self._evidence(triples_map, part)
            ]
            if evidence:
                self._existence[part] = self.expressions.slots.cached(either(evidence))
        return self._existence[part]

    def _evidence(self, triples_map: TriplesMap, part: Expression) -> Iterator[Column]:
        outer = self._conditions(triples_map.conditions)
        for made in triples_map.predicate_objects:
            own = self._conditions(made.conditions)
            if outer is None or own is None or _is_type(made):
                continue
            masks = columns((*outer, *own))
            for object_ in made.objects:
                value = self._value(triples_map, object_, part)
                if value is None or not (columns(own) or value):
                    continue
                found = both([*masks, *value])
                if found is not None:
                    yield found

    def _value(
        self, triples_map: TriplesMap, object_: TermMap | RefObjectMap, part: Expression
    ) -> list[Column] | None:
        """Return the column of an object that differs from row to row; None where it is never."""
        if isinstance(object_, TermMap) and without_part(object_.expression)[0] is not None:
            whole = without_part(part)[0]
            if not is_part(object_.expression) and object_.expression == whole:
                return []
        found = [one for one in self._objects(triples_map, object_) if not one[0].never]
        if not found:
            return None
        term, links = found[0]
        if links:
            return list(links)
        return [term.column] if term.column is not None else []


def is_part(expression: Expression) -> bool:
    """Whether an expression makes the IRI of a part of a thing."""
    call, fragment = without_part(expression)
    return (
        call is not None and bool(fragment) and FUNCTIONS[call.function].gives is Gives.RELATIVE_IRI
    )


def _is_type(made: PredicateObjectMap) -> bool:
    return all(predicate.expression == Constant(RDF_TYPE) for predicate in made.predicates)
