"""Results lead back to cells: as written, of one column or several, of one row or several."""

import json
from pathlib import Path
from typing import Any

import pytest

from loader.cli.main import main
from loader.validate import cells

HEADER = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <http://schema.org/> .
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e/S> a sh:NodeShape ; sh:targetClass schema:Place ;
    sh:property <http://e/latitude> , <http://e/coordinates> , <http://e/name> , <http://e/kana> .
<http://e/latitude> sh:path schema:latitude ; sh:maxInclusive 40 .
<http://e/coordinates> sh:path ic:地理座標 ; sh:minCount 1 .
<http://e/name> sh:path rdfs:label ; sh:maxCount 1 .
<http://e/kana> sh:path ( ic:住所 ic:表記 ) ; sh:minCount 1 .
"""
ROWS = [
    "019917,1,見本館,見本市1,４３．１０,141.3",
    "019917,2,見本倉,,34.1,",
    "019917,3,見本園,見本市3,34.1,134.1",
    "019917,3,見本園別館,見本市3,34.1,134.1",
]
EXPECTED: dict[str, dict[str, Any]] = {
    "latitude": {"row": 2, "column": "緯度", "value": "４３．１０"},
    "coordinates": {"row": 3, "column": "緯度 / 経度", "value": "34.1 / "},
    "kana": {"row": 3, "column": "住所", "value": ""},
    "name": {"row": 4, "column": "名称", "value": "見本園 | 見本園別館", "rows": [4, 5]},
}


def _validated(table: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    shapes = table.parent / "s.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    home = str(table.parent / "home")
    options = ["--shapes", str(shapes), "--home", home, "--lang", "en", *more]
    assert main(["validate", str(table), *options]) == 1
    return capsys.readouterr().out


def _examples(report: str) -> dict[str, dict[str, Any]]:
    """The first example of each group of results, by what the value is of."""
    groups = [g for g in json.loads(report)["findings"] if g["code"].startswith("shacl.")]
    names = {"max-inclusive": "latitude", "max-count": "name"}
    found = {}
    for group in groups:
        code = group["code"].removeprefix("shacl.")
        name = names.get(code) or ("kana" if group["column"] == "住所" else "coordinates")
        [found[name]] = group["examples"]
    return found


@pytest.mark.parametrize(
    ("encoding", "separator", "lines_above"),
    [("utf-8", ",", 0), ("cp932", "\t", 0), ("utf-8-sig", ",", 1)],
)
def test_cells_as_written(
    encoding: str,
    separator: str,
    lines_above: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [*["見本市の施設"] * lines_above, HEADER, *ROWS]
    table = tmp_path / ("public_facility.tsv" if separator == "\t" else "public_facility.csv")
    table.write_text("\n".join(lines).replace(",", separator), encoding=encoding)
    found = _examples(_validated(table, capsys, "--format", "json"))
    moved = {
        name: {
            **example,
            "row": example["row"] + lines_above,
            **(
                {"rows": [row + lines_above for row in example["rows"]]}
                if "rows" in example
                else {}
            ),
        }
        for name, example in EXPECTED.items()
    }
    assert found == moved


@pytest.mark.parametrize("format_", ["text", "html", "csv", "json", "sarif", "turtle"])
def test_every_format_tells_cell_and_rows(
    format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "public_facility.csv"
    table.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    told = _validated(table, capsys, "--format", format_)
    for words in ("４３．１０", "見本園 | 見本園別館", "緯度"):
        assert words in told
    if format_ == "html":
        assert "<li>row 4, 5 · value “見本園 | 見本園別館”</li>" in told
    if format_ != "turtle":
        assert "at most 40" in told
        assert "Rows 4, 5 have become one thing." in told


def test_a_long_cell_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cells, "MOST_CHARACTERS", 3)
    table = tmp_path / "public_facility.csv"
    table.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    found = _examples(_validated(table, capsys, "--format", "json"))
    assert found["latitude"]["value"] == "４３．…"


def test_a_column_that_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, shapes = tmp_path / "public_facility.csv", tmp_path / "s.ttl"
    table.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    kana = "sh:path ( ic:名称 ic:カナ表記 ) ; sh:minCount 1 ."
    text = SHAPES.replace("sh:path ( ic:住所 ic:表記 ) ; sh:minCount 1 .", kana)
    shapes.write_text(text, encoding="utf-8")
    options = ["--shapes", str(shapes), "--home", str(tmp_path / "home"), "--format", "json"]
    assert main(["validate", str(table), *options]) == 1
    groups = json.loads(capsys.readouterr().out)["findings"]
    [group] = [g for g in groups if "no column for it" in g["advice"]["en"]]
    assert (group["code"], group["column"], group["count"]) == ("shacl.min-count", None, 3)
    assert "列が、表にありません" in group["advice"]["ja"]
