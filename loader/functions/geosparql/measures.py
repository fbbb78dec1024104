"""Distances, lengths and areas (GeoSPARQL 1.1, 8.9).

In metres they are taken on the ellipsoid of the reference system (Karney 2013, as in PROJ); in the
units of a plane reference system, or in degrees, they are taken in the plane of the coordinates.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.crs import CRS84, crs
from loader.functions.geosparql.geometry import Geometry, NoGeometry, Points, moved
from loader.functions.geosparql.units import Measures, Unit, area_factor


def distance(one: Geometry, other: Geometry, unit: Unit) -> float:
    """The shortest distance between two geometries."""
    if _on_ellipsoid(one, unit):
        return metric_distance(one, other) / unit.factor
    shapes = _not_empty(one.valid()), _not_empty(other.to(one.crs).valid())
    return float(shapely.distance(*shapes)) * (one.crs.metres or 1.0) / unit.factor


def metric_distance(one: Geometry, other: Geometry) -> float:
    """The shortest distance in metres."""
    one = _geographic(one)
    first, second = _not_empty(one.valid()), _not_empty(other.to(one.crs).valid())
    if first.geom_type == second.geom_type == "Point":
        return _geodesic(one, shapely.LineString([*first.coords, *second.coords]))
    return _geodesic(one, _nearest(first, second))


def _geodesic(geometry: Geometry, line: BaseGeometry) -> float:
    return float(geometry.crs.geod().geometry_length(line))


def _nearest(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    """The line between the nearest points, sought in a plane that is true to scale there."""
    line: BaseGeometry = shapely.shortest_line(first, second)
    for _ in range(2):
        scale = max(math.cos(math.radians((line.coords[0][1] + line.coords[1][1]) / 2)), 1e-6)
        found = shapely.shortest_line(*(_scaled(shape, scale) for shape in (first, second)))
        line = _scaled(found, 1 / scale)
    return line


def _scaled(shape: BaseGeometry, factor: float) -> BaseGeometry:
    def widen(points: Points) -> Points:
        return np.column_stack([points[:, 0] * factor, points[:, 1]])

    return moved(shape, widen)


def length(geometry: Geometry, unit: Unit) -> float:
    """The length of lines; of points and areas 0."""
    if _on_ellipsoid(geometry, unit):
        return metric_length(geometry) / unit.factor
    return sum(line.length for line in _lines(geometry.shape)) * _linear(geometry, unit)


def metric_length(geometry: Geometry) -> float:
    """The length of lines in metres."""
    return _along(geometry, _lines)


def perimeter(geometry: Geometry, unit: Unit) -> float:
    """The length of the edges of areas, holes included; of points and lines 0."""
    if _on_ellipsoid(geometry, unit):
        return metric_perimeter(geometry) / unit.factor
    return sum(line.length for line in _edges(geometry.valid())) * _linear(geometry, unit)


def metric_perimeter(geometry: Geometry) -> float:
    """The length of the edges of areas in metres."""
    return _along(geometry, _edges)


def area(geometry: Geometry, unit: Unit) -> float:
    """The area; of points and lines 0."""
    if unit.measures is not Measures.ANGLE and geometry.crs.geographic:
        return metric_area(geometry) / area_factor(unit)
    if (unit.measures is Measures.ANGLE) != geometry.crs.geographic:
        raise NoGeometry("unit")
    return float(geometry.valid().area) * (geometry.crs.metres or 1.0) ** 2 / area_factor(unit)


def metric_area(geometry: Geometry) -> float:
    """The area in square metres."""
    placed = _geographic(geometry)
    geod = placed.crs.geod()
    oriented = shapely.orient_polygons(placed.valid())
    return sum(geod.geometry_area_perimeter(part)[0] for part in _polygons(oriented))


def _on_ellipsoid(geometry: Geometry, unit: Unit) -> bool:
    if unit.measures is Measures.AREA:
        raise NoGeometry("unit")
    if unit.measures is Measures.ANGLE and not geometry.crs.geographic:
        raise NoGeometry("unit")
    return unit.measures is Measures.LENGTH and geometry.crs.geographic


def _linear(geometry: Geometry, unit: Unit) -> float:
    return (geometry.crs.metres or 1.0) / unit.factor


def _geographic(geometry: Geometry) -> Geometry:
    return geometry if geometry.crs.geographic else geometry.to(crs(CRS84))


def _not_empty(shape: BaseGeometry) -> BaseGeometry:
    if shape.is_empty:
        raise NoGeometry("empty")
    return shape


def _along(geometry: Geometry, lines_of: Callable[[BaseGeometry], Sequence[BaseGeometry]]) -> float:
    placed = _geographic(geometry)
    return sum(_geodesic(placed, line) for line in lines_of(placed.shape))


def _flat(shape: BaseGeometry) -> list[BaseGeometry]:
    """The points, lines and polygons that a geometry consists of."""
    if isinstance(shape, shapely.GeometryCollection):
        return [flat for part in shape.geoms for flat in _flat(part)]
    return list(shapely.get_parts(shape))


def _lines(shape: BaseGeometry) -> Sequence[BaseGeometry]:
    return [part for part in _flat(shape) if isinstance(part, shapely.LineString)]


def _polygons(shape: BaseGeometry) -> Sequence[shapely.Polygon]:
    return [part for part in _flat(shape) if isinstance(part, shapely.Polygon)]


def _edges(shape: BaseGeometry) -> Sequence[BaseGeometry]:
    return [ring for part in _polygons(shape) for ring in (part.exterior, *part.interiors)]


FUNCTIONS: dict[str, Callable[..., float]] = {
    "distance": distance,
    "metricDistance": metric_distance,
    "length": length,
    "metricLength": metric_length,
    "perimeter": perimeter,
    "metricPerimeter": metric_perimeter,
    "area": area,
    "metricArea": metric_area,
}
