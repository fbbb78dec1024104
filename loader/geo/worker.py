"""The process that reads one geographic file with GDAL: ``python -m loader.geo.worker FOLDER``.

``FOLDER/task.json`` says what to read; ``rows.jsonl`` (a list of cells a line), ``findings.jsonl``
(code, row, value) and at the end ``result.json`` are written beside it. The environment that the
parent gives (loader/geo/reading.py) keeps GDAL to five drivers and off the network.
"""

import contextlib
import json
import resource
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyogrio
import pyogrio.raw

from loader.geo.crs import Source, find_source
from loader.geo.formats import FORMATS, KML, SHAPEFILE, GeoFormat
from loader.geo.geometry import Writer

READ_AT_ONCE = 128 << 20
"""Bytes of the file whose features are in memory at a time, about."""

FEWEST = 1_000
"""Features read at a time at least."""

WRITTEN_AT_ONCE = 1_000
"""Features whose geometries are checked and written at a time."""

MEMORY = 4 << 30
DISK = 16 << 30
"""Bytes of address space, and of one file that is written."""

_KML_LOOKS = {
    *("tessellate", "extrude", "visibility", "drawOrder", "altitudeMode", "icon", "snippet"),
}
"""Columns that LIBKML makes of how a place is shown, not of what is said of it."""


@dataclass(slots=True)
class Conversion:
    """Writes all layers of a file into one table."""

    path: Path
    format: GeoFormat
    codec: str | None
    rows: IO[str]
    findings: IO[str]
    columns: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    count: int = 0
    points: bool = False

    def run(self) -> dict[str, Any]:
        """Do it; return what the parent has to know."""
        layers = [str(name) for name, _ in pyogrio.list_layers(self.path)]
        infos = [self._info(layer) for layer in layers]
        for info in infos:
            for name in self._names(info):
                self.columns.setdefault(name, len(self.columns))
        for layer, info in zip(layers, infos, strict=True):
            self._layer(layer, info)
        return {
            "columns": list(self.columns),
            "kept": self._kept,
            "layers": len(layers),
            "features": self.count,
            "points": self.points,
        }

    @property
    def _kept(self) -> list[str]:
        """The columns of the table: of KML, those with a value that is said of a place."""
        if self.format is not KML:
            return list(self.columns)
        return [name for name in self.columns if name in self.used and name not in _KML_LOOKS]

    @property
    def _encoding(self) -> str | None:
        """Bytes of a Shapefile's attributes come through as they are, to be decoded here."""
        return "ISO-8859-1" if self.format is SHAPEFILE else None

    def _info(self, layer: str) -> Mapping[str, Any]:
        info: Mapping[str, Any] = pyogrio.read_info(
            self.path, layer=layer, encoding=self._encoding, force_feature_count=True
        )
        if info["driver"] != self.format.driver:
            raise pyogrio.errors.DataSourceError(f"opened as {info['driver']}")
        return info

    def _names(self, info: Mapping[str, Any]) -> list[str]:
        return [self._decoded(str(name)) for name in info["fields"]]

    def _decoded(self, text: str) -> str:
        if self._encoding is None or text.isascii():
            return text
        return text.encode("latin-1").decode(self.codec or "cp932", "replace")

    def _layer(self, layer: str, info: Mapping[str, Any]) -> None:
        source = find_source(info["crs"], self.format)
        if info["features"]:
            self._tell_source(source)
        places = [self.columns[name] for name in self._names(info)]
        for start in range(0, info["features"], step := self._at_once(info["features"])):
            _, _, wkb, data = pyogrio.raw.read(
                self.path,
                layer=layer,
                encoding=self._encoding,
                skip_features=start,
                max_features=step,
                datetime_as_string=True,
            )
            columns = [self._cells(column) for column in data]
            count = len(columns[0]) if columns else len(wkb)
            shapes = [None] * count if wkb is None else wkb
            for at in range(0, count, WRITTEN_AT_ONCE):
                part = slice(at, at + WRITTEN_AT_ONCE)
                texts = [column[part] for column in columns]
                self._write(layer, source, places, texts, shapes[part])

    def _at_once(self, features: int) -> int:
        size = max(1, self.path.stat().st_size)
        return int(max(FEWEST, features * READ_AT_ONCE // size))

    def _tell_source(self, source: Source) -> None:
        if not source.stated:
            self._tell("geo.crs-missing", None, source.name)
        elif source.tokyo:
            self._tell("geo.tokyo-datum", None, source.name)
        elif source.accuracy is None:
            self._tell("geo.crs-approximate", None, source.name)

    def _tell(self, code: str, row: int | None, value: str) -> None:
        self.findings.write(json.dumps([code, row, value], ensure_ascii=False) + "\n")

    def _cells(self, column: Iterable[Any]) -> list[str]:
        return [self._decoded(cell) for cell in map(cell_text, column)]

    def _write(
        self,
        layer: str,
        source: Source,
        places: list[int],
        texts: list[list[str]],
        shapes: Any,
    ) -> None:
        """Write features: attributes, then layer, WKT and the source's reference system."""
        wkts = Writer(source, self._tell).wkt(shapes, self.count + 1)
        self.count += len(wkts)
        self.points = self.points or any(wkt.startswith("POINT(") for wkt in wkts)
        names = list(self.columns)
        self.used.update(
            names[place] for place, column in zip(places, texts, strict=True) if any(column)
        )
        for number, wkt in enumerate(wkts):
            row = [""] * len(names)
            for place, column in zip(places, texts, strict=True):
                row[place] = column[number]
            row += [layer, wkt, source.iri if wkt else ""]
            self.rows.write(json.dumps(row, ensure_ascii=False) + "\n")


def cell_text(value: Any) -> str:
    """Write an attribute as text: whole numbers without a point, nothing for null."""
    if value is None or value != value:  # NaN is the only value that is not itself
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, list):
        return ";".join(map(cell_text, plain))
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, float) and plain.is_integer():
        return str(int(plain))
    return str(plain)


def work(folder: Path) -> dict[str, Any]:
    """Do the task of a folder; an error of GDAL becomes part of the result."""
    task = json.loads((folder / "task.json").read_text())
    format_ = next(known for known in FORMATS if known.name == task["format"])
    with (
        (folder / "rows.jsonl").open("w", encoding="utf-8", errors="replace") as rows,
        (folder / "findings.jsonl").open("w", encoding="utf-8", errors="replace") as findings,
    ):
        conversion = Conversion(Path(task["path"]), format_, task["codec"], rows, findings)
        try:
            return conversion.run()
        except (RuntimeError, ValueError, MemoryError) as error:
            return {"error": str(error) or type(error).__name__}


def main(arguments: list[str]) -> None:
    """Bound the process, do the task, write the result."""
    with contextlib.suppress(ValueError, OSError):  # macOS has no RLIMIT_AS that can be set
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (folder,) = map(Path, arguments)
    result = json.dumps(work(folder))
    (folder / "result.json").write_text(result)


if __name__ == "__main__":
    main(sys.argv[1:])
