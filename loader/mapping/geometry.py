"""What the shapes of a geographic file become, whatever mapping the attributes have.

The geometry is a part of the thing, ``#geometry`` (of a row, ``/geometry``), as the standard
datasets have it: geo:asWKT in CRS84 (GeoSPARQL 1.1, 8.5.1) and, as tsd:sourceCrs, the reference
system that the file's own coordinates have. Points have schema:latitude and schema:longitude too.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from loader.functions.registry import IDLAB
from loader.geo.columns import GEOMETRY, LATITUDE, LONGITUDE, SOURCE_CRS, is_geographic
from loader.mapping.model import (
    Call,
    Constant,
    Expression,
    Mapping,
    PredicateObjectMap,
    Reference,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    class_map,
    references_of,
)
from vocab.iris import OWN_FUNCTIONS, OWN_TERMS
from vocab.lines import XSD

GEO = "http://www.opengis.net/ont/geosparql#"
_SCHEMA = "http://schema.org/"
_PART = "geometry"

_CELL = Reference(GEOMETRY)
_PAIR = (("latitude", Reference(LATITUDE)), ("longitude", Reference(LONGITUDE)))
_PRESENT = Call(OWN_FUNCTIONS + "present", (("value", _CELL),))
_NO_POINT = Call(
    IDLAB + "equal",
    (("str1", Call(OWN_FUNCTIONS + "pointWkt", _PAIR)), ("str2", Constant(""))),
)


def shape_columns(header: Collection[str]) -> frozenset[str]:
    """Return the columns of a header that are spoken of here and need no predicate of their own."""
    if not is_geographic(header):
        return frozenset()
    return frozenset((GEOMETRY, SOURCE_CRS, LATITUDE, LONGITUDE))


def with_geometry(mapping: Mapping, header: Sequence[str]) -> Mapping:
    """Return a mapping that tells of the shapes, unless it does so itself.

    Where it makes a point of 緯度 and 経度, the geometry's WKT is that.
    """
    main, *others = mapping.triples_maps
    used = {found.name for made in mapping.triples_maps for found in references_of(made)}
    if not is_geographic(header) or GEOMETRY in used:
        return mapping
    own_point = LATITUDE in used
    part = TermMap(_part(main.subjects[0].expression), TermType.IRI)
    told = [_said(GEO + "hasGeometry", part, _PRESENT)]
    told += _coordinates() if LATITUDE in header and not own_point else []
    wkt = TermMap(_CELL, TermType.LITERAL, Constant(GEO + "wktLiteral"))
    crs = TermMap(Reference(SOURCE_CRS), TermType.IRI)
    shape = TriplesMap(
        "geometry of the feature",
        main.sources,
        (part,),
        (
            class_map(GEO + "Geometry"),
            _said(GEO + "asWKT", wkt, *([_NO_POINT] if own_point else [])),
            _said(OWN_TERMS + "sourceCrs", crs),
        ),
        conditions=(_PRESENT,),
    )
    main = replace(main, predicate_objects=(*main.predicate_objects, *told))
    return replace(mapping, triples_maps=(main, *others, shape))


def _part(thing: Expression) -> Expression:
    """Return the IRI of a thing's geometry: a part, behind ``/`` where a row has a fragment."""
    if isinstance(thing, Call) and thing.function == OWN_FUNCTIONS + "thingIri":
        return Call(thing.function, (*thing.arguments, ("part", Constant(_PART))))
    if isinstance(thing, Template):
        fragment = any("#" in part.value for part in thing.parts if isinstance(part, Constant))
        return Template((*thing.parts, Constant(f"{'/' if fragment else '#'}{_PART}")))
    return Call(OWN_FUNCTIONS + "concat", (("value", thing), ("value2", Constant(f"#{_PART}"))))


def _coordinates() -> list[PredicateObjectMap]:
    return [
        _said(
            _SCHEMA + name,
            TermMap(Call(OWN_FUNCTIONS + name, _PAIR), TermType.LITERAL, Constant(XSD + "decimal")),
        )
        for name in ("latitude", "longitude")
    ]


def _said(predicate: str, made: TermMap, *conditions: Call) -> PredicateObjectMap:
    said = (TermMap(Constant(predicate), TermType.IRI),)
    return PredicateObjectMap(said, (made,), conditions=conditions)
