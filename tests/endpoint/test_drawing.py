"""Charts and maps of results: what is drawn, and where."""

import math
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.configuration import read_settings
from endpoint.drawing.chart import LABELS, MOST_BARS, WIDTH, draw_chart
from endpoint.drawing.map import draw_map, read_wkt
from endpoint.settings import Settings
from endpoint.sparql.results import Cell, Shown
from endpoint.state import EXTENSION
from loader.errors import ConfigurationError
from tests.endpoint.conftest import ReadingClient
from vocab.namespaces import GEO, XSD


def number(value: str) -> Cell:
    return Cell(value, value, datatype=XSD["integer"])


def text(value: str) -> Cell:
    return Cell(value, value, datatype=XSD["string"])


def year(value: str) -> Cell:
    return Cell(value, value, datatype=XSD["gYear"])


def wkt(value: str) -> Cell:
    return Cell(value, value, datatype=GEO["wktLiteral"])


def result(columns: str, *rows: list[Cell | None], total: int = 0) -> Shown:
    names = columns.split()
    return Shown("select", total or len(rows), names, list(rows), whole=not total)


def test_bars() -> None:
    chart = draw_chart(
        result(
            "town people before",
            [text("本町一丁目二番地三号四番館一階"), number("100"), number("-50")],
            [text("港町"), None, number("25")],
        )
    )
    assert chart is not None
    assert (chart.by, chart.series, chart.whole) == ("town", ["people", "before"], True)
    assert [bar.text for bar in chart.bars] == ["100", "-50", "25"]
    long, negative, short = chart.bars
    assert long.width == pytest.approx(2 * negative.width) == pytest.approx(4 * short.width)
    assert long.x == pytest.approx(negative.x + negative.width) == pytest.approx(chart.zero)
    assert negative.x >= LABELS
    assert long.x + long.width < WIDTH
    assert chart.labels[0].text == "本町一丁目二番地三号四番…"
    assert chart.labels[0].whole == "本町一丁目二番地三号四番館一階"


def test_lines_are_for_times() -> None:
    rows = [[year(str(2000 + place)), number(str(place))] for place in (3, 1, 2, 0)]
    chart = draw_chart(result("year people", *rows))
    assert chart is not None
    assert not chart.bars
    [line] = chart.lines
    assert [name for _, _, name in line.dots] == ["2000: 0", "2001: 1", "2002: 2", "2003: 3"]
    assert [x for x, _, _ in line.dots] == sorted(x for x, _, _ in line.dots)
    assert [y for _, y, _ in line.dots] == sorted((y for _, y, _ in line.dots), reverse=True)


def test_a_chart_of_numbers_alone_counts_its_rows() -> None:
    chart = draw_chart(result("people", [number("0")], [None]))
    assert chart is not None
    assert [label.text for label in chart.labels] == ["1", "2"]
    assert chart.bars[0].width == 0


def test_charts_are_bounded() -> None:
    rows = [[text(str(place)), number("9" * 400)] for place in range(MOST_BARS + 1)]
    chart = draw_chart(result("name people", *rows))
    assert chart is not None
    assert (chart.shown, chart.whole) == (MOST_BARS, False)
    assert chart.bars == []  # infinite
    assert draw_chart(result("name", [text("a")])) is None
    assert draw_chart(result("name")) is None
    big = draw_chart(result("n", [number("12345678901234")]))
    assert big is not None
    assert big.bars[0].text == "1.235e+13"


WKT = [
    ("POINT(139.75 35.68)", [("POINT", [(139.75, 35.68)])]),
    ("<http://www.opengis.net/def/crs/EPSG/0/6668> POINT(35.68 139.75)",
     [("POINT", [(139.75, 35.68)])]),
    ("MULTIPOINT((1 2), (3 4))", [("POINT", [(1.0, 2.0)]), ("POINT", [(3.0, 4.0)])]),
    ("linestring z (1 2 9, 3 4 9)", [("LINESTRING", [(1.0, 2.0), (3.0, 4.0)])]),
    ("GEOMETRYCOLLECTION(POINT(1 2), POLYGON((0 0, 1 0, 1 1, 0 0)))",
     [("POINT", [(1.0, 2.0)]),
      ("POLYGON", [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)])]),
    ("POINT(1 90)", [("POINT", [(1.0, 85.0)])]),
    ("POINT(200 0)", []),
    ("POINT EMPTY", []),
    ("POINT(a b)", []),
    ("(1 2)", []),
    ("GEOMETRYCOLLECTION(" * 5000, []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("written", "pieces"), WKT)
def test_geometries_are_read(written: str, pieces: list[tuple[str, list[object]]]) -> None:
    assert read_wkt(written) == pieces


def test_places_keep_their_order_in_the_picture() -> None:
    drawn = draw_map(
        result(
            "name where",
            [text("西"), wkt("POINT(139 35)")],
            [text("北東"), wkt("POINT(140 36)")],
            [text("線"), wkt("LINESTRING(139 35, 140 36)")],
            [None, wkt("POLYGON((139 35, 140 35, 140 36, 139 35))")],
            [text("位置なし"), None],
        )
    )
    assert drawn is not None
    west, north_east = drawn.dots
    assert west.x < north_east.x
    assert west.y > north_east.y
    assert [(shape.closed, shape.name) for shape in drawn.shapes] == [(False, "線"), (True, "")]
    assert [name.text for name in drawn.names] == ["西", "北東"]
    assert (drawn.count, drawn.whole) == (4, True)
    assert 3 < len(drawn.parallels) < 20
    assert 3 < len(drawn.meridians) < 20
    assert drawn.scale_text == "50 km"


