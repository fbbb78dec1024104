"""A folder of GTFS tables is one package, for their numbers (stop_id, trip_id) are of one feed."""

from collections.abc import Sequence
from pathlib import Path

from loader.descriptor.naming import slug
from loader.model import Package, Resource

_REQUIRED = frozenset(("stops", "routes", "trips", "stop_times"))
_TABLES = _REQUIRED | frozenset(
    ("agency", "agency_jp", "calendar", "calendar_dates", "fare_attributes", "fare_rules")
    + ("feed_info", "frequencies", "office_jp", "pattern_jp", "routes_jp", "shapes")
    + ("transfers", "translations", "levels", "pathways", "attributions")
)
"""Names of the tables of GTFS (https://gtfs.org/documentation/schedule/reference/) and GTFS-JP."""

_SUFFIXES = (".txt", ".csv")


def feeds(paths: Sequence[Path]) -> dict[Path, list[Path]]:
    """Return the folders that hold a feed, each with the files that are its tables."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        if path.suffix.lower() in _SUFFIXES and path.stem.lower() in _TABLES:
            found.setdefault(path.parent, []).append(path)
    return {
        folder: tables
        for folder, tables in found.items()
        if {table.stem.lower() for table in tables} >= _REQUIRED
    }


def feed_package(folder: Path, tables: Sequence[Path]) -> Package:
    """Return the package of a feed, named after its folder."""
    resources = tuple(
        Resource(slug(table.stem), table, title={"ja": table.stem}, media_type="text/csv")
        for table in tables
    )
    name = folder.resolve().name
    return Package(slug(name) or "gtfs", folder, resources, title={"ja": name or "GTFS"})
