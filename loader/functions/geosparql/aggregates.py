"""Aggregates of geometries (GeoSPARQL 1.1, 8.9.38–43), in the reference system of the first."""

from collections.abc import Callable, Sequence
from functools import partial

import shapely
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.constructions import FUNCTIONS as CONSTRUCTIONS
from loader.functions.geosparql.geometry import Geometry, NoGeometry

MOST_POINTS = 1_000_000
"""Of all geometries of a group together."""

Aggregate = Callable[[Sequence[Geometry]], Geometry | None]


class Group:
    """Takes the geometries of a group and gives what is made of them."""

    def __init__(self, make: Aggregate) -> None:
        self._make = make
        self._geometries: list[Geometry] = []
        self._points = 0

    def add(self, geometry: Geometry) -> None:
        """Take one more; raises NoGeometry where the group is too large or it is not valid."""
        self._points += int(shapely.get_num_coordinates(geometry.valid()))
        if self._points > MOST_POINTS:
            raise NoGeometry("too many points")
        first = self._geometries[0] if self._geometries else geometry
        self._geometries.append(geometry.to(first.crs))

    def made(self) -> Geometry | None:
        """What the group gives; nothing where it is empty."""
        return self._make(self._geometries) if self._geometries else None


def _collected(geometries: Sequence[Geometry]) -> Geometry:
    return Geometry(
        shapely.GeometryCollection([found.shape for found in geometries]), geometries[0].crs
    )


def _of_all(name: str, geometries: Sequence[Geometry]) -> Geometry | None:
    return CONSTRUCTIONS[name](_collected(geometries))


def _united(geometries: Sequence[Geometry]) -> Geometry:
    shapes: list[BaseGeometry] = [found.shape for found in geometries]
    return Geometry(shapely.union_all(shapes), geometries[0].crs)


AGGREGATES: dict[str, Aggregate] = {
    "aggBoundingBox": partial(_of_all, "envelope"),
    "aggBoundingCircle": partial(_of_all, "boundingCircle"),
    "aggCentroid": partial(_of_all, "centroid"),
    "aggConcaveHull": partial(_of_all, "concaveHull"),
    "aggConvexHull": partial(_of_all, "convexHull"),
    "aggUnion": _united,
}
