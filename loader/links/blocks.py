"""Which things are compared at all: those that share a key, written into the file of a dataset.

``links/<dataset>.things`` of a release has a line for each thing: its keys, and what is compared.
It depends on the dataset's dump alone, so a dataset that is carried over keeps its file.
"""

import json
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

from loader.links.outline import Outline
from loader.links.places import Place, municipality
from loader.links.rules import own_name
from loader.links.things import Role, Thing, read_things, site_of

VERSION = 3
"""Of content and rules: raise it when either changes; files of another version are made anew."""

_LATITUDE, _LONGITUDE = 0.0056, 0.008
"""Degrees: cells of which the half is above 300 m everywhere in Japan.

Of four grids, each shifted by half a cell, one has both of two things that are nearer than that.
"""

_EDGE = 2
"""Characters at the beginning or end of a name: names that are alike have one of both in common."""

MOST = 50
"""A key that more things of one dataset have is not used: it tells nothing, and costs much."""

_COUNTERS = 1 << 22


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of the file: links to authorities (scheme, predicate, how many), areas.

    ``areas`` are the five-digit codes of the municipalities that the dataset links to;
    ``linkable`` says whether it may have things that can be linked, ``read`` whether the lines of
    these follow.
    """

    authorities: tuple[tuple[str, str, int], ...]
    areas: tuple[str, ...]
    linkable: bool
    read: bool

    @property
    def complete(self) -> bool:
        """Whether all that can be compared is there."""
        return self.read or not self.linkable


def keys_of(thing: Thing) -> frozenset[str]:
    """Return the keys of a thing, eight hexadecimal digits each."""
    return frozenset(f"{zlib.crc32(key.encode()):08x}" for key in _keys(thing))


def _keys(thing: Thing) -> Iterator[str]:
    for identifier in thing.identifiers:
        yield f"i {identifier}"
        if site := site_of(identifier):
            yield f"s {site}"
    if thing.role is Role.RECORD:
        return
    if thing.phone:
        yield f"p {thing.phone}"
    core = own_name(thing, thing.place).core
    found = municipality(thing.place.area)
    if found:
        yield f"n {found.prefecture} {found.city} {core}"
    for where in _where(thing.place):
        yield f"{where} {core[:_EDGE]}"
        yield f"{where} -{core[-_EDGE:]}"


def _where(place: Place) -> Iterator[str]:
    """Name the block of the address, and the cells of the four grids."""
    if place.town or place.numbers:
        yield f"a {place.town} {place.numbers.partition('-')[0]}"
    if place.has_position:
        north, east = place.latitude / _LATITUDE, place.longitude / _LONGITUDE
        for up in (0.0, 0.5):
            for right in (0.0, 0.5):
                yield f"g {up} {right} {math.floor(north + up)} {math.floor(east + right)}"


@dataclass(slots=True)
class _Counts:
    """How many things have a key, roughly: keys may share a counter, which stops at 255."""

    counters: bytearray = field(default_factory=lambda: bytearray(_COUNTERS))

    def add(self, key: str) -> None:
        place = int(key, 16) % _COUNTERS
        self.counters[place] = min(self.counters[place] + 1, 255)

    def is_rare(self, key: str) -> bool:
        return self.counters[int(key, 16) % _COUNTERS] <= MOST


def write_outline(dump: Path, target: Path) -> None:
    """Write the file of a dataset without its things, which may never be compared."""
    outline = Outline.of(dump)
    counted = tuple(sorted((*key, count) for key, count in outline.authorities.items()))
    header = Header(counted, tuple(sorted(outline.areas)), outline.linkable, read=False)
    with target.open("w") as stream:
        stream.write(_header(header))


def complete(dump: Path, target: Path) -> None:
    """Add the things of the dump to the file of a dataset, which may be that of others, too."""
    header = read_header(target)
    assert header is not None
    counts, keyed, draft = _Counts(), target.with_suffix(".keyed"), target.with_suffix(".draft")
    with dump.open(encoding="utf-8", newline="\n") as lines, keyed.open("w") as stream:
        for thing in read_things(lines):
            keys = keys_of(thing)
            for key in keys:
                counts.add(key)
            stream.write(f"{' '.join(sorted(keys))}\t{_written(thing)}\n")
    with keyed.open() as lines, draft.open("w") as stream:
        stream.write(_header(replace(header, read=True)))
        for line in lines:
            written, _, rest = line.partition("\t")
            stream.write(f"{' '.join(filter(counts.is_rare, written.split()))}\t{rest}")
    keyed.unlink()
    draft.replace(target)


def _header(header: Header) -> str:
    return json.dumps([VERSION, *astuple(header)]) + "\n"


def read_header(path: Path) -> Header | None:
    """Return the header of a file; None where there is none of this version."""
    try:
        with path.open() as stream:
            version, *told = json.loads(stream.readline())
    except (OSError, ValueError, TypeError):
        return None
    if version != VERSION:
        return None
    counted, areas, linkable, read = told
    counts = tuple((name, predicate, count) for name, predicate, count in counted)
    return Header(counts, tuple(areas), linkable, read)


def lines_of(path: Path) -> Iterator[tuple[list[str], str]]:
    """Give the keys of each thing, and its line, which ``read_thing`` reads."""
    with path.open() as stream:
        stream.readline()
        for line in stream:
            keys, _, rest = line.partition("\t")
            yield keys.split(), rest


def _written(thing: Thing) -> str:
    place = thing.place
    position = [place.latitude, place.longitude] if place.has_position else []
    where = [place.area, place.town, place.numbers, *position]
    return json.dumps(
        [thing.iri, thing.role, thing.name, where, thing.phone, thing.identifiers],
        ensure_ascii=True,
        separators=(",", ":"),
    )


def read_thing(line: str) -> Thing:
    """Read a thing from its line."""
    iri, role, name, where, phone, identifiers = json.loads(line)
    return Thing(iri, Role(role), name, Place(*where), phone, tuple(identifiers))


def known_iris(paths: Iterable[Path], wanted: frozenset[str]) -> dict[str, tuple[str, Thing]]:
    """Return which of the things there are, each with the name of its dataset."""
    found: dict[str, tuple[str, Thing]] = {}
    marks = {f"[{json.dumps(iri)},": iri for iri in wanted}
    for path in paths if wanted else ():
        for _, line in lines_of(path):
            iri = marks.get(line[: line.find(",") + 1])
            if iri is not None:
                found[iri] = (path.stem, read_thing(line))
    return found
