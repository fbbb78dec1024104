"""Geographic files as tables: a row for each feature (loader/geo)."""

from loader.geo.reading import read_features
from loader.model import FindingLog, Resource
from loader.table.reader import NamedRecords, Reader, refuse_wide


def open_geographic_table(resource: Resource, findings: FindingLog) -> Reader:
    """Open a GeoJSON, TopoJSON, KML, GML or Shapefile; its content says which of them it is.

    Raises NotATableError or OSError.
    """
    features = read_features(resource, findings)
    refuse_wide(resource.path, len(features.header))
    return NamedRecords(
        resource,
        findings,
        features.header,
        features.rows,
        resource.path.stat().st_size,
        encoding=features.encoding,
        may_have_lost=True,
    )
