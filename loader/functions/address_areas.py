"""The beginning of an address: prefecture, county, city and ward (vocab/municipalities.py)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vocab.identifiers import IdentifierError, municipality_code
from vocab.municipalities import (
    Municipality,
    by_code,
    by_spelling,
    fold,
    longest_spelling,
    prefectures,
    wards,
)

KYOTO_STREET = re.compile(r"(?:上|下)[るルがガ]|(?:東|西)入")
"""Words of the streets of 京都市, which tell that city where an address does not name it."""

HEAD = 24
"""Characters of an address that can name prefecture, county, city and ward."""

_COUNTY = re.compile(r"(\S{1,4}郡)\s+")


@dataclass(frozen=True, slots=True)
class Area:
    """What the beginning of an address names; ``rest`` is what follows it.

    ``several`` says that municipalities of several prefectures bear the name.
    """

    prefecture: str
    municipality: Municipality | None
    rest: str
    several: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """Where an address lies that does not say so: a prefecture, or a municipality of it."""

    prefecture: str = ""
    municipality: Municipality | None = None


@lru_cache(maxsize=256)
def hint_of(area: str) -> Hint:
    """Read a hint: a 全国地方公共団体コード, or the name of a prefecture or municipality."""
    bare = area.strip()
    if bare.isascii() and bare.isdigit():
        code = bare.zfill(2) if len(bare) < 3 else _code(bare)
        of_prefecture = {number: name for name, number in prefectures().items()}
        return Hint(of_prefecture.get(code[:2], ""), by_code().get(code[:5]))
    named = read_area(bare, Hint()) if bare else Area("", None, "")
    return Hint(named.prefecture, named.municipality)


def _code(digits: str) -> str:
    try:
        return municipality_code(digits)
    except IdentifierError:
        return ""


def read_area(text: str, hint: Hint) -> Area:
    """Read the beginning of an address in half-width form."""
    prefecture = next((name for name in (text[:3], text[:4]) if name in prefectures()), "")
    rest = _COUNTY.sub(r"\1", text[len(prefecture) :].lstrip(), count=1)
    candidates, length = _named(rest, prefecture, hint)
    if not prefecture:
        candidates, length = _with_bare_wards(candidates, length, rest, hint)
    chosen = _choose(candidates, hint)
    if chosen is None and not candidates:
        return _unnamed(prefecture, rest, hint)
    found_in = {candidate.prefecture for candidate in candidates}
    if chosen is None and len(found_in) > 1:
        return Area("", None, rest, several=True)
    chosen = chosen or candidates[0]
    return _with_ward(chosen, rest[length:].lstrip())


@lru_cache(maxsize=16_384)
def stated_municipality(text: str) -> Municipality | None:
    """Return the municipality that the beginning of an address states beyond doubt.

    Without prefecture or county, only names that end in 市 count: those of towns and wards are
    also names of parts of cities.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[:HEAD]).split())
    area = read_area(plain, Hint())
    found = area.municipality
    if found is None or area.several:
        return None
    sure = (found.prefecture, *filter(None, [found.county]))
    is_city = found.city.endswith("市") and plain.startswith(found.city)
    return found if is_city or plain.startswith(sure) else None


def _unnamed(prefecture: str, rest: str, hint: Hint) -> Area:
    """Give an address without a municipality the one that the hint tells."""
    if not prefecture:
        return Area(hint.prefecture, hint.municipality, rest)
    known = hint.municipality if hint.prefecture == prefecture else None
    return Area(prefecture, known, rest)


def _named(rest: str, prefecture: str, hint: Hint) -> tuple[list[Municipality], int]:
    """Find the longest name of a municipality that the text begins with."""
    folded = fold(rest[: longest_spelling()])
    for length in range(len(folded), 1, -1):
        found = by_spelling().get(folded[:length])
        if not found:
            continue
        fitting = [one for one in found if prefecture in {"", one.prefecture}]
        if prefecture or not hint.municipality:
            likely = fitting
        else:
            likely = [one for one in fitting if _likely(one, folded[:length], hint.municipality)]
        if likely:
            return likely, length
    return [], 0


def _likely(candidate: Municipality, written: str, known: Municipality) -> bool:
    """Whether a name means that municipality and not a town of the known one (大島町)."""
    if candidate.city == known.city and candidate.prefecture == known.prefecture:
        return True
    return written.endswith("市") or "市" in candidate.name or len(written) > len(candidate.name)


def _with_bare_wards(
    candidates: list[Municipality], length: int, rest: str, hint: Hint
) -> tuple[list[Municipality], int]:
    """Add the wards that the text may mean: 北区 is one of 東京都, and of many cities."""
    bare, end = _ward(rest, hint)
    if not bare or (candidates and end != length):
        return candidates, length
    if KYOTO_STREET.search(rest[end:]) or hint.municipality:
        return bare, end
    return candidates + bare, end


def _ward(rest: str, hint: Hint) -> tuple[list[Municipality], int]:
    """Find a ward of a designated city that is named without its city."""
    length = rest.find("区", 0, 6) + 1
    found = list(wards().get(fold(rest[:length]), ()))
    if hint.municipality:
        return [one for one in found if one.city == hint.municipality.city], length
    if KYOTO_STREET.search(rest[length:]):
        return [one for one in found if one.city == "京都市"], length
    return found, length


def _choose(candidates: Iterable[Municipality], hint: Hint) -> Municipality | None:
    """Return the candidate that is meant; None where several may be."""
    existing = [one for one in candidates if not one.former] or list(candidates)
    near = [one for one in existing if one.prefecture == hint.prefecture]
    for several in (near, existing):
        if len(several) == 1:
            return several[0]
    return None


def _with_ward(found: Municipality, rest: str) -> Area:
    """Take the ward too, where a blank stands between a city and its ward."""
    length = rest.find("区", 0, 6) + 1
    written = by_spelling().get(fold(found.city + rest[:length]), ())
    inside = [one for one in written if one.prefecture == found.prefecture and one.ward]
    if not found.ward and length and inside:
        return Area(found.prefecture, inside[0], rest[length:].lstrip())
    return Area(found.prefecture, found, rest)
