"""Maps of results: the geometries of a column in Web Mercator, with a grid of degrees.

Nothing is asked of other hosts, unless the operator names one for the background
(``map_tiles``, docs/serving.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from endpoint.drawing.projection import (
    NORTHMOST,
    WIDTH,
    Frame,
    GridLine,
    Pair,
    Tile,
    frame_of,
    meridians,
    parallels,
    scale,
    tiles_of,
)
from endpoint.sparql.results import Cell, Shown
from vocab.namespaces import GEO

_MOST_FEATURES = 2000
_MOST_POINTS = 50_000
_MOST_NAMES = 60
_LETTER = 13
"""About the width of a Japanese letter in the names."""

_PIECE = re.compile(
    r"(?P<kind>POINT|LINESTRING|POLYGON|MULTI[A-Z]+)|\((?P<pairs>[^()]*+)\)", re.IGNORECASE
)
_HEAD = re.compile(r"\s*(?:<(?P<crs>[^>]*)>)?\s*")
_NORTH_FIRST = re.compile(r".*/EPSG/[^/]*/(?:4326|4612|6668|6697)")


@dataclass(frozen=True, slots=True)
class Dot:
    """A point."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or an area: the data of a path (SVG 1.1, 8.3)."""

    path: str
    closed: bool
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside its point."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of the geometries of a result."""

    dots: list[Dot]
    shapes: list[Shape]
    names: list[Name]
    meridians: list[GridLine]
    parallels: list[GridLine]
    tiles: list[Tile]
    scale_length: float
    scale_text: str
    count: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Feature:
    """The pieces of a geometry, as they are written: kind and pairs of longitude and latitude."""

    pieces: list[tuple[str, list[Pair]]]
    name: str


def read_wkt(text: str) -> list[tuple[str, list[Pair]]]:
    """The pieces of a wktLiteral; empty where it has none that can be drawn.

    Only innermost lists of coordinates are looked at, so that nesting costs nothing.
    """
    head = _HEAD.match(text)
    assert head is not None
    north_first = bool(_NORTH_FIRST.fullmatch(head["crs"] or ""))
    pieces = []
    kind = ""
    for match in _PIECE.finditer(text, head.end()):
        if match["kind"]:
            kind = match["kind"].upper().removeprefix("MULTI")
            continue
        pairs = list(_pairs(match["pairs"], north_first))
        if pairs and kind:
            pieces.append((kind, pairs))
    return pieces


def _pairs(text: str, north_first: bool) -> Iterator[Pair]:
    for item in text.split(","):
        numbers = item.split()
        try:
            first, second = float(numbers[0]), float(numbers[1])
        except (ValueError, IndexError):
            continue
        x, y = (second, first) if north_first else (first, second)
        if -180 <= x <= 180 and -90 <= y <= 90:
            yield x, min(max(y, -NORTHMOST), NORTHMOST)


def features(result: Shown) -> Iterator[Feature]:
    """The rows of a result that have a geometry, with what they are called."""
    for row in result.rows:
        where = next((cell for cell in row if cell and cell.datatype == GEO["wktLiteral"]), None)
        if where is not None and (pieces := read_wkt(where.value)):
            yield Feature(pieces, _name(row))


def _name(row: list[Cell | None]) -> str:
    texts = [cell.value for cell in row if cell and not cell.iri and not _is_geometry(cell)]
    return texts[0] if texts else next((cell.text for cell in row if cell and cell.iri), "")


def _is_geometry(cell: Cell) -> bool:
    return cell.datatype == GEO["wktLiteral"]


def draw_map(result: Shown, tiles: str = "") -> Map | None:
    """Make a map of a result; None where it has no geometry.

    ``tiles`` is the address of images behind it, with ``{z}``, ``{x}`` and ``{y}``.
    """
    found = list(features(result))
    kept = found[:_MOST_FEATURES]
    places = [pair for feature in kept for _, pairs in feature.pieces for pair in pairs]
    if not places:
        return None
    whole = result.whole and len(kept) == len(found) and len(places) <= _MOST_POINTS
    frame = frame_of(places[:_MOST_POINTS])
    dots, shapes = _drawn(kept, frame)
    length, text = scale(frame)
    return Map(
        dots=dots,
        shapes=shapes,
        names=_names(dots),
        meridians=meridians(frame),
        parallels=parallels(frame),
        tiles=list(tiles_of(frame, tiles)) if tiles else [],
        scale_length=length,
        scale_text=text,
        count=len(kept),
        whole=whole,
    )


def _drawn(found: list[Feature], frame: Frame) -> tuple[list[Dot], list[Shape]]:
    dots: list[Dot] = []
    shapes: list[Shape] = []
    left = _MOST_POINTS
    for feature in found:
        for kind, pairs in feature.pieces:
            left -= len(pairs)
            if left < 0:
                return dots, shapes
            points = [frame.place(pair) for pair in pairs]
            if kind == "POINT":
                dots += [Dot(round(x, 1), round(y, 1), feature.name) for x, y in points]
            else:
                shapes.append(_shape(points, kind == "POLYGON", feature.name))
    return dots, shapes


def _shape(points: list[Pair], closed: bool, name: str) -> Shape:
    path = "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if closed else "")
    return Shape(path, closed, name)


def _names(dots: list[Dot]) -> list[Name]:
    """Names beside the points, as many as do not lie over one another."""
    taken: list[tuple[float, float, float]] = []
    names = []
    for dot in dots[:_MOST_NAMES]:
        text = dot.name if len(dot.name) <= 14 else f"{dot.name[:13]}…"
        x, y, width = dot.x + 9, dot.y + 4, len(text) * _LETTER
        clear = all(abs(y - b) > 15 or x > a + w or a > x + width for a, b, w in taken)
        if text and clear and x + width < WIDTH:
            taken.append((x, y, width))
            names.append(Name(x, y, text))
    return names
