"""Lines of N-Quads on their way to a canonical dump: sorted by code point, without repetition.

Runs of bounded size are sorted in memory and written aside; the dump is their merge. Where the
runs follow each other without overlap, as for a table in the order of its keys, they are simply
joined. UTF-8 sorts by bytes as Unicode sorts by code point.
"""

import bisect
import contextlib
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LINES_PER_RUN = 300_000
"""Enough for the store to load at full speed; few enough for it to begin early."""

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Dump:
    """A canonical dump that was written: its path, size, SHA-256 and number of lines."""

    path: Path
    bytes: int
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True)
class _Run:
    path: Path
    first: bytes
    last: bytes
    lines: int


class LineSpool:
    """Takes lines in any order and writes them as one canonical dump.

    ``on_run`` gets the text of each run: together all runs hold what the dump will hold.
    """

    def __init__(
        self,
        folder: Path,
        lines_per_run: int = LINES_PER_RUN,
        on_run: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._lines_per_run = lines_per_run
        self._on_run = on_run
        self._pending: list[list[bytes]] = []
        self._waiting = 0
        self._runs: list[_Run] = []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, lines: Sequence[str]) -> None:
        """Take lines, each with its line feed."""
        if lines:
            batch = _sorted("".join(lines).encode().splitlines(keepends=True))
            self._pending.append(batch)
            self._waiting += len(batch)
        if self._waiting >= self._lines_per_run:
            self._write_run()

    def _write_run(self) -> None:
        batches, self._pending, self._waiting = self._pending, [], 0
        if any(a[-1] >= b[0] for a, b in itertools.pairwise(batches)):
            batches = [_sorted(list(itertools.chain.from_iterable(batches)))]
        text = b"".join(itertools.chain.from_iterable(batches))
        path = self._folder / f"run-{len(self._runs)}"
        path.write_bytes(text)
        self._on_run(text)
        self._runs.append(_Run(path, batches[0][0], batches[-1][-1], sum(map(len, batches))))

    def finish(self, path: Path) -> Dump:
        """Write the dump to ``path`` and remove the runs."""
        if self._pending:
            self._write_run()
        runs = sorted(self._runs, key=lambda run: run.first)
        disjoint = all(a.last < b.first for a, b in itertools.pairwise(runs))
        chunks = _joined(runs) if disjoint else _merged(runs)
        dump = _write(path, chunks, sum(run.lines for run in runs) if disjoint else None)
        for run in runs:
            run.path.unlink()
        return dump


def _sorted(lines: list[bytes]) -> list[bytes]:
    # Lines come predicate by predicate, each in the order of the rows: sorting finds those runs,
    # which a set would have scattered.
    lines.sort()
    return [a for a, b in itertools.pairwise(lines) if a != b] + lines[-1:]


def _joined(runs: Iterable[_Run]) -> Iterator[bytes]:
    for run in runs:
        with run.path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                yield chunk


def _merged(runs: Iterable[_Run]) -> Iterator[bytes]:
    """Merge runs block by block: what is not above the least of the blocks' last lines is sorted.

    Sorting blocks that are each in order is what Python's sort is best at, and ten times as fast
    as taking line by line.
    """
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(run.path.open("rb")) for run in runs]
        blocks = [(stream, stream.readlines(_BLOCK)) for stream in streams]
        while blocks:
            limit = min(lines[-1] for _, lines in blocks)
            taken: list[bytes] = []
            rest = []
            for stream, lines in blocks:
                cut = bisect.bisect_right(lines, limit)
                taken += lines[:cut]
                if left := lines[cut:] or stream.readlines(_BLOCK):
                    rest.append((stream, left))
            blocks = rest
            yield b"".join(_sorted(taken))


def _write(path: Path, chunks: Iterable[bytes], lines: int | None) -> Dump:
    digest = hashlib.sha256()
    size = counted = 0
    with path.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            counted += chunk.count(b"\n") if lines is None else 0
    return Dump(path, size, digest.hexdigest(), counted if lines is None else lines)
