"""Results of validation, counted by kind, with the first of each: equal ones cost little."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np

from loader.model import EXAMPLES_KEPT, Severity
from loader.validate.echoes import AnyResult
from loader.validate.engine import BlankNodes
from loader.validate.findings import Place, Places, severity_of
from loader.validate.index import Hashes, mark, thing_of

RESULTS_KEPT = 10_000
"""How many results of each severity are kept whole."""


class Kind(NamedTuple):
    """What equal results have in common; terms in N-Triples syntax, the path as in SPARQL."""

    file: str
    shape: str
    component: str
    path: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as the engine gave it, and where the thing comes from that it is about."""

    kind: Kind
    result: AnyResult
    place: Place
    focus: str
    value: str | None

    def order(self) -> tuple[object, ...]:
        """What results are sorted by where their order must not depend on chance."""
        kind = self.kind
        place = (kind.file, self.place.row or 0, self.focus)
        return (*place, kind.path, kind.component, kind.shape, self.value or "")


@dataclass(slots=True)
class Tally:
    """The results of one kind: the first of them, and the hashes of all their things."""

    severity: Severity
    examples: list[Kept] = field(default_factory=list)
    things: "array[int]" = field(default_factory=lambda: array("q"))
    _last: int | None = None
    """The last row of the examples, once there are as many as are kept."""

    def wants(self, place: Place) -> bool:
        """Whether a result there is an example: the first rows of the file are, and any at first.

        Dumps are in the order of IRIs, which is not that of the rows.
        """
        if len(self.examples) < EXAMPLES_KEPT:
            return True
        return place.row is not None and self._last is not None and place.row < self._last

    def take(self, kept: Kept) -> None:
        """Take an example that is wanted."""
        self.examples.append(kept)
        if len(self.examples) > EXAMPLES_KEPT:
            self.examples.sort(key=Kept.order)
            self.examples.pop()
        rows = [example.place.row for example in self.examples]
        known = [row for row in rows if row is not None]
        full = len(rows) == EXAMPLES_KEPT and len(known) == len(rows)
        self._last = max(known) if full else None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.things)

    @property
    def lacks_examples(self) -> bool:
        """Whether fewer examples are left than there were results to take them from."""
        return len(self.examples) < min(self.count, EXAMPLES_KEPT)

    def without(self, things: Hashes) -> "Tally":
        """The results that are not about these things."""
        mine = np.frombuffer(self.things, dtype=np.int64)
        rest = mine[~np.isin(mine, things)]
        examples = _without(self.examples, things)
        return Tally(self.severity, examples, array("q", rest.tobytes()), self._last)


class Results:
    """What a piece gave, or all pieces: counts and examples of each kind, and those kept whole."""

    def __init__(self) -> None:
        self.tallies: dict[Kind, Tally] = {}
        self._kept: dict[Severity, list[Kept]] = {severity: [] for severity in Severity}

    def take(
        self,
        results: Iterable[tuple[AnyResult, str]],
        places: Places,
        nodes: BlankNodes,
        about: frozenset[int] | None = None,
    ) -> None:
        """Take results, each with its focus node; ``nodes`` are the blank nodes that there are.

        Only those ``about`` these things (hashes) are taken, where that is stated.
        """
        for result, focus in results:
            thing = mark(thing_of(focus))
            if about is not None and thing not in about:
                continue
            place = places.of(focus)
            kind = Kind(place.file, result.source_shape or "", result.component, result.path or "")
            tally = self.tallies.get(kind)
            if tally is None:
                tally = self.tallies[kind] = Tally(severity_of(result))
            tally.things.append(thing)
            if tally.wants(place) or len(self._kept[tally.severity]) < RESULTS_KEPT:
                value = nodes.named(result.value) if result.value else None
                self._keep(tally, Kept(kind, result, place, focus, value))

    def _keep(self, tally: Tally, kept: Kept) -> None:
        if tally.wants(kept.place):
            tally.take(kept)
        whole = self._kept[tally.severity]
        if len(whole) < RESULTS_KEPT:
            whole.append(kept)

    def merge(self, other: "Results") -> None:
        """Take what another has, after one's own."""
        for kind, theirs in other.tallies.items():
            mine = self.tallies.setdefault(kind, Tally(theirs.severity))
            for kept in theirs.examples:
                if mine.wants(kept.place):
                    mine.take(kept)
            mine.things += theirs.things
        for severity, others in other._kept.items():
            whole = self._kept[severity]
            whole += others[: RESULTS_KEPT - len(whole)]

    def drop(self, things: Hashes) -> None:
        """Forget the results about these things."""
        tallies = {kind: tally.without(things) for kind, tally in self.tallies.items()}
        self.tallies = {kind: tally for kind, tally in tallies.items() if tally.count}
        for severity, kept in self._kept.items():
            self._kept[severity] = _without(kept, things)

    def untold(self) -> Hashes:
        """The first things of those kinds that have lost examples; others of them are known."""
        short = (t.things[:EXAMPLES_KEPT] for t in self.tallies.values() if t.lacks_examples)
        return np.array(sorted({thing for things in short for thing in things}), dtype=np.int64)

    def sort(self) -> None:
        """Bring all that is kept into an order of its own."""
        for kept in (*self._kept.values(), *(tally.examples for tally in self.tallies.values())):
            kept.sort(key=Kept.order)
        told = [kind for kind, tally in self.tallies.items() if tally.examples]
        told.sort(key=lambda kind: self.tallies[kind].examples[0].order())
        self.tallies = {kind: self.tallies[kind] for kind in dict.fromkeys([*told, *self.tallies])}

    def counts(self) -> dict[Severity, int]:
        """How many results there are of each severity."""
        counts = dict.fromkeys(Severity, 0)
        for tally in self.tallies.values():
            counts[tally.severity] += tally.count
        return counts

    def kept(self) -> Iterator[Kept]:
        """The first of the results that are kept whole, gravest first."""
        whole = (kept for severity in reversed(Severity) for kept in self._kept[severity])
        return islice(whole, RESULTS_KEPT)

    def told(self) -> Iterator[Kept]:
        """All that is kept of a result to be told: examples, then those that are kept whole."""
        for tally in self.tallies.values():
            yield from tally.examples
        yield from self.kept()


def _without(kept: Sequence[Kept], things: Hashes) -> list[Kept]:
    hashes = np.fromiter((mark(thing_of(item.focus)) for item in kept), np.int64, len(kept))
    gone = np.isin(hashes, things)
    return [item for item, is_gone in zip(kept, gone, strict=True) if not is_gone]
