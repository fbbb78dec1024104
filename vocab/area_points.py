"""Where municipalities are: their offices, and how far from these their area can reach.

``area-points.txt`` names its source. Distances are in kilometres on a sphere, good to a per cent.
"""

from collections.abc import Mapping
from functools import cache
from math import cos, hypot, radians
from pathlib import Path

_TABLE = Path(__file__).parent / "area-points.txt"

REACH = 80.0
"""No municipality without remote islands reaches farther from its office (浜松市: 70 km)."""

_KM_PER_DEGREE = 111.2

_REMOTE = {
    "01223": 130.0,
    "13361": 120.0,
    "13363": 120.0,
    "13364": 120.0,
    "13381": 120.0,
    "13401": 350.0,
    "13421": 2000.0,
    "17204": 120.0,
    "22100": 110.0,
    "22130": 110.0,
    "32528": 250.0,
    "40220": 120.0,
    "42209": 120.0,
    "42211": 200.0,
    "46215": 150.0,
    "46303": 220.0,
    "46304": 450.0,
    "46505": 120.0,
    "47207": 260.0,
    "47214": 120.0,
    "47329": 120.0,
    "47358": 260.0,
    "47361": 320.0,
    "47381": 180.0,
}
"""Municipalities with remote islands or an office outside (十島村, 三島村, 竹富町); large ones.

Measured on maps of 国土地理院 from the office to the farthest island, rounded upwards.
"""


def distance_from(code5: str, latitude: float, longitude: float) -> float | None:
    """Return how far a position lies from the office of an area, where that is too far.

    ``code5`` is of a municipality, a ward or a prefecture, whose municipalities then count; so
    they do for a municipality of which no place is known, as one of the past. None where the
    position can be in the area, or nothing is known of it.
    """
    offices = _offices(code5)
    if not offices:
        return None
    distances = [
        (_distance(office, latitude, longitude), reach) for office, reach in offices.values()
    ]
    if any(distance <= reach for distance, reach in distances):
        return None
    return min(distance for distance, _ in distances)


def _distance(office: tuple[float, float], latitude: float, longitude: float) -> float:
    north = latitude - office[0]
    east = (longitude - office[1]) * cos(radians((latitude + office[0]) / 2))
    return hypot(north, east) * _KM_PER_DEGREE


@cache
def _offices(code5: str) -> Mapping[str, tuple[tuple[float, float], float]]:
    """The offices that stand for an area, each with its reach."""
    points = area_points()
    codes = [code5] if code5 in points else [code for code in points if code[:2] == code5[:2]]
    return {code: (points[code], _REMOTE.get(code, REACH)) for code in codes}


@cache
def area_points() -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of the offices of municipalities and wards, by five-digit code."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    cells = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: (float(latitude), float(longitude)) for code, latitude, longitude in cells}
