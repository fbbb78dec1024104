"""Which columns feed which predicate of a standard dataset and of a document."""

import pytest

from loader.mapping.columns import columns_of, part_of
from loader.mapping.model import Call, Constant, Expression, Reference, Template
from loader.mapping.registry import read_document, standards

IC = "http://imi.go.jp/ns/core/rdf#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
LATITUDE = "http://schema.org/latitude"
LONGITUDE = "http://schema.org/longitude"
HEADER = ("名称", "緯度", "経度", "所在地")


def test_columns_of_a_standard_dataset() -> None:
    standard = next(found for found in standards() if found.name == "public-facility")
    mapping = read_document(standard.folder / "mapping.yaml")
    columns = columns_of(mapping.triples_maps, HEADER, {"住所": "所在地"})
    assert columns[LABEL, ""] == ("名称",)
    assert columns[LATITUDE, ""] == ("緯度",)
    assert columns[LONGITUDE, ""] == ("経度",)
    assert columns[IC + "地理座標", ""] == ("緯度", "経度")
    assert columns[IC + "表記", "name"] == ("名称",)
    assert columns[IC + "名称", ""] == ("名称",)
    assert columns[IC + "住所", ""][0] == "所在地"
    assert (IC + "備考", "") not in columns


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        (Reference("a"), ""),
        (Constant("http://e/a#x"), ""),
        (Template((Constant("http://e/"), Reference("a"), Constant("#address"))), "address"),
        (Template((Constant("http://e/"), Reference("a"))), ""),
        (Call("f", (("http://e/part", Constant("name")),)), "name"),
        (Call("f", (("http://e/part", Reference("a")),)), ""),
        (Call("f", ()), ""),
    ],
)
def test_part_of_an_iri(expression: Expression, part: str) -> None:
    assert part_of(expression) == part
