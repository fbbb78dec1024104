"""The rules by which two things are linked; docs/links.md says how often each was right.

A rule looks at two things alone, so what is found between two datasets depends on no third. It is
named by what the names have in common and what the places have (rules.toml).
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from loader.links.names import Likeness, Name, compare_names, similar, split_name
from loader.links.places import (
    Closeness,
    Place,
    closeness,
    distance,
    municipality,
    same_municipality,
)
from loader.links.things import Role, Thing, site_of

_TABLE = Path(__file__).parent / "rules.toml"

NEAR, WALK, FAR = 100.0, 300.0, 1000.0
"""Metres: within one site; within sight; beyond which an equal name tells nothing."""

IDENTIFIER, AMBIGUOUS, ACCEPTED = "identifier", "ambiguous", "accepted"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, how sure it is (0 to 1), what it says."""

    key: str
    confidence: float
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """What links two things. ``metres`` is NaN where a position is not known.

    ``likeness`` tells which one is part of the other; None where their names tell nothing.
    """

    rule: str
    metres: float = math.nan
    likeness: Likeness | None = None


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by name, the surest first."""
    with _TABLE.open("rb") as stream:
        table = tomllib.load(stream)
    found = [_rule(IDENTIFIER, table[IDENTIFIER])]
    found += [_rule(key, entry) for key, entry in table["decision"].items()]
    found += [
        _rule(f"{name}-{place}", first, second)
        for (name, first), (place, second) in product(
            table["names"].items(), table["places"].items()
        )
    ]
    return {rule.key: rule for rule in sorted(found, key=lambda rule: (-rule.confidence, rule.key))}


def _rule(key: str, *entries: Mapping[str, str | float]) -> Rule:
    confidence = math.prod(float(entry["confidence"]) for entry in entries)
    joined = {"ja": "、", "en": "; "}
    texts = {
        language: mark.join(str(entry[language]) for entry in entries)
        for language, mark in joined.items()
    }
    return Rule(key, round(confidence, 4), texts)


def compare(one: Thing, other: Thing) -> Match | None:
    """Return the surest rule that links two things, if any does."""
    if one.role is other.role and set(one.identifiers) & set(other.identifiers):
        return Match(IDENTIFIER)
    if not _can_be_linked(one, other):
        return None
    found = _gathered(one, other)
    if not found.word or _is_wrong_way(one, other, found.likeness):
        return None
    keys = [f"{found.word}-{place}" for place in _places(found)]
    best = max(keys, key=lambda key: rules()[key].confidence, default=None)
    return Match(best, found.metres, found.likeness) if best else None


def _can_be_linked(one: Thing, other: Thing) -> bool:
    """Whether names and places can tell anything: of what stands in places, a place is needed."""
    roles = {one.role, other.role}
    if Role.RECORD in roles or (Role.PLACE not in roles and roles != {Role.TOILET}):
        return False
    return same_municipality(one.place.area, other.place.area)


def _is_wrong_way(one: Thing, other: Thing, likeness: Likeness | None) -> bool:
    """Whether what stands in a place is called after a whole that the place is only a part of."""
    if likeness is Likeness.SECOND_IN_FIRST:
        return one.role is not Role.PLACE
    return likeness is Likeness.FIRST_IN_SECOND and other.role is not Role.PLACE


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for two things being at one place, or one; ``word`` names that of the names."""

    word: str
    likeness: Likeness | None
    address: Closeness
    metres: float
    phone: bool
    site: bool
    in_one_area: bool


_WORDS = {
    Likeness.SAME: "name",
    Likeness.WITH_OWNER: "owner",
    Likeness.FIRST_IN_SECOND: "part",
    Likeness.SECOND_IN_FIRST: "part",
}


def _gathered(one: Thing, other: Thing) -> _Evidence:
    first, second = own_name(one, other.place), own_name(other, one.place)
    likeness = compare_names(first, second)
    sites = [{site_of(found) for found in thing.identifiers} - {""} for thing in (one, other)]
    return _Evidence(
        _WORDS[likeness] if likeness else "similar" if similar(first, second) else "",
        likeness,
        closeness(one.place, other.place),
        distance(one.place, other.place),
        bool(one.phone) and one.phone == other.phone,
        bool(sites[0] & sites[1]),
        bool(one.place.area and other.place.area),
    )


def own_name(thing: Thing, other: Place) -> Name:
    """Return the name of a thing without the municipality that it, or else the other, lies in."""
    found = municipality(thing.place.area or other.area)
    prefecture, city = (found.prefecture, found.city) if found else ("", "")
    return split_name(thing.name, prefecture, city)


def _places(found: _Evidence) -> Iterator[str]:
    """Give the names of all that the places have in common."""
    if found.site:
        yield "site"
    if found.phone and not found.metres > FAR:
        yield "phone"
    if found.address is Closeness.SAME:
        yield from _by_address(found)
    if found.word != "similar":
        yield from _by_distance(found)


def _by_address(found: _Evidence) -> Iterator[str]:
    if found.metres > FAR:
        yield "apart" if found.in_one_area else "unsure"
    elif found.in_one_area or found.metres <= FAR:
        yield "address"
    else:
        yield "unsure"


def _by_distance(found: _Evidence) -> Iterator[str]:
    town = found.address >= Closeness.TOWN
    if found.metres <= NEAR:
        yield "near"
    elif found.metres <= WALK:
        yield "walk-town" if town else "walk"
    elif found.metres <= FAR:
        yield "far"
    elif math.isnan(found.metres) and found.in_one_area:
        yield "town" if town else "only"
    if found.address is Closeness.BLOCK and found.in_one_area and not found.metres > FAR:
        yield "block"
