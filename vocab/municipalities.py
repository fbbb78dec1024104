"""The municipalities of Japan and the wards of its designated cities, found by what addresses say.

The table is ``municipalities.txt``, which names its sources.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vocab.check_digits import municipality_check_digit

_TABLE = Path(__file__).parent / "municipalities.txt"

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
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(_read(line.split("\t")) for line in lines if not line.startswith("#"))


def _read(cells: Sequence[str]) -> Municipality:
    code, prefecture, county, city, ward, until = [*cells, "", ""][:6]
    return Municipality(code, prefecture, county, city, ward, bool(until))


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
