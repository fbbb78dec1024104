"""What holds for every text: no function fails in another way than by a ValueProblem."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.functions import FUNCTIONS, Function, ValueProblem
from loader.functions.dates import Moment, iso, reading
from loader.functions.hours import opening_hours
from loader.functions.lists import percent_decode, percent_encode
from loader.functions.numbers import decimal
from loader.functions.numerals import from_kanji, to_kanji
from loader.functions.places import decimal_degrees
from loader.functions.quantities import quantity
from loader.functions.readings import hiragana
from loader.functions.text import kana
from loader.model import FINDINGS

ALL = [pytest.param(function, id=function.name) for function in FUNCTIONS.values()]
LIKELY = (
    "0123456789０１２.,-－ー~:/%()年月日時分秒度°'\"元令和明治平成千万億円"
    "丁目番地号の東京都千代田区北上るNE甲字 \n"
)
texts = st.text(st.sampled_from(LIKELY) | st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize("function", ALL)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_function_gives_text_or_tells_a_problem(function: Function, data: st.DataObject) -> None:
    arguments = [data.draw(texts) for _ in function.parameters]
    try:
        found = function.body(*arguments)
    except ValueProblem as problem:
        assert problem.code in FINDINGS.entries
        found = problem.gives
    assert all(isinstance(one, str) for one in (found if function.many else [found]))


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize(
    "piece", ["1", "1-", "一の", "上る", "(", "年", "1.", "%E3", "ア", "a:", " "]
)
def test_a_long_text_of_one_piece_comes_to_an_end(function: Function, piece: str) -> None:
    value = piece * (2_000 // len(piece))
    try:
        found = function.body(*[value] * len(function.parameters))
    except ValueProblem as problem:
        found = problem.gives
    assert found is not None


@given(st.integers(1, 9999))
def test_numbers_in_kanji_are_read_back(number: int) -> None:
    assert from_kanji(to_kanji(number)) == number


@given(texts)
def test_percent_encoding_is_undone(text: str) -> None:
    assert percent_decode(percent_encode(text)) == unicodedata.normalize("NFC", text)


@given(st.text(st.sampled_from("あいうえおかきくけこがぎぐぱぴぷゃゅょっん"), max_size=20))
def test_hiragana_and_katakana_are_inverse(text: str) -> None:
    assert hiragana(kana(text)) == text


@given(st.dates(min_value=date(1873, 1, 1)))
def test_a_day_is_read_back_from_every_way_to_write_it(day: object) -> None:
    written = str(day)
    year, month, number = map(int, written.split("-"))
    for form in (
        f"{year}年{month}月{number}日",
        f"{year}/{month}/{number}",
        f"{year:04}.{month:02}.{number:02}",
    ):
        assert iso(reading(form)) == written
    assert reading(written) == Moment(year, month, number)


@given(st.integers(2019, 2100), st.integers(1, 12))
def test_a_year_of_reiwa_is_read_back(year: int, month: int) -> None:
    of_era = "元" if year == 2019 else str(year - 2018)
    assert iso(reading(f"令和{of_era}年{month}月")) == f"{year}-{month:02}"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_a_quantity_in_thousands_is_a_thousand_times_as_much(number: object) -> None:
    assert Decimal(quantity(f"{number:f}", "千円")) == Decimal(str(number)) * 1000
    assert Decimal(quantity(f"{number:f}")) == Decimal(decimal(f"{number:f}"))


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59))
def test_degrees_minutes_and_seconds_have_one_meaning(
    degrees: int, minutes: int, seconds: int
) -> None:
    marked = decimal_degrees(f"{degrees}°{minutes}′{seconds}″")
    assert marked == decimal_degrees(f"{degrees}度{minutes}分{seconds}秒")
    assert abs(float(marked) - (degrees + minutes / 60 + seconds / 3600)) < 1e-6


@given(st.integers(0, 23), st.integers(0, 59))
def test_opening_hours_keep_their_times(hour: int, minute: int) -> None:
    assert (
        opening_hours("毎日", f"{hour}:{minute:02}", "24:00")
        == f"Mo-Su {hour:02}:{minute:02}-24:00"
    )
