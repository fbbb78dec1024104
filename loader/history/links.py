"""Finds what points at things that are gone, in the store of the release without them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from loader.history.changes import Broken, DatasetChanges, Labels, labels, subjects
from loader.history.comparison import Change
from loader.tombstones import FOLDER, SUFFIX, tombstones
from vocab.iris import IriPolicy

LINKS_SHOWN = 3
"""How many of the statements that point at a thing are told."""

MOST_LOOKED_UP = 10_000
"""How many of the things that a publish removes from a dataset are looked up; a diff does all."""

_HOUSE = ("provenance", "report", "vocabulary")
"""What these graphs say of a thing is no link to it."""


class BrokenLinks:
    """Adds to the changes of datasets what breaks; ``most`` things are told by name of each."""

    def __init__(self, store: Path, base: str, most: int) -> None:
        self._store = Store.read_only(str(store))
        self._most = most
        policy = IriPolicy(base)
        self._house = {NamedNode(policy.system_graph(name)) for name in _HOUSE}

    def look(self, changes: DatasetChanges, change: Change) -> None:
        """See whether something points at a thing that is gone, or at a part of it."""
        self._look(changes, change.iri, subjects(change), labels(change))

    def look_at_graves(self, changes: DatasetChanges, folder: Path, base: str, gone: str) -> None:
        """See so for the things whose tombstones in a release's folder are of a time (``gone``)."""
        stones = tombstones(folder / FOLDER / f"{changes.name}{SUFFIX}")
        new = (stone for stone in stones if stone.gone == gone and not stone.moved)
        for stone in islice(new, MOST_LOOKED_UP):
            iri = base + stone.path
            self._look(changes, iri, [NamedNode(iri)], stone.labels)

    def _look(
        self, changes: DatasetChanges, iri: str, terms: Iterable[NamedNode], called: Labels
    ) -> None:
        if self._is_described(iri):
            return
        found = list(islice(self._pointing(terms), LINKS_SHOWN + 1))
        if not found:
            return
        changes.broken_things += 1
        if len(changes.broken) < self._most:
            links = tuple(quad.triple for quad in found[:LINKS_SHOWN])
            more = len(found) > LINKS_SHOWN
            changes.broken.append(Broken(iri, called, links, more))

    def _pointing(self, terms: Iterable[NamedNode]) -> Iterator[Quad]:
        for term in terms:
            for quad in self._store.quads_for_pattern(None, None, term):
                if quad.graph_name not in self._house:
                    yield quad

    def _is_described(self, iri: str) -> bool:
        return any(True for _ in self._store.quads_for_pattern(NamedNode(iri), None, None))
