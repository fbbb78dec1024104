"""What the store of one release has to lose and to gain to become that of another, as lines.

Taken from the sorted files of N-Quads, piece by piece, so that memory does not grow with them;
files that both releases share (hard links) are not read.
"""

import bisect
import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from loader.hard_links import are_shared
from loader.release import WRITTEN
from vocab.lines import graph_of

PATTERNS = ("dumps/*.nq", "about/*.nq", "*.nq")
"""The files of a release that together have every quad of its store."""

_BLOCK = 1 << 18


def files_of(folder: Path) -> list[Path]:
    """Return the files of N-Quads of a release, those of datasets first, each kind by name."""
    return [path for pattern in PATTERNS for path in sorted(folder.glob(pattern))]


@dataclass(slots=True)
class Difference:
    """Files of lines to remove from the store, then of lines to add to it.

    ``dumps`` are the changed dumps of datasets with the names of the graphs that changed in them,
    as N-Quads writes them; the path is that in the new release, where it may be missing.
    """

    removed: Path
    added: Path
    dumps: dict[Path, set[str]] = field(default_factory=dict)
    graphs: set[str] = field(default_factory=set)
    lines: int = 0


def compare(old: Path, new: Path, aside: Path, most: int) -> Difference | None:
    """Compare the releases in two folders; None where more than ``most`` lines differ.

    Graphs of the house are filled from several files, which may say the same thing: what one no
    longer says but another still does is added again. The lines go to files in ``aside``.
    """
    aside.mkdir(parents=True, exist_ok=True)
    found = Difference(aside / "removed.nq", aside / "added.nq")
    with found.removed.open("wb") as removed, found.added.open("wb") as added:
        doubtful: set[bytes] = set()
        for name in _changed(old, new):
            of_dataset = name.parts[0] == "dumps"
            for gone, come in differing(old / name, new / name):
                removed.writelines(gone)
                added.writelines(come)
                graphs = {_graph(line) for lines in (gone, come) for line in lines}
                found.graphs |= graphs
                found.lines += len(gone) + len(come)
                if found.lines > most:
                    return None
                if of_dataset:
                    found.dumps.setdefault(new / name, set()).update(graphs)
                elif name.name != WRITTEN:
                    doubtful.update(map(_statement, gone))
        if doubtful:
            added.writelines(_said_elsewhere(new, doubtful))
    return found


def _changed(old: Path, new: Path) -> list[Path]:
    names = {path.relative_to(old) for path in files_of(old)}
    names |= {path.relative_to(new) for path in files_of(new)}
    return sorted(name for name in names if not are_shared(old / name, new / name))


def _said_elsewhere(folder: Path, doubtful: set[bytes]) -> Iterator[bytes]:
    """Give the lines about the house that may be what was removed.

    Subject and predicate are compared alone: the store may write an object in another way.
    """
    for path in files_of(folder):
        if path.parent.name != "dumps":
            with path.open("rb") as stream:
                yield from (line for line in stream if _statement(line) in doubtful)


def differing(old: Path, new: Path) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Give the lines that only the old, and that only the new of two sorted files has.

    A file that is missing has no lines.
    """
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(_open(path)) for path in (old, new)]
        blocks = [stream.readlines(_BLOCK) for stream in streams]
        while any(blocks):
            limit = min(lines[-1] for lines in blocks if lines)
            cuts = [bisect.bisect_right(lines, limit) for lines in blocks]
            gone, come = (lines[:cut] for lines, cut in zip(blocks, cuts, strict=True))
            if gone != come:
                yield _without(gone, come), _without(come, gone)
            blocks = [
                lines[cut:] or stream.readlines(_BLOCK)
                for lines, cut, stream in zip(blocks, cuts, streams, strict=True)
            ]


def _open(path: Path) -> IO[bytes]:
    return path.open("rb") if path.exists() else io.BytesIO()


def _without(lines: Iterable[bytes], others: Sequence[bytes]) -> list[bytes]:
    known = set(others)
    return [line for line in lines if line not in known]


def _statement(line: bytes) -> bytes:
    """Return subject and predicate of a line of canonical N-Quads."""
    return line[: line.index(b" ", line.index(b" ") + 1)]


def _graph(line: bytes) -> str:
    """Return the graph name of a line, as it is written there; empty for the default graph."""
    return graph_of(line).decode()
