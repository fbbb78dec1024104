"""Reads the layers of a geographic file with GDAL and writes them as one table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyogrio
import pyogrio.raw

from loader.geo.attributes import inexact, texts
from loader.geo.crs import Source, find_source
from loader.geo.formats import GEOJSON, KML, SHAPEFILE, GeoFormat
from loader.geo.geometry import Writer

READ_AT_ONCE = 128 << 20
"""Bytes of the file whose features are in memory at a time, about."""

FEWEST = 1_000
"""Features read at a time at least."""

WRITTEN_AT_ONCE = 1_000
"""Features whose geometries are checked and written at a time."""

ID = "id"
"""A feature's own identifier (RFC 7946, 3.2)."""

_KML_LOOKS = {
    *("tessellate", "extrude", "visibility", "drawOrder", "altitudeMode", "icon", "snippet"),
}
"""Columns that LIBKML makes of how a place is shown, not of what is said of it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its number and name, its fields, and how many features it has."""

    number: int
    name: str
    fields: Sequence[str]
    types: Sequence[str]
    subtypes: Sequence[str]
    features: int
    source: Source


@dataclass(slots=True)
class Conversion:
    """Writes all layers of a file into one table: ``rows`` takes a list of cells a line (the
    columns, then layer, WKT and the IRI of the source's reference system), ``findings`` code, row
    and value.

    ``names`` are what names of fields stand for that are not the file's own.
    """

    path: Path
    format: GeoFormat
    codec: str
    names: Mapping[str, str]
    rows: IO[str]
    findings: IO[str]
    columns: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    count: int = 0
    points: bool = False
    numbered: bool = False
    """Whether features have numbers of their own."""

    def run(self) -> dict[str, Any]:
        """Do it; return what has to be known of the table.

        Raises RuntimeError (of pyogrio), ValueError or MemoryError for what cannot be read.
        """
        names = [str(name) for name, _ in pyogrio.list_layers(self.path)]
        layers = [self._layer(number, name) for number, name in enumerate(names)]
        known = [name for layer in layers for name in layer.fields]
        if self.format is GEOJSON and ID not in known:
            known.insert(0, ID)
        self.columns = {name: place for place, name in enumerate(dict.fromkeys(known))}
        for layer in layers:
            if layer.features:
                self._tell_source(layer.source)
            for start in range(0, layer.features, step := self._at_once(layer.features)):
                self._read(layer, start, step)
        return {
            "columns": list(self.columns),
            "kept": self._kept(ID in layers[0].fields if layers else False),
            "layers": len(layers),
            "features": self.count,
            "points": self.points,
        }

    def _kept(self, has_id: bool) -> list[str]:
        """Return the columns of the table: of KML, those with a value that is said of a place."""
        if self.format is KML:
            return [name for name in self.columns if name in self.used - _KML_LOOKS]
        if self.format is GEOJSON and not has_id and not self.numbered:
            return [name for name in self.columns if name != ID]
        return list(self.columns)

    @property
    def _encoding(self) -> str | None:
        """Bytes of a Shapefile's attributes come through as they are, to be decoded here."""
        return "ISO-8859-1" if self.format is SHAPEFILE else None

    def _layer(self, number: int, name: str) -> Layer:
        info = pyogrio.read_info(
            self.path, layer=number, encoding=self._encoding, force_feature_count=True
        )
        if info["driver"] != self.format.driver:
            raise ValueError(f"opened as {info['driver']}")
        return Layer(
            number,
            name,
            [self.names.get(field, field) for field in map(self._decoded, info["fields"])],
            list(info["ogr_types"]),
            list(info["ogr_subtypes"]),
            info["features"],
            find_source(info["crs"], self.format),
        )

    def _decoded(self, text: str) -> str:
        if self._encoding is None or text.isascii():
            return str(text)
        return text.encode("latin-1").decode(self.codec, "replace")

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

    def _read(self, layer: Layer, start: int, count: int) -> None:
        """Read features of a layer and write them, some at a time."""
        _, fids, wkb, data = pyogrio.raw.read(
            self.path,
            layer=layer.number,
            encoding=self._encoding,
            skip_features=start,
            max_features=count,
            return_fids=True,
            datetime_as_string=True,
        )
        cells = self._cells(layer, data)
        if self.format is GEOJSON and ID not in layer.fields:
            cells[ID] = list(map(str, fids.tolist()))
            expected = np.arange(start, start + len(fids))
            self.numbered = self.numbered or not np.array_equal(fids, expected)
        shapes = wkb if wkb is not None else np.full(len(fids), None)
        for at in range(0, len(fids), WRITTEN_AT_ONCE):
            part = slice(at, at + WRITTEN_AT_ONCE)
            some = {name: column[part] for name, column in cells.items()}
            self._write(layer, some, shapes[part])

    def _cells(self, layer: Layer, data: Sequence[Any]) -> dict[str, list[str]]:
        cells = {}
        fields = zip(layer.fields, layer.types, layer.subtypes, data, strict=True)
        for name, type_, subtype, column in fields:
            cells[name] = list(map(self._decoded, texts(column, subtype)))
            for place in inexact(column, type_):
                self._tell("geo.inexact-number", self.count + place + 1, cells[name][place])
        return cells

    def _write(self, layer: Layer, cells: Mapping[str, Sequence[str]], shapes: Any) -> None:
        wkts = Writer(layer.source, self._tell).wkt(shapes, self.count + 1)
        self.count += len(wkts)
        self.points = self.points or any(wkt.startswith("POINT(") for wkt in wkts)
        self.used.update(name for name, column in cells.items() if any(column))
        for row in self._rows(layer, cells, wkts):
            self.rows.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _rows(
        self, layer: Layer, cells: Mapping[str, Sequence[str]], wkts: Sequence[str]
    ) -> Iterator[list[str]]:
        blank = [""] * len(wkts)
        columns = [cells.get(name, blank) for name in self.columns]
        sources = [layer.source.iri if wkt else "" for wkt in wkts]
        name = [layer.name] * len(wkts)
        yield from map(list, zip(*columns, name, wkts, sources, strict=True))
