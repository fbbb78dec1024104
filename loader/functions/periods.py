"""Functions of dates in mixed forms: any precision, spans, serial numbers of spreadsheets."""

import re
import unicodedata
from datetime import date as calendar_date
from datetime import timedelta

from loader.functions.dates import iso, reading
from loader.functions.numbers import MISSING
from loader.functions.registry import ValueProblem, function

_UNTIL = re.compile(r"[~〜から]+|(?<=[日年月])[-‐–—−ー]|\s[-‐–—−ー]\s|(?<=[0-9])/(?=[0-9]{4})")
_FISCAL = re.compile("年度?|月|[-/.]")
_SERIAL = re.compile(r"([0-9]{1,7})(?:\.[0-9]+)?")
_EPOCH = calendar_date(1899, 12, 30)
_LAST_SERIAL = 2_958_465
_LEAP_DAY_THAT_WAS_NOT = 60


@function(
    "isoDate",
    [
        ("令和3年7月7日", "2021-07-07"),
        ("R3.7", "2021-07"),
        ("平成元年", "1989"),
        ("令和7年度", "2025"),
        ("44384", "2021-07-07", "!value.excel-serial"),
        ("明治3年2月1日", "", "!value.lunar-date"),
        ("未定", "", "!value.not-a-date"),
        ("－", "", "!value.missing-symbol"),
    ],
)
def iso_date(value: str) -> str:
    """The date in ISO 8601 as precise as it is: year, month or day; from the Western or the \
Japanese calendar."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    return iso(reading(plain)) if plain else ""


@function(
    "excelDate",
    [
        ("44384", "2021-07-07"),
        ("44384.5", "2021-07-07"),
        ("1", "1900-01-01"),
        ("60", "", "!value.not-a-date"),
        ("2021年", "", "!value.not-a-date"),
    ],
    datatype="date",
)
def excel_date(value: str) -> str:
    """The day (xsd:date) that a spreadsheet keeps as a number, from 1900 on (ECMA-376, 18.17.4)."""
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    if not plain:
        return ""
    found = _SERIAL.fullmatch(plain)
    number = int(found[1]) if found else 0
    if not 0 < number <= _LAST_SERIAL or number == _LEAP_DAY_THAT_WAS_NOT:
        raise ValueProblem("value.not-a-date")
    before_march = number < _LEAP_DAY_THAT_WAS_NOT
    return (_EPOCH + timedelta(days=number + before_march)).isoformat()


@function(
    "periodStart",
    [
        ("令和3年4月1日～令和4年3月31日", "2021-04-01"),
        ("2021/4/1-2021/5/31", "", "!value.not-a-date"),
        ("2021-04-01/2022-03-31", "2021-04-01"),
        ("2021年7月7日", "2021-07-07"),
    ],
)
def period_start(value: str) -> str:
    """The first date of a span (年月日～年月日), in ISO 8601; of a single date, that date."""
    return _ends(value)[0]


@function(
    "periodEnd",
    [
        ("令和3年4月1日～令和4年3月31日", "2022-03-31"),
        ("令和3年4月1日から5月31日まで", "2021-05-31"),
        ("2021年7月7日～9日", "2021-07-09"),
        ("2021年4月～", ""),
        ("2021年7月7日", "2021-07-07"),
    ],
)
def period_end(value: str) -> str:
    """The last date of a span; what it leaves out (year, month) is that of the first."""
    return _ends(value)[1]


def _ends(value: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", value).strip().removesuffix("まで")
    if not plain:
        return "", ""
    first, *others = _UNTIL.split(plain, maxsplit=1)
    start = iso_date(first)
    if not others:
        return start, start
    last = others[0].strip()
    return start, iso_date(_completed(last, start)) if last else ""


def _completed(last: str, start: str) -> str:
    """Give the end of a span the year and month of its start where it has none of its own."""
    year, _, month_day = start.partition("-")
    if re.fullmatch(r"[0-9]{1,2}(月([0-9]{1,2}日)?|/[0-9]{1,2})", last):
        return f"{year}年{last}" if "月" in last else f"{year}/{last}"
    if re.fullmatch("[0-9]{1,2}日", last):
        return f"{year}年{month_day[:2]}月{last}"
    return last
