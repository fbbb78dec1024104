"""Functions that need a date beside the value: the instant of an hour, the area of that time."""

from datetime import date as calendar_date
from datetime import datetime, timedelta

from loader.functions.dates import time as time_of_day
from loader.functions.identifiers import municipality_code
from loader.functions.periods import iso_date
from loader.functions.registry import Gives, ValueProblem, function
from vocab.area_history import BEGINNING, area_history
from vocab.identifiers import area_iri

_FIRST_DAY = {4: "-04-01", 7: "-01", 10: ""}
"""What makes a day of a (fiscal) year or a month: its first."""


@function(
    "instant",
    [
        ("2020/4/1", "1:00", "2020-04-01T01:00:00+09:00"),
        ("2020/4/30", "24:00", "2020-05-01T00:00:00+09:00"),
        ("2020/4", "1:00", ""),
        ("2020/4/1", "", ""),
        ("9999-12-31", "24:00", ""),
        ("2020/4/1", "朝", "", "!value.not-a-time"),
    ],
)
def instant(date: str, time: str) -> str:
    """The instant (xsd:dateTime) of a time of a day in Japan; 24:00 is the next day's 0:00."""
    day, hour = _stated(date), time_of_day(time)
    if len(day) != 10 or not hour:
        return ""
    if hour != "24:00:00":
        return f"{day}T{hour}+09:00"
    try:
        following = calendar_date.fromisoformat(day) + timedelta(days=1)
    except OverflowError:
        return ""
    return f"{following.isoformat()}T00:00:00+09:00"


@function(
    "dateTime",
    [
        ("2026-03-04T06:03:28.768642", "2026-03-04T06:03:28.768642Z"),
        ("2026-03-04 06:03:28+09:00", "2026-03-04T06:03:28+09:00"),
        ("2026-03-04", ""),
        ("", ""),
        ("昨日", "", "!value.not-a-date"),
    ],
)
def date_time(value: str) -> str:
    """The instant (xsd:dateTime) of a time stamp of a computer (ISO 8601), in UTC where it tells \
no zone; nothing for a day alone."""
    plain = value.strip()
    if not plain:
        return ""
    try:
        found = datetime.fromisoformat(plain)
    except ValueError as error:
        raise ValueProblem("value.not-a-date") from error
    if len(plain) <= len("2026-03-04"):
        return ""
    return found.isoformat() + ("Z" if found.tzinfo is None else "")


@function(
    "areaIriOn",
    [
        ("372013", "2006/1/9", "http://data.e-stat.go.jp/lod/sac/C37201-20050926"),
        ("37201", "令和6年4月", "http://data.e-stat.go.jp/lod/sac/C37201-20060110"),
        ("373010", "2020", "", "!identifier.code-of-another-time"),
        ("372013", "", ""),
        ("372013", "1950-01-01", ""),
        ("372013", "7/1/24", "http://data.e-stat.go.jp/lod/sac/C37201-20060110"),
        ("372013", "随時", ""),
        ("139998", "2020-01-01", ""),
        ("991015", "2020-01-01", ""),
    ],
    gives=Gives.IRI,
)
def area_iri_on(value: str, date: str) -> str:
    """The version of an area's code that was valid on a day since 1970-04-01, in e-Stat."""
    code = municipality_code(value)[:5]
    day = day_of(date)
    if not code or day < BEGINNING or not area_iri(municipality_code(value)):
        return ""
    history = area_history()
    found = history.at(code, day)
    if found is None and history.versions(code):
        raise ValueProblem("identifier.code-of-another-time")
    return found.iri if found else ""


def day_of(date: str) -> str:
    """The first day of what a date states (a year, a month, a day); nothing for no date."""
    stated = _stated(date)
    return stated + _FIRST_DAY.get(len(stated), "")


def _stated(date: str) -> str:
    """Return a date in ISO 8601, nothing for none; what is wrong with it is told where it stands
    for itself."""
    try:
        return iso_date(date)
    except ValueProblem as problem:
        return problem.gives
