"""A call of a GeoSPARQL function: terms to values, the computation, its result as a term."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from shapely.errors import ShapelyError

from loader.functions.geosparql import (
    constructions,
    measures,
    properties,
    relations,
    serialisations,
)
from loader.functions.geosparql.aggregates import AGGREGATES, Group
from loader.functions.geosparql.catalogue import GeoFunction
from loader.functions.geosparql.crs import crs
from loader.functions.geosparql.geometry import WKT, Geometry, NoGeometry, read, write_wkt
from loader.functions.geosparql.terms import Address, Written
from loader.functions.geosparql.units import unit

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "float", "double"))
_UNBOUND = (ValueError, ArithmeticError, ShapelyError, RuntimeError)
"""What our own modules, shapely, GEOS and PROJ raise for values that they cannot take."""

_FUNCTIONS: dict[str, Callable[..., object]] = {
    **relations.FUNCTIONS,
    **constructions.FUNCTIONS,
    **measures.FUNCTIONS,
    **properties.FUNCTIONS,
    **serialisations.FUNCTIONS,
}


def call(declared: GeoFunction, terms: Sequence[Term]) -> Literal | None:
    """Call a function with terms; None is an unbound value."""
    readers = _readers(declared.parameters)
    if not declared.required <= len(terms) <= len(readers):
        return None
    try:
        values = [read_term(term) for read_term, term in zip(readers, terms, strict=False)]
        return _result(_FUNCTIONS[declared.name](*values))
    except _UNBOUND:
        return None


@cache
def _readers(kinds: tuple[str, ...]) -> tuple[Callable[[Term], object], ...]:
    return tuple(_ARGUMENTS[kind.rstrip("?")] for kind in kinds)


def _geometry(term: Term) -> Geometry:
    if not isinstance(term, Literal):
        raise NoGeometry("not a literal")
    return read(term.value, term.datatype.value)


def _address(term: Term) -> str:
    """The IRI that a term is, or names as xsd:anyURI or text."""
    if isinstance(term, NamedNode) or (
        isinstance(term, Literal) and term.datatype.value in (XSD + "anyURI", XSD + "string")
    ):
        return term.value
    raise ValueError("not an IRI")


def _number(term: Term) -> float:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMERIC:
        raise ValueError("not a number")
    number = float(term.value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _integer(term: Term) -> int:
    if not isinstance(term, Literal) or term.datatype.value != XSD + "integer":
        raise ValueError("not an integer")
    return int(term.value)


def _text(term: Term) -> str:
    if not isinstance(term, Literal):
        raise ValueError("not a literal")
    return term.value


_ARGUMENTS: dict[str, Callable[[Term], object]] = {
    "geometry": _geometry,
    "unit": lambda term: unit(_address(term)),
    "crs": lambda term: crs(_address(term)),
    "number": _number,
    "integer": _integer,
    "text": _text,
}


def _result(value: object) -> Literal | None:
    if isinstance(value, Geometry):
        return Literal(write_wkt(value), datatype=NamedNode(WKT))
    if isinstance(value, bool | int | float):
        return Literal(value) if math.isfinite(value) else None
    if isinstance(value, Address):
        return Literal(value.iri, datatype=NamedNode(XSD + "anyURI"))
    if isinstance(value, Written):
        return Literal(value.text, datatype=NamedNode(value.datatype))
    return None


class Accumulator:
    """A group as the engine hands it over; one value that is no geometry makes it unbound."""

    def __init__(self, name: str) -> None:
        self._group: Group | None = Group(AGGREGATES[name])

    def accumulate(self, term: Term) -> None:
        """Take the value of one more row."""
        try:
            if self._group is not None:
                self._group.add(_geometry(term))
        except _UNBOUND:
            self._group = None

    def finish(self) -> Literal | None:
        """Give what is made of the group."""
        try:
            return _result(self._group.made()) if self._group is not None else None
        except _UNBOUND:
            return None
