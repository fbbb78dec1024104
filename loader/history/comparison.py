"""Goes through two sorted dumps at once and tells which things differ.

A *thing* is an IRI without its fragment: what is said of ``…/1`` and of its parts ``…/1#address``
belongs together, though other things (``…/10``) may lie between them in the order of a dump.
Memory does not grow with the dumps: of each thing only the first lines that differ are kept.
"""

import bisect
import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from vocab.lines import iri
from vocab.namespaces import DCTERMS, FOAF, RDFS, SCHEMA, SKOS

LINES_KEPT = 1_000
"""How many lines that differ are kept of one thing, of either side; all of them are counted."""

LABELS_KEPT = 20

_BLOCK = 1 << 18
_HOW = (RDFS["label"], SKOS["prefLabel"], DCTERMS["title"], FOAF["name"], SCHEMA["name"])
_LABELS = tuple(iri(name).encode() for name in _HOW)


class Kind(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(slots=True)
class Side:
    """The lines of a thing that only one of the two dumps has."""

    lines: list[bytes] = field(default_factory=list)
    count: int = 0
    labels: list[bytes] = field(default_factory=list)

    def add(self, line: bytes, thing: bytes) -> None:
        """Take a line of the thing."""
        self.count += 1
        if self.count <= LINES_KEPT:
            self.lines.append(line)
        if len(self.labels) < LABELS_KEPT and line[: len(thing) + 1] == _end(thing):
            self.labels += [line] if is_label(line) else []


def is_label(line: bytes) -> bool:
    """Whether a line says what something is called."""
    return line.split(b" ", 2)[1] in _LABELS


@dataclass(slots=True)
class Change:
    """A thing of which the dumps say different things; ``iri`` is that of the thing."""

    iri: str
    kind: Kind
    gone: Side
    come: Side


@dataclass(slots=True)
class Comparison:
    """Compares two sorted dumps; one that is missing (None, no such file) says nothing.

    ``before`` and ``after`` count the things of either dump when ``changes`` is through.
    """

    old: Path | None
    new: Path | None
    before: int = 0
    after: int = 0
    _open_before: set[bytes] = field(default_factory=set)
    _open_after: set[bytes] = field(default_factory=set)
    _sides: dict[bytes, tuple[Side, Side]] = field(default_factory=dict)

    def changes(self) -> Iterator[Change]:
        """Give the things that differ, in the order of ``<iri>`` (by bytes)."""
        for gone, come, limit in _blocks(self.old, self.new):
            same = gone == come
            before = _things(gone)
            after = before if same else _things(come)
            self.before += len(before - self._open_before)
            self.after += len(after - self._open_after)
            self._open_before |= before
            self._open_after |= after
            if not same:
                self._take(gone, come)
            yield from self._finished(limit)
        yield from self._finished(None)

    def _take(self, gone: Sequence[bytes], come: Sequence[bytes]) -> None:
        for number, (lines, others) in enumerate(((gone, come), (come, gone))):
            for line in _without(lines, others):
                thing = _thing(line)
                sides = self._sides.get(thing)
                if sides is None:
                    sides = self._sides[thing] = (Side(), Side())
                sides[number].add(line, thing)

    def _finished(self, limit: bytes | None) -> Iterator[Change]:
        """Give what cannot appear in the lines behind ``limit`` any more, and forget it."""
        done = [thing for thing in self._sides if not _is_open(thing, limit)]
        for thing in sorted(done, key=_end):
            gone, come = self._sides.pop(thing)
            was, is_ = thing in self._open_before, thing in self._open_after
            kind = Kind.CHANGED if was and is_ else Kind.REMOVED if was else Kind.ADDED
            yield Change(thing[1:].decode(), kind, gone, come)
        for things in (self._open_before, self._open_after):
            things -= {thing for thing in things if not _is_open(thing, limit)}


def is_same_file(old: Path, new: Path) -> bool:
    """Whether both are one file (a hard link), or neither is there: nothing to compare then."""
    try:
        return old.samefile(new)
    except FileNotFoundError:
        return not old.exists() and not new.exists()


def differing(old: Path, new: Path) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Give the lines that only the old, and those that only the new of two sorted files has."""
    for gone, come, _ in _blocks(old, new):
        if gone != come:
            yield _without(gone, come), _without(come, gone)


def _blocks(old: Path | None, new: Path | None) -> Iterator[tuple[list[bytes], list[bytes], bytes]]:
    """Give the lines of both up to a common limit, and the limit."""
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(_open(path)) for path in (old, new)]
        blocks = [stream.readlines(_BLOCK) for stream in streams]
        while any(blocks):
            limit = min(lines[-1] for lines in blocks if lines)
            cuts = [bisect.bisect_right(lines, limit) for lines in blocks]
            gone, come = (lines[:cut] for lines, cut in zip(blocks, cuts, strict=True))
            yield gone, come, limit
            blocks = [
                lines[cut:] or stream.readlines(_BLOCK)
                for lines, cut, stream in zip(blocks, cuts, streams, strict=True)
            ]


def _open(path: Path | None) -> BinaryIO:
    return path.open("rb") if path is not None and path.exists() else io.BytesIO()


def _without(lines: Iterable[bytes], others: Iterable[bytes]) -> list[bytes]:
    known = set(others)
    return [line for line in lines if line not in known]


def _things(lines: Iterable[bytes]) -> set[bytes]:
    # Lines of one subject follow each other, so the longer part is done once for each subject.
    return {subject.partition(b"#")[0] for subject in {line[: line.index(b">")] for line in lines}}


def _thing(line: bytes) -> bytes:
    """Return what a line is about, as it is written there, without fragment and ``>``."""
    return line[: line.index(b">")].partition(b"#")[0]


def _end(thing: bytes) -> bytes:
    return thing + b">"


def _is_open(thing: bytes, limit: bytes | None) -> bool:
    """Whether a line behind the limit may be about the thing."""
    return limit is not None and (thing + b">\xff" > limit)
