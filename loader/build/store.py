"""Filling an Oxigraph store while datasets are still being mapped, and seeing that all arrived."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

from pyoxigraph import RdfFormat, Store, parse

from loader.errors import ReleaseError

_PIECE = 64 << 20
"""Bytes of N-Quads that are loaded at once: what bounds the memory of a load."""

_LOADERS = 2


class StoreFiller:
    """Loads pieces of N-Quads into a new store, two at a time, beside other work.

    Loading is the slowest stage of a publish and needs no lock of Python's, so it runs while the
    next rows are mapped. A store cannot forget what was loaded: when a dataset is held back in
    the end, the store is ``spoiled`` and made anew from the dumps.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Store | None = None
        self._executor = ThreadPoolExecutor(_LOADERS)
        self._room = BoundedSemaphore(_LOADERS + 1)
        self._running: list[Future[None]] = []
        self._loaded: set[str] = set()
        self._spoiled = False

    def load(self, dataset: str, piece: bytes) -> None:
        """Load a piece of a dataset in the background; wait while enough pieces are under way."""
        self._begin()
        self._loaded.add(dataset)
        self._room.acquire()
        self._running.append(self._executor.submit(self._load, piece))

    def _load(self, piece: bytes) -> None:
        try:
            self._store.bulk_load(piece, format=RdfFormat.N_QUADS)
        finally:
            self._room.release()

    def spoil(self, dataset: str) -> None:
        """Say that what was loaded of a dataset must not be in the store."""
        self._spoiled = self._spoiled or dataset in self._loaded

    def finish(self, dumps: Sequence[Path], meanwhile: Callable[[], None] = lambda: None) -> int:
        """Load what is not loaded yet, compact and verify; return the number of quads.

        ``meanwhile`` is done while the store is compacted.

        ``dumps`` are all files that the store must hold, those of datasets named ``<dataset>.nq``
        in a folder ``dumps``. Without compaction many queries are 4–5 times slower. Raises
        ReleaseError ``release.incomplete`` where a quad of a dump did not arrive.
        """
        self._wait()
        if self._spoiled:
            self._start_anew()
        self._begin()
        loaded = set(self._loaded)
        for dump in dumps:
            if not (dump.parent.name == "dumps" and dump.stem in loaded):
                for piece in pieces(dump):
                    self.load(dump.stem, piece)
        self._wait()
        self._store.flush()
        compaction = self._executor.submit(self._store.optimize)
        meanwhile()
        lines = _count_different(dumps)
        compaction.result()
        quads = len(self._store)
        if quads != lines:
            _find_missing(self._store, dumps)
        return quads

    def close(self) -> None:
        """Wait for what is under way and let go of the store."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._open = None

    @property
    def _store(self) -> Store:
        assert self._open is not None, "the store is closed"
        return self._open

    def _wait(self) -> None:
        running, self._running = self._running, []
        for load in running:
            load.result()

    def _begin(self) -> None:
        if self._open is None:
            self._open = Store(self._path)

    def _start_anew(self) -> None:
        self._open = None
        shutil.rmtree(self._path)
        self._loaded = set()


def pieces(dump: Path) -> Iterator[bytes]:
    """Give a file of N-Quads in pieces of whole lines that can be loaded at once."""
    with dump.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece + stream.readline()


def count_lines(dump: Path) -> int:
    """Return how many lines a file has."""
    with dump.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _count_different(dumps: Sequence[Path]) -> int:
    """Return how many lines the files have together; what several say of the house counts once."""
    house = [dump for dump in dumps if dump.parent.name != "dumps"]
    different: set[int] = set()
    for path in house:
        with path.open("rb") as stream:
            different.update(map(hash, stream))
    return len(different) + sum(count_lines(dump) for dump in dumps if dump not in house)


def _find_missing(store: Store, dumps: Sequence[Path]) -> None:
    # The store writes literals its own way (1.0 becomes 1), so that two lines may be one quad.
    for dump in dumps:
        for quad in parse(path=dump, format=RdfFormat.N_QUADS):
            if quad not in store:
                raise ReleaseError("release.incomplete", path=dump, quad=str(quad))
