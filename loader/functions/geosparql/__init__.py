"""GeoSPARQL 1.1 (OGC 22-047r1) for queries: its functions and aggregates, by shapely and pyproj.

They stand before those that the engine brings, so that every function takes every reference
system and serialisation that one of them takes. ``functions.toml`` declares them; the modules
that compute are imported when the first one is called, for shapely and pyproj take a third of a
second and 50 MB. docs/geosparql.md lists all.
"""

from loader.functions.geosparql.catalogue import GEOF, GeoFunction, Kind, geo_functions
from loader.functions.geosparql.registration import custom_aggregates, custom_geo_functions

__all__ = [
    "GEOF",
    "GeoFunction",
    "Kind",
    "custom_aggregates",
    "custom_geo_functions",
    "geo_functions",
]
