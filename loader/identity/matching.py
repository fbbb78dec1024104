"""Finds the things of a table in its ledger, though rows moved and cells changed.

A thing is known by its natural key. Where that is new, or the rest of the row says that the key
now stands for another thing, it is known by two of three: name, place (address or position) and
telephone, if exactly one entry agrees with exactly one row. What is not certain gets a new
identifier: two identifiers of a thing can be joined later, two things under one never be told
apart.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from loader.functions.address_grammar import split_address
from loader.identity.ledger import Entry

ENOUGH = 2
"""How many of name, place and telephone have to agree."""

NEAR = 0.0003
"""Degrees, about 30 m: positions that differ by no more are one place."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing as a table has it now: natural key, row, and the cells that tell it from others."""

    key: str
    row: int
    name: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    telephone: str = ""

    @property
    def kind(self) -> str:
        """What kind of thing it is."""
        return self.key.partition("/")[0]


@dataclass(slots=True)
class Matches:
    """What became of the things: entries by the place of the thing in the list.

    ``recognised`` were found by other cells than their key, ``doubtful`` kept their key though
    nothing else of the row agrees, ``ambiguous`` might be several entries and are none.
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    recognised: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)


def match(things: Sequence[Seen], ledger: Iterable[Entry], area: str = "") -> Matches:
    """Match things to entries; ``area`` (code) says where addresses lie that do not say it."""
    entries = sorted(ledger, key=lambda entry: (entry.is_active, entry.last_seen))
    by_key = {entry.key: entry for entry in entries}
    found = Matches()
    contested: dict[int, Entry] = {}
    for index, thing in enumerate(things):
        entry = by_key.get(thing.key)
        if entry is None:
            continue
        agreeing, compared = _compared(thing, entry, area)
        if agreeing or not compared:
            found.entries[index] = entry
        else:
            contested[index] = entry
    _match_by_cells(things, entries, area, found)
    taken = {entry.identifier for entry in found.entries.values()}
    for index, entry in contested.items():
        if index not in found.entries and entry.identifier not in taken:
            found.entries[index] = entry
            found.doubtful.append(index)
    found.ambiguous = [index for index in found.ambiguous if index not in found.entries]
    return found


def _match_by_cells(
    things: Sequence[Seen], entries: Sequence[Entry], area: str, found: Matches
) -> None:
    """Match what has no entry yet by its cells, where one thing and one entry agree alone."""
    taken = {entry.identifier for entry in found.entries.values()}
    free = [entry for entry in entries if entry.identifier not in taken]
    index_of = _by_feature(free, area)
    wanted = [index for index in range(len(things)) if index not in found.entries]
    candidates = {index: _candidates(things[index], index_of, area) for index in wanted}
    asked: defaultdict[str, int] = defaultdict(int)
    for several in candidates.values():
        for entry in several:
            asked[entry.identifier] += 1
    for index, several in candidates.items():
        if len(several) == 1 and asked[several[0].identifier] == 1:
            found.entries[index] = several[0]
            found.recognised.append(index)
        elif several:
            found.ambiguous.append(index)


def _by_feature(entries: Iterable[Entry], area: str) -> Mapping[tuple[str, str], list[Entry]]:
    """Find entries by a name, address or telephone: no thing is compared with every entry."""
    found: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        for feature in _features(entry, area):
            found[feature].append(entry)
    return found


def _features(thing: Seen | Entry, area: str) -> list[tuple[str, str]]:
    features = (
        ("name", _word(thing.name)),
        ("address", _address(thing.address, area)),
        ("telephone", _digits(thing.telephone)),
    )
    return [(what, value) for what, value in features if value]


def _candidates(
    thing: Seen, entries: Mapping[tuple[str, str], list[Entry]], area: str
) -> list[Entry]:
    """Give the entries of the thing's kind that agree with it in enough."""
    near = {
        entry.identifier: entry
        for feature in _features(thing, area)
        for entry in entries.get(feature, ())
        if entry.kind == thing.kind
    }
    return [entry for entry in near.values() if _compared(thing, entry, area)[0] >= ENOUGH]


def _compared(thing: Seen, entry: Entry, area: str) -> tuple[int, int]:
    """Return how many of name, place and telephone agree, and how many both have."""
    results = [
        _agree(_word(thing.name), _word(entry.name)),
        _same_place(thing, entry, area),
        _agree(_digits(thing.telephone), _digits(entry.telephone)),
    ]
    told = [result for result in results if result is not None]
    return sum(told), len(told)


def _agree(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _same_place(thing: Seen, entry: Entry, area: str) -> bool | None:
    """Whether address or position agree; None where neither can be compared."""
    address = _agree(_address(thing.address, area), _address(entry.address, area))
    position = _near(_position(thing), _position(entry))
    told = [result for result in (address, position) if result is not None]
    return any(told) if told else None


def _near(one: Sequence[float], other: Sequence[float]) -> bool | None:
    if not one or not other:
        return None
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def _position(thing: Seen | Entry) -> tuple[float, ...]:
    try:
        position = float(thing.latitude), float(thing.longitude)
    except ValueError:
        return ()
    return position if all(map(math.isfinite, position)) and any(position) else ()


def _word(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65_536)
def _address(text: str, area: str) -> str:
    return split_address(text, area).canonical if text.strip() else ""
