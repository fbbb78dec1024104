"""Finds what points at things that are gone, in the store of the release without them."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import NamedNode, Quad, Store

from loader.history.changes import Broken, DatasetChanges, labels, subjects
from loader.history.comparison import Change
from loader.release import Release

LINKS_SHOWN = 3
"""How many of the statements that point at a thing are told."""

_HOUSE = ("provenance", "report", "vocabulary")
"""What these graphs say of a thing is no link to it."""


class BrokenLinks:
    """Adds to the changes of datasets what breaks; ``most`` things are told by name of each."""

    def __init__(self, new: Release, most: int) -> None:
        self._store = Store.read_only(str(new.store))
        self._most = most
        graphs = new.manifest["graphs"]
        self._house = {NamedNode(graphs[name]) for name in _HOUSE if name in graphs}

    def look(self, changes: DatasetChanges, change: Change) -> None:
        """See whether something points at a thing that is gone."""
        if self._is_described(change.iri):
            return
        found = list(islice(self._pointing(change), LINKS_SHOWN + 1))
        if not found:
            return
        changes.broken_things += 1
        if len(changes.broken) < self._most:
            links = tuple(quad.triple for quad in found[:LINKS_SHOWN])
            more = len(found) > LINKS_SHOWN
            changes.broken.append(Broken(change.iri, labels(change), links, more))

    def _pointing(self, change: Change) -> Iterator[Quad]:
        for term in subjects(change):
            for quad in self._store.quads_for_pattern(None, None, term):
                if quad.graph_name not in self._house:
                    yield quad

    def _is_described(self, iri: str) -> bool:
        return any(True for _ in self._store.quads_for_pattern(NamedNode(iri), None, None))
