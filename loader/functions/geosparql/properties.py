"""What a geometry is (GeoSPARQL 1.1, 8.9): kind, dimension, parts, extent, reference system."""

from collections.abc import Callable
from functools import partial

import shapely

from loader.functions.geosparql.geometry import Geometry, in_literal_order
from loader.functions.geosparql.terms import Address

_SIMPLE_FEATURES = "http://www.opengis.net/ont/sf#"
_DIMENSIONS = {
    "Point": 0,
    "MultiPoint": 0,
    "LineString": 1,
    "LinearRing": 1,
    "MultiLineString": 1,
    "Polygon": 2,
    "MultiPolygon": 2,
}


def dimension(geometry: Geometry) -> int:
    """0 for points, 1 for lines, 2 for areas; of a collection the greatest."""
    return max(int(shapely.get_dimensions(geometry.shape)), _DIMENSIONS.get(_kind(geometry), 0))


def _kind(geometry: Geometry) -> str:
    return str(geometry.shape.geom_type)


def _extreme(axis: str, last: bool, geometry: Geometry) -> float | None:
    """The least or greatest of the coordinates that stand first (X), second (Y) or third (Z)."""
    shape = in_literal_order(geometry)
    if shape.is_empty or (axis == "Z" and not shape.has_z):
        return None
    column = shapely.get_coordinates(shape, include_z=axis == "Z")[:, "XYZ".index(axis)]
    return float(column.max() if last else column.min())


FUNCTIONS: dict[str, Callable[..., object]] = {
    "dimension": dimension,
    "coordinateDimension": lambda geometry: int(shapely.get_coordinate_dimension(geometry.shape)),
    "spatialDimension": lambda geometry: 3 if geometry.shape.has_z else 2,
    "geometryType": lambda geometry: Address(_SIMPLE_FEATURES + _kind(geometry)),
    "getSRID": lambda geometry: Address(geometry.crs.iri),
    "is3D": lambda geometry: bool(geometry.shape.has_z),
    "isMeasured": lambda geometry: bool(geometry.shape.has_m),
    "isEmpty": lambda geometry: bool(geometry.shape.is_empty),
    "isSimple": lambda geometry: bool(shapely.is_simple(geometry.shape)),
    "numGeometries": lambda geometry: int(shapely.get_num_geometries(geometry.shape)),
    **{f"min{axis}": partial(_extreme, axis, False) for axis in "XYZ"},
    **{f"max{axis}": partial(_extreme, axis, True) for axis in "XYZ"},
}
