"""Coordinate reference systems: which one a file has, and the way from it to CRS84.

日本測地系 (EPSG:4301) goes by way of JGD2000 (EPSG:4612): towards JGD2011 and CRS84 PROJ's
database has no transformation of its own, or a choice of several. JGD2000, JGD2011 (EPSG:6668)
and WGS 84 are taken for the same within a metre, as PROJ's database has it.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from loader.geo.formats import GEOJSON, KML, TOPOJSON, GeoFormat

CRS84_IRI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_IRI = "http://www.opengis.net/def/crs/EPSG/0/"

_CRS84 = "OGC:CRS84"
_JGD2000 = "EPSG:4612"
_ASSUMED = "EPSG:6668"
_BY_DEFINITION = {GEOJSON, TOPOJSON, KML}
"""Their coordinates are WGS 84, longitude first, where they do not say otherwise (RFC 7946, 4;
TopoJSON Specification, 2.1; OGC 12-007r2, 6.2)."""

Coordinates = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Source:
    """The reference system of a layer: its name, its IRI (empty where it has no EPSG code), the
    way to CRS84 (None where there is none to go) and its accuracy in metres (None: not known).

    ``stated`` is False where the file does not say it and JGD2011 is assumed.
    """

    name: str
    iri: str
    transformer: Transformer | None
    accuracy: float | None = 0.0
    stated: bool = True
    tokyo: bool = False
    degrees: bool = True

    def to_crs84(self, coordinates: Coordinates) -> Coordinates:
        """Return longitude and latitude of points of the source."""
        if self.transformer is None:
            return coordinates
        east, north = self.transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack((east, north))


def find_source(told: str | None, format_: GeoFormat) -> Source:
    """Return the reference system of a layer from what GDAL tells of it (code or WKT)."""
    crs = _crs(told)
    if format_ in _BY_DEFINITION and (not told or (crs and crs.to_epsg() == 4326)):
        return Source("WGS 84 (CRS84)", CRS84_IRI, None)
    if crs is None:
        return _source(CRS.from_user_input(_ASSUMED), stated=False)
    return _source(crs)


def _crs(told: str | None) -> CRS | None:
    """Read a code or WKT; a local system, which lies nowhere on the earth, counts as none."""
    try:
        crs = CRS.from_user_input(told) if told else None
    except CRSError:
        return None
    return crs if crs and crs.geodetic_crs else None


def _source(crs: CRS, stated: bool = True) -> Source:
    base = crs.geodetic_crs
    tokyo = base is not None and base.datum is not None and "Tokyo" in base.datum.name
    transformer = _transformer(crs, _JGD2000 if tokyo else _CRS84)
    accuracy = transformer.accuracy if transformer.accuracy >= 0 else None
    return Source(crs.name, _iri(crs), transformer, accuracy, stated, tokyo, crs.is_geographic)


def _iri(crs: CRS) -> str:
    if crs.to_authority() == ("OGC", "CRS84"):
        return CRS84_IRI
    code = crs.to_epsg()
    return f"{EPSG_IRI}{code}" if code else ""


def _transformer(crs: CRS, target: str) -> Transformer:
    """Return PROJ's best transformation of those that need no file to be fetched."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return TransformerGroup(crs, CRS.from_user_input(target), always_xy=True).transformers[0]
