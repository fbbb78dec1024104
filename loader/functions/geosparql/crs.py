"""Coordinate reference systems by their IRIs: axis order, units, transformation.

Inside, coordinates are always longitude and latitude, or easting and northing; literals have them
in the order of the system's authority (GeoSPARQL 1.1, 8.5.1): latitude first in EPSG:4326, 6668
and 6697, X (north) first in the Japanese plane rectangular systems. Heights are carried along
unchanged: no transformation moves them. PROJ is used without grid files and without network.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyproj import CRS, Geod, Transformer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude: the system of literals that name none (GeoSPARQL 1.1, 8.5.1)."""

_PATTERN = re.compile(
    r"https?://www\.opengis\.net/def/crs/(?P<authority>OGC|EPSG)/[\d.]+/(?P<code>\w{1,10})"
    r"|urn:ogc:def:crs:(?P<urn>OGC|EPSG):[\d.]*:(?P<number>\w{1,10})"
)
_EQUAL = frozenset(("CRS84", "CRS84h", "4326", "4979", "4612", "6668", "6697"))
"""WGS84, JGD2000 and JGD2011 differ by less than their transformations are exact."""
_EQUAL_DATUM = 6668


class UnknownCrs(ValueError):
    """An IRI that names no geographic or projected reference system."""


@dataclass(frozen=True, slots=True)
class Crs:
    """A reference system of the earth's surface, with or without heights."""

    iri: str
    code: str
    swapped: bool
    """Whether literals have the northern coordinate first."""
    geographic: bool
    metres: float
    """Length of its unit; of a geographic system 0."""

    @property
    def datum(self) -> str:
        """What two systems have in common whose coordinates are equal inside."""
        return "equal" if self.code in _EQUAL else self.code

    def proj(self) -> "CRS":
        """The horizontal system as pyproj has it."""
        return _proj(self.code)

    def geod(self) -> "Geod":
        """Its ellipsoid."""
        found = self.proj().get_geod()
        if found is None:
            raise UnknownCrs(self.iri)
        return found

    def transformer(self, target: "Crs") -> "Transformer":
        """From its coordinates to those of another system."""
        return _transformer(self.code, target.code)


@lru_cache(maxsize=64)
def crs(iri: str) -> Crs:
    """Return the system that an IRI or URN names; raises UnknownCrs."""
    found = _PATTERN.fullmatch(iri)
    if not found:
        raise UnknownCrs(iri)
    authority = found["authority"] or found["urn"]
    code = found["code"] or found["number"]
    if authority == "OGC":
        if code not in ("CRS84", "CRS84h"):
            raise UnknownCrs(iri)
        return Crs(iri, code, False, True, 0.0)
    if code in _EQUAL:
        return Crs(iri, code, True, True, 0.0)
    return _of_epsg(iri, code)


def _of_epsg(iri: str, code: str) -> Crs:
    if not code.isdecimal():
        raise UnknownCrs(iri)
    try:
        found = _proj(code)
    except RuntimeError as error:  # pyproj.exceptions.CRSError
        raise UnknownCrs(iri) from error
    axes = found.axis_info
    if not (found.is_geographic or found.is_projected) or len(axes) < 2:
        raise UnknownCrs(iri)
    metres = 0.0 if found.is_geographic else float(axes[0].unit_conversion_factor)
    return Crs(iri, code, axes[0].direction == "north", found.is_geographic, metres)


@lru_cache(maxsize=64)
def _proj(code: str) -> "CRS":
    from pyproj import CRS

    return CRS.from_epsg(_EQUAL_DATUM if code in _EQUAL else int(code)).to_2d()


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(_proj(source), _proj(target), always_xy=True)


def local_plane(ellipsoid: "Geod", longitude: float, latitude: float) -> Any:
    """Return an azimuthal equidistant projection in metres around a point (PROJ ``aeqd``)."""
    from pyproj import Proj

    return Proj(
        proj="aeqd", lat_0=latitude, lon_0=longitude, a=ellipsoid.a, rf=1 / ellipsoid.f, units="m"
    )
