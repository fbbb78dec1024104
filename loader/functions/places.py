"""Functions of coordinates.

The extent of Japan, 20–46 N and 122–154 E, is that of 国土地理院「日本の東西南北端点の経度緯度」,
rounded outwards.
"""

import re
import unicodedata

from loader.functions.numbers import MISSING
from loader.functions.registry import ValueProblem, function

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.0


@function(
    "latitude",
    [
        ("３５．６８ ", "139.75", "35.68"),
        ("139.75", "35.68", "", "!value.coordinates-swapped"),
        ("0", "0", "", "!value.coordinates-zero"),
        ("48.85", "2.35", "", "!value.coordinates-outside"),
        ("35度", "139.75", "", "!value.coordinates-invalid"),
        ("－", "－", "", "!value.missing-symbol"),
    ],
)
def latitude(latitude: str, longitude: str) -> str:
    """The latitude in degrees, where the pair lies in Japan."""
    pair = _pair(latitude, longitude)
    problem = _problem(*pair)
    if problem:
        raise ValueProblem(problem, value=f"{latitude}, {longitude}")
    return pair[0]


@function("longitude", [("35.68", "139.75", "139.75"), ("0", "0", "")])
def longitude(latitude: str, longitude: str) -> str:
    """The longitude in degrees, where the pair lies in Japan."""
    pair = _pair(latitude, longitude)
    return "" if _problem(*pair) else pair[1]


@function("pointWkt", [("35.68", "139.75", "POINT(139.75 35.68)"), ("", "139.75", "")])
def point_wkt(latitude: str, longitude: str) -> str:
    """The point in CRS84 as Well-Known Text (GeoSPARQL 1.1, 8.5.1), longitude first."""
    north, east = _pair(latitude, longitude)
    return "" if not north or _problem(north, east) else f"POINT({east} {north})"


def _pair(latitude: str, longitude: str) -> tuple[str, str]:
    return _plain(latitude), _plain(longitude)


def _plain(value: str) -> str:
    if value.isascii() and " " not in value:
        return value
    return "".join(unicodedata.normalize("NFKC", value).split()).replace("\u2212", "-")


def _problem(latitude: str, longitude: str) -> str | None:
    """Return the code of what is wrong with a pair; None for a good one and for none at all."""
    if not latitude and not longitude:
        return None
    if {latitude, longitude} <= MISSING:
        return "value.missing-symbol"
    if not _DEGREES.fullmatch(latitude) or not _DEGREES.fullmatch(longitude):
        return "value.coordinates-invalid"
    north, east = float(latitude), float(longitude)
    if SOUTH <= north <= NORTH and WEST <= east <= EAST:
        return None
    if north == 0 or east == 0:
        return "value.coordinates-zero"
    swapped = SOUTH <= east <= NORTH and WEST <= north <= EAST
    return "value.coordinates-swapped" if swapped else "value.coordinates-outside"
