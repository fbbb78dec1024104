"""Functions of dates and times, the Japanese calendar included.

Years of eras: 明治 from 1868, 大正 1912, 昭和 1926, 平成 1989, 令和 2019 (国立天文台 暦計算室).
Until 明治5年12月2日 Japan had a lunar calendar (明治5年太政官布告第337号): its days and months are
told as such and not taken for days of the Gregorian calendar.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import timedelta

from loader.functions.numbers import MISSING
from loader.functions.numerals import NUMERAL, from_kanji
from loader.functions.registry import ValueProblem, function

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_SHORT = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
_SHORT |= {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|(?<![a-z])[mtshr])(元|[0-9]{1,2})", re.IGNORECASE
)
_OLD_ERAS = (
    "慶長 元和 寛永 正保 慶安 承応 明暦 万治 寛文 延宝 天和 貞享 元禄 宝永 正徳 享保 元文 寛保 "
    "延享 寛延 宝暦 明和 安永 天明 寛政 享和 文化 文政 天保 弘化 嘉永 安政 万延 文久 元治 慶応 慶應"
)
_OLD_ERA = re.compile(f"(?:{'|'.join(_OLD_ERAS.split())})(?:元|[0-9]{{1,2}})年")
_LUNAR = re.compile(r"(?:明治?|m)(?:元|0?[1-5])(?:年|[-/.])[0-9]", re.IGNORECASE)
_IN_KANJI = re.compile(f"{NUMERAL}{{1,8}}(?=[年月日])")
_SERIAL = re.compile(r"([2-5][0-9]{4})(?:\.[0-9]+)?")
"""Numbers of days from 1954 to 2064, which are no years and no dates written together."""
_EPOCH = calendar_date(1899, 12, 30)
_YEAR = r"(?P<year>[0-9]{4})"
_SEPARATED = re.compile(
    _YEAR + r"(?:年度|(?:年|[-/.])(?:(?P<month>[0-9]{1,2})"
    r"(?:(?:月|[-/.])(?:(?P<day>[0-9]{1,2})日?)?)?)?)?"
)
_SOME_YEAR = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_SOME_DAY = re.compile(r"[0-9]{4}(?:年|[-/.])[0-9]{1,2}(?:月|[-/.])[0-9]{1,2}")
_COMPACT = re.compile(_YEAR + r"(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_AMERICAN = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{2}|[0-9]{4})")
_NOT_OF_THE_DAY = re.compile(
    r"[t ]0?0:00(:00)?(\.0+)?(z|\+09:?00)?$|\([日月火水木金土]\)$", re.IGNORECASE
)
"""Midnight and the day of the week, which say no more than the date."""
_TIME = re.compile(
    r"(午前|午後|am|pm)?([0-9]{1,2})(?::|時)(?:([0-9]{1,2}|半)(?:[:分](?:([0-9]{2})秒?)?)?)?"
)
_DIGITS_ONLY = re.compile(r"^([0-9]{2})([0-9]{2})$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of some precision; ``remark`` is the code of what has to be said of its form."""

    year: int
    month: int | None = None
    day: int | None = None
    remark: str | None = None


@function(
    "date",
    [
        ("2021年7月7日", "2021-07-07"),
        ("令和元年5月1日", "2019-05-01"),
        ("R3.7.7", "2021-07-07"),
        ("2021/7/7", "2021-07-07"),
        ("7/1/24", "2024-07-01", "!value.ambiguous-date"),
        ("2021年7月", ""),
        ("明9", ""),
        ("令和7年度", ""),
        ("明治9-12年", ""),
        ("2021年2月30日", "", "!value.not-a-date"),
        ("随時", "", "!value.not-a-date"),
        ("44384", "2021-07-07", "!value.excel-serial"),
        ("明治5年11月3日", "", "!value.lunar-date"),
    ],
    datatype="date",
)
def date(value: str) -> str:
    """The day (xsd:date), from the Western or the Japanese calendar; nothing for less precision."""
    plain = _plain(value)
    if not plain:
        return ""
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    found = _read(plain)
    if found is None and _is_vague(plain):
        return ""
    told = _told(found, plain)
    return iso(told) if told.day else ""


def reading(value: str) -> Moment:
    """Read a date of any precision; raise ValueProblem for none, or with a remark."""
    plain = _plain(value)
    return _told(_read(plain), plain)


def _told(found: Moment | None, plain: str) -> Moment:
    if found is None:
        raise ValueProblem("value.lunar-date" if is_lunar(plain) else "value.not-a-date")
    if found.remark:
        raise ValueProblem(found.remark, gives=iso(found))
    return found


