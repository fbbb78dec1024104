"""The municipalities of Japan and the wards of its designated cities, found by what addresses say.

They are those of vocab/area_history.py, and those of ``counties.txt`` what their addresses begin
with where e-Stat's codes do not tell it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vocab.area_history import Version, area_history
from vocab.check_digits import municipality_check_digit

FORMER = "2023-01-01"
"""What existed on this day or later is known, so that the addresses of some years ago are read;
names of before would be taken for those of towns of today."""

_COUNTIES = Path(__file__).parent / "counties.txt"

_NOT_ONE = frozenset({"13100"})
"""Codes of sums: 特別区部."""

_VARIANTS = str.maketrans(
    "ヶがガヵかカ之のﾉ丿髙﨑澤邊邉廣濱龍檜塚淵渕舘嶋國藪檮惠壺櫛齋齊斉曾祗蓮",
    "ケケケケケケノノノノ高崎沢辺辺広浜竜桧塚渕渕館島国薮梼恵壷櫛斎斎斎曽祇蓮",
)
"""Characters that are written for one another in names of places, each to one of them."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality, or a ward (``ward``) of a designated city.

    ``county`` is the 郡 of a town or village, or the island that addresses name before it (三宅島);
    ``former`` says that it exists no longer.
    """

    code5: str
    prefecture: str
    county: str
    city: str
    ward: str = ""
    former: bool = False

    @property
    def code(self) -> str:
        """The 全国地方公共団体コード, six digits."""
        return self.code5 + municipality_check_digit(self.code5)

    @property
    def name(self) -> str:
        """City and ward without county and prefecture."""
        return self.city + self.ward

    def spellings(self) -> Iterator[str]:
        """The ways in which addresses name it after the prefecture, or without one."""
        yield self.name
        if self.county:
            yield self.county + self.city


def fold(text: str) -> str:
    """Write variants of characters one way, character by character, so that lengths are kept."""
    return text.translate(_VARIANTS)


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All municipalities and wards, by code; former ones among them."""
    found = {version.code: version for version in area_history() if _is_municipality(version)}
    return tuple(map(_municipality, found.values()))


def _is_municipality(version: Version) -> bool:
    """Whether it is no prefecture, 郡 or 支庁, and not long gone."""
    if version.code.endswith("000") or version.code in _NOT_ONE:
        return False
    known = version.until is None or version.until >= FORMER
    return known and bool(version.name or version.district.endswith("市"))


def _municipality(version: Version) -> Municipality:
    in_city = version.district.endswith("市") and version.name != ""
    county = version.district if version.district.endswith("郡") else ""
    return Municipality(
        version.code,
        version.prefecture,
        county or _counties().get(version.code, ""),
        version.district if in_city else version.label,
        version.name if in_city else "",
        version.until is not None,
    )


@cache
def _counties() -> Mapping[str, str]:
    """What addresses name before towns and villages, by code."""
    lines = _COUNTIES.read_text(encoding="utf-8").splitlines()
    table = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: county for county, codes in table for code in codes.split()}


@cache
def by_code() -> Mapping[str, Municipality]:
    """Municipalities and wards by the first five digits of their codes."""
    return {found.code5: found for found in municipalities()}


@cache
def prefectures() -> Mapping[str, str]:
    """The first two digits of codes by the name of the prefecture."""
    return {found.prefecture: found.code5[:2] for found in municipalities()}


@cache
def by_spelling() -> Mapping[str, tuple[Municipality, ...]]:
    """Municipalities and wards by each folded spelling."""
    found: defaultdict[str, list[Municipality]] = defaultdict(list)
    for municipality in municipalities():
        for spelling in municipality.spellings():
            found[fold(spelling)].append(municipality)
    return {spelling: tuple(several) for spelling, several in found.items()}


@cache
def wards() -> Mapping[str, tuple[Municipality, ...]]:
    """Wards of designated cities by their own folded names."""
    found: defaultdict[str, list[Municipality]] = defaultdict(list)
    for municipality in municipalities():
        if municipality.ward:
            found[fold(municipality.ward)].append(municipality)
    return {ward: tuple(several) for ward, several in found.items()}


@cache
def longest_spelling() -> int:
    """The number of characters of the longest spelling."""
    return max(map(len, by_spelling()))
