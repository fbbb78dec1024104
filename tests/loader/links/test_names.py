"""Names of facilities: which are the same, which a part, which another facility."""

import pytest

from loader.links.names import Likeness, compare_names, plain, similar, split_name

SAME, OWNER = Likeness.SAME, Likeness.WITH_OWNER
FIRST, SECOND = Likeness.FIRST_IN_SECOND, Likeness.SECOND_IN_FIRST

CASES = [
    ("つなぐ市立第一小学校", "第１小学校", SAME),
    ("つなぐ市立第一小学校", "つなぐ市立第二小学校", None),
    ("つなぐ県立中央図書館", "つなぐ市立中央図書館", None),
    ("つなぐ県つなぐ市立図書館", "市立図書館", SAME),
    ("緑ヶ丘公民館", "緑ケ丘公民館", SAME),
    ("緑が丘公民館", "緑ヶ丘公民館", SAME),
    ("さくらコミュニティーセンター", "サクラコミュニティセンター", SAME),
    ("ﾌﾟﾗｻﾞつなぐ", "プラザ　つなぐ", SAME),
    ("櫻田會館", "桜田会館", SAME),
    ("齊藤記念館", "斎藤記念館", SAME),
    ("中央高等学校（体育館）", "中央高等学校　体育館", SAME),
    ("市民プラザ（旧公会堂）", "市民プラザ", SAME),
    ("工房（旧東小学校体育館）", "工房（旧西小学校体育館）", None),
    ("市民会館本館", "市民会館別館", None),
    ("市民会館別館", "市民会館", FIRST),
    ("市民会館", "市民会館別館", SECOND),
    ("中央図書館", "中央図書館東分館", None),
    ("中央小学校", "中央小学校東分校", None),
    ("中央小学校第二体育館", "中央小学校", FIRST),
    ("東小学校（２階以上）", "東小学校", FIRST),
    ("鶴田中学校", "鶴田中学校跡施設", None),
    ("医療法人社団つなぎ会 山田医院", "山田医院", OWNER),
    ("(株)つなぐ ホテル海風", "ホテル海風", OWNER),
    ("東保育所", "西保育所", None),
    ("市役所", "つなぐ市役所", SAME),
    ("池", "皿池", None),
]


@pytest.mark.parametrize(("one", "other", "expected"), CASES)
def test_names_are_compared_as_people_read_them(
    one: str, other: str, expected: Likeness | None
) -> None:
    first, second = (split_name(name, "つなぐ県", "つなぐ市") for name in (one, other))
    assert compare_names(first, second) is expected


def test_a_name_that_would_be_too_short_keeps_its_municipality() -> None:
    assert split_name("つなぐ市会館", "つなぐ県", "つなぐ市").core == plain("つなぐ市会館")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("塩田小中学校", "塩田中学校", True),
        ("競輪場１", "競輪場２", False),
        ("市民会館", "消防署", False),
    ],
)
def test_similar_names_have_the_same_numbers(one: str, other: str, expected: bool) -> None:
    assert similar(split_name(one, "", ""), split_name(other, "", "")) is expected
