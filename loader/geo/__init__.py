"""Reads geographic files as tables: attributes, and each geometry as WKT in CRS84.

GeoJSON, TopoJSON, KML, GML and Shapefile are read by GDAL (pyogrio) in a process of its own
(loader/geo/worker.py), which sees a private folder with the file alone, has a limit of memory and
time, no driver but these five, and writes plain text; a file that makes GDAL crash costs its own
table and nothing else. The house's process never loads GDAL. What a file becomes is described in
docs/geographic-files.md.
"""
