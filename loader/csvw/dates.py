"""Dates, times and durations as cells write them, with the formats that CSVW knows.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 6.4.4; lexical
forms of XML Schema 1.1, part 2, 3.3.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

_ZONE = r"(?P<zone>Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
_DAY = r"(?P<year>-?[0-9]{4,})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])"
    r":(?P<second>[0-5][0-9])(?P<part>\.[0-9]+)?"
)
_FORMS = {
    "date": re.compile(_DAY + _ZONE),
    "time": re.compile(_TIME + _ZONE),
    "dateTime": re.compile(f"{_DAY}T{_TIME}{_ZONE}"),
    "dateTimeStamp": re.compile(f"{_DAY}T{_TIME}{_ZONE[:-1]}"),
    "gDay": re.compile(r"---(0[1-9]|[12][0-9]|3[01])" + _ZONE),
    "gMonth": re.compile(r"--(0[1-9]|1[0-2])" + _ZONE),
    "gMonthDay": re.compile(r"--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + _ZONE),
    "gYear": re.compile(r"-?[0-9]{4,}" + _ZONE),
    "gYearMonth": re.compile(r"-?[0-9]{4,}-(0[1-9]|1[0-2])" + _ZONE),
}
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)((?P<years>[0-9]+)Y)?((?P<months>[0-9]+)M)?((?P<days>[0-9]+)D)?"
    r"(?P<time>T(?=.)((?P<hours>[0-9]+)H)?((?P<minutes>[0-9]+)M)?((?P<seconds>[0-9]+(\.[0-9]+)?)S)?)?"
)
_LONGEST = 100

_ORDERS = (("dd", "MM", "yyyy"), ("d", "M", "yyyy"), ("MM", "dd", "yyyy"), ("M", "d", "yyyy"))
_DAY_FORMATS = (
    "yyyy-MM-dd",
    "yyyyMMdd",
    # Beyond the specification, which allows for more: as Japan writes dates.
    "yyyy/MM/dd",
    "yyyy/M/d",
    "yyyy年M月d日",
    "yyyy年MM月dd日",
    *(separator.join(order) for separator in "-/." for order in _ORDERS),
)
_TIME_FORMATS = ("HH:mm:ss", "HHmmss", "HH:mm", "HHmm")
_FIELDS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{2})",
    "d": "(?P<day>[0-9]{1,2})",
    "HH": "(?P<hour>[0-9]{2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})",
}
_ZONES = {
    "X": "(?P<zone>Z|[+-][0-9]{2}([0-9]{2})?)",
    "XX": "(?P<zone>Z|[+-][0-9]{4})",
    "XXX": "(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})",
    "x": "(?P<zone>[+-][0-9]{2}([0-9]{2})?)",
    "xx": "(?P<zone>[+-][0-9]{4})",
    "xxx": "(?P<zone>[+-][0-9]{2}:[0-9]{2})",
}
_FORMAT = re.compile(r"(?P<main>.*?)(?P<part>\.S{1,9})?(?P<zone> ?(X{1,3}|x{1,3}))?")
_FIELD = re.compile("yyyy|MM?|dd?|HH|mm|ss")


class NotADate(ValueError):
    """A cell is no date, time or duration, or not one of its format."""


def moment(text: str, base: str, format_: str | None) -> str:
    """Return a date or time as XML Schema writes it; raises NotADate."""
    written = _converted(text, base, format_) if format_ else text
    match = _FORMS[base].fullmatch(written) if len(written) <= _LONGEST else None
    if match is None:
        raise NotADate(text)
    found = match.groupdict()
    if found.get("day") and len(found["year"]) == 4:
        try:
            date(max(int(found["year"]), 1), int(found["month"]), int(found["day"]))
        except ValueError as error:
            raise NotADate(text) from error
    return written


def _converted(text: str, base: str, format_: str) -> str:
    match = compile_format(format_, base).fullmatch(text)
    if match is None:
        raise NotADate(text)
    found = match.groupdict()
    day = time = ""
    if "year" in found:
        day = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
    if "hour" in found:
        part = found.get("part") or ""
        time = f"{found['hour']}:{found['minute']}:{found.get('second') or '00'}{part}"
    zone = _zone(found.get("zone") or "")
    return f"{day}T{time}{zone}" if day and time else f"{day}{time}{zone}"


def _zone(text: str) -> str:
    """Return a time zone as XML Schema writes it: ``-05`` and ``-0500`` are ``-05:00``."""
    if text in ("", "Z") or ":" in text:
        return text
    return f"{text[:3]}:{text[3:] or '00'}"


@lru_cache(maxsize=256)
def compile_format(format_: str, base: str) -> re.Pattern[str]:
    """Compile a date format for a type; raises ValueError for one that CSVW does not know."""
    match = _FORMAT.fullmatch(format_)
    assert match is not None
    main, part, zone = match["main"], match["part"] or "", match["zone"] or ""
    if main not in _known(base) or (part and not main.endswith("ss")):
        raise ValueError(format_)
    pattern = _FIELD.sub(lambda field: _FIELDS[field.group()], re.escape(main))
    if part:
        pattern += rf"(?P<part>\.[0-9]{{1,{len(part) - 1}}})?"
    if zone:
        pattern += (" " if zone.startswith(" ") else "") + _ZONES[zone.strip()]
    return re.compile(pattern)


def _known(base: str) -> Sequence[str]:
    if base == "date":
        return _DAY_FORMATS
    if base == "time":
        return _TIME_FORMATS
    if base in ("dateTime", "dateTimeStamp"):
        return [f"{day}{t}{time}" for day in _DAY_FORMATS for t in "T " for time in _TIME_FORMATS]
    return []


def duration(text: str, base: str) -> str:
    """Return a duration, as it is; raises NotADate."""
    match = _DURATION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise NotADate(text)
    if base == "dayTimeDuration" and (match["years"] or match["months"]):
        raise NotADate(text)
    if base == "yearMonthDuration" and (match["days"] or match["time"]):
        raise NotADate(text)
    return text


def order(text: str, base: str) -> tuple[Decimal, ...] | str:
    """Return what dates, times and durations of one type are compared by."""
    if base.endswith(("uration",)):
        return (_length(text),)
    match = _FORMS[base].fullmatch(text)
    found = match.groupdict() if match else {}
    if not ("year" in found or "hour" in found):
        return text
    if "year" in found and len(found["year"]) != 4:
        return (Decimal(int(found["year"]) * 366 * 86400),)
    days = _days(found) if "year" in found else 0
    return (Decimal(days * 86400) + _seconds(found) - _offset(found.get("zone")),)


def _days(found: dict[str, str]) -> int:
    return date(max(int(found["year"]), 1), int(found["month"]), int(found["day"])).toordinal()


def _seconds(found: dict[str, str]) -> Decimal:
    if "hour" not in found:
        return Decimal(0)
    whole = timedelta(hours=int(found["hour"]), minutes=int(found["minute"])).total_seconds()
    return Decimal(int(whole)) + Decimal(found["second"] + (found["part"] or ""))


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    assert zone is not None
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone.startswith("-") else seconds


def _length(text: str) -> Decimal:
    """Return about how many seconds a duration has: a month counts 30.4375 days."""
    match = _DURATION.fullmatch(text)
    assert match is not None
    units = {
        "years": 31557600,
        "months": 2629800,
        "days": 86400,
        "hours": 3600,
        "minutes": 60,
        "seconds": 1,
    }
    total = sum((Decimal(match[unit] or 0) * size for unit, size in units.items()), Decimal(0))
    return -total if match["sign"] else total
