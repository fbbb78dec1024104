"""Calls that cannot be answered are unbound; measures agree with independent figures."""

import pytest
from pyoxigraph import Literal

from tests.loader.functions.geosparql.evaluation import value

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def wkt(text: str) -> str:
    return f'"{text}"^^geo:wktLiteral'


POINT, LINE = wkt("POINT (139.75 35.68)"), wkt("LINESTRING (0 0, 3 4)")
BOW_TIE = wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
EMPTY = wkt("POLYGON EMPTY")
PLANE = wkt(f"<{EPSG}6677> POINT (0 0)")
UNBOUND = [
    "geof:sfEquals()",
    f"geof:sfEquals({POINT})",
    f"geof:sfEquals({POINT}, {POINT}, {POINT})",
    f"geof:sfEquals({POINT}, ?unbound)",
    f"geof:sfEquals({POINT}, <http://example.jp/>)",
    f'geof:sfEquals({POINT}, "POINT (1 2)")',
    f"geof:sfContains({BOW_TIE}, {POINT})",
    f"geof:sfWithin({POINT}, {BOW_TIE})",
    f"geof:relate({POINT}, {POINT}, <http://example.jp/>)",
    f"geof:convexHull({BOW_TIE})",
    f"geof:metricArea({BOW_TIE})",
    f'geof:buffer({POINT}, "1", uom:metre)',
    f'geof:buffer({POINT}, "INF"^^xsd:double, uom:metre)',
    f"geof:buffer({POINT}, 1, uom:parsec)",
    f"geof:buffer({POINT}, 1, 2)",
    f"geof:buffer({POINT}, 1e308, uom:degree)",
    f"geof:buffer({POINT}, 1e7, uom:metre)",
    f"geof:buffer({POINT}, 1, uom:hectare)",
    f"geof:metricBuffer({wkt('POINT (180 35)')}, 1000)",
    f"geof:metricBuffer({wkt('LINESTRING (0 0, 90 0)')}, 1)",
    f"geof:distance({POINT}, {EMPTY}, uom:metre)",
    f"geof:metricDistance({EMPTY}, {POINT})",
    f"geof:distance({PLANE}, {POINT}, uom:degree)",
    f"geof:distance({POINT}, {POINT}, uom:hectare)",
    f"geof:area({PLANE}, uom:degree)",
    f"geof:length({PLANE}, uom:degree)",
    f"geof:geometryN({LINE}, 0)",
    f"geof:geometryN({LINE}, 1.0)",
    f"geof:minX({EMPTY})",
    f"geof:transform({POINT}, <{EPSG}0>)",
    f"geof:transform({wkt('POINT (0 95)')}, <{EPSG}3857>)",
    f'geof:asGML({POINT}, "GML 1.0")',
]


@pytest.mark.parametrize("expression", UNBOUND)
def test_what_cannot_be_answered_is_unbound(expression: str) -> None:
    assert value(expression) is None


@pytest.mark.parametrize("terms", ['"POINT (0 0)"', "<http://example.jp/>", BOW_TIE])
def test_a_group_with_another_value_is_unbound(terms: str) -> None:
    assert value("geof:aggUnion(?g)", f"VALUES ?g {{ {POINT} {terms} {POINT} }}") is None


def test_the_union_of_nothing_is_unbound() -> None:
    assert value("geof:aggUnion(?g)", "VALUES ?g {}") is None


def test_a_group_is_brought_into_one_reference_system() -> None:
    points = f"{POINT} {wkt(f'<{EPSG}6668> POINT (35.68 139.75)')}"
    found = value("geof:aggUnion(?g)", f"VALUES ?g {{ {points} }}")
    assert str(found).startswith('"POINT (139.75 35.68)"')


def number(expression: str) -> float:
    found = value(expression)
    assert isinstance(found, Literal)
    return float(found.value)


SQUARE = "POLYGON ((139 35, 140 35, 140 36, 139 36, 139 35))"
NEAR = wkt("POINT (140.5 35.5)")
FIGURES = [
    # EPSG Guidance Note 7-2 and 国土地理院: one second of latitude at 36° is about 30.8 m.
    (f"geof:metricDistance({wkt('POINT (139 36)')}, {wkt('POINT (139 36.000277777778)')})", 30.82),
    # The nearest point of a square is on its edge, half a degree of longitude away.
    (f"geof:metricDistance({wkt(SQUARE)}, {NEAR})", 45_371),
    (f"geof:distance({wkt(SQUARE)}, {NEAR}, uom:kilometre)", 45.371),
    (f"geof:distance({NEAR}, {wkt(SQUARE)}, <http://qudt.org/vocab/unit/MI>)", 28.192),
    (f"geof:metricDistance({wkt(SQUARE)}, {wkt('POINT (139.5 35.5)')})", 0),
    (f"geof:distance({PLANE}, {wkt(f'<{EPSG}6677> POINT (3000 4000)')}, uom:kilometre)", 5),
    (f"geof:metricDistance({PLANE}, {wkt(f'<{EPSG}6677> POINT (3000 4000)')})", 5000.5),
    (f"geof:length({wkt('LINESTRING (0 0, 1 0)')}, uom:metre)", 111_319.5),
    (f"geof:metricPerimeter({wkt('POINT (0 0)')})", 0),
    (f"geof:perimeter({wkt('POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))')}, uom:kilometre)", 443.77),
    (f"geof:area({wkt(SQUARE)}, <http://qudt.org/vocab/unit/KiloM2>)", 10_066),
    (f"geof:metricArea({wkt(f'GEOMETRYCOLLECTION ({SQUARE}, POINT (1 2))')})", 10_066_272_985),
    (f"geof:metricArea(geof:metricBuffer({POINT}, 1000))", 3_136_548),
    (f"geof:metricArea(geof:metricBuffer({PLANE}, 1000))", 3_137_176),
    (f"geof:metricArea(geof:metricBuffer({EMPTY}, 1000))", 0),
    (
        f"geof:metricArea({wkt('POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1))')})",
        393_350_000_000,
    ),
    (
        f"geof:maxY({wkt(f'<{EPSG}6668> POINT (35.68 139.75)')})",
        139.75,
    ),
]


@pytest.mark.parametrize(("expression", "expected"), FIGURES)
def test_figures(expression: str, expected: float) -> None:
    assert number(expression) == pytest.approx(expected, rel=1e-3, abs=1e-9)


def test_kml_has_areas_with_holes_and_parts() -> None:
    shape = "GEOMETRYCOLLECTION (POLYGON ((0 0, 9 0, 9 9, 0 0), (4 1, 5 1, 5 2, 4 1)), POINT (1 2))"
    found = value(f"geof:asKML({wkt(shape)})")
    assert isinstance(found, Literal)
    ring = "<{0}BoundaryIs><LinearRing><coordinates>{1}</coordinates></LinearRing></{0}BoundaryIs>"
    assert found.value == (
        '<MultiGeometry xmlns="http://www.opengis.net/kml/2.2"><Polygon>'
        + ring.format("outer", "0,0 9,0 9,9 0,0")
        + ring.format("inner", "4,1 5,1 5,2 4,1")
        + "</Polygon><Point><coordinates>1,2</coordinates></Point></MultiGeometry>"
    )
