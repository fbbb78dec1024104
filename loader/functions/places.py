"""Functions of coordinates.

The extent of Japan, 20–46 N and 122–154 E, is that of 国土地理院「日本の東西南北端点の経度緯度」,
rounded outwards.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from loader.functions.numbers import MISSING
from loader.functions.registry import ValueProblem, function

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
_MARKED = re.compile(
    r"(?P<side>北緯|南緯|東経|西経|[NSEW])?(?P<sign>[+-])?(?P<degrees>[0-9]{1,3})(?:度|°|º|˚|:)"
    r"(?:(?P<minutes>[0-9]{1,2}(?:\.[0-9]{1,12})?)(?:分|'|′|’|:)?"
    r"(?:(?P<seconds>[0-9]{1,2}(?:\.[0-9]{1,12})?)(?:秒|\"|″|”|''|′′)?)?)?(?P<after>[NSEW])?"
)
_DOTTED = re.compile(
    r"(?P<degrees>[0-9]{2,3})\.(?P<minutes>[0-9]{2})\.(?P<seconds>[0-9]{2}(?:\.[0-9]{1,9})?)"
)
_PACKED = re.compile(
    r"(?P<degrees>[0-9]{2,3})(?P<minutes>[0-9]{2})(?P<seconds>[0-9]{2}(?:\.[0-9]{1,9})?)"
)
_DECIMAL = re.compile(
    r"(?P<side>北緯|南緯|東経|西経|[NSEW])?(?P<sign>[+-])?(?P<degrees>[0-9]{1,3}\.[0-9]{1,15})(?:度|°)?"
)
SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.0
_NEGATIVE = {"-", "南緯", "西経", "S", "W"}
_PLACES = 7
"""Decimals of degrees that come from seconds: about a centimetre."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position in degrees as written; ``problem`` is the code of what has to be said of it.

    ``north`` and ``east`` are empty where it cannot be used.
    """

    north: str = ""
    east: str = ""
    problem: str | None = None


@function(
    "latitude",
    [
        ("３５．６８ ", "139.75", "35.68"),
        ("35度40分48秒", "139度45分0秒", "35.68", "!value.coordinates-sexagesimal"),
        ("354048", "1394500.0", "35.68", "!value.coordinates-sexagesimal"),
        ("139.75", "35.68", "35.68", "!value.coordinates-swapped"),
        ("0", "0", "", "!value.coordinates-zero"),
        ("48.85", "2.35", "", "!value.coordinates-outside"),
        ("35度", "", "", "!value.coordinates-invalid"),
        ("－", "－", "", "!value.missing-symbol"),
    ],
    datatype="decimal",
)
def latitude(latitude: str, longitude: str) -> str:
    """The latitude in degrees, where the pair lies in Japan; degrees, minutes and seconds are \
made decimal, and a swapped pair is put right."""
    found = position(latitude, longitude)
    if found.problem:
        raise ValueProblem(found.problem, gives=found.north, value=f"{latitude}, {longitude}")
    return found.north


@function(
    "longitude",
    [("35.68", "139.75", "139.75"), ("139.75", "35.68", "139.75"), ("0", "0", "")],
    datatype="decimal",
)
def longitude(latitude: str, longitude: str) -> str:
    """The longitude in degrees, where the pair lies in Japan."""
    return position(latitude, longitude).east


@function(
    "pointWkt",
    [
        ("35.68", "139.75", "POINT(139.75 35.68)"),
        ("N35°40′48″", "E139°45′00″", "POINT(139.75 35.68)"),
        ("", "139.75", ""),
    ],
)
def point_wkt(latitude: str, longitude: str) -> str:
    """The point in CRS84 as Well-Known Text (GeoSPARQL 1.1, 8.5.1), longitude first."""
    found = position(latitude, longitude)
    return f"POINT({found.east} {found.north})" if found.north else ""


@function(
    "decimalDegrees",
    [
        ("35度40分48秒", "35.68"),
        ("139°45'", "139.75"),
        ("35.40.48.0", "35.68"),
        ("1394500", "139.75"),
        ("西経0度30分", "-0.5"),
        ("東経139.75度", "139.75"),
        ("35度75分", "", "!value.coordinates-invalid"),
    ],
    datatype="decimal",
)
def decimal_degrees(value: str) -> str:
    """A latitude or longitude in decimal degrees, from degrees, minutes, seconds, packed or not."""
    plain = _plain(value)
    found = _decimal(plain)
    if plain and not found:
        raise ValueProblem("value.coordinates-invalid")
    return found


@lru_cache(4096)
def position(latitude: str, longitude: str) -> Position:
    """Read a pair of coordinates; it is checked against the extent of Japan.

    Latitude, longitude and point of a row are three calls for one pair.
    """
    plain = _plain(latitude), _plain(longitude)
    if plain == ("", ""):
        return Position()
    if MISSING.issuperset(plain):
        return Position(problem="value.missing-symbol")
    north, east = map(_decimal, plain)
    if not north or not east:
        return Position(problem="value.coordinates-invalid")
    if _is_in_japan(north, east):
        changed = (north, east) != plain
        return Position(north, east, "value.coordinates-sexagesimal" if changed else None)
    if _is_in_japan(east, north):
        return Position(east, north, "value.coordinates-swapped")
    return Position(problem=_outside(float(north), float(east)))


def _outside(north: float, east: float) -> str:
    if north == 0 or east == 0:
        return "value.coordinates-zero"
    return "check.coordinates-identical" if north == east else "value.coordinates-outside"


def _is_in_japan(north: str, east: str) -> bool:
    return SOUTH <= float(north) <= NORTH and WEST <= float(east) <= EAST


def _plain(value: str) -> str:
    if value.isascii() and " " not in value:
        return value
    bare = "".join(unicodedata.normalize("NFKC", value).split()).replace("\u2212", "-")
    return bare.replace("\u2032", "'").replace("\u2033", '"')


def _decimal(plain: str) -> str:
    """Write a coordinate in decimal degrees; nothing for what is none."""
    if _DEGREES.fullmatch(plain):
        return plain
    if decimal := _DECIMAL.fullmatch(plain):
        sign = "-" if {decimal["side"], decimal["sign"]} & _NEGATIVE else ""
        return sign + decimal["degrees"]
    found = _MARKED.fullmatch(plain) or _DOTTED.fullmatch(plain) or _PACKED.fullmatch(plain)
    return _of_parts(found.groupdict()) if found else ""


def _of_parts(parts: dict[str, str | None]) -> str:
    minutes, seconds = Decimal(parts["minutes"] or 0), Decimal(parts["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return ""
    whole = Decimal(parts["degrees"] or 0) + minutes / 60 + seconds / 3600
    side = {parts.get("side"), parts.get("sign"), parts.get("after")}
    written = f"{whole:.{_PLACES}f}".rstrip("0").rstrip(".")
    return f"-{written}" if side & _NEGATIVE else written
