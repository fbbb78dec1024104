"""What differs between two releases, dataset by dataset: counts, examples, what would break."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from loader.history.comparison import Change, Comparison, Kind, is_same_file
from loader.release import Release
from loader.tombstones import absolute, find_tombstone
from vocab.lines import iri
from vocab.namespaces import DCTERMS

EXAMPLES = 10
"""How many things of each kind are told by name, where not more are asked for."""

MOST_PREDICATES = 1_000
"""How many predicates are counted; a graph of hostile hands may have one for each triple."""

_SOURCE = iri(DCTERMS["source"]).encode()

Labels = tuple[tuple[str, str], ...]


class State(StrEnum):
    """What became of a dataset."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a property that only the old, and that only the new release has, as terms.

    ``part`` is the fragment of the part of the thing that has them, empty for the thing itself.
    """

    part: str
    predicate: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A thing that differs; ``values`` where it is in both releases, ``moved`` where it went."""

    iri: str
    labels: Labels
    values: tuple[Values, ...] = ()
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A thing that is gone, and the first of the statements that still point at it."""

    iri: str
    labels: Labels
    links: tuple[Triple, ...]
    more: bool


@dataclass(slots=True)
class DatasetChanges:
    """What differs in a dataset. ``before`` and ``after`` count things; so do ``counts``.

    ``moved`` of the removed have another IRI today. ``renumbered`` come from another row of the
    source and are otherwise the same; they are not counted as changed. ``predicates`` counts the
    changed things by predicate; ``broken`` are the first things that are gone and still pointed
    at, ``broken_things`` counts them all.
    """

    name: str
    state: State
    before: int = 0
    after: int = 0
    moved: int = 0
    renumbered: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    examples: dict[Kind, list[Example]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    predicates: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    broken_things: int = 0

    @property
    def gone(self) -> int:
        """How many things disappeared: those that only have another IRI now did not."""
        return self.counts[Kind.REMOVED] - self.moved

    @property
    def percent_gone(self) -> float:
        """The share of the things of the old release that disappeared, in percent."""
        return 100 * self.gone / self.before if self.before else 0.0

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return self.state in (State.ADDED, State.REMOVED) or bool(self.counts or self.renumbered)

    def take(self, change: Change, moved: str | None = None, most: int = EXAMPLES) -> None:
        """Count a change; keep it as an example where there are not ``most`` of its kind yet."""
        if _is_renumbered(change):
            self.renumbered += 1
            return
        self.counts[change.kind] += 1
        self.moved += moved is not None
        examples = self.examples[change.kind]
        wanted = len(examples) < most
        values = _values(change) if change.kind is Kind.CHANGED else ()
        for predicate in {value.predicate for value in values}:
            if predicate in self.predicates or len(self.predicates) < MOST_PREDICATES:
                self.predicates[predicate] += 1
        if wanted:
            examples.append(Example(change.iri, labels(change), values, moved))


def _is_renumbered(change: Change) -> bool:
    sides = (change.gone, change.come)
    return change.kind is Kind.CHANGED and all(
        side.count == len(side.lines) and all(map(_is_source, side.lines)) for side in sides
    )


def _is_source(line: bytes) -> bool:
    return line.split(b" ", 2)[1] == _SOURCE


def labels(change: Change) -> Labels:
    """Return what a thing is called: today, else as it was last."""
    return texts(change.come.labels or change.gone.labels)


def texts(lines: Iterable[bytes]) -> Labels:
    """Return the literals of lines, as pairs of text and language (maybe empty)."""
    objects = [quad.object for quad in parse(b"".join(lines), format=RdfFormat.N_QUADS)]
    found = [(term.value, term.language or "") for term in objects if isinstance(term, Literal)]
    return tuple(sorted(found))


def _values(change: Change) -> tuple[Values, ...]:
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for number, side in enumerate((change.gone, change.come)):
        for line in side.lines:
            subject, predicate, rest = line.decode().split(" ", 2)
            key = (subject[1:-1].partition("#")[2], predicate[1:-1])
            found.setdefault(key, ([], []))[number].append(rest[: rest.rindex(" <")])
    return tuple(Values(*key, tuple(old), tuple(new)) for key, (old, new) in sorted(found.items()))


Look = Callable[[DatasetChanges, Change], None]
"""Is shown each thing that is gone and has no other IRI, before the next one is looked for."""


def dataset_changes(old: Release, new: Release, most: int, look: Look) -> Iterator[DatasetChanges]:
    """Compare two releases; datasets by name. Files that both share are not read."""
    for name in sorted({*old.datasets, *new.datasets}):
        changes = DatasetChanges(name, state_of(name, old.datasets, name in new.datasets))
        if changes.state is State.CHANGED and _has_same_dump(old, new, name):
            changes.state = State.SAME
        else:
            _compare(changes, old, new, most, look)
        yield changes


def _compare(changes: DatasetChanges, old: Release, new: Release, most: int, look: Look) -> None:
    comparison = Comparison(_dump(old, changes.name), _dump(new, changes.name))
    for change in comparison.changes():
        moved = _moved(new, change)
        changes.take(change, moved, most)
        if change.kind is Kind.REMOVED and moved is None:
            look(changes, change)
    changes.before, changes.after = comparison.before, comparison.after


def state_of(name: str, old: Mapping[str, object], is_there: bool) -> State:
    """Return what became of a dataset; that it has changed is only supposed."""
    if name not in old:
        return State.ADDED
    return State.CHANGED if is_there else State.REMOVED


def _has_same_dump(old: Release, new: Release, name: str) -> bool:
    if is_same_file(old.dump(name), new.dump(name)):
        return True
    stated = [release.manifest["files"].get(f"dumps/{name}.nq") for release in (old, new)]
    return stated[0] is not None and stated[0] == stated[1]


def _dump(release: Release, name: str) -> Path | None:
    return release.dump(name) if name in release.datasets else None


def _moved(new: Release, change: Change) -> str | None:
    """Return the IRI that a thing has today, where a tombstone tells it."""
    if change.kind is not Kind.REMOVED or not change.iri.startswith(new.base_iri):
        return None
    stone = find_tombstone(new, [change.iri.removeprefix(new.base_iri)])
    return absolute(new.base_iri, stone.moved) if stone and stone.moved else None


def subjects(change: Change) -> list[NamedNode]:
    """Return the thing and its parts that only the old release has."""
    terms = {line[1 : line.index(b">")].decode() for line in change.gone.lines}
    return [NamedNode(term) for term in sorted({change.iri, *terms})]
