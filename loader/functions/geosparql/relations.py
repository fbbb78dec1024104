"""Topological relations: Simple Features, Egenhofer, RCC8, DE-9IM (GeoSPARQL 1.1, 9.3–9.6).

The second geometry is brought into the reference system of the first. A geometry that is used
again and again, such as the area of a filter, is prepared once.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.geometry import Geometry

_PATTERN = re.compile("[TF*012]{9}")

_PATTERNS = {
    "sfEquals": ("T*F**FFF*",),
    "ehEquals": ("T*F**FFF*",),
    "ehDisjoint": ("FF*FF****",),
    "ehMeet": ("FT*******", "F**T*****", "F***T****"),
    "ehOverlap": ("T*T***T**",),
    "ehCovers": ("T*TFT*FF*",),
    "ehCoveredBy": ("TFF*TFT**",),
    "ehInside": ("TFF*FFT**",),
    "ehContains": ("T*TFF*FF*",),
    "rcc8eq": ("TFFFTFFFT",),
    "rcc8dc": ("FFTFFTTTT",),
    "rcc8ec": ("FFTFTTTTT",),
    "rcc8po": ("TTTTTTTTT",),
    "rcc8tppi": ("TTTFTTFFT",),
    "rcc8tpp": ("TFFTTFTTT",),
    "rcc8ntpp": ("TFFTFFTTT",),
    "rcc8ntppi": ("TTTFFTFFT",),
}
"""Intersection patterns: GeoSPARQL 1.1, tables 5 to 7. Its TFFFTFFFT for equals would never hold of
points, which have no boundary; T*F**FFF* (OGC 06-103r4) is the same for lines and areas."""

Test = Callable[..., Any]


def _pair(one: Geometry, other: Geometry) -> tuple[BaseGeometry, BaseGeometry]:
    return one.valid(), other.to(one.crs).valid()


def _matches(patterns: tuple[str, ...], one: Geometry, other: Geometry) -> bool:
    shapes = _pair(one, other)
    return any(bool(shapely.relate_pattern(*shapes, pattern)) for pattern in patterns)


def _holds(test: Test, one: Geometry, other: Geometry) -> bool:
    first, second = _pair(one, other)
    _prepare(first)
    return bool(test(first, second))


def _prepare(shape: BaseGeometry) -> None:
    if not isinstance(shape, shapely.Point):
        shapely.prepare(shape)


def _within(one: Geometry, other: Geometry) -> bool:
    """The converse of contains, so that the geometry which is the same in every row is prepared."""
    inner, outer = _pair(one, other)
    _prepare(outer)
    return bool(shapely.contains(outer, inner))


def relate(one: Geometry, other: Geometry, pattern: str) -> bool | None:
    """Whether the two geometries stand to each other as the DE-9IM pattern says."""
    return _matches((pattern,), one, other) if _PATTERN.fullmatch(pattern) else None


FUNCTIONS: dict[str, Callable[..., bool | None]] = {
    **{name: partial(_matches, patterns) for name, patterns in _PATTERNS.items()},
    "sfDisjoint": partial(_holds, shapely.disjoint),
    "sfIntersects": partial(_holds, shapely.intersects),
    "sfTouches": partial(_holds, shapely.touches),
    "sfCrosses": partial(_holds, shapely.crosses),
    "sfContains": partial(_holds, shapely.contains),
    "sfOverlaps": partial(_holds, shapely.overlaps),
    "sfWithin": _within,
    "relate": relate,
}
