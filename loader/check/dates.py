"""Detectors of dates that no calendar has, and of accidents with dates in spreadsheets."""

import re
import unicodedata
from datetime import date as calendar_date

from loader.functions.dates import date
from loader.functions.registry import ValueProblem

NOT_A_DATE = "value.not-a-date"
SERIAL = "value.excel-serial"

_DAY = re.compile(
    r"((明治|大正|昭和|平成|令和|[MTSHR])\s*(元|[0-9]{1,2})|[0-9]{4})[-/.年]\s*"
    r"[0-9]{1,2}[-/.月]\s*[0-9]{1,2}日?"
)
"""What has year, month and day, whether the calendar has that day or not."""

GOOD_DAY = r"[0-9]{4}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|1[0-9]|2[0-8])"
"""Days that every calendar has."""

_COMPACT = re.compile("(19|20)[0-9]{6}")
_SERIAL = re.compile("[23456][0-9]{4}")
_LIKELY_SERIALS = range(20_000, 55_000)
"""1954 to 2050: days that tables of today speak of."""

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_ACCIDENT = re.compile(rf"(?:{_MONTHS})-[0-9]{{1,2}}|[0-9]{{1,2}}-(?:{_MONTHS})")
_MONTH_AND_DAY = re.compile(r"[0-9]{1,2}月[0-9]{1,2}日")
_TIME = re.compile("日|年|月|期|時|曜|休|date|day|month|time|period")
_ACCIDENTS = re.compile(rf"\n(?:{_ACCIDENT.pattern})(?=\n)")
_HYPHENED = re.compile(r"\n[0-9]{1,4}[-ー－−‐][0-9]{1,4}([-ー－−‐][0-9]{1,4})?(?=\n)")
"""Cells such as 12-3, which spreadsheets take for dates; a line break stands around each."""
LEAST_HYPHENED = 3


def day_problem(cell: str) -> str | None:
    """Return the code of what is wrong with the cell of a column of days."""
    try:
        calendar_date.fromisoformat(cell)
    except ValueError:
        return _written_day_problem(unicodedata.normalize("NFKC", cell).strip())
    return None


def _written_day_problem(plain: str) -> str | None:
    if _SERIAL.fullmatch(plain):
        return SERIAL if int(plain) in _LIKELY_SERIALS else None
    if not (_DAY.fullmatch(plain) or _COMPACT.fullmatch(plain)):
        return None
    try:
        date(plain)
    except ValueProblem as problem:
        return NOT_A_DATE if problem.code == NOT_A_DATE else None
    return None


def may_have_accidents(text: str) -> bool:
    """Whether cells, a line break around each, may hold what ``is_accident`` looks for."""
    return _ACCIDENTS.search(text) is not None


def is_accident(cell: str) -> bool:
    """Whether a cell is a date as a spreadsheet shows it that took 1-2 for one (2-Jan)."""
    return _ACCIDENT.fullmatch(cell.strip()) is not None


def has_hyphened(text: str) -> bool:
    """Whether cells such as 12-34, a line break around each, are among others."""
    return len(_HYPHENED.findall(text)) >= LEAST_HYPHENED


def is_month_and_day(cell: str) -> bool:
    """Whether a cell is a day of no year, which among cells such as 12-34 is an accident."""
    return _MONTH_AND_DAY.fullmatch(cell.strip()) is not None


def speaks_of_time(name: str) -> bool:
    """Whether a header in its normal form is that of dates or times."""
    return _TIME.search(name) is not None
