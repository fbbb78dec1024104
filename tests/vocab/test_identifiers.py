"""Identifiers: what files hold is read, a wrong digit never passes, each has one IRI."""

import csv
import tomllib
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn as stdnum_isbn
from stdnum.iso7064 import mod_11_2

from vocab import identifiers
from vocab.check_digits import ror_check_digits
from vocab.identifiers import (
    READERS,
    SCHEMES,
    IdentifierError,
    Scheme,
    find_scheme,
    fits,
    municipality_check_digit,
)
from vocab.language import Catalogue
from vocab.namespaces import expand

ROOT = Path(__file__).parents[2]
CODES = ROOT.parent / "shared" / "data" / "01_codes" / "lg_codes_6digit_with_wards.csv"
CASES = tomllib.loads((Path(__file__).parent / "cases" / "identifiers.toml").read_text("utf-8"))
READS = [(scheme, *case) for scheme, cases in CASES.items() for case in cases["reads"]]
REFUSES = [(scheme, *case) for scheme, cases in CASES.items() for case in cases["refuses"]]

digits = st.text("0123456789", min_size=1, max_size=12)


def test_every_scheme_has_cases() -> None:
    assert set(CASES) == set(READERS)


@pytest.mark.parametrize(("scheme", "cell", "canonical"), READS)
def test_reads(scheme: str, cell: str, canonical: str) -> None:
    assert READERS[scheme](cell) == canonical
    assert READERS[scheme](canonical) == canonical


@pytest.mark.parametrize(("scheme", "cell", "code"), REFUSES)
def test_refuses(scheme: str, cell: str, code: str) -> None:
    with pytest.raises(IdentifierError) as raised:
        READERS[scheme](cell)
    assert raised.value.code == code
    assert raised.value.text == cell


@pytest.mark.parametrize(("scheme", "cell", "canonical"), READS)
def test_the_iri_is_read_as_the_identifier(scheme: str, cell: str, canonical: str) -> None:
    """What a publication links to can be read back; notation and cell have one IRI."""
    iri = SCHEMES[scheme].iri(cell)
    assert SCHEMES[scheme].iri(canonical) == iri
    if iri is not None:
        assert READERS[scheme](iri) == canonical


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_the_table_is_whole(scheme: Scheme) -> None:
    assert scheme.read(scheme.example)
    assert (scheme.iri(scheme.example) is None) == (scheme.link == "")
    assert not scheme.link or expand(scheme.link)
    for said in (scheme.title, scheme.authority, scheme.reads, scheme.check):
        assert said["ja"] and said["en"]
    assert find_scheme(scheme.title["ja"]) is scheme
    assert find_scheme(scheme.own_iri) is scheme


def test_schemes_are_found_by_the_words_of_tables() -> None:
    found = find_scheme("市区町村コード"), find_scheme("ｓｇｔｉｎ"), find_scheme("団地番号")
    assert [scheme and scheme.key for scheme in found] == ["municipality", "epc", None]


@pytest.mark.parametrize(
    ("value", "scheme", "expected"),
    [
        ("131017", "municipality", "131016"),
        ("8000012050002", "corporate-number", "7000012050002"),
        ("978-4-9999991-0-2", "isbn", "9784999999101"),
        ("4-9999991-2-8", "isbn", "9784999999125"),
        ("ISSN 0028-0837", "issn", "0028-0836"),
        ("0000-0002-1825-0098", "orcid", "0000-0002-1825-0097"),
        ("0000 0001 2146 4381", "isni", "000000012146438X"),
        ("https://ror.org/057zh3y95", "ror", "057zh3y96"),
    ],
)
def test_a_wrong_check_digit_is_told_with_the_right_one(
    value: str, scheme: str, expected: str
) -> None:
    found = {fit.scheme.key: fit for fit in fits(value)}[scheme]
    assert (found.problem, found.expected) == (identifiers.CHECK_DIGIT, expected)
    assert READERS[scheme](found.expected) == found.expected


def test_every_code_of_an_error_has_words() -> None:
    entries = Catalogue(ROOT / "vocab" / "findings" / "identifier.toml").entries
    assert {identifiers.CHECK_DIGIT, identifiers.MALFORMED, identifiers.NOT_A_CODE} <= set(entries)


@pytest.mark.parametrize(
    ("function", "cell", "iri"),
    [
        (
            "corporate_number_iri",
            "7000012050002",
            "http://hojin-info.go.jp/data/basic/7000012050002",
        ),
        ("isbn_iri", "4-9999991-2-9", "urn:isbn:9784999999125"),
        ("issn_iri", "00280836", "urn:issn:0028-0836"),
        ("doi_iri", "doi:10.5555/ABC", "https://doi.org/10.5555/abc"),
        ("doi_iri", "10.1002/(SICI)1<1:A>2", "https://doi.org/10.1002/(sici)1%3C1:a%3E2"),
        ("doi_iri", "10.5555/図%1#2", "https://doi.org/10.5555/図%251%232"),
        ("ucode_iri", "0" * 31 + "a", "urn:ucode:_" + "0" * 31 + "A"),
        ("area_iri", "131016", "http://data.e-stat.go.jp/lod/sac/C13101"),
        ("area_iri", "992011", None),
        ("area_iri", "480002", None),
        ("area_iri", "002011", None),
        ("prefecture_code", "011011", "010006"),
    ],
)
def test_iris(function: str, cell: str, iri: str | None) -> None:
    assert getattr(identifiers, function)(cell) == iri


def wrong_digit(number: str, data: st.DataObject) -> str:
    """One digit of ``number`` changed into another."""
    places = [place for place, character in enumerate(number) if character.isdigit()]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    return number[:place] + other + number[place + 1 :]


