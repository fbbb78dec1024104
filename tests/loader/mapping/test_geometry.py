"""What the shapes of a geographic file become, by which mapping ever."""

import json
from pathlib import Path

import pytest

from loader.model import FindingLog, Package, Resource
from loader.progress import Silence
from loader.transform import Transformation, Transformed
from vocab.iris import IriPolicy

GEO = "http://www.opengis.net/ont/geosparql#"
OWN = "https://w3id.org/tsunagu/def#"
SCHEMA = "http://schema.org/"
BASE = "https://data.example.jp/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
POINT = {"type": "Point", "coordinates": [139.5, 35.25]}
LINE = {"type": "LineString", "coordinates": [[139, 35], [140.5, 36.5]]}
MAPPING = """
prefixes: {ex: "https://example.jp/"}
mappings:
  park:
    sources: [[table~csv]]
    s: https://example.jp/park/$(name)
    po: [[ex:name, $(name)]]
"""


def published(
    tmp_path: Path, features: list[tuple[dict[str, str], object]], **resource: object
) -> tuple[Transformed, dict[str, list[str]]]:
    """Send features through the stages; return the statements by subject and predicate."""
    path = tmp_path / "a.geojson"
    members = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": members}))
    table = Resource("a", path, media_type="application/geo+json", **resource)  # type: ignore[arg-type]
    package = Package("a", tmp_path, (table,), title={"ja": "見本"}, sample=True)
    lines: list[str] = []
    run = Transformation(package, IriPolicy(BASE), FindingLog(), lines.extend, Silence())
    result = run.run()
    found: dict[str, list[str]] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        object_ = rest.rpartition(" <")[0].replace("^^<http://www.w3.org/2001/XMLSchema#", "^^<")
        found.setdefault(f"{subject[1:-1].removeprefix(BASE)} {predicate[1:-1]}", []).append(
            object_
        )
    return result, {key: sorted(set(values)) for key, values in found.items()}


def wkt(text: str) -> list[str]:
    return [f'"{text}"^^<{GEO}wktLiteral>']


def test_rows_have_their_geometry_behind_a_slash(tmp_path: Path) -> None:
    result, found = published(tmp_path, [({"名": "甲"}, POINT), ({"名": "乙"}, LINE), ({}, None)])
    row = "file/a/a.geojson#row="
    assert found[f"{row}1 {GEO}hasGeometry"] == [f"<{BASE}{row}1/geometry>"]
    assert found[f"{row}1/geometry {GEO}asWKT"] == wkt("POINT(139.5 35.25)")
    assert found[f"{row}1/geometry {OWN}sourceCrs"] == [f"<{CRS84}>"]
    assert found[f"{row}1 {SCHEMA}latitude"] == ['"35.25"^^<decimal>']
    assert found[f"{row}1 {SCHEMA}longitude"] == ['"139.5"^^<decimal>']
    assert found[f"{row}2/geometry {GEO}asWKT"] == wkt("LINESTRING(139 35,140.5 36.5)")
    assert f"{row}2 {SCHEMA}latitude" not in found
    assert not [key for key in found if key.startswith(f"{row}3/") or "geometry" in key[-20:]]
    assert [name for name, _ in result.generic_columns] == ["名"]
    assert result.bbox == (139, 35, 140.5, 36.5)


def test_named_things_have_it_as_a_part(tmp_path: Path) -> None:
    _, found = published(tmp_path, [({"番号": "7"}, LINE)], primary_key=("番号",))
    assert found[f"id/a/7 {GEO}hasGeometry"] == [f"<{BASE}id/a/7#geometry>"]
    assert found[f"id/a/7#geometry {GEO}asWKT"] == wkt("LINESTRING(139 35,140.5 36.5)")


@pytest.mark.parametrize("shape", [POINT, LINE])
def test_standard_datasets_have_one_geometry(tmp_path: Path, shape: dict[str, object]) -> None:
    facility = {"NO": "1", "名称": "見本館", "住所": "見本市1", "種別": "集会所"}
    result, found = published(tmp_path, [(facility, shape)], mapping="public-facility")
    thing = "id/facility/a-1"
    expected = "POINT(139.5 35.25)" if shape is POINT else "LINESTRING(139 35,140.5 36.5)"
    assert result.mapping == "public-facility"
    assert found[f"{thing} {GEO}hasGeometry"] == [f"<{BASE}{thing}#geometry>"]
    assert found[f"{thing}#geometry {GEO}asWKT"] == wkt(expected)
    assert found[f"{thing}#geometry {OWN}sourceCrs"] == [f"<{CRS84}>"]
    assert "geometry" not in {column for column, _ in result.generic_columns}


def test_a_mapping_of_the_publishers_own_has_it_too(tmp_path: Path) -> None:
    mapping = tmp_path / "park.yaml"
    mapping.write_text(MAPPING)
    _, found = published(tmp_path, [({"name": "a"}, LINE)], mapping=str(mapping))
    thing = "https://example.jp/park/a"
    assert found[f"{thing} {GEO}hasGeometry"] == [f"<{thing}#geometry>"]
    assert found[f"{thing}#geometry {GEO}asWKT"] == wkt("LINESTRING(139 35,140.5 36.5)")


def test_a_mapping_that_speaks_of_the_geometry_is_left_alone(tmp_path: Path) -> None:
    mapping = tmp_path / "park.yaml"
    mapping.write_text(MAPPING.replace("$(name)]]", "$(name)], [ex:shape, $(geometry)]]"))
    _, found = published(tmp_path, [({"name": "a"}, LINE)], mapping=str(mapping))
    thing = "https://example.jp/park/a"
    assert found[f"{thing} https://example.jp/shape"] == ['"LINESTRING(139 35,140.5 36.5)"']
    assert f"{thing} {GEO}hasGeometry" not in found
