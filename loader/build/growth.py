"""A store made from that of an earlier release: a checkpoint of it, then only what differs.

A checkpoint shares the files of the store by hard links and takes milliseconds, whatever its size.
What is removed and added lies in files beside them, which are not compacted into them: one such
layer costs a query next to nothing, several cost joins more and more (docs/decisions). So a store
grows from the last one that was built whole for as long as that release is there.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from loader.build.difference import Difference
from loader.build.store import count_lines, pieces
from loader.errors import ReleaseError
from loader.release import Release

MOST_LAYERS = 4
"""How often a store may grow from one that has grown itself."""

MOST_CHANGED = 0.1
"""The share of the quads beyond which a store is built whole, in which case it is also smaller."""

ENGINE = f"pyoxigraph {pyoxigraph.__version__}"


@dataclass(frozen=True, slots=True)
class Base:
    """A release whose store the next one may grow from."""

    release: Release
    layers: int

    @property
    def most_lines(self) -> int:
        """How many lines may differ."""
        return int(self.release.manifest["quads"] * MOST_CHANGED)

    @property
    def entry(self) -> dict[str, object]:
        """What the manifest of the next release says of its store."""
        return {"engine": ENGINE, "base": self.release.id, "layers": self.layers + 1}


WHOLE = {"engine": ENGINE, "layers": 0}
"""What the manifest says of a store that was built whole."""


def base_of(current: Release, changed_bytes: int) -> Base | None:
    """Return what the next store may grow from; None where it has to be built whole.

    ``changed_bytes`` is the size of the sources that are mapped again.
    """
    files = (file for entry in current.datasets.values() for file in entry["files"].values())
    if changed_bytes > MOST_CHANGED * sum(file.get("bytes", 0) for file in files):
        return None
    stated = current.manifest.get("store", {})
    release, layers = current, stated.get("layers", 0)
    if "base" in stated:
        earlier = Release(current.path.parent / Path(stated["base"]).name)
        with contextlib.suppress(ReleaseError):
            release, layers = earlier, earlier.manifest["store"]["layers"]
    if stated.get("engine") != ENGINE or layers >= MOST_LAYERS:
        return None
    return Base(release, layers)


def is_made_by_writing(release: Release) -> bool:
    """Whether a release was made by requests to write, not by a publish (docs/writing.md)."""
    return "requests" in release.manifest.get("written", {})


def base_beside(current: Release) -> Base | None:
    """Return what the next store may grow from where only what is written differs.

    From the current one, so that the dumps need not be compared; from what that grew from where it
    has grown by writing itself or has layers enough, so that layers do not become more and more.
    """
    stated = current.manifest.get("store", {})
    layers = stated.get("layers", 0)
    may_bear = layers == 0 or layers == 1 and not is_made_by_writing(current)
    if stated.get("engine") == ENGINE and may_bear:
        return Base(current, layers)
    return base_of(current, changed_bytes=0)


def grow(base: Base, path: Path, difference: Difference) -> int | None:
    """Make a store at ``path`` that differs from the base; return how many quads it has.

    The changed graphs are verified: all that they must hold is there, and nothing else. None
    where something else is, because the base is not what its dumps say. Raises ReleaseError
    ``release.incomplete`` where a quad did not arrive.
    """
    Store.read_only(str(base.release.store)).backup(str(path))
    graphs = sorted(difference.graphs)
    before = _counts(Store.read_only(str(base.release.store)), graphs)
    _change(Store(path), difference)
    # Opened again, the engine has put away its log: what is verified is what was written.
    after = _verified(Store(path), difference, graphs)
    Store(path).flush()
    return None if after is None else int(base.release.manifest["quads"]) + after - before


def _change(store: Store, difference: Difference) -> None:
    for quad in parse(path=difference.removed, format=RdfFormat.N_QUADS):
        store.remove(quad)
    for piece in pieces(difference.added):
        store.bulk_load(piece, format=RdfFormat.N_QUADS)
    store.flush()


def _verified(store: Store, difference: Difference, graphs: Iterable[str]) -> int | None:
    """Return how many quads the changed graphs have."""
    for dump, changed in difference.dumps.items():
        if not _complete(store, dump, changed):
            return None
    for quad in parse(path=difference.added, format=RdfFormat.N_QUADS):
        if quad not in store:
            raise ReleaseError("release.incomplete", path=difference.added, quad=str(quad))
    store.flush()
    return _counts(store, graphs)


def _complete(store: Store, dump: Path, graphs: Iterable[str]) -> bool:
    """Complete the graphs of a dump; tell whether they hold nothing else.

    The store writes literals its own way (1.0 becomes 1): a line that was removed may have been
    the same quad as one that stays. Nothing is there that is in no line, so the counts tell.
    """
    lines = count_lines(dump) if dump.exists() else 0
    quads = _counts(store, graphs)
    if quads < lines:
        for quad in parse(path=dump, format=RdfFormat.N_QUADS):
            if quad not in store:
                store.add(quad)
    return quads <= lines


def _counts(store: Store, graphs: Iterable[str]) -> int:
    """Return how many quads the graphs have together; they are named as in N-Quads."""
    return sum(_count(store, graph) for graph in graphs)


def _count(store: Store, graph: str) -> int:
    pattern = f"GRAPH {graph} {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    found = store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(found, QuerySolutions)
    return int(next(found)["n"].value)
