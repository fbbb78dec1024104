"""The columns that a geographic file's table has beside the attributes.

``GEOMETRY`` is WKT in CRS84, ``SOURCE_CRS`` the IRI of the reference system that the file's own
coordinates have. Points also have their coordinates under the names that the standard datasets
have for them, and the features of a file with several layers the name of theirs.
"""

from collections.abc import Collection

GEOMETRY = "geometry"
SOURCE_CRS = "geometry_crs"
LATITUDE, LONGITUDE = "緯度", "経度"
LAYER = "layer"


def is_geographic(header: Collection[str]) -> bool:
    """Whether a table was made of a geographic file."""
    return GEOMETRY in header and SOURCE_CRS in header