def refused(scheme: str, cell: str) -> bool:
    try:
        READERS[scheme](cell)
    except IdentifierError:
        return True
    return False


isbn10 = st.from_regex("[0-9]{9}", fullmatch=True).map(
    lambda nine: nine + stdnum_isbn._calc_isbn10_check_digit(nine)
)
isbn13 = isbn10.map(identifiers.isbn13)
issn = st.from_regex("[0-9]{7}", fullmatch=True).map(
    lambda seven: seven + "0123456789X"[-sum(int(d) * (8 - i) for i, d in enumerate(seven)) % 11]
)
five = st.from_regex("[0-4][0-9]{4}", fullmatch=True)


@given(number=isbn10 | isbn13, data=st.data())
def test_isbn_with_a_wrong_digit_never_passes(number: str, data: st.DataObject) -> None:
    assert not refused("isbn", number)
    assert refused("isbn", wrong_digit(number, data))


@given(number=issn, data=st.data())
def test_issn_with_a_wrong_digit_never_passes(number: str, data: st.DataObject) -> None:
    assert READERS["issn"](number) == f"{number[:4]}-{number[4:]}"
    assert refused("issn", wrong_digit(number, data))


sixteen = st.from_regex("[0-9]{15}", fullmatch=True).map(
    lambda number: number + mod_11_2.calc_check_digit(number)
)


@given(number=sixteen, data=st.data())
def test_isni_and_orcid_with_a_wrong_digit_never_pass(number: str, data: st.DataObject) -> None:
    assert READERS["orcid"](number).replace("-", "") == READERS["isni"](number) == number
    wrong = wrong_digit(number, data)
    assert refused("isni", wrong)
    assert refused("orcid", wrong)


@given(number=st.integers(0, 32**6 - 1), data=st.data())
def test_ror_with_a_wrong_digit_never_passes(number: int, data: st.DataObject) -> None:
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    six = "".join(alphabet[number >> shift & 31] for shift in range(25, -1, -5))
    ror = f"0{six}{ror_check_digits(number)}"
    assert READERS["ror"](ror) == ror
    place = data.draw(st.integers(1, 8))
    allowed = alphabet if place < 7 else "0123456789"
    other = data.draw(st.sampled_from([sign for sign in allowed if sign != ror[place]]))
    assert refused("ror", ror[:place] + other + ror[place + 1 :])


@given(st.uuids())
def test_uuids_are_read_however_they_are_written(number: UUID) -> None:
    for written in (str(number), number.hex.upper(), number.urn, f"{{{number}}}"):
        assert READERS["uuid"](written) == str(number)


@given(st.integers(0, 2**128 - 1))
def test_ucodes_are_read_however_they_are_written(number: int) -> None:
    digits = f"{number:032X}"
    assert READERS["ucode"](identifiers.ucode_iri(digits.lower())) == digits


def remainder(code: str) -> int:
    return sum(int(d) * w for d, w in zip(code, (6, 5, 4, 3, 2), strict=False)) % 11


@given(number=five, data=st.data())
def test_municipality_code_with_a_wrong_digit(number: str, data: st.DataObject) -> None:
    """It passes only where the rule itself cannot tell: remainders 0 and 10 share the digit 1."""
    code = number + municipality_check_digit(number)
    wrong = wrong_digit(code, data)
    shared = {remainder(code), remainder(wrong)} == {0, 10} and code[5] == wrong[5]
    assert refused("municipality", wrong) is not shared


@given(st.from_regex("[0-9]{12}", fullmatch=True), st.data())
def test_corporate_number_with_a_wrong_digit(twelve: str, data: st.DataObject) -> None:
    """It passes only where the rule (modulo 9) cannot tell: 0 and 9 in the twelve digits."""
    weighted = sum(int(d) * (1, 2)[i % 2] for i, d in enumerate(reversed(twelve)))
    number = str(9 - weighted % 9) + twelve
    wrong = wrong_digit(number, data)
    changed = {pair for pair in zip(number[1:], wrong[1:], strict=True) if pair[0] != pair[1]}
    shared = changed in ({("0", "9")}, {("9", "0")})
    assert not refused("corporate-number", number)
    assert refused("corporate-number", wrong) is not shared


@given(five)
def test_codes_are_read_however_they_are_written(number: str) -> None:
    code = number + municipality_check_digit(number)
    wide = code.translate({ord("0") + i: ord("０") + i for i in range(10)})
    assert identifiers.municipality_code(code) == code
    assert identifiers.municipality_code(f"　{wide} ") == code
    if number.startswith("0"):
        assert identifiers.municipality_code(number) == code


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for scheme, read in READERS.items():
        if not refused(scheme, text):
            assert READERS[scheme](read(text)) == read(text)


@given(st.from_regex(r"10\.[0-9]{4,6}/[!-~]{1,20}", fullmatch=True))
def test_the_iri_of_a_doi_is_an_iri(text: str) -> None:
    iri = identifiers.doi_iri(text)
    assert not set(iri) & set(' <>"{}|\\^`')
    assert iri.startswith("https://doi.org/10.")


@pytest.mark.skipif(not CODES.exists(), reason="the shared code table is not beside the checkout")
def test_all_codes_in_force_verify() -> None:
    with CODES.open(encoding="utf-8-sig", newline="") as stream:
        codes = [row["lg_code_6"] for row in csv.DictReader(stream)]
    assert len(codes) == 1965
    for code in codes:
        assert identifiers.municipality_code(code) == code
        assert identifiers.municipality_code(code[:5]) == code


def test_the_table_of_areas_holds_five_digits_each() -> None:
    codes = identifiers.area_codes()
    assert {"13101", "01000", "21486"} <= codes
    assert all(len(code) == 5 and code.isdecimal() for code in codes)
