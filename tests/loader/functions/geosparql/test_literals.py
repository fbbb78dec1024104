"""Literals that come in: reference systems, axis order, serialisations; and what is refused."""

import pytest
import shapely
from pyoxigraph import Literal, NamedNode

from loader.functions.geosparql.crs import CRS84, UnknownCrs, crs
from loader.functions.geosparql.geometry import (
    GEOJSON,
    GML,
    LONGEST_LITERAL,
    MOST_POINTS,
    WKT,
    NoGeometry,
    read,
    write_wkt,
)
from tests.loader.functions.geosparql.evaluation import value

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
POINTS = f'xmlns:gml="http://www.opengis.net/gml/3.2" srsName="{EPSG}6668"'
RING = "<gml:LinearRing><gml:posList>0 0 0 9 9 9 9 0 0 0</gml:posList></gml:LinearRing>"
HOLE = "<gml:LinearRing><gml:posList>1 1 1 2 2 2 1 1</gml:posList></gml:LinearRing>"
POS = "<gml:pos>35 139</gml:pos>"

READ = [
    (WKT, "POINT(139 35)", "POINT (139 35)"),
    (WKT, f"<{CRS84}>POINT(139 35)", "POINT (139 35)"),
    (WKT, f"<{EPSG}4326> POINT(35 139)", "POINT (139 35)"),
    (WKT, f"<{EPSG}6697> POINT Z(35 139 7)", "POINT Z (139 35 7)"),
    (WKT, "<urn:ogc:def:crs:EPSG::6668> POINT(35 139)", "POINT (139 35)"),
    (WKT, f"<{EPSG}3857> POINT(1 2)", "POINT (1 2)"),
    (WKT, f"<{EPSG}6677> POINT(1 2)", "POINT (2 1)"),
    (WKT, "  ", "GEOMETRYCOLLECTION EMPTY"),
    (WKT, "\n point ( 1\n2 ) ", "POINT (1 2)"),
    (GEOJSON, '{"type":"Point","coordinates":[139,35]}', "POINT (139 35)"),
    (GML, f"<gml:Point {POINTS}>{POS}</gml:Point>", "POINT (139 35)"),
    (
        GML,
        f'<gml:LineString {POINTS} srsDimension="3"><gml:posList>35 139 1 36 140 2</gml:posList>'
        "</gml:LineString>",
        "LINESTRING Z (139 35 1, 140 36 2)",
    ),
    (
        GML,
        f"<gml:Polygon {POINTS}><gml:exterior>{RING}</gml:exterior>"
        f"<gml:interior>{HOLE}</gml:interior></gml:Polygon>",
        "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
    ),
    (
        GML,
        f"<gml:MultiPoint {POINTS}><gml:pointMember><gml:Point>{POS}</gml:Point></gml:pointMember>"
        "</gml:MultiPoint>",
        "MULTIPOINT ((139 35))",
    ),
    (
        GML,
        '<gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>1 2</gml:pos></gml:Point>',
        "POINT (1 2)",
    ),
]


@pytest.mark.parametrize(("datatype", "text", "inside"), READ)
def test_a_literal_is_read(datatype: str, text: str, inside: str) -> None:
    assert shapely.to_wkt(read(text, datatype).shape) == inside


