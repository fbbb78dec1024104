"""Functions of opening hours: cells such as 9:00～17:00 and 月～金 (schema:openingHours)."""

import re
import unicodedata

from loader.functions.dates import time
from loader.functions.numbers import MISSING
from loader.functions.registry import Gives, ValueProblem, function
from vocab.namespaces import SCHEMA

_DAYS = "月火水木金土日"
_SHORT = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOLIDAY = "PublicHolidays"
_WORDS = {"毎日": _DAYS, "年中無休": _DAYS, "無休": _DAYS, "平日": _DAYS[:5], "土日祝": "土日祝"}
_WORDS |= {"週末": "土日", "祝日": "祝", "祝祭日": "祝", "全日": _DAYS, "土日祝日": "土日祝"}
_RANGE = re.compile(r"([月火水木金土日])[~-]([月火水木金土日])")
_FILLING = re.compile("曜日?|[・、,/ 及びと()]")
_UNTIL = re.compile("[~-]|から")
_ALL_DAY = frozenset({"24時間", "終日", "24h", "24時間営業", "常時"})


def _plain(value: str) -> str:
    bare = "".join(unicodedata.normalize("NFKC", value).split())
    return re.sub("[\u2010-\u2015\u2212\u301c\u2500\u30fc]", "-", bare)


def _letters(value: str) -> str:
    """Return the days of a cell as letters, in the order of the week; 祝 comes last."""
    plain = _plain(value)
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    bare = _FILLING.sub("", _WORDS.get(plain, plain)).replace("祝日", "祝").replace("祝祭日", "祝")
    listed = _RANGE.sub(_between, _WORDS.get(bare, bare))
    if not set(listed) <= set(_DAYS + "祝"):
        raise ValueProblem("value.not-days")
    return "".join(day for day in _DAYS + "祝" if day in listed)


def _between(match: re.Match[str]) -> str:
    first, last = _DAYS.index(match[1]), _DAYS.index(match[2])
    return (_DAYS + _DAYS)[first : last + 1 + (7 if last < first else 0)]


@function(
    "daysOfWeek",
    [
        (
            "月～水",
            (
                "http://schema.org/Monday",
                "http://schema.org/Tuesday",
                "http://schema.org/Wednesday",
            ),
        ),
        (
            "土・日曜日、祝日",
            tuple(f"http://schema.org/{n}" for n in ("Saturday", "Sunday", _HOLIDAY)),
        ),
        ("日月", ("http://schema.org/Monday", "http://schema.org/Sunday")),
        ("要予約", "", "!value.not-days"),
    ],
    many=True,
    gives=Gives.IRI,
)
def days_of_week(value: str) -> tuple[str, ...]:
    """The days of the week (schema:DayOfWeek) that a cell lists."""
    named = dict(zip(_DAYS + "祝", (*_NAMES, _HOLIDAY), strict=True))
    return tuple(SCHEMA[named[day]] for day in _letters(value))


@function(
    "opens",
    [
        ("9:00～17:00", "09:00:00"),
        ("９時から午後５時まで", "09:00:00"),
        ("24時間", "00:00:00"),
        ("9:00", "09:00:00"),
        ("日中", "", "!value.not-a-time"),
    ],
    datatype="time",
)
def opens(value: str) -> str:
    """The time (xsd:time) at which a span such as 9:00～17:00 begins."""
    return _span(value)[0]


@function(
    "closes",
    [
        ("9:00～17:00", "17:00:00"),
        ("９時から午後５時まで", "17:00:00"),
        ("24時間", "24:00:00"),
        ("22:00-翌2:00", "02:00:00"),
        ("9:00", ""),
    ],
    datatype="time",
)
def closes(value: str) -> str:
    """The time (xsd:time) at which a span such as 9:00～17:00 ends."""
    return _span(value)[1]


def _span(value: str) -> tuple[str, str]:
    plain = _plain(value)
    if plain.lower() in _ALL_DAY:
        return "00:00:00", "24:00:00"
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    bare = plain.removesuffix("まで").replace("翌日", "").replace("翌", "")
    first, *others = _UNTIL.split(bare, maxsplit=1)
    return (time(first), time(others[0]) if others and others[0] else "")


@function(
    "openingHours",
    [
        ("月～金", "9:00", "17:00", "Mo-Fr 09:00-17:00"),
        ("月水金", "９時", "24:00", "Mo,We,Fr 09:00-24:00"),
        ("土日祝", "9:00～12:00", "", "Sa,Su,PH 09:00-12:00"),
        ("", "24時間", "", "Mo-Su 00:00-24:00"),
        ("随時", "9:00", "17:00", "", "!value.not-days"),
    ],
)
def opening_hours(days: str, opens: str, closes: str = "") -> str:
    """The text of schema:openingHours: days (none: every day) and times, or a span in ``opens``."""
    first, last = _span(opens) if not closes else (time(opens), time(closes))
    if not first or not last:
        return ""
    return f"{_abbreviated(_letters(days or '毎日'))} {first[:5]}-{last[:5]}"


def _abbreviated(letters: str) -> str:
    """Write days as schema:openingHours does: three or more in a row as a range."""
    week = letters.replace("祝", "")
    first = _DAYS.find(week) if len(week) > 2 else -1
    listed = [_SHORT[_DAYS.index(day)] for day in week]
    if first >= 0:
        listed = [f"{listed[0]}-{listed[-1]}"]
    return ",".join(listed + ["PH"] * ("祝" in letters))