def test_a_single_place_is_drawn_too() -> None:
    drawn = draw_map(result("where", [wkt("POINT(139 35)")]))
    assert drawn is not None
    assert (drawn.dots[0].x, drawn.dots[0].y) == (400.0, 260.0)
    assert drawn.scale_text.endswith(" m")
    assert draw_map(result("where", [None])) is None


def test_the_ends_of_the_world_are_drawn() -> None:
    drawn = draw_map(result("where", [wkt("POINT(-180 -90)")], [wkt("POINT(180 90)")]))
    assert drawn is not None
    assert {line.text for line in drawn.meridians} >= {"-100°", "0°", "100°"}


def test_maps_are_bounded() -> None:
    rows: list[list[Cell | None]] = [[wkt("POINT(139 35)"), text("名")] for _ in range(2001)]
    drawn = draw_map(result("where name", *rows))
    assert drawn is not None
    assert (drawn.count, drawn.whole, len(drawn.dots)) == (2000, False, 2000)
    assert len(drawn.names) == 1  # they lie over one another
    line = "LINESTRING(" + ",".join(f"1{place % 9} 2" for place in range(50_001)) + ")"
    long = draw_map(result("where", [wkt("POINT(10 2)")], [wkt(line)]))
    assert long is not None
    assert (long.whole, long.shapes) == (False, [])


TILES = "https://tiles.example.jp/{z}/{x}/{y}.png"


def test_tiles_cover_the_picture() -> None:
    drawn = draw_map(result("where", [wkt("POINT(139 35)")], [wkt("POINT(140 36)")]), TILES)
    assert drawn is not None
    assert 4 <= len(drawn.tiles) <= 40
    assert min(tile.x for tile in drawn.tiles) <= 0
    assert min(tile.y for tile in drawn.tiles) <= 0
    assert max(tile.x + tile.size for tile in drawn.tiles) >= 800
    assert max(tile.y + tile.size for tile in drawn.tiles) >= 520
    [west, _] = drawn.dots
    [under] = [
        tile
        for tile in drawn.tiles
        if tile.x <= west.x < tile.x + tile.size and tile.y <= west.y < tile.y + tile.size
    ]
    zoom, x, y = (int(part.removesuffix(".png")) for part in under.url.split("/")[3:])
    # https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
    assert x == int((139 + 180) / 360 * 2**zoom)
    assert y == int((1 - math.asinh(math.tan(math.radians(35))) / math.pi) / 2 * 2**zoom)


def test_tiles_go_round_the_world() -> None:
    drawn = draw_map(result("where", [wkt("POINT(180 0)")]), TILES)
    assert drawn is not None
    numbers = {int(tile.url.split("/")[4]) for tile in drawn.tiles}
    assert {0, 2**16 - 1} <= numbers
    assert all(0 <= number < 2**16 for number in numbers)


def test_images_are_taken_only_from_where_the_operator_says(
    home: Path, client: FlaskClient
) -> None:
    words = {"query": QUERY, "format": "html", "view": "map", "lang": "en"}
    plain = client.get("/sparql", query_string=words)
    assert "img-src 'self' data:;" in plain.headers["Content-Security-Policy"]
    assert "no map behind" in plain.text
    app = create_app(home, settings=Settings(map_tiles=TILES, map_attribution="© <Example>"))
    app.test_client_class = ReadingClient
    page = app.test_client().get("/sparql", query_string=words)
    app.extensions[EXTENSION].workers.close()
    assert "img-src 'self' data: https://tiles.example.jp;" in str(page.headers)
    assert '<image x="' in page.text
    assert "Background: © &lt;Example&gt;" in page.text


WRONG = [
    ('map_tiles = "tiles/{z}/{x}/{y}"', "serve.map_tiles"),
    ('map_tiles = "https://a.example/{z}/{x}"', "serve.map_tiles"),
    ('map_tiles = "https://a.example; script-src *;/{z}/{x}/{y}"', "serve.map_tiles"),
    ("map_tiles = 1", "serve.map_tiles"),
    ('map_tiles = "https://a.example/{z}/{x}/{y}"', "serve.map_attribution"),
]


@pytest.mark.parametrize(("line", "key"), WRONG)
def test_what_is_no_address_of_tiles_is_refused(tmp_path: Path, line: str, key: str) -> None:
    (tmp_path / "tsunagu.toml").write_text(f"[serve]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_settings(tmp_path)
    assert error.value.values["key"] == key


def test_tiles_of_the_configuration(tmp_path: Path) -> None:
    text = f'[serve]\nmap_tiles = "{TILES}"\nmap_attribution = "©"\n'
    (tmp_path / "tsunagu.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path).map_tiles == TILES


QUERY = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?name ?n ?where { VALUES (?name ?n ?where) {
  ("<b>庁舎</b>" 1 "POINT(139.75 35.68)"^^geo:wktLiteral) } }"""


@pytest.mark.parametrize("view", ["table", "chart", "map", "nonsense"])
def test_views_of_the_query_page(client: FlaskClient, view: str) -> None:
    words = {"query": QUERY, "format": "html", "view": view, "lang": "en"}
    page = client.get("/sparql", query_string=words).text
    assert page.count('<span aria-current="true">') == 1
    assert "<b>庁舎" not in page
    drawn = {"chart": '<svg class="chart"', "map": '<svg class="map"'}.get(view, "<table>")
    assert drawn in page
    posted = client.post("/sparql", data=words).text
    assert drawn in posted
