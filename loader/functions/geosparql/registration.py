"""GeoSPARQL functions as custom functions and aggregates of the engine; nothing heavy is imported.

What is wrong with the arguments, or cannot be computed, leaves the result unbound.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from loader.functions.geosparql.catalogue import GeoFunction, Kind, geo_functions

if TYPE_CHECKING:
    from pyoxigraph import AggregateFunctionAccumulator

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Custom: TypeAlias = Callable[..., Term | None]


def _function(declared: GeoFunction) -> Custom:
    def call(*terms: Term) -> Term | None:
        from loader.functions.geosparql import calls

        return calls.call(declared, terms)

    return call


def _aggregate(declared: GeoFunction) -> "Callable[[], AggregateFunctionAccumulator]":
    def begin() -> "AggregateFunctionAccumulator":
        from loader.functions.geosparql import calls

        return calls.Accumulator(declared.name)

    return begin


def custom_geo_functions() -> dict[NamedNode, Custom]:
    """Return what ``pyoxigraph.Store.query(custom_functions=…)`` takes."""
    return {
        NamedNode(declared.iri): _function(declared)
        for declared in geo_functions()
        if declared.kind is not Kind.AGGREGATES
    }


def custom_aggregates() -> "dict[NamedNode, Callable[[], AggregateFunctionAccumulator]]":
    """Return what ``pyoxigraph.Store.query(custom_aggregate_functions=…)`` takes."""
    return {
        NamedNode(declared.iri): _aggregate(declared)
        for declared in geo_functions()
        if declared.kind is Kind.AGGREGATES
    }
