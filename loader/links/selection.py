"""Which pairs become links: the best for both things, sure enough, and not decided otherwise."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from loader.links.blocks import known_iris
from loader.links.ledger import Decision, Entry, Ledger, Relation, pair_key
from loader.links.names import Likeness
from loader.links.pairs import End, Pair, read_pairs, things_file
from loader.links.rules import ACCEPTED, AMBIGUOUS, IDENTIFIER, Match, rules
from loader.links.things import Role, Thing


class Status(StrEnum):
    """What becomes of a pair."""

    PUBLISHED = "published"
    PROPOSED = "proposed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two things of two datasets, or a proposal of one.

    ``confidence`` is that of the rule, or of ``ambiguous`` where others fit as well.
    """

    pair: Pair
    relation: Relation
    confidence: float
    status: Status

    @property
    def id(self) -> str:
        """Eight hexadecimal digits by which people name it."""
        both = " ".join(pair_key(self.pair.first.iri, self.pair.second.iri))
        return hashlib.sha256(both.encode()).hexdigest()[:8]

    @property
    def ends(self) -> tuple[End, End]:
        """Subject and object of the statement."""
        if self.relation is Relation.SECOND_IN_FIRST:
            return self.pair.second, self.pair.first
        return self.pair.first, self.pair.second

    def entry(self, decision: Decision, note: str = "") -> Entry:
        """Return the row of the ledger by which it is decided."""
        first, second = self.pair.first, self.pair.second
        names = first.name, second.name
        return Entry(decision, first.iri, second.iri, self.relation, *names, note)


def select(folder: Path, names: Sequence[str], ledger: Ledger, threshold: float) -> Iterator[Link]:
    """Give all links of a release, published, proposed and rejected, in the order of datasets."""
    found = set()
    for name in names:
        pairs = read_pairs(folder, name)
        for _, group in groupby(pairs, key=lambda pair: pair.second.dataset):
            for link in _selected(list(group), ledger, threshold):
                key = pair_key(link.pair.first.iri, link.pair.second.iri)
                found.update({key} & ledger.keys())
                yield link
    yield from _only_accepted(folder, names, [e for k, e in ledger.items() if k not in found])


def _selected(pairs: Sequence[Pair], ledger: Ledger, threshold: float) -> Iterator[Link]:
    """Judge all pairs of two datasets."""
    undecided = []
    for pair in pairs:
        entry = ledger.get(pair_key(pair.first.iri, pair.second.iri))
        if entry is None:
            undecided.append(pair)
        elif entry.decision is Decision.ACCEPTED:
            yield _accepted(pair, entry)
        else:
            yield Link(pair, _relation(pair), _confidence(pair), Status.REJECTED)
    for pair, alone in _best(undecided):
        sure = _confidence(pair) if alone else rules()[AMBIGUOUS].confidence
        status = Status.PUBLISHED if sure >= threshold else Status.PROPOSED
        yield Link(pair, _relation(pair), sure, status)


def _confidence(pair: Pair) -> float:
    return rules()[pair.match.rule].confidence


def _accepted(pair: Pair, entry: Entry) -> Link:
    accepted = Pair(pair.first, pair.second, Match(ACCEPTED, pair.match.metres))
    turned = entry.first == pair.second.iri
    relation = _TURNED.get(entry.relation, entry.relation) if turned else entry.relation
    return Link(accepted, relation, rules()[ACCEPTED].confidence, Status.PUBLISHED)


_TURNED = {
    Relation.FIRST_IN_SECOND: Relation.SECOND_IN_FIRST,
    Relation.SECOND_IN_FIRST: Relation.FIRST_IN_SECOND,
}


def _relation(pair: Pair) -> Relation:
    """Say what the first thing is to the second (docs/decisions)."""
    if pair.match.rule == IDENTIFIER:
        return Relation.IDENTICAL
    if pair.first.role is not pair.second.role:
        return (
            Relation.FIRST_IN_SECOND if pair.second.role is Role.PLACE else Relation.SECOND_IN_FIRST
        )
    parts = {
        Likeness.FIRST_IN_SECOND: Relation.FIRST_IN_SECOND,
        Likeness.SECOND_IN_FIRST: Relation.SECOND_IN_FIRST,
    }
    return parts.get(pair.match.likeness, Relation.SAME) if pair.match.likeness else Relation.SAME


def _best(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, bool]]:
    """Give the pairs that are the best for their things, and whether each is alone in that.

    A thing is the same as one other at most, and in one other at most; many can be in one.
    """
    best: dict[Hashable, float] = defaultdict(float)
    for pair in pairs:
        for side in _contested(pair):
            best[side] = max(best[side], _confidence(pair))
    chosen = [
        pair for pair in pairs if all(best[side] <= _confidence(pair) for side in _contested(pair))
    ]
    times: dict[Hashable, int] = defaultdict(int)
    for pair in chosen:
        for side in _contested(pair):
            times[side] += 1
    for pair in chosen:
        yield pair, all(times[side] == 1 for side in _contested(pair))


def _contested(pair: Pair) -> list[Hashable]:
    """Return what only one pair can have: the things, each with what it is in the relation."""
    relation = _relation(pair)
    if relation is Relation.FIRST_IN_SECOND:
        return [("in", pair.first.iri)]
    if relation is Relation.SECOND_IN_FIRST:
        return [("in", pair.second.iri)]
    return [("same", pair.first.iri), ("same", pair.second.iri)]


def _only_accepted(folder: Path, names: Sequence[str], entries: Iterable[Entry]) -> Iterator[Link]:
    """Give the accepted links that no rule finds (any more), where both things are there."""
    accepted = [entry for entry in entries if entry.decision is Decision.ACCEPTED]
    wanted = frozenset(iri for entry in accepted for iri in entry.key)
    known = known_iris((things_file(folder, name) for name in names), wanted)
    for entry in accepted:
        ends = [_end(iri, known) for iri in (entry.first, entry.second)]
        if ends[0] and ends[1]:
            pair = Pair(ends[0], ends[1], Match(ACCEPTED))
            yield Link(pair, entry.relation, rules()[ACCEPTED].confidence, Status.PUBLISHED)


def _end(iri: str, known: Mapping[str, tuple[str, Thing]]) -> End | None:
    if iri not in known:
        return None
    dataset, thing = known[iri]
    return End(dataset, iri, thing.role, thing.name)
