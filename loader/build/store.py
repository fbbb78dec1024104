"""Filling an Oxigraph store while datasets are still being mapped, and seeing that all arrived."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

from pyoxigraph import RdfFormat, Store, parse

from loader.errors import ReleaseError

_PIECE = 64 << 20
"""Bytes of N-Quads that are loaded at once: what bounds the memory of a load."""

_LOADERS = 2

MOST_PIECES = 150
"""How many pieces may lie upon each other: each has eight files, which are open all the time."""

_LAST = 19

MOST_LOOSE = 0.01
"""The share of the quads that may lie beside what was compacted."""


class StoreFiller:
    """Loads pieces of N-Quads into a new store, two at a time, beside other work.

    Loading is the slowest stage of a publish and needs no lock of Python's, so it runs while the
    next rows are mapped. A store cannot forget what was loaded: when a dataset is held back in
    the end, the store is ``spoiled`` and made anew from the dumps.

    The engine begins to compact as soon as two pieces lie upon each other, and does so again and
    again. It is left the time that nothing else needs: all is compacted once, in the end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Store | None = None
        self._executor = ThreadPoolExecutor(_LOADERS)
        self._compacting = ThreadPoolExecutor(1)
        self._compaction: Future[None] | None = None
        self._room = BoundedSemaphore(_LOADERS + 1)
        self._running: list[Future[None]] = []
        self._loaded: set[str] = set()
        self._spoiled = False
        self._pieces = self._compacted = 0

    def load(self, dataset: str, piece: bytes) -> None:
        """Load a piece of a dataset in the background; wait while enough pieces are under way."""
        self._begin()
        self._loaded.add(dataset)
        self._room.acquire()
        self._running.append(self._executor.submit(self._load, piece))
        self._pieces += 1
        if self._pieces - self._compacted >= max(MOST_PIECES, self._compacted):
            self._wait()
            self._optimize()

    def _load(self, piece: bytes) -> None:
        try:
            self._store.bulk_load(piece, format=RdfFormat.N_QUADS)
        finally:
            self._room.release()

    def spoil(self, dataset: str) -> None:
        """Say that what was loaded of a dataset must not be in the store."""
        self._spoiled = self._spoiled or dataset in self._loaded

    def compact(self, dumps: Sequence[Path]) -> None:
        """Begin to load what is not loaded yet of the datasets' dumps, and to compact the store.

        It is done in the background. Without compaction many queries are 4–5 times slower.
        """
        self._compaction = self._compacting.submit(self._compact, dumps)

    def _compact(self, dumps: Sequence[Path]) -> None:
        self._wait()
        if self._spoiled:
            self._start_anew()
        self._load_files(dump for dump in dumps if dump.stem not in self._loaded)
        self._store.flush()
        self._optimize()

    def _optimize(self) -> None:
        self._store.optimize()
        self._compacted = self._pieces

    def finish(self, files: Sequence[Path]) -> int:
        """Load the other graphs, too, and verify; return the number of quads.

        ``files`` are all that the store must hold, datasets in a folder ``dumps``. The store is
        compacted once more where the others are many. Raises ReleaseError
        ``release.incomplete`` where a quad of a file did not arrive.
        """
        dumps = [path for path in files if path.parent.name == "dumps"]
        house = [path for path in files if path not in dumps]
        if self._compaction is None:
            self.compact(dumps)
        assert self._compaction is not None
        more = _count_different(house)
        lines = more + sum(map(count_lines, dumps))
        self._compaction.result()
        self._load_files(house)
        self._store.flush()
        if more > lines * MOST_LOOSE:
            self._optimize()
        quads = len(self._store)
        if quads != lines:
            _find_missing(self._store, files)
        return quads

    def _load_files(self, paths: Iterable[Path]) -> None:
        self._begin()
        for path in paths:
            for piece in pieces(path):
                self.load(path.stem, piece)
        self._wait()

    def close(self) -> None:
        """Wait for what is under way and let go of the store."""
        self._compacting.shutdown(wait=True, cancel_futures=True)
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
            _let_compaction_wait()

    def _start_anew(self) -> None:
        self._open = None
        shutil.rmtree(self._path)
        self._loaded = set()
        self._pieces = self._compacted = 0


def _let_compaction_wait() -> None:
    """Let the threads that compact go behind all others, where the system names threads."""
    for thread in Path("/proc/self/task").glob("*/comm"):
        with contextlib.suppress(OSError):
            if thread.read_text().startswith("rocksdb:low"):
                os.setpriority(os.PRIO_PROCESS, int(thread.parent.name), _LAST)


def pieces(dump: Path) -> Iterator[bytes]:
    """Give a file of N-Quads in pieces of whole lines that can be loaded at once."""
    with dump.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece + stream.readline()


def count_lines(dump: Path) -> int:
    """Return how many lines a file has."""
    with dump.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _count_different(house: Sequence[Path]) -> int:
    """Return how many lines the files have together; what several say of the house counts once."""
    different: set[int] = set()
    for path in house:
        with path.open("rb") as stream:
            different.update(map(hash, stream))
    return len(different)


def _find_missing(store: Store, dumps: Sequence[Path]) -> None:
    # The store writes literals its own way (1.0 becomes 1), so that two lines may be one quad.
    for dump in dumps:
        for quad in parse(path=dump, format=RdfFormat.N_QUADS):
            if quad not in store:
                raise ReleaseError("release.incomplete", path=dump, quad=str(quad))
