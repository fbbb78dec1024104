"""Every example of functions.toml gives the term that is stated, in the engine."""

import pytest
import shapely
from pyoxigraph import Literal, NamedNode

from loader.functions.geosparql import (
    GeoFunction,
    Kind,
    geo_functions,
)
from loader.functions.geosparql.aggregates import AGGREGATES
from loader.functions.geosparql.calls import _FUNCTIONS
from loader.functions.geosparql.geometry import WKT
from tests.loader.functions.geosparql.evaluation import value

GROUP = " ".join(f'"POINT ({x} {y})"^^geo:wktLiteral' for x in (0, 2) for y in (0, 2))
DOUBLE = NamedNode("http://www.w3.org/2001/XMLSchema#double")
CASES = [
    pytest.param(function, expression, result, id=f"{function.name}-{number}")
    for function in geo_functions()
    for number, (expression, result) in enumerate(function.examples)
]


@pytest.mark.parametrize(("function", "expression", "result"), CASES)
def test_example(function: GeoFunction, expression: str, result: str) -> None:
    where = f"VALUES ?g {{ {GROUP} }}" if function.kind is Kind.AGGREGATES else ""
    found, expected = value(expression, where), value(result) if result else None
    if not isinstance(found, Literal) or not isinstance(expected, Literal):
        assert found == expected
        return
    assert found.datatype == expected.datatype
    if found.datatype == DOUBLE:
        assert float(found.value) == pytest.approx(float(expected.value), rel=1e-6)
    else:
        assert _comparable(found) == _comparable(expected)


def _comparable(literal: Literal) -> object:
    if literal.datatype.value == WKT:
        system, shape = literal.value.rpartition("> ")[::2]
        return system, shapely.to_wkt(shapely.from_wkt(shape).normalize(), output_dimension=4)
    return literal.value


def test_what_is_declared_is_what_can_be_computed() -> None:
    assert {function.name for function in geo_functions()} == {*_FUNCTIONS, *AGGREGATES}
    assert all(function.examples for function in geo_functions())
