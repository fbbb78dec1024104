"""Further forms of values: what a function gives for them, or the code of the problem."""

import pytest

from loader.functions import FUNCTIONS, ValueProblem

CASES = [
    ("date", ["令和三年七月七日"], "2021-07-07"),
    ("date", ["二〇二一年七月七日"], "2021-07-07"),
    ("date", ["慶応4年1月3日"], "!value.lunar-date"),
    ("date", ["明治6年1月1日"], "1873-01-01"),
    ("year", ["明治3年"], "1870"),
    ("year", ["慶応4年"], ""),
    ("isoDate", [""], ""),
    ("excelDate", [""], ""),
    ("excelDate", ["59"], "1900-02-28"),
    ("excelDate", ["61"], "1900-03-01"),
    ("periodStart", [""], ""),
    ("periodEnd", ["R3.4.1～R4.3.31"], "2022-03-31"),
    ("periodEnd", ["2021/4/1～5/31"], "2021-05-31"),
    ("periodEnd", ["令和3年4月～6月"], "2021-06"),
    ("periodEnd", ["令和3年度～令和5年度"], "2023"),
    ("opens", ["－"], "!value.missing-symbol"),
    ("closes", ["午前9時-午後5時半"], "17:30:00"),
    ("closes", ["9:00～"], ""),
    ("daysOfWeek", ["－"], "!value.missing-symbol"),
    ("openingHours", ["土～月", "9:00", "17:00"], "Mo,Sa,Su 09:00-17:00"),
    ("openingHours", ["月火水", "", ""], ""),
    ("openingHours", ["平日", "9:00～17:00", ""], "Mo-Fr 09:00-17:00"),
    ("openingHours", ["火・木", "9:00", "17:00"], "Tu,Th 09:00-17:00"),
    ("quantity", [""], ""),
    ("quantity", ["1,23"], "!value.not-a-number"),
    ("quantity", ["3億円", "千円"], "300000000"),
    ("quantity", ["+5", "（百万円）"], "5000000"),
    ("quantity", ["約3"], "!value.not-a-number"),
    ("missingCode", ["不詳"], "O"),
    ("missingCode", ["・・・"], "O"),
    ("missingCode", ["χ"], "Q"),
    ("romaji", ["しゃしん"], "Shashin"),
    ("romaji", ["まっちゃ"], "Matcha"),
    ("romaji", ["じゅんいちろう"], "Junichiro"),
    ("romaji", ["とうきょう・おおさか"], "Tokyo Osaka"),
    ("romaji", ["ファクス1"], "Fakusu1"),
    ("romaji", [""], ""),
    ("concept", ["", "sex"], ""),
    ("concept", ["月曜", "days"], "http://schema.org/Monday"),
    ("latitude", ["北緯35.68度", "東経139.75度"], "!value.coordinates-sexagesimal"),
    ("pointWkt", ["35:40:48", "139:45:00"], "POINT(139.75 35.68)"),
    ("pointWkt", ["139.75", "35.68"], "POINT(139.75 35.68)"),
    ("decimalDegrees", [""], ""),
    ("decimalDegrees", ["10°30′S"], "-10.5"),
    ("pointInDatum", ["", "", "JGD2011"], ""),
    ("pointInDatum", ["139.75", "35.68", "JGD2011"], "!value.coordinates-swapped"),
    ("planeWkt", ["", "", "9"], ""),
    ("planeWkt", ["9000000", "0", "9"], "!value.coordinates-outside"),
    ("wktLatitude", ["LINESTRING(0 0, 1 1)"], ""),
    (
        "uuidIri",
        ["{F81D4FAE7DEC11D0A76500A0C91E6BF6}"],
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
    ("uuidIri", [""], ""),
    (
        "epcIri",
        ["urn:epc:id:sgtin:4912345.012345.32a%2fb"],
        "urn:epc:id:sgtin:4912345.012345.32a%2Fb",
    ),
    ("epcIri", ["urn:epc:id:gid:1.2.3"], "urn:epc:id:gid:1.2.3"),
    ("oidIri", ["urn:oid:2.999.1"], "urn:oid:2.999.1"),
    ("oidIri", ["1.40.1"], "!identifier.malformed"),
    ("ndcIri", ["小説", "9"], "!identifier.malformed"),
    ("postalCode", [""], ""),
    ("postalCode", ["－"], "!value.missing-symbol"),
    ("address", [""], ""),
    ("address", ["－"], "!value.missing-symbol"),
    ("addressPart", ["－", "町名"], ""),
    ("unlessType", ["1", "text"], "!value.unknown-choice"),
    ("percentDecode", ["%FF"], "\ufffd"),
]


@pytest.mark.parametrize(("name", "arguments", "gives"), CASES)
def test_form(name: str, arguments: list[str], gives: str) -> None:
    function = next(found for found in FUNCTIONS.values() if found.name == name)
    try:
        found = function.body(*arguments)
    except ValueProblem as problem:
        found = f"!{problem.code}"
    assert found == gives
