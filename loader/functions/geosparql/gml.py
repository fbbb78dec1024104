"""GML 3.2 (OGC 07-036) geometries of the Simple Features profile: points, lines, surfaces."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely.geometry.base import BaseGeometry

GML_NAMESPACE = "http://www.opengis.net/gml/3.2"
_NAMESPACES = frozenset((f"{{{GML_NAMESPACE}", "{http://www.opengis.net/gml"))
_DEEPEST = 16

Positions = list[tuple[float, ...]]


class GmlError(ValueError):
    """What is no geometry of the Simple Features profile."""


def read_gml(text: str) -> tuple[BaseGeometry, str | None]:
    """Read a geometry, its coordinates as they stand, and its ``srsName``; raises GmlError."""
    try:
        root = fromstring(text, forbid_dtd=True)
        return _read(root, 0), root.get("srsName")
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise GmlError(str(error)) from error


def _read(element: Element, depth: int) -> BaseGeometry:
    reader = _READERS.get(_name(element))
    if reader is None or depth > _DEEPEST:
        raise GmlError(element.tag)
    return reader(element, depth)


def _name(element: Element) -> str:
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace in _NAMESPACES else ""


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if _name(child) in names)


def _positions(element: Element, size: int) -> Positions:
    """The tuples of ``pos`` and ``posList`` (GML 3.2, 10.1.4)."""
    found: Positions = []
    for child in _children(element, "pos", "posList"):
        numbers = [float(word) for word in (child.text or "").split()]
        width = int(child.get("srsDimension", size))
        if _name(child) == "pos":
            width = len(numbers)
        if width not in (2, 3) or len(numbers) % width:
            raise GmlError("coordinates")
        found += [tuple(numbers[at : at + width]) for at in range(0, len(numbers), width)]
    return found


def _size(element: Element) -> int:
    return int(element.get("srsDimension", "2"))


def _point(element: Element, _: int) -> BaseGeometry:
    return shapely.Point(*_positions(element, _size(element)))


def _line(element: Element, _: int) -> BaseGeometry:
    return shapely.LineString(_positions(element, _size(element)))


def _polygon(element: Element, _: int) -> BaseGeometry:
    outer = [_ring(child, element) for child in _children(element, "exterior")]
    inner = [_ring(child, element) for child in _children(element, "interior")]
    if len(outer) > 1 or (inner and not outer):
        raise GmlError("exterior")
    return shapely.Polygon(outer[0] if outer else None, inner)


def _ring(boundary: Element, polygon: Element) -> Positions:
    rings = list(_children(boundary, "LinearRing"))
    if len(rings) != 1:
        raise GmlError("LinearRing")
    return _positions(rings[0], _size(polygon))


def _members(element: Element, depth: int) -> list[BaseGeometry]:
    return [
        _read(part, depth + 1)
        for child in element
        if _name(child).endswith(("Member", "Members"))
        for part in child
    ]


_Reader = Callable[[Element, int], BaseGeometry]


def _many(
    kind: Callable[[list[Any]], BaseGeometry], of: type[BaseGeometry] = BaseGeometry
) -> _Reader:
    def read(element: Element, depth: int) -> BaseGeometry:
        parts = _members(element, depth)
        if not all(isinstance(part, of) for part in parts):
            raise GmlError(element.tag)
        return kind(parts)

    return read


_LINES = _many(shapely.MultiLineString, shapely.LineString)
_SURFACES = _many(shapely.MultiPolygon, shapely.Polygon)
_READERS: dict[str, _Reader] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": _many(shapely.MultiPoint, shapely.Point),
    "MultiCurve": _LINES,
    "MultiLineString": _LINES,
    "MultiSurface": _SURFACES,
    "MultiPolygon": _SURFACES,
    "MultiGeometry": _many(shapely.GeometryCollection),
}


def write_gml(shape: BaseGeometry, system: str) -> str:
    """Write a geometry whose coordinates are in the order of the reference system."""
    head = f' xmlns:gml="{GML_NAMESPACE}" srsName="{system}"'
    return _write(shape, head)


def _write(shape: BaseGeometry, head: str = "") -> str:
    name, member = _NAMES[shape.geom_type]
    size = ' srsDimension="3"' if shape.has_z else ""
    if member:
        parts = "".join(
            f"<gml:{member}>{_write(part)}</gml:{member}>" for part in shapely.get_parts(shape)
        )
        return _element(name, parts, head)
    if isinstance(shape, shapely.Polygon):
        rings = [_boundary("exterior", shape.exterior.coords, size)] if not shape.is_empty else []
        rings += [_boundary("interior", ring.coords, size) for ring in shape.interiors]
        return _element(name, "".join(rings), head)
    tag = "pos" if name == "Point" else "posList"
    return _element(name, _numbers(tag, shape.coords, size), head)


_NAMES = {
    "Point": ("Point", ""),
    "LineString": ("LineString", ""),
    "LinearRing": ("LineString", ""),
    "Polygon": ("Polygon", ""),
    "MultiPoint": ("MultiPoint", "pointMember"),
    "MultiLineString": ("MultiCurve", "curveMember"),
    "MultiPolygon": ("MultiSurface", "surfaceMember"),
    "GeometryCollection": ("MultiGeometry", "geometryMember"),
}


def _element(name: str, content: str, attributes: str = "") -> str:
    return f"<gml:{name}{attributes}>{content}</gml:{name}>"


def _boundary(name: str, positions: Iterable[tuple[float, ...]], size: str) -> str:
    return _element(name, _element("LinearRing", _numbers("posList", positions, size)))


def _numbers(tag: str, positions: Iterable[tuple[float, ...]], size: str) -> str:
    numbers = " ".join(f"{number:.15g}" for position in positions for number in position)
    return _element(tag, numbers, size)
