"""Lines of N-Quads on their way to a canonical dump: sorted by code point, without repetition.

Pieces of bounded size are sorted in memory and added to runs: a piece goes to the end of a run that
it follows, else it begins another. The dump is the merge of the runs; where there is only one, as
for a table in the order of its keys, it is the dump. UTF-8 sorts by bytes as Unicode sorts by code
point.
"""

import bisect
import contextlib
import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.release import sha256

LINES_PER_PIECE = 100_000
"""Enough for the store to load at full speed; few enough for it to begin early."""

MOST_RUNS = 200
"""How many files are merged, and open, at once."""

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Dump:
    """A canonical dump that was written: its path, size, SHA-256 and number of lines."""

    path: Path
    bytes: int
    sha256: str
    lines: int


@dataclass(slots=True)
class _Run:
    """A file of sorted lines, which grows at its end."""

    path: Path
    lines: int = 0
    last: bytes = b""

    def append(self, text: bytes, lines: int, last: bytes) -> None:
        with self.path.open("ab") as stream:
            stream.write(text)
        self.lines += lines
        self.last = last


class LineSpool:
    """Takes lines in any order and writes them as one canonical dump.

    ``on_piece`` gets the text of each piece: together all pieces hold what the dump will hold.
    """

    def __init__(
        self,
        folder: Path,
        lines_per_piece: int = LINES_PER_PIECE,
        on_piece: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._lines_per_piece = lines_per_piece
        self._on_piece = on_piece
        self._pending: list[list[bytes]] = []
        self._waiting = 0
        self._runs: list[_Run] = []
        self._made = 0
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, lines: Sequence[str]) -> None:
        """Take lines, each with its line feed."""
        if lines:
            batch = _sorted(list(map(str.encode, lines)))
            self._pending.append(batch)
            self._waiting += len(batch)
        if self._waiting >= self._lines_per_piece:
            self._write_piece()

    def _write_piece(self) -> None:
        batches, self._pending, self._waiting = self._pending, [], 0
        if any(a[-1] >= b[0] for a, b in itertools.pairwise(batches)):
            batches = [_sorted(list(itertools.chain.from_iterable(batches)))]
        text = b"".join(itertools.chain.from_iterable(batches))
        run = self._run_before(batches[0][0])
        run.append(text, sum(map(len, batches)), batches[-1][-1])
        self._on_piece(text)

    def _run_before(self, first: bytes) -> _Run:
        """Return the run that ends nearest before ``first``, or a new one."""
        before = [run for run in self._runs if run.last < first]
        if before:
            return max(before, key=lambda run: run.last)
        self._runs.append(self._new_run())
        return self._runs[-1]

    def _new_run(self) -> _Run:
        self._made += 1
        return _Run(self._folder / f"run-{self._made}")

    def finish(self, path: Path) -> Dump:
        """Write the dump to ``path`` and remove the runs."""
        if self._pending:
            self._write_piece()
        runs = self._runs or [self._merge([])]
        while len(runs) > 1:
            runs = [*runs[MOST_RUNS:], self._merge(runs[:MOST_RUNS])]
        runs[0].path.rename(path)
        return Dump(path, path.stat().st_size, sha256(path), runs[0].lines)

    def _merge(self, runs: Sequence[_Run]) -> _Run:
        merged = self._new_run()
        with merged.path.open("wb") as stream:
            for lines in _merged(runs):
                stream.write(b"".join(lines))
                merged.lines += len(lines)
        for run in runs:
            run.path.unlink()
        return merged


def _sorted(lines: list[bytes]) -> list[bytes]:
    # Lines come predicate by predicate, each in the order of the rows: sorting finds those runs,
    # which a set would have scattered.
    lines.sort()
    different = map(operator.ne, lines, itertools.islice(lines, 1, None))
    return [*itertools.compress(lines, different), *lines[-1:]]


def _merged(runs: Sequence[_Run]) -> Iterator[list[bytes]]:
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
            yield _sorted(taken)
