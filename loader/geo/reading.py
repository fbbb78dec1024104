"""Has a geographic file read by the worker, and gives its rows from what that has written."""

import json
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from loader.encoding import IANA_NAMES, NotATableError
from loader.geo.columns import GEOMETRY, LATITUDE, LAYER, LONGITUDE, SOURCE_CRS
from loader.geo.formats import SHAPEFILE, GeoFormat
from loader.geo.shapefile import parts
from loader.geo.staging import stage
from loader.model import Finding, FindingLog, Resource

SECONDS = 120
SECONDS_PER_MEGABYTE = 3
"""How long a file may take."""

_ROOT = Path(__file__).parents[2]

_SKIPPED = (
    *("ADBC", "AIVector", "AmigoCloud", "AVCBin", "AVCE00", "Carto", "CSV", "CSW", "DGN", "DXF"),
    *("EDIGEO", "EEDA", "Elasticsearch", "ESRIJSON", "FlatGeobuf", "GDALG", "GeoJSONSeq", "GeoRSS"),
    *("GPKG", "GPSBabel", "GPX", "GTFS", "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LVBAG"),
    *("MapInfo File", "MapML", "MBTiles", "MEM", "MiraMonVector", "MVT", "NGW", "OAPIF", "ODS"),
    *("OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OpenFileGDB", "OSM", "PCIDSK", "PDF", "PDS4"),
    *("PGDUMP", "PLSCENES", "PMTiles", "S57", "Selafin", "SQLite", "SXF", "VDV", "VFK", "VICAR"),
    *("WAsP", "WFS", "XLSX"),
)
"""The drivers of GDAL (3.12) that are never needed; some follow what a file says to other files
or to the network. That GDAL opened a file with the right one is checked besides."""

SETTINGS = {
    "GDAL_SKIP": ",".join(_SKIPPED),
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_GEOJSON_ARRAY_AS_STRING": "YES",
    "OGR_GEOJSON_DATE_AS_STRING": "YES",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "100",
    "SHAPE_RESTORE_SHX": "YES",
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
}
"""GDAL's and PROJ's options (https://gdal.org/en/stable/user/configoptions.html)."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a file as rows; ``encoding`` is the IANA name of that of its text.

    The rows are on disk in a folder that goes when this object does.
    """

    format: GeoFormat
    header: tuple[str, ...]
    encoding: str
    count: int
    _folder: "_Folder"
    _kept: tuple[int, ...]

    def rows(self) -> Iterator[list[str]]:
        """Give the rows from the first, each as wide as the header."""
        with (self._folder.path / "rows.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                cells: list[str] = json.loads(line)
                longitude, latitude = _point(cells[-2])
                cells += [latitude, longitude]
                yield [cells[place] for place in self._kept]


class _Folder:
    """A folder that is removed when nothing needs it any more."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="tsunagu-geo-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def read_features(resource: Resource, findings: FindingLog) -> Features:
    """Read a geographic file.

    Raises NotATableError for what is none or cannot be read (geo.…), OSError where the file is
    not to be had.
    """
    own = _Folder()
    folder = own.path
    staged = stage(resource.path, folder, resource.encoding)
    if staged.format is SHAPEFILE:
        _report_parts(resource, findings)
    task = {
        "path": str(staged.path),
        "format": staged.format.name,
        "codec": staged.codec,
        "names": staged.names,
    }
    (folder / "task.json").write_text(json.dumps(task))
    result = _run(resource.path, folder)
    _report(resource, folder, findings)
    encoding = IANA_NAMES[staged.codec]
    if encoding != "UTF-8" and not staged.stated:
        details = {"encoding": encoding}
        findings.add(Finding("table.encoding-inferred", resource.label, details=details))
    header, kept = _header(result)
    return Features(staged.format, header, encoding, result["features"], own, kept)


def _report_parts(resource: Resource, findings: FindingLog) -> None:
    there = parts(resource.path)
    for suffix, code in ((".dbf", "geo.no-attributes"), (".shx", "geo.no-index")):
        if suffix not in there:
            findings.add(Finding(code, resource.label))


def _run(path: Path, folder: Path) -> dict[str, Any]:
    """Have the task of a folder done; raises NotATableError where that ends badly."""
    seconds = SECONDS + SECONDS_PER_MEGABYTE * (path.stat().st_size >> 20)
    try:
        result = _written(folder, seconds)
    except subprocess.TimeoutExpired as error:
        raise NotATableError("geo.too-slow", path, seconds=seconds) from error
    except subprocess.CalledProcessError as error:
        raise NotATableError("geo.reader-died", path, status=error.returncode) from error
    if "error" in result:
        raise NotATableError("geo.unreadable", path, reason=_shown(result["error"], folder))
    return result


def _written(folder: Path, seconds: int) -> dict[str, Any]:
    subprocess.run(
        [sys.executable, "-P", "-m", "loader.geo.worker", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(_ROOT)},
        timeout=seconds,
        check=True,
    )
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return result


def _shown(reason: str, folder: Path) -> str:
    """Return GDAL's words without the place that the file has only for it."""
    return reason.replace(f"{folder}/", "").split(";")[0].strip()


def _report(resource: Resource, folder: Path, findings: FindingLog) -> None:
    with (folder / "findings.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            code, row, value = json.loads(line)
            findings.add(Finding(code, resource.label, row, value=value))


def _header(result: dict[str, Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the names of the columns and where their cells are.

    A row as written has the attributes, layer, WKT and reference system; latitude and longitude
    come behind. A column of the file that has one of our names gets a number.
    """
    columns: Sequence[str] = result["columns"]
    end = len(columns)
    named = [(f"{name} (2)" if name in (GEOMETRY, SOURCE_CRS) else name) for name in columns]
    kept = [columns.index(name) for name in result["kept"]]
    names = [named[place] for place in kept]
    if result["layers"] > 1 and LAYER not in names:
        kept, names = [*kept, end], [*names, LAYER]
    if result["points"] and not {LATITUDE, LONGITUDE} & set(names):
        kept, names = [*kept, end + 3, end + 4], [*names, LATITUDE, LONGITUDE]
    return (*names, GEOMETRY, SOURCE_CRS), (*kept, end + 1, end + 2)


def _point(wkt: str) -> tuple[str, str]:
    """Return longitude and latitude of a point; empty for any other geometry."""
    if not wkt.startswith("POINT("):
        return "", ""
    longitude, _, latitude = wkt[6:-1].partition(" ")
    return longitude, latitude
