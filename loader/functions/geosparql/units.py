"""Units of measure by their IRIs: OGC, EPSG and QUDT.

Factors: EPSG Geodetic Parameter Dataset (units 9001, 9036, 9002, 9093, 9030, 9101, 9102, 9122);
QUDT vocabulary of units.
"""

import math
from dataclasses import dataclass
from enum import StrEnum


class Measures(StrEnum):
    """What a unit measures."""

    LENGTH = "length"
    ANGLE = "angle"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``factor`` is how many metres, degrees or square metres it is."""

    measures: Measures
    factor: float


class UnknownUnit(ValueError):
    """An IRI that names no unit of length, angle or area."""


_RADIAN = math.degrees(1)
_LENGTH = {
    "OGC/1.0/metre": 1.0,
    "OGC/1.0/meter": 1.0,
    "OGC/1.0/kilometre": 1000.0,
    "OGC/1.0/kilometer": 1000.0,
    "EPSG/0/9001": 1.0,
    "EPSG/0/9036": 1000.0,
    "EPSG/0/9002": 0.3048,
    "EPSG/0/9093": 1609.344,
    "EPSG/0/9030": 1852.0,
}
_ANGLE = {
    "OGC/1.0/degree": 1.0,
    "OGC/1.0/radian": _RADIAN,
    "EPSG/0/9102": 1.0,
    "EPSG/0/9122": 1.0,
    "EPSG/0/9101": _RADIAN,
}
_AREA = {"OGC/1.0/squareMetre": 1.0, "OGC/1.0/squareKilometre": 1e6, "OGC/1.0/hectare": 1e4}
_QUDT_LENGTH = {"M": 1.0, "KiloM": 1000.0, "FT": 0.3048, "MI": 1609.344, "MI_N": 1852.0}
_QUDT_ANGLE = {"DEG": 1.0, "RAD": _RADIAN}
_QUDT_AREA = {"M2": 1.0, "KiloM2": 1e6, "HA": 1e4}


def _units(base: str, tables: dict[Measures, dict[str, float]]) -> dict[str, Unit]:
    return {
        base + name: Unit(measures, factor)
        for measures, table in tables.items()
        for name, factor in table.items()
    }


_UNITS = {
    **_units(
        "http://www.opengis.net/def/uom/",
        {Measures.LENGTH: _LENGTH, Measures.ANGLE: _ANGLE, Measures.AREA: _AREA},
    ),
    **_units(
        "http://qudt.org/vocab/unit/",
        {Measures.LENGTH: _QUDT_LENGTH, Measures.ANGLE: _QUDT_ANGLE, Measures.AREA: _QUDT_AREA},
    ),
}


def unit(iri: str) -> Unit:
    """Return the unit that an IRI names; raises UnknownUnit."""
    found = _UNITS.get(iri)
    if found is None:
        raise UnknownUnit(iri)
    return found


def area_factor(of: Unit) -> float:
    """Return how many square metres (or square degrees) the unit of an area is.

    A unit of length or angle stands for its square, for OGC's list has no units of area.
    """
    return of.factor if of.measures is Measures.AREA else of.factor**2
