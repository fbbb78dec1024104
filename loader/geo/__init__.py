"""Reads geographic files as tables: attributes, and each geometry as WKT in CRS84.

GeoJSON, TopoJSON, KML, GML and Shapefile are read by GDAL (pyogrio) in a process of its own
(loader/geo/worker.py), which sees a private folder with the file alone, has a limit of memory and
time, no driver but these five, and writes plain text; a file that makes GDAL crash costs its own
table and nothing else. The house's process never loads GDAL.
"""

from loader.geo.formats import FORMATS, GeoFormat, detect
from loader.geo.reading import CRS_COLUMN, GEOMETRY, LATITUDE, LONGITUDE, Features, read_features

__all__ = [
    "CRS_COLUMN",
    "FORMATS",
    "GEOMETRY",
    "LATITUDE",
    "LONGITUDE",
    "Features",
    "GeoFormat",
    "detect",
    "read_features",
]
