"""Functions of geodetic datums and plane coordinates (pyproj, PROJ; no grid files, no network).

日本測地系 is EPSG:4301, JGD2011 EPSG:6668; the plane rectangular systems I–XIX are EPSG:6669–6687
(平成14年国土交通省告示第9号), in which x is metres to the north and y to the east.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from loader.functions.places import EAST, NORTH, SOUTH, WEST, position
from loader.functions.registry import ValueProblem, function

if TYPE_CHECKING:
    from pyproj import Transformer

_JGD2011, _TOKYO, _FIRST_PLANE = 6668, 4301, 6669
_SYSTEMS = range(1, 20)
_OLD = frozenset(
    {"日本測地系", "旧測地系", "旧日本測地系", "tokyo", "tokyodatum", "epsg:4301", "4301"}
)
_SAME = frozenset(
    ["", "世界測地系", "jgd2000", "jgd2011", "wgs84", "crs84", "日本測地系2000", "日本測地系2011"]
    + ["epsg:4612", "epsg:6668", "epsg:4326", "4612", "6668", "4326"]
)
_METRES = re.compile(r"[+-]?[0-9]{1,7}(?:\.[0-9]{1,9})?")
_ROMAN_NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX"
_ROMAN = tuple(_ROMAN_NUMERALS.split())


@function(
    "pointInDatum",
    [
        ("35.68", "139.75", "日本測地系", "POINT(139.7467675 35.6832386)"),
        ("35.68", "139.75", "JGD2000", "POINT(139.75 35.68)"),
        ("35.68", "139.75", "NAD27", "", "!value.unknown-choice"),
        ("0", "0", "日本測地系", "", "!value.coordinates-zero"),
    ],
    pure=False,
)
def point_in_datum(latitude: str, longitude: str, datum: str) -> str:
    """The point in CRS84 as Well-Known Text, from latitude and longitude in a datum (日本測地系, \
JGD2000, JGD2011, WGS84)."""
    found = position(latitude, longitude)
    word = "".join(unicodedata.normalize("NFKC", datum).lower().split())
    if word not in _OLD | _SAME:
        raise ValueProblem("value.unknown-choice", value=datum)
    wkt = f"POINT({found.east} {found.north})" if found.north else ""
    if found.north and word in _OLD:
        wkt = _point(*_transformer(_TOKYO).transform(float(found.east), float(found.north)))
    if found.problem:
        raise ValueProblem(found.problem, gives=wkt, value=f"{latitude}, {longitude}")
    return wkt


@function(
    "planeWkt",
    [
        ("-36000", "-7500", "9", "POINT(139.7504811 35.6754861)"),
        ("-36,000.0", "▲7,500", "IX系", "POINT(139.7504811 35.6754861)"),
        ("-36000", "-7500", "第２０系", "", "!value.unknown-choice"),
        ("北", "-7500", "9", "", "!value.coordinates-invalid"),
    ],
    pure=False,
)
def plane_wkt(x: str, y: str, system: str) -> str:
    """The point in CRS84 as Well-Known Text, from 平面直角座標 of a system I–XIX: x metres north, \
y metres east."""
    zone = _zone(system)
    north, east = _metres(x), _metres(y)
    if not north and not east:
        return ""
    if not _METRES.fullmatch(north) or not _METRES.fullmatch(east):
        raise ValueProblem("value.coordinates-invalid", value=f"{x}, {y}")
    longitude, latitude = _transformer(_FIRST_PLANE + zone - 1).transform(float(east), float(north))
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        raise ValueProblem("value.coordinates-outside", value=f"{x}, {y}")
    return _point(longitude, latitude)


@function("wktLatitude", [("POINT(139.75 35.68)", "35.68"), ("", "")], datatype="decimal")
def wkt_latitude(wkt: str) -> str:
    """The latitude of a point in CRS84 (ic:緯度)."""
    return _ordinate(wkt, 1)


@function("wktLongitude", [("POINT (139.75 35.68)", "139.75"), ("", "")], datatype="decimal")
def wkt_longitude(wkt: str) -> str:
    """The longitude of a point in CRS84 (ic:経度)."""
    return _ordinate(wkt, 0)


_WKT = re.compile(r"\s*POINT\s*\(\s*(-?[0-9.]{1,20})\s+(-?[0-9.]{1,20})\s*\)\s*", re.IGNORECASE)


def _ordinate(wkt: str, which: int) -> str:
    found = _WKT.fullmatch(wkt[:100])
    return str(found.groups()[which]) if found else ""


def _metres(value: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", value).split()).replace(",", "")
    return re.sub("^[\u2212▲△]", "-", plain)


def _zone(system: str) -> int:
    plain = unicodedata.normalize("NFKC", system).strip().upper().removeprefix("第")
    bare = plain.removesuffix("系").strip()
    number = _ROMAN.index(bare) + 1 if bare in _ROMAN else int(bare) if bare in _DIGITS else 0
    if number not in _SYSTEMS:
        raise ValueProblem("value.unknown-choice", value=system)
    return number


_DIGITS = frozenset(map(str, _SYSTEMS))


@cache
def _transformer(epsg: int) -> "Transformer":
    """Make a transformation to longitude and latitude of JGD2011; PROJ is slow to begin."""
    from pyproj import Transformer

    return Transformer.from_crs(epsg, _JGD2011, always_xy=True)


def _point(longitude: float, latitude: float) -> str:
    written = (f"{degrees:.7f}".rstrip("0").rstrip(".") for degrees in (longitude, latitude))
    return f"POINT({' '.join(written)})"
