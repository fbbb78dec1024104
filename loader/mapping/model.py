"""One model of a mapping, whether it was written in YARRRML or in RML.

https://rml.io/specs/rml/ (triples map, term map, logical source), https://rml.io/yarrrml/spec/,
https://w3id.org/rml/fnml/spec (function calls). All parts compare by value, so that equal term
maps are computed once; ``line`` (of the document, from 1) takes no part in that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE = RDF + "type"
DEFAULT_GRAPH = "http://w3id.org/rml/defaultGraph"
"""What the default graph is called in mappings (rr:defaultGraph in R2RML)."""


class TermType(StrEnum):
    """What a term map makes (rr:termType)."""

    IRI = "IRI"
    LITERAL = "Literal"
    BLANK_NODE = "BlankNode"
    UNSAFE_IRI = "UnsafeIRI"
    """An IRI in whose template values are written as they are (rml:UnsafeIRI)."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is the same for every row."""

    value: str
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """The cell of a column; names that begin with ``_`` are external (``_dataset``, ``_scope``)
    unless they were escaped (``column``)."""

    name: str
    line: int | None = field(default=None, compare=False)
    column: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Constants and other expressions, one after the other.

    The value of a reference is percent-encoded where an IRI is made, that of a constant or of a
    call is not.
    """

    parts: "tuple[Expression, ...]"
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function: its IRI, and an expression for each parameter (IRI or bare name)."""

    function: str
    arguments: "tuple[tuple[str, Expression], ...]"
    line: int | None = field(default=None, compare=False)


Expression: TypeAlias = Constant | Reference | Template | Call


@dataclass(frozen=True, slots=True)
class TermMap:
    """How a term is made; ``language`` and ``datatype`` are mostly constants."""

    expression: Expression
    term_type: TermType
    datatype: Expression | None = None
    language: Expression | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Equality of a value of the child's row and one of the parent's (rr:joinCondition)."""

    child: Expression
    parent: Expression


@dataclass(frozen=True, slots=True)
class RefObjectMap:
    """An object that is the subject of another triples map (rr:parentTriplesMap)."""

    parent: str
    joins: tuple[Join, ...] = ()
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Every predicate with every object, in every graph, where all conditions give a value."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | RefObjectMap, ...]
    graphs: tuple[TermMap, ...] = ()
    conditions: tuple[Call, ...] = ()
    inverses: tuple[TermMap, ...] = ()
    """Predicates from the object to the subject (YARRRML: inversepredicates)."""


@dataclass(frozen=True, slots=True)
class LogicalSource:
    """Where rows come from: a file, a way to read it and, for JSON, an iterator.

    ``nulls`` are the cells that are no values (rml:null).
    """

    path: str
    formulation: str = "csv"
    iterator: str | None = None
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8-sig"
    nulls: tuple[str, ...] = ()
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """Subjects and what is said of them, for each row of each source."""

    name: str
    sources: tuple[LogicalSource, ...]
    subjects: tuple[TermMap, ...]
    predicate_objects: tuple[PredicateObjectMap, ...]
    graphs: tuple[TermMap, ...] = ()
    conditions: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping document; its first triples map makes the main things."""

    path: Path | None
    triples_maps: tuple[TriplesMap, ...]
    base: str | None = None
    externals: dict[str, str] = field(default_factory=dict)
    """Values of external references (``_name``) that the document itself gives."""
    elsewhere: tuple[TriplesMap, ...] = ()
    """Triples maps about other tables of the package, which may be joined."""

    def named(self, name: str) -> TriplesMap | None:
        """Return the triples map of that name."""
        return next((found for found in self.triples_maps if found.name == name), None)


def references(expression: Expression) -> Iterator[Reference]:
    """Give every reference inside an expression, in the order of the document."""
    if isinstance(expression, Reference):
        yield expression
    elif isinstance(expression, Template):
        for part in expression.parts:
            yield from references(part)
    elif isinstance(expression, Call):
        for _, argument in expression.arguments:
            yield from references(argument)


def term_maps(triples_map: TriplesMap) -> Iterator[TermMap]:
    """Give the term maps of a triples map, but for those of its graphs."""
    yield from triples_map.subjects
    for made in triples_map.predicate_objects:
        yield from (*made.predicates, *made.inverses)
        yield from (object_ for object_ in made.objects if isinstance(object_, TermMap))


def references_of(triples_map: TriplesMap) -> Iterator[Reference]:
    """Give every reference of a triples map: of conditions first, then of terms."""
    calls: list[Call] = [*triples_map.conditions]
    for made in triples_map.predicate_objects:
        calls += made.conditions
    for call in calls:
        yield from references(call)
    for term_map in term_maps(triples_map):
        for expression in (term_map.expression, term_map.language, term_map.datatype):
            if expression is not None:
                yield from references(expression)
    for join in _joins_of(triples_map):
        yield from references(join.child)


def _joins_of(triples_map: TriplesMap) -> Iterator[Join]:
    for made in triples_map.predicate_objects:
        for object_ in made.objects:
            if isinstance(object_, RefObjectMap):
                yield from object_.joins


def class_map(iri: str) -> PredicateObjectMap:
    """Return the map that says that the subject is of a class (rr:class)."""
    kind = TermMap(Constant(RDF_TYPE), TermType.IRI)
    return PredicateObjectMap((kind,), (TermMap(Constant(iri), TermType.IRI),))
