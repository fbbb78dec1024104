"""Parts and canonical notation of addresses, case by case."""

import pytest

from loader.functions.address_grammar import NAMES, split_address
from loader.functions.numerals import from_kanji, to_kanji
from vocab.municipalities import by_code, municipalities

SAME = [
    [
        "千葉県浦安市中央一丁目一番地一号",
        "浦安市中央1-1-1",
        "千葉県浦安市中央１－１－１",
        "浦安市中央1丁目1-1",
    ],
    ["三重県津市中央三ノ五", "三重県津市中央3の5", "三重県津市中央3番5号", "津市　中央３ー５"],
    ["神奈川県茅ヶ崎市中央5", "神奈川県茅ケ崎市中央5番地", "茅ヶ崎市中央五番地"],
    [
        "札幌市 中央区 北1条西2丁目",
        "北海道札幌市中央区北一条西二丁目",
        "札幌市中央区北１条西２丁目",
    ],
    ["岩手県一関市大字萩荘字高梨10", "岩手県一関市萩荘字高梨10番地", "岩手県一関市萩荘高梨10"],
    ["北海道茅部郡 鹿部町宮浜311", "鹿部町宮浜311", "北海道茅部郡鹿部町宮浜３１１番地"],
]

PARTS = [
    ("〒100-0001 千代田区一番町1", {"郵便番号": "1000001", "町名": "一番町", "番地": "1"}),
    ("高松市番町1丁目8-15", {"丁目": "1", "番地": "8", "号": "15", "区": ""}),
    ("高松市番町1-8-15-302", {"丁目": "1", "番地": "8", "号": "15-302"}),
    ("高松市番町12番地の3", {"丁目": "", "番地": "12", "号": "3"}),
    (
        "高松市番町1-2 つなぐビル2号棟301号室",
        {"ビル名": "つなぐビル", "ビル番号": "2号棟", "部屋番号": "301号室"},
    ),
    ("高松市番町1-2 19階、20階", {"ビル名": "", "部屋番号": "19階、20階"}),
    ("高松市番町1-2(つなぐ館内)", {"方書": "つなぐ館内", "番地": "1", "号": "2"}),
    ("嬉野市塩田町谷所甲2250-1", {"町名": "塩田町谷所", "番地補足": "甲", "番地": "2250"}),
    ("大阪市北区天神橋二丁目北1-2", {"丁目": "2", "番地補足": "北", "番地": "1", "号": "2"}),
    ("東京都八丈島八丈町三根341", {"市区町村": "八丈町", "郡": "", "町名": "三根"}),
    ("浜松市中区元城町103-2", {"市区町村コード": "221317", "区": "中区"}),
    ("浜松市天竜区二俣町1", {"市区町村コード": "221406", "区": "天竜区"}),
    (
        "上京区堀川通寺之内上る2丁目下天神町650",
        {"通り名": "堀川通寺之内上る二丁目", "町名": "下天神町"},
    ),
    ("港区麻布十番1-2-3", {"町名": "港区麻布十番", "市区町村": ""}),
    ("千代田区", {"市区町村": "千代田区", "町名": "", "番地": ""}),
    ("千代田区紀尾井町 つなぐビル", {"町名": "紀尾井町", "ビル名": "つなぐビル"}),
    ("中富良野町東9線北6号", {"町名": "東九線北", "市区町村": "中富良野町"}),
    ("東京都どこか1", {"都道府県": "東京都", "市区町村": "", "町名": "どこか"}),
    ("", {"都道府県": "", "町名": ""}),
]

HINTS = [
    ("大島町1-2", "東京都江東区", {"市区町村": "江東区", "町名": "大島町"}),
    ("港区麻布十番1-2-3", "13", {"市区町村": "港区", "町名": "麻布十番"}),
    ("港区麻布十番1-2-3", "130001", {"市区町村": "港区", "都道府県": "東京都"}),
    ("北区中央1", "41009", {"市区町村": "仙台市", "都道府県": "宮城県", "区": ""}),
    ("北区中央1", "26100", {"市区町村": "京都市", "区": "北区"}),
    ("府中市中央1", "広島県", {"市区町村コード": "342084"}),
    ("中央1", "なし", {"市区町村": "", "町名": "中央"}),
    ("高松市番町1", "131016", {"市区町村コード": "372013"}),
    ("東京都中央1", "131016", {"市区町村": "千代田区", "町名": "中央"}),
]


@pytest.mark.parametrize("spellings", SAME, ids=[spellings[0] for spellings in SAME])
def test_one_place_has_one_notation(spellings: list[str]) -> None:
    assert len({split_address(spelling).canonical for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("札幌市中央区北１条西２丁目", "北海道札幌市中央区北一条西2丁目"),
        ("嬉野市塩田町谷所甲2250番地1", "佐賀県嬉野市塩田町谷所甲2250-1"),
        ("大阪市北区天神橋二丁目北1-2", "大阪府大阪市北区天神橋2-北1-2"),
        ("〒100-0001 千代田区一番町1", "東京都千代田区一番町1"),
    ],
)
def test_canonical_notation(text: str, canonical: str) -> None:
    assert split_address(text).canonical == canonical


@pytest.mark.parametrize(("text", "parts"), PARTS)
def test_parts(text: str, parts: dict[str, str]) -> None:
    address = split_address(text)
    assert {name: address.part(name) for name in parts} == parts
    assert set(address.parts) <= set(NAMES)


@pytest.mark.parametrize(("text", "area", "parts"), HINTS)
def test_parts_with_a_hint(text: str, area: str, parts: dict[str, str]) -> None:
    address = split_address(text, area)
    assert {name: address.part(name) for name in parts} == parts


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 99, 100, 101, 110, 999, 1000, 2023, 9999])
def test_numbers_in_kanji_come_back(number: int) -> None:
    assert from_kanji(to_kanji(number)) == number


def test_numbers_in_kanji_of_every_form() -> None:
    assert [from_kanji(text) for text in ("二三", "壱", "弐拾", "百二", "〇五")] == [
        23,
        1,
        20,
        102,
        5,
    ]
    assert (to_kanji(0), to_kanji(12345)) == ("〇", "一二三四五")


def test_every_municipality_is_found_by_its_whole_name() -> None:
    for known in municipalities():
        address = split_address(f"{known.prefecture}{known.county}{known.name}1-2")
        found = by_code()[address.part("市区町村コード")[:5]]
        assert (found.prefecture, found.name) == (known.prefecture, known.name)
