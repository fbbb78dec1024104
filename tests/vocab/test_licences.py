"""Licences by the words in which people state them."""

import pytest

from vocab import licences

CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("CC-BY-4.0", CC_BY_4),
        ("cc by 4.0", CC_BY_4),
        ("ＣＣ　ＢＹ　４．０", CC_BY_4),
        ("http://creativecommons.org/licenses/by/4.0/deed.ja", CC_BY_4),
        ("https://www.creativecommons.org/licenses/by/4.0/legalcode", CC_BY_4),
        ("クリエイティブ・コモンズ 表示 4.0 国際", CC_BY_4),
        ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC BY 2.1 JP", "https://creativecommons.org/licenses/by/2.1/jp/"),
        ("odc-pddl", "https://opendatacommons.org/licenses/pddl/1-0/"),
        (
            "公共データ利用規約（第1.0版）",
            "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
        ),
        ("CC BY", None),
        ("政府標準利用規約", None),
        ("自由に使えます", None),
        ("", None),
    ],
)
def test_words(text: str, iri: str | None) -> None:
    assert licences.iri(text) == iri


def test_no_word_means_two_licences() -> None:
    for iri, entry in licences.licences().items():
        assert {licences.iri(word) for word in (iri, *entry["words"])} == {iri}
        assert entry["ja"] and entry["en"]


def test_labels() -> None:
    assert licences.label(CC_BY_4, "ja") == "クリエイティブ・コモンズ 表示 4.0 国際"
    assert licences.label("http://creativecommons.org/licenses/by/4.0", "en").endswith(
        "4.0 International"
    )
    assert licences.label("https://licence.example/", "en") == "https://licence.example/"


def test_openness() -> None:
    assert licences.is_open(CC_BY_4) is True
    assert licences.is_open("CC-BY-NC-4.0") is False
    assert licences.is_open("https://licence.example/") is None
