"""Geometries in another serialisation (GeoSPARQL 1.1, 8.5–8.8): WKT, GML, GeoJSON, KML."""

from collections.abc import Callable, Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from loader.functions.geosparql.crs import CRS84, crs
from loader.functions.geosparql.geometry import (
    GEO,
    GEOJSON,
    GML,
    Geometry,
    in_literal_order,
)
from loader.functions.geosparql.gml import write_gml
from loader.functions.geosparql.terms import Written

_KML = GEO + "kmlLiteral"


def as_wkt(geometry: Geometry) -> Geometry:
    """The same geometry as a wktLiteral, in its reference system."""
    return geometry


def as_geojson(geometry: Geometry) -> Written:
    """The geometry as RFC 7946 has it: in CRS84."""
    return Written(shapely.to_geojson(geometry.to(crs(CRS84)).shape), GEOJSON)


def as_gml(geometry: Geometry, profile: str = "") -> Written | None:
    """The geometry in GML 3.2, in its reference system; the profile, if any, is named so."""
    if profile not in ("", "http://www.opengis.net/def/profile/OGC/2.0/gml-sf0", "GML_3_2", "3.2"):
        return None
    return Written(write_gml(in_literal_order(geometry), geometry.crs.iri), GML)


def as_kml(geometry: Geometry) -> Written:
    """The geometry in KML 2.3 (OGC 12-007r2), which knows CRS84 only."""
    return Written(_kml(geometry.to(crs(CRS84)).shape), _KML)


def _kml(shape: BaseGeometry, head: str = ' xmlns="http://www.opengis.net/kml/2.2"') -> str:
    name = str(shape.geom_type)
    if hasattr(shape, "geoms"):
        name, content = "MultiGeometry", "".join(_kml(part, "") for part in shape.geoms)
    elif isinstance(shape, shapely.Polygon):
        rings = [("outer", shape.exterior), *(("inner", ring) for ring in shape.interiors)]
        content = "".join(
            f"<{side}BoundaryIs><LinearRing>{_positions(ring.coords)}</LinearRing></{side}BoundaryIs>"
            for side, ring in rings
        )
    else:
        content = _positions(shape.coords)
    return f"<{name}{head}>{content}</{name}>"


def _positions(positions: Iterable[tuple[float, ...]]) -> str:
    written = (",".join(f"{number:.12g}" for number in position) for position in positions)
    return f"<coordinates>{' '.join(written)}</coordinates>"


FUNCTIONS: dict[str, Callable[..., object]] = {
    "asWKT": as_wkt,
    "asGeoJSON": as_geojson,
    "asGML": as_gml,
    "asKML": as_kml,
}
