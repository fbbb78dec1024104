"""Geometries as literals and as shapes: WKT, GeoJSON and GML in, WKT out (GeoSPARQL 1.1, 8.5–8.8).

What cannot be read, is too large, nested deeply enough to exhaust the stack of GEOS, or has
coordinates that are no numbers raises NoGeometry; the caller makes an unbound value of it.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.crs import CRS84, Crs, crs
from loader.functions.geosparql.gml import GmlError, read_gml

GEO = "http://www.opengis.net/ont/geosparql#"
WKT, GEOJSON, GML = GEO + "wktLiteral", GEO + "geoJSONLiteral", GEO + "gmlLiteral"

LONGEST_LITERAL = 2_000_000
"""Characters of a literal that is read or written."""
MOST_POINTS = 100_000
_MOST_COLLECTIONS = 32
"""Geometry collections within one literal: GEOS reads them by recursion."""
_DIGITS = {True: 10, False: 6}
"""Decimals that are written of degrees (0.01 mm) and of metres."""

_LITERAL = re.compile(r"\s*(?:<(?P<crs>[^<>\s]*)>)?\s*(?P<text>.*?)\s*", re.DOTALL)

_UNREADABLE = (
    ShapelyError,
    GmlError,
    json.JSONDecodeError,
    NotImplementedError,
    RecursionError,
)

_PLAIN_POINT = re.compile(r"POINT ?\((-?\d{1,9}(?:\.\d{1,30})?) (-?\d{1,9}(?:\.\d{1,30})?)\)")
"""What most literals are; read without the care that others need, in half the time."""

Points: TypeAlias = NDArray[np.float64]


class NoGeometry(ValueError):
    """A literal that is no geometry, or one that is not taken."""


@dataclass(slots=True, eq=False)
class Geometry:
    """A shape, its coordinates inside as longitude, latitude or easting, northing; its system."""

    shape: BaseGeometry
    crs: Crs
    _valid: bool | None = None

    def to(self, target: Crs) -> "Geometry":
        """Return the same place in another reference system."""
        if self.crs is target:
            return self
        if self.crs.datum == target.datum:
            return Geometry(self.shape, target, self._valid)
        change = self.crs.transformer(target).transform
        shape = moved(self.shape, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))
        _require_finite(shape)
        return Geometry(shape, target)

    def valid(self) -> BaseGeometry:
        """Return the shape, for operations that need a valid one; raises NoGeometry."""
        if self._valid is None:
            self._valid = isinstance(self.shape, shapely.Point) or self.shape.is_valid
        if not self._valid:
            raise NoGeometry("not valid")
        return self.shape


def moved(shape: BaseGeometry, change: Callable[[Points], Points]) -> BaseGeometry:
    """Return a shape with its horizontal coordinates changed; heights stay.

    A shape with measures (M) is refused: shapely would lose them silently.
    """
    if shape.has_m:
        raise NoGeometry("measures")

    def with_heights(points: Points) -> Points:
        return np.column_stack([change(points[:, :2]), points[:, 2:]])

    return shapely.transform(shape, with_heights, include_z=bool(shape.has_z))


def _swap(points: Points) -> Points:
    return points[:, ::-1]


@lru_cache(maxsize=256)
def read(text: str, datatype: str) -> Geometry:
    """Read a literal of one of the three datatypes; raises NoGeometry, UnknownCrs."""
    reader = _READERS.get(datatype)
    if reader is None or len(text) > LONGEST_LITERAL:
        raise NoGeometry(datatype)
    try:
        with np.errstate(all="ignore"):
            found = reader(text)
    except _UNREADABLE as error:
        raise NoGeometry(str(error)) from error
    if _require_finite(found.shape) > MOST_POINTS:
        raise NoGeometry("too many points")
    return found


def _read_wkt(text: str) -> Geometry:
    plain = _PLAIN_POINT.fullmatch(text)
    if plain is not None:
        return Geometry(shapely.points(float(plain[1]), float(plain[2])), crs(CRS84))
    found = _LITERAL.fullmatch(text)
    if found is None or found["text"].upper().count("COLLECTION") > _MOST_COLLECTIONS:
        raise NoGeometry("nested too deeply")
    shape = shapely.from_wkt(found["text"] or "GEOMETRYCOLLECTION EMPTY")
    return _in_order(shape, crs(found["crs"] or CRS84))


def _read_geojson(text: str) -> Geometry:
    if text.count("GeometryCollection") > _MOST_COLLECTIONS:
        raise NoGeometry("nested too deeply")
    json.loads(text)  # a depth that Python refuses is one that GEOS may not bear
    return Geometry(shapely.from_geojson(text), crs(CRS84))


def _read_gml(text: str) -> Geometry:
    shape, name = read_gml(text)
    return _in_order(shape, crs(name or CRS84))


_READERS: dict[str, Callable[[str], Geometry]] = {
    WKT: _read_wkt,
    GEOJSON: _read_geojson,
    GML: _read_gml,
}


def _in_order(shape: BaseGeometry, system: Crs) -> Geometry:
    return Geometry(moved(shape, _swap) if system.swapped else shape, system)


def _require_finite(shape: BaseGeometry) -> int:
    """Return how many points there are; raises NoGeometry where a coordinate is no number."""
    points = shapely.get_coordinates(shape, include_z=bool(shape.has_z))
    if not math.isfinite(float(points.sum())):
        raise NoGeometry("coordinates that are no numbers")
    return len(points)


def in_literal_order(geometry: Geometry) -> BaseGeometry:
    """Return the shape with its coordinates in the order in which literals have them."""
    return moved(geometry.shape, _swap) if geometry.crs.swapped else geometry.shape


def write_wkt(geometry: Geometry) -> str:
    """Write the lexical form of a wktLiteral; CRS84 is left out. Raises NoGeometry."""
    digits = _DIGITS[geometry.crs.geographic]
    text = shapely.to_wkt(in_literal_order(geometry), rounding_precision=digits)
    if len(text) > LONGEST_LITERAL:
        raise NoGeometry("too large")
    return text if geometry.crs.iri == CRS84 else f"<{geometry.crs.iri}> {text}"
