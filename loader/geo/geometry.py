"""Geometries: brought to CRS84, checked, repaired where that can be done, written as WKT."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from loader.geo.crs import Coordinates, Source

DIGITS = 8
"""Decimal places of a degree that are kept: about a millimetre."""

MOST_POINTS = 500_000
"""Points of one geometry: some ten megabytes of text."""

JAPAN = (122.0, 20.0, 154.0, 46.0)
"""West, south, east, north: 国土地理院「日本の東西南北端点の経度緯度」, rounded outwards."""

_PLACE = re.compile(r"\[(.*)\]")

Geometries = np.ndarray[tuple[int], np.dtype[Any]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Tell = Callable[[str, int, str], None]
"""Takes a finding: code, number of the feature, and what it is about."""


@dataclass(slots=True)
class Writer:
    """Writes the geometries of a layer; what is wrong with one is told by ``tell``."""

    source: Source
    tell: Tell

    def wkt(self, wkb: Sequence[bytes | None], first: int) -> list[str]:
        """Return WKT (GeoSPARQL 1.1, 8.5.1), longitude first; empty where there is none.

        ``first`` is the number of the first feature.
        """
        given = np.asarray(wkb, dtype=object)
        found: Geometries = shapely.from_wkb(given, on_invalid="ignore")
        missing = np.array([shape is None for shape in given], dtype=np.bool_)
        self._say("geo.no-geometry", missing | shapely.is_empty(found), first)
        self._say("geo.broken", shapely.is_missing(found) & ~missing, first)
        found[shapely.is_empty(found)] = None
        found = self._without_too_detailed(found, first)
        found = self._located(self._flat(found, first), first)
        return [_compact(text) for text in shapely.to_wkt(self._valid(found, first), DIGITS)]

    def _say(self, code: str, mask: Mask, first: int, shown: Geometries | None = None) -> None:
        """Tell of the features that a mask takes; ``shown`` are their geometries."""
        for at, index in enumerate(np.flatnonzero(mask)):
            place = "" if shown is None else _somewhere(shown[at])
            self.tell(code, first + int(index), place)

    def _without(self, code: str, mask: Mask, found: Geometries, first: int) -> Geometries:
        """Leave geometries out, and say so."""
        self._say(code, mask, first, found[mask])
        found[mask] = None
        return found

    def _without_too_detailed(self, found: Geometries, first: int) -> Geometries:
        mask = shapely.get_num_coordinates(found) > MOST_POINTS
        return self._without("geo.too-detailed", mask, found, first)

    def _flat(self, found: Geometries, first: int) -> Geometries:
        """Leave heights out: CRS84 has none. Heights that are all 0 are not worth a word."""
        mask: Mask = shapely.has_z(found)
        for index in np.flatnonzero(mask):
            mask[index] = _has_height(found[index])
        self._say("geo.height-left-out", mask, first)
        flat: Geometries = shapely.force_2d(found)
        return flat

    def _located(self, found: Geometries, first: int) -> Geometries:
        """Bring to CRS84; turn round what is swapped, leave out what is nowhere."""
        if self.source.degrees:
            found = self._turned_round(found, first)
            zero = shapely.get_type_id(found) == shapely.GeometryType.POINT
            zero &= (shapely.bounds(found)[:, :2] == 0).any(axis=1)
            found = self._without("geo.zero-coordinates", zero, found, first)
        converted = shapely.transform(found, self._converted)
        bounds = shapely.bounds(converted)
        off = ~shapely.is_missing(found) & ~_in_degrees(bounds)
        self._without("geo.not-on-earth", off, found, first)
        converted[off] = None
        outside = ~shapely.is_missing(converted) & ~_within(bounds)
        self._say("geo.outside-japan", outside, first, converted[outside])
        return converted

    def _turned_round(self, found: Geometries, first: int) -> Geometries:
        """Put latitude and longitude right: in Japan no longitude is a latitude."""
        bounds = shapely.bounds(found)
        swapped = ~_within(bounds) & _within(bounds[:, [1, 0, 3, 2]])
        self._say("geo.axes-swapped", swapped, first, found[swapped])
        found[swapped] = shapely.transform(found[swapped], _turned)
        return found

    def _converted(self, coordinates: Coordinates) -> Coordinates:
        return np.round(self.source.to_crs84(coordinates), DIGITS)

    def _valid(self, found: Geometries, first: int) -> Geometries:
        """Repair what breaks the rules of OGC Simple Features (06-103r4, 6.1)."""
        broken: Mask = ~shapely.is_missing(found) & ~shapely.is_valid(found)
        reasons = [_place(reason) for reason in shapely.is_valid_reason(found[broken])]
        repaired = shapely.make_valid(found[broken], method="structure", keep_collapsed=False)
        lost = shapely.is_empty(repaired)
        for index, place, gone in zip(np.flatnonzero(broken), reasons, lost, strict=True):
            self.tell("geo.beyond-repair" if gone else "geo.repaired", first + int(index), place)
        repaired[lost] = None
        found[broken] = repaired
        return found


def _compact(text: str | None) -> str:
    """Write WKT as the house does: ``POINT(139.7 35.6)``."""
    return text.replace(", ", ",").replace(" (", "(") if text else ""


def _has_height(geometry: shapely.Geometry) -> bool:
    heights = shapely.get_coordinates(geometry, include_z=True)[:, 2]
    return bool(np.any(np.nan_to_num(heights)))


def _within(bounds: Any) -> Mask:
    """Whether boxes meet Japan's."""
    west, south, east, north = JAPAN
    across = (bounds[:, 2] >= west) & (bounds[:, 0] <= east)
    met: Mask = across & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
    return met


def _in_degrees(bounds: Any) -> Mask:
    most = np.array([180.0, 90.0, 180.0, 90.0])
    inside: Mask = (np.abs(bounds) <= most).all(axis=1)  # neither NaN nor infinity is
    return inside


def _turned(coordinates: Coordinates) -> Coordinates:
    return coordinates[:, ::-1]


def _somewhere(geometry: shapely.Geometry) -> str:
    """Return the first of a geometry's points, to show where it is."""
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.10g} {y:.10g}"


def _place(reason: str) -> str:
    """Return the place that a reason such as ``Self-intersection[139.7 35.6]`` names."""
    found = _PLACE.search(reason)
    return found[1] if found else ""
