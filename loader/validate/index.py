"""Which things depend on which, so that validation in pieces gives what the whole would give.

Of each piece is kept what it describes and which of its things depend on others: 8 or 16 bytes
each, as hashes. In the end it shows which things were not seen as they are: those described in two
pieces, and those that depend on something in another piece. They are validated once more, together
with all that they depend on. A collision of hashes costs time and changes no answer.
"""

import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from loader.validate.reach import SUBCLASS, Reach

THINGS_AT_ONCE = 20_000
LINES_AT_ONCE = 200_000
"""How many lines about its own things a group has, about."""
MOST_GROUPS = 200
"""How many groups of things, and open files, there are at most."""

_HALF = 1 << 63
"""What makes a number of 64 bits a signed one."""
_OBJECT = re.compile(r'"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?|<<\(.*\)>>')

Hashes = NDArray[np.int64]
_Places = NDArray[np.intp]
_Marks = NDArray[np.bool_]


def mark(term: str) -> int:
    """The hash of a thing: the same on every run, as reports must be."""
    return xxh3_64_intdigest(term.encode()) - _HALF


def thing_of(term: str) -> str:
    """The thing that a term (in N-Triples syntax) is, or is a part of: its IRI before ``#``.

    Language tags are compared as the engine does, without regard to case (RDF 1.1, 3.3).
    """
    if term.startswith("<"):
        return term.partition("#")[0].rstrip(">")
    text, mark_, ending = term.rpartition('"')
    return text + mark_ + (ending.lower() if ending.startswith("@") else ending)


@dataclass(slots=True)
class Glance:
    """What is kept of a piece: hashes of things, and of pairs of them."""

    things: "array[int]" = field(default_factory=lambda: array("q"))
    dependent: "array[int]" = field(default_factory=lambda: array("q"))
    """The things of the piece that depend on another thing …"""
    needed: "array[int]" = field(default_factory=lambda: array("q"))
    """… and those others, one for one."""
    hierarchy: list[str] = field(default_factory=list)
    """The statements about subclasses."""

    @classmethod
    def at(cls, lines: Sequence[str], reach: Reach) -> "Glance":
        """Look at the lines of a piece."""
        things = set(map(thing_of, {line[: line.index(" ")] for line in lines}))
        glance = cls.of(things, pairs_of(lines, reach))
        if any(SUBCLASS in line for line in lines):
            glance.hierarchy += [line for line in lines if line.split(" ", 2)[1] == SUBCLASS]
        return glance

    @classmethod
    def of(cls, things: Iterable[str], pairs: Collection[tuple[str, str]]) -> "Glance":
        """Keep things, and pairs of what depends on what."""
        glance = cls()
        glance.things.extend(map(mark, {*things, *(dependent for dependent, _ in pairs)}))
        glance.dependent.extend(mark(dependent) for dependent, _ in pairs)
        glance.needed.extend(mark(needed) for _, needed in pairs)
        return glance


def pairs_of(lines: Sequence[str], reach: Reach) -> set[tuple[str, str]]:
    """What depends on what, by these statements; what is one thing is no pair.

    A literal is only reached from elsewhere where a path goes backwards.
    """
    edges = reach.forward | reach.inverse
    if not edges:
        return set()
    split = (line.split(" ", 2) for line in lines)
    links = {
        (subject, predicate, object_of(rest))
        for subject, predicate, rest in split
        if predicate in edges
        and (reach.inverse or rest[0] != '"')
        and not (rest.startswith(subject[:-1]) and rest[len(subject) - 1] in "#>")
    }
    pairs = set()
    for subject, predicate, object_ in links:
        thing, other = thing_of(subject), thing_of(object_)
        if thing != other and predicate in reach.forward:
            pairs.add((thing, other))
        if thing != other and predicate in reach.inverse:
            pairs.add((other, thing))
    return pairs


def object_of(rest: str) -> str:
    """The object that the rest of a line begins with."""
    if rest[0] in "<_" and not rest.startswith("<<"):
        return rest[: rest.index(" ")]
    match = _OBJECT.match(rest)
    return match.group() if match else rest


class Index:
    """What was kept of all pieces."""

    def __init__(self, reach: Reach) -> None:
        self._nodes = [mark(thing_of(node)) for node in sorted(reach.nodes)]
        self._glances: list[Glance] = []
        self.hierarchy: list[str] = []

    def add(self, glance: Glance) -> None:
        """Take what was kept of a piece."""
        self._glances.append(glance)
        self.hierarchy += glance.hierarchy
        glance.hierarchy = []

    def unsure(self) -> "Unsure | None":
        """The things whose results may be wrong, seen in pieces; None where there are none."""
        if len(self._glances) < 2:
            return None
        network = _Network(self._glances, self._nodes)
        places = network.everything() if self.hierarchy else network.unsure()
        return Unsure(network, places) if len(places) else None


