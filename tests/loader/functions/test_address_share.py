"""How many of the addresses with known answers are split right, to the town; those that are not.

The answers are those of デジタル庁's ABR geocoder, which knows every town; we know municipalities
only. Two answers name no town; there the municipality is compared. Schools of 京都市 are read with
the city as a hint, as the publisher of their table knows it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from loader.functions.address_grammar import Address, split_address
from vocab.municipalities import fold

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data" / "08_addresses"
AREAS = {"basic-test-cases": "", "kyoto-schools": "261009"}

KNOWN_FAILURES = {
    "紀尾井町1-3": "no municipality",
    "紀尾井町": "no municipality",
    "東京都千代田区\ufffd\ufffd尾井町1ー３ー２": "damaged characters",
    "中京区柳馬場通夷川上る五町目242": "the register has 五丁目",
    "山科区音羽森廻リ町32": "the register has 音羽",
    "右京区宇多野上ノ谷8": "the register has 宇多野上ノ谷町",
    "右京区京北周山町中山51": "the register has 京北周山町, 中山 below it",
    "中京区油小路通御池押油小路町238-1": "a street without 上る, 下る, 東入, 西入",
}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not here")


def right_to_the_town(address: Address, answer: dict[str, Any]) -> bool:
    names = ("都道府県", "市区町村", "区", "市区町村コード")
    known = [answer[key] or "" for key in ("pref", "city", "ward", "lg_code")]
    town = fold(answer["oaza_cho"] or address.part("町名"))
    return [address.part(name) for name in names] == known and fold(address.part("町名")) == town


def test_share_of_addresses_right_to_the_town() -> None:
    cases = [
        (case["query"]["input"], case["result"], area)
        for name, area in AREAS.items()
        for case in json.loads((DATA / f"{name}_expects.json").read_text(encoding="utf-8"))
    ]
    wrong = {
        text
        for text, answer, area in cases
        if not right_to_the_town(split_address(text, area), answer)
    }
    assert wrong == set(KNOWN_FAILURES)
    share = f"{len(cases) - len(wrong)} ({1 - len(wrong) / len(cases):.1%})".replace("%", " %")
    assert len(cases) == 283
    for page in ("docs/functions.md", "docs/ja/functions.md"):
        assert share in (ROOT / page).read_text(encoding="utf-8"), f"{page} does not say {share}"


def test_nearly_every_school_of_japan_has_a_municipality_and_a_number() -> None:
    lines = (DATA / "schools-input.txt").read_text(encoding="utf-8").splitlines()
    addresses = [split_address(line) for line in lines if line.strip() and line[:2] != "//"]
    assert sum(not address.part("市区町村コード") for address in addresses) == 3
    assert sum(not address.part("番地") for address in addresses) <= 263
