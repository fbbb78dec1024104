"""Which mapping a table gets."""

from pathlib import Path

import pytest

from loader.errors import ConfigurationError
from loader.mapping import registry
from loader.mapping.context import Choice
from loader.model import Package, Resource
from vocab.headers import normalize_header

CASES = Path(__file__).parent / "cases"
STANDARDS = CASES / "standards"


def choose(header: list[str], name: str = "t", mapping: str | None = None) -> Choice:
    resource = Resource(name, Path(f"/{name}.csv"), mapping=mapping)
    return registry.choose(resource, header, Package(name, Path("/"), (resource,)), STANDARDS)


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        (["名称", "住所"], "t", "facility"),
        (["名称", "住所", "設置位置"], "t", "aed"),
        (["施設名", "所在地", "あ", "い"], "t", "facility"),
        (["施設名", "所在地", "あ", "い", "う", "え"], "t", "generic"),
        (["名称", "NO"], "t", "generic"),
        (["名称", "NO"], "facility_list", "facility"),
        (["名称", "NO"], "鷹野市施設一覧", "facility"),
        (["名称", "NO", "あ", "い", "う"], "facility", "generic"),
        (["名称", "住所", "設置位置", "あ", "い"], "facilities", "aed"),
        (["", ""], "t", "generic"),
    ],
)
def test_recognition(header: list[str], name: str, expected: str) -> None:
    choice = choose(header, name)
    assert choice.name == expected
    assert choice.generic == (expected == "generic")
    assert len(choice.sha256) == 64


def test_canonical_names_come_before_aliases_and_the_first_column_wins() -> None:
    aliases = choose(["ID", "ＮＯ", "名称", "名 称", "所在地"]).aliases
    assert aliases == {"NO": "ＮＯ", "名称": "名称", "住所": "所在地"}


def test_a_stated_dataset_or_document_is_taken() -> None:
    assert choose(["x"], mapping="facility").name == "facility"
    assert choose(["名称", "住所"], mapping="generic").generic
    document = CASES / "plan" / "own-rml" / "mapping.ttl"
    assert choose(["a"], mapping=str(document)).name == "mapping"


def test_an_unknown_dataset_is_an_error() -> None:
    with pytest.raises(ConfigurationError) as raised:
        choose(["x"], mapping="facilty")
    assert raised.value.code == "mapping.unknown-dataset"
    assert raised.value.values["nearest"] == "facility"


def test_a_missing_document_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mapping.unreadable"):
        choose(["x"], mapping=str(tmp_path / "none.yaml"))


def test_the_standards_of_the_house_can_all_be_read() -> None:
    names = [standard.name for standard in registry.standards()]
    assert "aed" in names
    for standard in registry.standards():
        mapping = registry.read_document(standard.folder / "mapping.yaml")
        assert mapping.triples_maps
        assert standard.title["ja"]
    assert normalize_header("名称") in registry.known_columns()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＮＯ", "No"),
        ("料金(基本)", "料金（基本）"),
        ("名称＿カナ", "名称_カナ"),
        ("コード", "コ―ド"),
        ("\ufeff緯 度", "緯度"),
        ("面積［㎡］", "面積(m2)"),
    ],
)
def test_headers_that_are_the_same(one: str, other: str) -> None:
    assert normalize_header(one) == normalize_header(other)
