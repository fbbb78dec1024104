"""Geometries made of geometries (GeoSPARQL 1.1, 8.9): in the reference system of the first."""

from collections.abc import Callable
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.crs import Crs, local_plane
from loader.functions.geosparql.geometry import Geometry, NoGeometry, Points, moved
from loader.functions.geosparql.units import Measures, Unit

FARTHEST = 1_000_000.0
"""Metres: how far from the middle of a geometry a buffer in metres is made. At this distance the
plane in which it is made is wrong by 0.4 %."""
_CONCAVITY = 0.3

_One = Callable[[BaseGeometry], BaseGeometry]
_Two = Callable[[BaseGeometry, BaseGeometry], BaseGeometry]


def _of_one(make: _One, geometry: Geometry) -> Geometry:
    return Geometry(make(geometry.valid()), geometry.crs)


def _of_two(make: _Two, one: Geometry, other: Geometry) -> Geometry:
    return Geometry(make(one.valid(), other.to(one.crs).valid()), one.crs)


def transform(geometry: Geometry, system: Crs) -> Geometry:
    """The same place in another reference system; heights are not changed."""
    return geometry.to(system)


def buffer(geometry: Geometry, radius: float, unit: Unit) -> Geometry:
    """All points within a distance; in metres on a geographic system by a local plane."""
    if unit.measures is Measures.LENGTH and geometry.crs.geographic:
        return metric_buffer(geometry, radius * unit.factor)
    if unit.measures is Measures.AREA or (unit.measures is Measures.ANGLE) != (
        geometry.crs.geographic
    ):
        raise NoGeometry("unit")
    size = radius * unit.factor / (geometry.crs.metres or 1.0)
    return Geometry(_buffered(geometry.valid(), size), geometry.crs)


def metric_buffer(geometry: Geometry, radius: float) -> Geometry:
    """All points within a distance in metres."""
    if not geometry.crs.geographic:
        size = radius / geometry.crs.metres
        return Geometry(_buffered(geometry.valid(), size), geometry.crs)
    shape = geometry.valid()
    if shape.is_empty:
        return Geometry(shapely.Polygon(), geometry.crs)
    west, south, east, north = shape.bounds
    plane = local_plane(geometry.crs.geod(), (west + east) / 2, (south + north) / 2)
    flat = moved(shapely.force_2d(shape), _by(plane))
    _require_near(flat, max(radius, 0.0))
    made = moved(_buffered(flat, radius), _by(partial(plane, inverse=True)))
    if not made.is_empty and made.bounds[2] - made.bounds[0] > 180:
        raise NoGeometry("across the antimeridian")
    return Geometry(made, geometry.crs)


def _by(change: Callable[..., tuple[Points, Points]]) -> Callable[[Points], Points]:
    return lambda points: np.column_stack(change(points[:, 0], points[:, 1]))


def _require_near(flat: BaseGeometry, radius: float) -> None:
    if not float(np.abs(flat.bounds).max()) + radius <= FARTHEST:
        raise NoGeometry("too far")


def _buffered(shape: BaseGeometry, size: float) -> BaseGeometry:
    if not np.isfinite(size):
        raise NoGeometry("radius")
    return shape.buffer(size)


def geometry_n(geometry: Geometry, number: int) -> Geometry | None:
    """The part of that number, counted from 1."""
    parts = shapely.get_parts(geometry.shape)
    return Geometry(parts[number - 1], geometry.crs) if 1 <= number <= len(parts) else None


FUNCTIONS: dict[str, Callable[..., Geometry | None]] = {
    "boundary": partial(_of_one, shapely.boundary),
    "boundingCircle": partial(_of_one, shapely.minimum_bounding_circle),
    "centroid": partial(_of_one, shapely.centroid),
    "convexHull": partial(_of_one, shapely.convex_hull),
    "concaveHull": partial(_of_one, partial(shapely.concave_hull, ratio=_CONCAVITY)),
    "envelope": partial(_of_one, shapely.envelope),
    "union": partial(_of_two, shapely.union),
    "intersection": partial(_of_two, shapely.intersection),
    "difference": partial(_of_two, shapely.difference),
    "symDifference": partial(_of_two, shapely.symmetric_difference),
    "buffer": buffer,
    "metricBuffer": metric_buffer,
    "transform": transform,
    "geometryN": geometry_n,
}
