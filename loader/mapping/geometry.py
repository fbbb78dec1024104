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


def _said(predicate: str, made: TermMap, *conditions: Call) -> PredicateObjectMap:
    said = (TermMap(Constant(predicate), TermType.IRI),)
    return PredicateObjectMap(said, (made,), conditions=conditions)


_WKT = TermMap(_CELL, TermType.LITERAL, Constant(GEO + "wktLiteral"))
_SOURCE_CRS = _said(OWN_TERMS + "sourceCrs", TermMap(Reference(SOURCE_CRS), TermType.IRI))


def shape_columns(names: Collection[str]) -> frozenset[str]:
    """Return those of the columns that no mapping speaks of which are spoken of here."""
    if SOURCE_CRS not in names:
        return frozenset()
    points = (LATITUDE, LONGITUDE) if GEOMETRY in names else ()
    return frozenset((GEOMETRY, SOURCE_CRS, *points))


def with_geometry(mapping: Mapping, header: Sequence[str]) -> Mapping:
    """Return a mapping that tells of the shapes of a geographic file.

    One that does so itself is only completed by the source's reference system. Where one makes a
    point of 緯度 and 経度, the geometry's WKT is that.
    """
    used = {found.name for made in mapping.triples_maps for found in references_of(made)}
    if not is_geographic(header) or SOURCE_CRS in used:
        return mapping
    if GEOMETRY in used:
        return replace(mapping, triples_maps=tuple(map(_completed, mapping.triples_maps)))
    main, *others = mapping.triples_maps
    own_point = LATITUDE in used
    part = TermMap(_part(main.subjects[0].expression), TermType.IRI)
    told = [_said(GEO + "hasGeometry", part, _PRESENT)]
    told += _coordinates() if LATITUDE in header and not own_point else []
    main = replace(main, predicate_objects=(*main.predicate_objects, *told))
    shape = TriplesMap(
        "geometry of the feature",
        main.sources,
        (part,),
        (
            class_map(GEO + "Geometry"),
            _said(GEO + "asWKT", _WKT, *([_NO_POINT] if own_point else [])),
            _SOURCE_CRS,
        ),
        conditions=(_PRESENT,),
    )
    return replace(mapping, triples_maps=(main, *others, shape))


def _completed(triples_map: TriplesMap) -> TriplesMap:
    """Tell of the reference system where a triples map gives the WKT."""
    predicates = (told for made in triples_map.predicate_objects for told in made.predicates)
    if all(told.expression != Constant(GEO + "asWKT") for told in predicates):
        return triples_map
    return replace(triples_map, predicate_objects=(*triples_map.predicate_objects, _SOURCE_CRS))


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