@dataclass(frozen=True, slots=True)
class Group:
    """Things to validate once more (``own``), and all whose statements that needs."""

    own: frozenset[int]
    needed: Hashes


@dataclass(frozen=True, slots=True)
class Unsure:
    """Things that are to be validated once more."""

    network: "_Network"
    places: _Places

    def hashes(self) -> Hashes:
        """Their hashes, in order."""
        return self.network.hashes[self.places]

    def also(self, hashes: Hashes) -> "Unsure":
        """The same, with other things that were seen."""
        known = hashes[np.isin(hashes, self.network.hashes)]
        return Unsure(self.network, np.union1d(self.places, self.network.at(known)))

    def groups(self, lines: int) -> Iterator[Group]:
        """Give them some at a time, with what they need; ``lines`` are about all things."""
        each = lines // len(self.network.hashes) + 1
        size = min(THINGS_AT_ONCE, LINES_AT_ONCE // each + 1)
        size = max(size, -(-len(self.places) // MOST_GROUPS))
        for start in range(0, len(self.places), size):
            own = self.places[start : start + size]
            needed = self.network.closure(own)
            hashes = self.network.hashes
            yield Group(frozenset(hashes[own].tolist()), hashes[needed])


class _Network:
    """All things and what they depend on, by their places in the sorted hashes."""

    def __init__(self, glances: Sequence[Glance], nodes: Sequence[int]) -> None:
        things = _joined(glance.things for glance in glances)
        dependent = _joined(glance.dependent for glance in glances)
        needed = _joined(glance.needed for glance in glances)
        extra = np.array(nodes, dtype=np.int64)
        self.hashes: Hashes = np.unique(np.concatenate([things, dependent, needed, extra]))
        self._count = np.bincount(self.at(things), minlength=len(self.hashes))
        self._dependent, self._needed = self.at(dependent), self.at(needed)
        self._leaving = np.concatenate([_leaving(glance) for glance in glances])
        self._nodes = self.at(extra)
        self._up = _Edges.of(self._needed, self._dependent)
        self._down = _Edges.of(self._dependent, self._needed)

    def at(self, hashes: Hashes) -> _Places:
        """The places of hashes."""
        return np.searchsorted(self.hashes, hashes)

    def everything(self) -> _Places:
        return np.arange(len(self.hashes))

    def unsure(self) -> _Places:
        """Described twice, or dependent on what another piece describes, or on such a thing."""
        leaving = self._leaving & (self._count[self._needed] > 0)
        start = np.concatenate(
            [np.nonzero(self._count > 1)[0], self._dependent[leaving], self._nodes]
        )
        return self._spread(start, self._up)

    def closure(self, places: _Places) -> _Places:
        """The things, and all that they depend on."""
        return self._spread(places, self._down)

    def _spread(self, start: _Places, edges: "_Edges") -> _Places:
        seen: _Marks = np.zeros(len(self.hashes), dtype=np.bool_)
        seen[start] = True
        front = np.unique(start)
        while len(front):
            found = edges.after(front)
            front = np.unique(found[~seen[found]])
            seen[front] = True
        return np.nonzero(seen)[0]


@dataclass(frozen=True, slots=True)
class _Edges:
    """What leads from one thing to others, in the order of the sources."""

    sources: _Places
    ends: _Places

    @classmethod
    def of(cls, sources: _Places, ends: _Places) -> "_Edges":
        order = np.argsort(sources, kind="stable")
        return cls(sources[order], ends[order])

    def after(self, places: _Places) -> _Places:
        """Where the edges of all these places lead."""
        starts = np.searchsorted(self.sources, places)
        ends = np.searchsorted(self.sources, places, side="right")
        lengths = ends - starts
        offsets = np.repeat(ends - np.cumsum(lengths), lengths)
        return self.ends[np.arange(lengths.sum()) + offsets]


def _joined(parts: Iterable["array[int]"]) -> Hashes:
    return np.concatenate([np.frombuffer(part, dtype=np.int64) for part in parts])


def _leaving(glance: Glance) -> _Marks:
    """Which pairs of a piece need something that the piece does not describe."""
    needed, things = _joined([glance.needed]), _joined([glance.things])
    return ~np.isin(needed, things)