def iso(moment: Moment) -> str:
    """Write a date as ISO 8601 does: year, month or day."""
    parts = (f"{part:02}" for part in (moment.month, moment.day) if part is not None)
    return "-".join([f"{moment.year:04}", *parts])


def is_lunar(plain: str) -> bool:
    """Whether a text is a date of the lunar calendar, which ended with 明治5年."""
    return bool(_OLD_ERA.search(plain) or _LUNAR.match(plain))


@function(
    "yearMonth",
    [("令和3年7月", "2021-07"), ("2021-07", "2021-07"), ("2021-07-07", "")],
    datatype="gYearMonth",
)
def year_month(value: str) -> str:
    """The month (xsd:gYearMonth), where the value has no day."""
    found = _read(_plain(value))
    if found is None or found.month is None or found.day is not None:
        return ""
    return f"{found.year:04}-{found.month:02}"


@function(
    "year",
    [
        ("平成元年", "1989"),
        ("2021", "2021"),
        ("令和7年度", "2025"),
        ("R6", "2024"),
        ("2021-07", ""),
    ],
    datatype="gYear",
)
def year(value: str) -> str:
    """The year or fiscal year (xsd:gYear), where the value has no month."""
    found = _read(_plain(value))
    return f"{found.year:04}" if found is not None and found.month is None else ""


@function(
    "time",
    [
        ("9:00", "09:00:00"),
        ("９時３０分", "09:30:00"),
        ("午後1時半", "13:30:00"),
        ("1700", "17:00:00"),
        ("24:00", "24:00:00"),
        ("日没まで", "", "!value.not-a-time"),
    ],
    datatype="time",
)
def time(value: str) -> str:
    """The time of day (xsd:time)."""
    plain = _plain(value)
    if not plain:
        return ""
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    found = _TIME.fullmatch(_DIGITS_ONLY.sub(r"\1:\2", plain.lower()))
    if not found:
        raise ValueProblem("value.not-a-time")
    half, hours, minutes, seconds = found.groups()
    hour = int(hours) + (12 if half in {"午後", "pm"} and int(hours) < 12 else 0)
    minute = 30 if minutes == "半" else int(minutes or 0)
    second = int(seconds or 0)
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 59:
        raise ValueProblem("value.not-a-time")
    return f"{hour:02}:{minute:02}:{second:02}"


def _plain(value: str) -> str:
    """Return the value half-width and without blanks between its parts."""
    normal = unicodedata.normalize("NFKC", value).strip()
    bare = _NOT_OF_THE_DAY.sub("", normal)
    joined = "".join(bare.split())
    if joined.isascii():
        return joined
    return _IN_KANJI.sub(lambda run: str(from_kanji(run.group())), joined)


def _read(plain: str) -> Moment | None:
    if serial := _SERIAL.fullmatch(plain):
        day = _EPOCH + timedelta(days=int(serial[1]))
        return Moment(day.year, day.month, day.day, "value.excel-serial")
    if plain[:1].isdigit():
        western = plain
    elif is_lunar(plain):
        return None
    else:
        western = _ERA.sub(_western, plain, count=1)
    american = _AMERICAN.fullmatch(western)
    found = american or _SEPARATED.fullmatch(western) or _COMPACT.fullmatch(western)
    return _checked(found, american is not None) if found else None


def _is_vague(plain: str) -> bool:
    """Whether a text speaks of years and not of a day: 明治9-12年, 1893||1894, [明9]."""
    western = _ERA.sub(_western, plain)
    whole = _SEPARATED.fullmatch(western) or _COMPACT.fullmatch(western)
    return not whole and bool(_SOME_YEAR.search(western)) and not _SOME_DAY.search(western)


def _western(match: re.Match[str]) -> str:
    era = _SHORT.get(match.group(1).lower(), match.group(1))
    number = 1 if match.group(2) == "元" else int(match.group(2))
    return str(_ERAS[era] - 1 + number)


def _checked(match: re.Match[str], american: bool) -> Moment | None:
    """Give the date that was read, or None where the calendar has no such day."""
    parts = match.groupdict()
    year_ = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    month = int(parts["month"]) if parts.get("month") else None
    day = int(parts["day"]) if parts.get("day") else None
    try:
        calendar_date(year_, month or 1, day or 1)
    except ValueError:
        return None
    return Moment(year_, month, day, "value.ambiguous-date" if american else None)
