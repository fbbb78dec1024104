"""Writes solutions in the formats that the engine has not: GeoJSON, plain JSON, CSV for Excel.

Rows are written one by one: the memory that this takes does not depend on how many there are.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeAlias

from pyoxigraph import Literal, QueryResultsFormat, QuerySolution, QuerySolutions

from vocab.namespaces import GEO, XSD

Row: TypeAlias = dict[str, Any]

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
"""Without it Excel takes UTF-8 for the encoding of its own country."""
_NUMBERS = frozenset(
    XSD[name]
    for name in (
        "integer",
        "long",
        "int",
        "short",
        "nonNegativeInteger",
        "decimal",
        "double",
        "float",
    )
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")
"""As JSON writes it (RFC 8259, 6)."""
_MOST_DIGITS = 15
"""What every reader of JSON takes exactly (RFC 8259, 6: IEEE 754 double precision)."""
_WKT = re.compile(r"\s*(?:<(?P<crs>[^>]*)>)?\s*(?P<text>.*)", re.DOTALL)
_POINT = re.compile(r"POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.IGNORECASE)
_NORTH_FIRST = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[^/]*/(?:4326|6668|6697|4612)")
_EAST_FIRST = re.compile(r"(?:https?://www\.opengis\.net/def/crs/OGC/[^/]*/CRS84)?")
_LATITUDE = ("latitude", "lat", "緯度")
_LONGITUDE = ("longitude", "long", "lon", "lng", "経度")


def plain(term: Any) -> str | int | float | bool | None:
    """A term as JSON has it: numbers and truth values as such, everything else as text."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return str(getattr(term, "value", term))
    datatype = term.datatype.value
    if datatype == XSD["boolean"] and term.value in ("true", "false"):
        return term.value == "true"
    if datatype in _NUMBERS and _is_exact(term.value):
        found: int | float = json.loads(term.value)
        return found
    return term.value


def _is_exact(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) <= _MOST_DIGITS


def geometry(wkt: str) -> dict[str, Any] | None:
    """A wktLiteral (GeoSPARQL 1.1, 8.5.1) as a GeoJSON geometry, east before north; else None."""
    match = _WKT.fullmatch(wkt)
    assert match is not None
    crs = match["crs"] or ""
    swapped = bool(_NORTH_FIRST.fullmatch(crs))
    if not swapped and not _EAST_FIRST.fullmatch(crs):
        return None
    point = _POINT.fullmatch(match["text"].strip())
    if point:
        pair = [float(point[1]), float(point[2])]
        return {"type": "Point", "coordinates": pair[::-1] if swapped else pair}
    return _any_geometry(match["text"], swapped)


def _any_geometry(text: str, swapped: bool) -> dict[str, Any] | None:
    import shapely

    try:
        shape = shapely.from_wkt(text)
        if swapped:
            shape = shapely.transform(shape, lambda pairs: pairs[:, ::-1])
        found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    except (shapely.errors.GEOSException, ValueError):
        return None
    return found


def _feature(solution: QuerySolution, names: list[str]) -> Row:
    terms = {name: solution[name] for name in names}
    shape, used = _geometry_of(terms)
    properties = {name: plain(term) for name, term in terms.items() if name not in used}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _geometry_of(terms: dict[str, Any]) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The first geometry of a row, else the point of its coordinates; and the columns it is of."""
    for name, term in terms.items():
        if isinstance(term, Literal) and term.datatype.value == GEO["wktLiteral"]:
            shape = geometry(term.value)
            if shape is not None:
                return shape, (name,)
    pair = [_number(terms, names) for names in (_LONGITUDE, _LATITUDE)]
    if None in pair:
        return None, ()
    return {"type": "Point", "coordinates": pair}, ()


def _number(terms: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        term = terms.get(name)
        if isinstance(term, Literal) and _NUMBER.fullmatch(term.value):
            return float(term.value)
    return None


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _lines(items: Iterator[Row], output: IO[bytes]) -> None:
    for place, item in enumerate(items):
        output.write(b",\n " if place else b"\n ")
        output.write(_line(item))


def write_geojson(solutions: QuerySolutions, output: IO[bytes]) -> None:
    """A FeatureCollection (RFC 7946): a feature for each row, null where it has no geometry."""
    names = [variable.value for variable in solutions.variables]
    output.write(b'{"type": "FeatureCollection", "features": [')
    _lines((_feature(solution, names) for solution in solutions), output)
    output.write(b"\n]}\n")


def write_rows(solutions: QuerySolutions, output: IO[bytes]) -> None:
    """The columns, and an object for each row."""
    names = [variable.value for variable in solutions.variables]
    output.write(b'{"columns": ' + _line(names) + b', "rows": [')
    _lines(({name: plain(found[name]) for name in names} for found in solutions), output)
    output.write(b"\n]}\n")


def write_excel(solutions: QuerySolutions, output: IO[bytes]) -> None:
    """CSV that begins with a byte order mark."""
    output.write(_BOM)
    solutions.serialize(output, format=QueryResultsFormat.CSV)


WRITERS: dict[str, Callable[[QuerySolutions, IO[bytes]], None]] = {
    "geojson": write_geojson,
    "rows": write_rows,
    "csv-excel": write_excel,
}
"""The formats of this module by the names of ``vocab.formats``; solutions only, no truth value."""
