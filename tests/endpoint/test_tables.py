"""Formats of solutions that the engine does not have."""

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from endpoint.evaluation.frames import Kind
from endpoint.evaluation.tables import geometry
from tests.endpoint.test_worker_process import told

POINT = {"type": "Point", "coordinates": [139.75, 35.68]}
CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
JGD2011 = "<http://www.opengis.net/def/crs/EPSG/0/6668>"

GEOMETRIES = [
    ("POINT(139.75 35.68)", POINT),
    (f"{CRS84} point (139.75 35.68)", POINT),
    (f"{JGD2011} POINT(35.68 139.75)", POINT),
    ("<http://www.opengis.net/def/crs/EPSG/0/3857> POINT(1 2)", None),
    ("LINESTRING(1 2, 3 4)", {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}),
    (
        f"{JGD2011} POLYGON((1 2, 3 4, 5 0, 1 2))",
        {"type": "Polygon", "coordinates": [[[2.0, 1.0], [4.0, 3.0], [0.0, 5.0], [2.0, 1.0]]]},
    ),
    ("POINT EMPTY", {"type": "Point", "coordinates": []}),
    ("POINT(here)", None),
    ("", None),
]


@pytest.mark.parametrize(("wkt", "expected"), GEOMETRIES)
def test_geometry(wkt: str, expected: dict[str, Any] | None) -> None:
    assert geometry(wkt) == expected


def body(query: str, format_: str) -> bytes:
    frames = told(query, result_format=format_)
    assert frames[-1][0] is Kind.END
    return b"".join(content for kind, content in frames if kind is Kind.DATA)


WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"


def test_features() -> None:
    query = f"""SELECT ?name ?where ?other ?none {{ VALUES (?name ?where ?other) {{
      ("庁舎"@ja "POINT(139.75 35.68)"{WKT} "POINT(0 0)"{WKT}) ("無" "?"{WKT} UNDEF) }} }}"""
    first, second = json.loads(body(query, "geojson"))["features"]
    assert first["geometry"] == POINT
    assert first["properties"] == {"name": "庁舎", "other": "POINT(0 0)", "none": None}
    assert second["geometry"] is None
    assert second["properties"]["where"] == "?"


def test_coordinates_in_columns_of_their_own_make_points() -> None:
    query = "SELECT ?lat ?long { VALUES (?lat ?long) { (35.68 139.75) (35.68 UNDEF) (1 '?') } }"
    features = json.loads(body(query, "geojson"))["features"]
    assert [feature["geometry"] for feature in features] == [POINT, None, None]
    assert features[0]["properties"] == {"lat": 35.68, "long": 139.75}


PLAIN = [
    ("1", 1),
    ("-1.50", -1.5),
    ("2.5e1", 25.0),
    ("true", True),
    ("'01101'", "01101"),
    ("'東'@ja", "東"),
    ("12345678901234567", "12345678901234567"),
    ("'INF'^^<http://www.w3.org/2001/XMLSchema#double>", "INF"),
    ("'x'^^<http://www.w3.org/2001/XMLSchema#integer>", "x"),
    ("'2025-04-01'^^<http://www.w3.org/2001/XMLSchema#date>", "2025-04-01"),
    ("<http://e.example/東>", "http://e.example/東"),
    ("UNDEF", None),
]


@pytest.mark.parametrize(("term", "expected"), PLAIN)
def test_plain_values(term: str, expected: object) -> None:
    found = json.loads(body(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}", "rows"))
    assert found == {"columns": ["x"], "rows": [{"x": expected}]}


def test_nothing_is_well_formed_too() -> None:
    nothing = "SELECT ?x { FILTER(false) }"
    assert json.loads(body(nothing, "rows")) == {"columns": ["x"], "rows": []}
    assert json.loads(body(nothing, "geojson"))["features"] == []


QUERY = "SELECT ?b ?a { VALUES (?b ?a) { ('神田, 1' 1) } }"


def test_csv_for_excel_begins_with_a_mark_of_its_encoding(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": QUERY, "format": "csv-excel"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows == [["b", "a"], ["神田, 1", "1"]]
    plain = client.get("/sparql", query_string={"query": QUERY}, headers={"Accept": "text/csv"})
    assert not plain.data.startswith(b"\xef")


def test_geojson_is_given_where_it_is_asked_for(client: FlaskClient) -> None:
    for asked in ({"headers": {"Accept": "application/geo+json"}}, {"format": "geojson"}):
        words = {"query": QUERY} | ({"format": asked["format"]} if "format" in asked else {})
        headers = asked.get("headers", {})
        response = client.get("/sparql", query_string=words, headers=headers)
        assert response.headers["Content-Type"] == "application/geo+json"
        assert response.json is not None


def test_a_truth_value_is_no_table(client: FlaskClient) -> None:
    words = {"query": "ASK {}", "format": "geojson"}
    assert client.get("/sparql", query_string=words).status_code == 406


def test_literals_of_tsv_and_csv() -> None:
    """SPARQL 1.1 Query Results CSV and TSV Formats, 3 and 4."""
    query = """SELECT ?a ?b { VALUES (?a ?b) {
      ("x\\ty\\n\\"q\\"" 1) ("o"@ja 1.5) (<http://e/x> UNDEF)
      ("a,b" true) } }"""
    tsv = '?a\t?b\n"x\\ty\\n\\"q\\""\t1\n"o"@ja\t1.5\n<http://e/x>\t\n"a,b"\ttrue\n'
    assert body(query, "tsv").decode() == tsv
    assert body(query, "csv").decode() == (
        'a,b\r\n"x\ty\n""q""",1\r\no,1.5\r\nhttp://e/x,\r\n"a,b",true\r\n'
    )
