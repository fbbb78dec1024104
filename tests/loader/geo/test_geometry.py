"""Reference systems, geometries and attributes by themselves."""

import numpy as np
import pytest
import shapely

from loader.geo import geometry
from loader.geo.attributes import texts
from loader.geo.crs import CRS84_IRI, EPSG_IRI, find_source
from loader.geo.formats import GEOJSON, GML, SHAPEFILE, TOPOJSON, GeoFormat
from loader.geo.geometry import Writer

ESRI_TOKYO = (
    'GEOGCS["GCS_Tokyo",DATUM["D_Tokyo",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
ESRI_ZONE_9 = (
    'PROJCS["JGD_2011_Japan_Zone_9",GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",'
    'SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",139.8333333333333],PARAMETER["Scale_Factor",0.9999],'
    'PARAMETER["Latitude_Of_Origin",36.0],UNIT["Meter",1.0]]'
)
UNKNOWN_DATUM = (
    'GEOGCS["mine",DATUM["mine",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
LOCAL = 'LOCAL_CS["survey",UNIT["metre",1]]'

TOKYO_POINT = (139.69677498, 35.60324621)
ZONE_9_POINT = (139.72291335, 35.63940898)


@pytest.mark.parametrize(
    ("told", "format_", "point", "iri", "converted", "stated"),
    [
        (None, TOPOJSON, (139.7, 35.6), CRS84_IRI, (139.7, 35.6), True),
        ("EPSG:4326", GEOJSON, (139.7, 35.6), CRS84_IRI, (139.7, 35.6), True),
        ("EPSG:4326", GML, (139.7, 35.6), f"{EPSG_IRI}4326", (139.7, 35.6), True),
        ("OGC:CRS84", GML, (139.7, 35.6), CRS84_IRI, (139.7, 35.6), True),
        ("EPSG:6668", GML, (139.7, 35.6), f"{EPSG_IRI}6668", (139.7, 35.6), True),
        ("EPSG:4612", GML, (139.7, 35.6), f"{EPSG_IRI}4612", (139.7, 35.6), True),
        ("EPSG:4301", GML, (139.7, 35.6), f"{EPSG_IRI}4301", TOKYO_POINT, True),
        (ESRI_TOKYO, SHAPEFILE, (139.7, 35.6), f"{EPSG_IRI}4301", TOKYO_POINT, True),
        ("EPSG:2451", GML, (-10000, -40000), f"{EPSG_IRI}2451", ZONE_9_POINT, True),
        ("EPSG:6677", GML, (-10000, -40000), f"{EPSG_IRI}6677", ZONE_9_POINT, True),
        (ESRI_ZONE_9, SHAPEFILE, (-10000, -40000), f"{EPSG_IRI}6677", ZONE_9_POINT, True),
        (None, SHAPEFILE, (139.7, 35.6), f"{EPSG_IRI}6668", (139.7, 35.6), False),
        ("nonsense", GML, (139.7, 35.6), f"{EPSG_IRI}6668", (139.7, 35.6), False),
        (LOCAL, SHAPEFILE, (139.7, 35.6), f"{EPSG_IRI}6668", (139.7, 35.6), False),
    ],
)
def test_a_reference_system(
    told: str | None,
    format_: GeoFormat,
    point: tuple[float, float],
    iri: str,
    converted: tuple[float, float],
    stated: bool,
) -> None:
    source = find_source(told, format_)
    assert (source.iri, source.stated) == (iri, stated)
    assert source.accuracy is not None
    there = source.to_crs84(np.array([point], dtype=np.float64))[0]
    assert tuple(np.round(there, 8)) == converted


def test_where_no_exact_way_is_known_there_is_no_accuracy() -> None:
    source = find_source(UNKNOWN_DATUM, SHAPEFILE)
    assert source.accuracy is None
    assert source.iri == ""


def written(shape: str) -> tuple[list[str], list[tuple[str, int, str]]]:
    found: list[tuple[str, int, str]] = []
    source = find_source("EPSG:6668", GML)
    writer = Writer(source, lambda *finding: found.append(finding))
    return writer.wkt([shapely.to_wkb(shapely.from_wkt(shape))], 7), found


@pytest.mark.parametrize(
    ("shape", "wkt", "findings"),
    [
        ("POINT Z (139.1 35.1 0)", "POINT(139.1 35.1)", []),
        ("POINT (139.123456789 35)", "POINT(139.12345679 35)", []),
        ("POINT EMPTY", "", [("geo.no-geometry", 7, "")]),
        ("POINT (139 0)", "", [("geo.zero-coordinates", 7, "139 0")]),
        ("POINT (1000 1000)", "", [("geo.not-on-earth", 7, "1000 1000")]),
        (
            "LINESTRING (35 139, 36 140)",
            "LINESTRING(139 35,140 36)",
            [("geo.axes-swapped", 7, "35 139")],
        ),
    ],
)
def test_a_geometry(shape: str, wkt: str, findings: list[tuple[str, int, str]]) -> None:
    assert written(shape) == ([wkt], findings)


def test_what_has_too_many_points_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "MOST_POINTS", 2)
    shape = "LINESTRING (139 35, 140 36, 141 36)"
    assert written(shape) == ([""], [("geo.too-detailed", 7, "139 35")])


@pytest.mark.parametrize(
    ("values", "subtype", "expected"),
    [
        (np.array([1, 2]), "OFSTNone", ["1", "2"]),
        (np.array([1.0, np.nan, 0.25]), "OFSTNone", ["1", "", "0.25"]),
        (np.array([1.0, np.nan, 0.0]), "OFSTBoolean", ["true", "", "false"]),
        (np.array([True, False]), "OFSTBoolean", ["true", "false"]),
        (np.array(["012", None], dtype=object), "OFSTNone", ["012", ""]),
        (np.array([b"\x01\xff", None], dtype=object), "OFSTNone", ["01ff", ""]),
        (np.array([["a", "b"], None], dtype=object), "OFSTNone", ["a;b", ""]),
    ],
)
def test_attributes(values: np.ndarray, subtype: str, expected: list[str]) -> None:
    assert texts(values, subtype) == expected