DEEP = 200_000
REFUSED = [
    (WKT, "POINT(nan 0)"),
    (WKT, "POINT(1e400 0)"),
    (WKT, "POINT(1)"),
    (WKT, "POINT(1 2) x"),
    (WKT, "CIRCULARSTRING(0 0,1 1,2 0)"),
    (WKT, "POLYGON((0 0,1 1))"),
    (WKT, "<http://example.jp/crs> POINT(1 2)"),
    (WKT, f"<{EPSG}999999> POINT(1 2)"),
    (WKT, f"<{EPSG}x> POINT(1 2)"),
    (WKT, f"<{EPSG}5773> POINT(1 2)"),
    (WKT, "<http://www.opengis.net/def/crs/OGC/1.3/CRS27> POINT(1 2)"),
    (WKT, f"<{EPSG}4326> POINT M(35 139 7)"),
    (WKT, "GEOMETRYCOLLECTION(" * DEEP + "POINT(0 0)" + ")" * DEEP),
    (WKT, "LINESTRING(" + ",".join(["0 0"] * (MOST_POINTS + 1)) + ")"),
    (WKT, " " * (LONGEST_LITERAL + 1)),
    (GEOJSON, "{"),
    (GEOJSON, "[" * DEEP),
    (GEOJSON, '{"type":"Point"}'),
    (GEOJSON, '{"type":"GeometryCollection","geometries":[' * DEEP + "]}" * DEEP),
    (GML, "<gml:Point"),
    (GML, f"<gml:Circle {POINTS}/>"),
    (GML, f"<gml:Point {POINTS}><gml:pos>1 x</gml:pos></gml:Point>"),
    (GML, f"<gml:Point {POINTS}><gml:pos>1</gml:pos></gml:Point>"),
    (GML, f"<gml:LineString {POINTS}><gml:posList>1 2 3</gml:posList></gml:LineString>"),
    (GML, f"<gml:Polygon {POINTS}><gml:interior>{RING}</gml:interior></gml:Polygon>"),
    (GML, f"<gml:Polygon {POINTS}><gml:exterior/></gml:Polygon>"),
    (
        GML,
        f'<!DOCTYPE p [<!ENTITY a "1">]><gml:Point {POINTS}>{POS}</gml:Point>',
    ),
    (
        GML,
        f"<gml:MultiCurve {POINTS}><gml:curveMember><gml:Point>{POS}</gml:Point></gml:curveMember>"
        "</gml:MultiCurve>",
    ),
    (
        GML,
        f"<gml:MultiGeometry {POINTS}>"
        + "<gml:geometryMember><gml:MultiGeometry>" * 40
        + "</gml:MultiGeometry></gml:geometryMember>" * 40
        + "</gml:MultiGeometry>",
    ),
    ("http://www.w3.org/2001/XMLSchema#string", "POINT(1 2)"),
]


@pytest.mark.parametrize(("datatype", "text"), REFUSED, ids=lambda part: part[:40])
def test_a_literal_is_refused(datatype: str, text: str) -> None:
    with pytest.raises((NoGeometry, UnknownCrs)):
        read(text, datatype)


@pytest.mark.parametrize(
    "shape",
    [
        "POINT Z (139 35 1)",
        "LINESTRING (139 35, 140 36)",
        "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
        "MULTIPOINT ((139 35), (140 36))",
        "MULTILINESTRING ((139 35, 140 36))",
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (139 35, 140 36))",
    ],
)
@pytest.mark.parametrize("system", [4326, 3857])
def test_gml_and_wkt_say_the_same(shape: str, system: int) -> None:
    literal = f'"<{EPSG}{system}> {shape}"^^geo:wktLiteral'
    found = value(f"geof:asWKT(geof:asGML({literal}))")
    assert found == Literal(f"<{EPSG}{system}> {shape}", datatype=NamedNode(WKT))


def test_results_are_bounded() -> None:
    text = ",".join(f"{number / 7} {number / 3}" for number in range(MOST_POINTS))
    with pytest.raises(NoGeometry):
        write_wkt(read(f"LINESTRING({text})", WKT).to(crs(EPSG + "3857")))


def test_old_japanese_coordinates_are_moved() -> None:
    tokyo = f'"<{EPSG}4301> POINT (35.68 139.75)"^^geo:wktLiteral'
    found = value(f"geof:transform({tokyo}, <{EPSG}6668>)")
    assert isinstance(found, Literal)
    assert found.value.startswith(f"<{EPSG}6668> POINT (35.683238")
