"""What the first run publishes: codes and identifiers in it are right, samples say so."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from vocab.identifiers import READERS, area_iri, municipality_code, prefecture_code

DATA = Path(__file__).parents[2] / "data"
FACTS = ("municipalities", "municipality-history")
DESCRIPTORS = sorted([*DATA.rglob("datapackage.yaml"), *DATA.rglob("datapackage.json")])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def descriptor(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    return dict(json.loads(text) if path.suffix == ".json" else yaml.safe_load(text))


def test_the_code_table_is_whole_and_right() -> None:
    table = rows(DATA / "municipalities" / "municipalities.csv")
    codes = [row["全国地方公共団体コード"] for row in table]
    assert len(codes) == 1965
    assert codes == sorted(set(codes))
    for row in table:
        code = row["全国地方公共団体コード"]
        assert municipality_code(row["標準地域コード"]) == code == municipality_code(code)
        assert area_iri(code)
        assert re.fullmatch("[ァ-ヺー]+", row["団体名_カナ"]), row
        assert row["都道府県名"] and row["団体名"]


def test_every_body_of_the_code_table_is_part_of_the_right_one() -> None:
    table = {
        row["全国地方公共団体コード"]: row
        for row in rows(DATA / "municipalities" / "municipalities.csv")
    }
    for code, row in table.items():
        parent = row["上位団体コード"]
        if row["種別"] == "都道府県":
            assert (parent, code) == ("", prefecture_code(code))
        elif row["種別"] == "区":
            assert table[parent]["種別"] == "政令指定都市"
            assert row["団体名"].startswith(table[parent]["団体名"])
        else:
            assert parent == prefecture_code(code)


def test_identifiers_of_the_bibliographic_sample_are_right() -> None:
    schemes = {"ISBN": "isbn", "ISSN": "issn", "DOI": "doi"}
    table = rows(DATA / "deposit" / "books.csv")
    for column, scheme in schemes.items():
        found = [READERS[scheme](row[column]) for row in table if row[column]]
        assert len(found) > 3
        assert len(found) == len(set(found))


def test_every_package_is_described() -> None:
    folders = {path.parent for path in DATA.rglob("*.csv")}
    assert folders == {path.parent for path in DESCRIPTORS}


@pytest.mark.parametrize("path", DESCRIPTORS, ids=lambda path: path.parent.name)
def test_a_descriptor_says_what_a_reader_needs(path: Path) -> None:
    package = descriptor(path)
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["publisher"]["name"].keys() >= {"ja", "en"}
    assert package.get("sample", False) is (path.parent.name not in FACTS)
    if package.get("sample"):
        assert "見本" in package["title"]["ja"]
        assert "sample" in package["title"]["en"].lower()
    for resource in package["resources"]:
        assert (path.parent / resource["path"]).is_file()
