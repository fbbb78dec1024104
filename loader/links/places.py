"""Where things are, compared: municipality, address, distance."""

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from loader.functions.address_grammar import split_address
from vocab.municipalities import Municipality, by_code, fold

_METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""


class Closeness(IntEnum):
    """How much of two addresses agrees."""

    APART = 0
    UNKNOWN = 1
    TOWN = 2
    BLOCK = 3
    """Town and 番地 agree, and one of them does not go on."""
    SAME = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is. ``area``: five digits of the municipality's code; degrees, NaN if unknown.

    ``numbers`` are 丁目, 番地, 号 of the address with hyphens between.
    """

    area: str = ""
    town: str = ""
    numbers: str = ""
    latitude: float = math.nan
    longitude: float = math.nan

    @property
    def has_position(self) -> bool:
        """Whether the coordinates are known."""
        return not math.isnan(self.latitude)


@lru_cache(maxsize=65_536)
def read_address(address: str, area: str) -> tuple[str, str, str]:
    """Return municipality (five digits), town and numbers of an address.

    ``area`` is the five-digit code of the municipality where the address does not name one.
    """
    found = split_address(address, _full_code(area))
    numbers = "-".join(
        filter(
            None,
            (found.part("丁目"), found.part("番地補足") + found.part("番地"), found.part("号")),
        )
    )
    return found.part("市区町村コード")[:5] or area, fold(found.part("町名")), numbers


def _full_code(area: str) -> str:
    known = by_code().get(area)
    return known.code if known else ""


def municipality(area: str) -> Municipality | None:
    """Return the municipality of a five-digit code."""
    return by_code().get(area)


def same_municipality(one: str, other: str) -> bool:
    """Whether two codes are of one municipality; a city and its ward are, two wards are not."""
    if one == other:
        return True
    first, second = by_code().get(one), by_code().get(other)
    if first is None or second is None:
        return not one or not other
    city = (first.prefecture, first.city) == (second.prefecture, second.city)
    return city and not (first.ward and second.ward)


def closeness(one: Place, other: Place) -> Closeness:
    """Tell how much of the addresses agrees."""
    if not (one.town or one.numbers) or not (other.town or other.numbers):
        return Closeness.UNKNOWN
    if one.town != other.town:
        return Closeness.APART
    if one.numbers == other.numbers:
        return Closeness.SAME if one.numbers else Closeness.TOWN
    short, long = sorted((one.numbers, other.numbers), key=len)
    return Closeness.BLOCK if short and long.startswith(short + "-") else Closeness.TOWN


def distance(one: Place, other: Place) -> float:
    """Return the distance in metres; NaN where a position is unknown."""
    north = (one.latitude - other.latitude) * _METRES_PER_DEGREE
    middle = math.radians((one.latitude + other.latitude) / 2)
    east = (one.longitude - other.longitude) * _METRES_PER_DEGREE * math.cos(middle)
    return math.hypot(north, east)
