"""Municipality codes through time: the code, the name and the successors of an area on a day.

Changes are known from 1970-04-01 to the day of ``vocab.area_history.LAST_CHANGE`` (総務省統計局
e-Stat 廃置分合情報); a later day is taken for that one.
"""

from loader.functions.identifiers import municipality_code
from loader.functions.moments import day_of
from loader.functions.registry import ValueProblem, function
from vocab.area_history import BEGINNING, LAST_CHANGE, Version, area_history


@function(
    "areaCodeOn",
    [
        ("372013", "2006-01-09", "372013"),
        ("373010", "2002", "373010"),
        ("373010", "令和6年4月", "372072"),
        ("112445", "1999-01-01", "", "!identifier.code-of-another-time"),
        ("372013", "", ""),
        ("372013", "1950-01-01", ""),
        ("", "2020-01-01", ""),
    ],
)
def area_code_on(value: str, date: str) -> str:
    """The code (six digits) that the area of a code had on a day: after a merger that of the \
whole; nothing where it was several areas."""
    found = _on(value, date)
    if len(found) > 1:
        raise ValueProblem("identifier.code-of-another-time")
    return found[0].full_code if found else ""


@function(
    "areaNameOn",
    [
        ("372013", "2006-01-09", "香川県高松市"),
        ("373010", "2002-04-01", "香川県大川郡引田町"),
        ("373010", "2024-01-01", "香川県東かがわ市"),
        ("141011", "2020-01-01", "神奈川県横浜市鶴見区"),
        ("013030", "1990-01-01", "北海道当別町"),
        ("112445", "1999-01-01", "", "!identifier.code-of-another-time"),
    ],
)
def area_name_on(value: str, date: str) -> str:
    """The name that the area of a code had on a day, with its prefecture and 郡 or city; nothing \
where it was several areas."""
    found = _on(value, date)
    if len(found) > 1:
        raise ValueProblem("identifier.code-of-another-time")
    return _name(found[0]) if found else ""


@function(
    "areaSuccessors",
    [
        ("112054", "111007"),
        ("112054", "2002-04-01", "112445"),
        ("112445", "1999-01-01", "112046 112054 112208"),
        ("193411", "192015 194301"),
        ("372013", "372013"),
        ("999997", ""),
    ],
)
def area_successors(value: str, date: str = LAST_CHANGE) -> str:
    """The codes (six digits, separated by blanks) of all areas that the area of a code belonged \
to on a day, later or earlier; without a day, the newest that are known."""
    return " ".join(version.full_code for version in _on(value, date))


def _on(value: str, date: str) -> tuple[Version, ...]:
    """What the area of a code was on a day; nothing for a code that never was."""
    code, day = municipality_code(value)[:5], day_of(date)
    history = area_history()
    versions = history.versions(code)
    if day < BEGINNING or not versions:
        return ()
    earlier = [version for version in versions if version.since <= day]
    return history.on(earlier[-1] if earlier else versions[0], day)


def _name(version: Version) -> str:
    district = version.district if version.district.endswith(("郡", "市")) else ""
    return f"{version.prefecture}{district}{version.name}"
