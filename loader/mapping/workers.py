"""Batches mapped by several processes, each with a plan of its own, and taken in their order.

What comes out is what one process would have written, byte for byte: batches are dealt out in
turn, and their lines are waited for in the same turn. No more batches are under way than there are
processes, so that memory stays bounded.
"""

import marshal
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Protocol, TypeAlias

from loader.model import Batch, FindingLog
from loader.runs import packed, unpacked

_PROCESSES = multiprocessing.get_context("spawn")
"""A fork would carry open stores and threads along, which survive it badly."""


WORTH_PROCESSES = 4 << 20
"""Bytes of a source from which on starting processes costs less than it saves."""


Runs: TypeAlias = list[list[str]]
"""Lines in runs, one of which is of one emission of a plan."""


class Maps(Protocol):
    """What maps a batch: a plan."""

    def runs(self, batch: Batch, findings: FindingLog) -> Runs:
        """Return the lines of a batch."""


Compile: TypeAlias = Callable[[], Maps]
"""Makes the plan again in another process; has to be picklable."""

Mapped: TypeAlias = tuple[Batch, Runs]


def mapped(
    plan: Maps, compile_: Compile, batches: Iterable[Batch], findings: FindingLog, jobs: int
) -> Iterator[Mapped]:
    """Give each batch with its lines, by one process (``plan``) or by several (``compile_``)."""
    if jobs > 1:
        yield from _by_several(compile_, batches, findings, jobs)
        return
    for batch in batches:
        yield batch, plan.runs(batch, findings)


def _by_several(
    compile_: Compile, batches: Iterable[Batch], findings: FindingLog, jobs: int
) -> Iterator[Mapped]:
    with ExitStack() as stack:
        busy: deque[tuple[_Worker, Batch]] = deque()
        for batch in batches:
            if len(busy) < jobs:
                worker, done = stack.enter_context(_Worker(compile_)), None
            else:
                worker, taken = busy.popleft()
                done = taken, worker.take(findings)
            # The process goes on while the reader of this generator looks at what it gave.
            worker.give(batch)
            busy.append((worker, batch))
            if done is not None:
                yield done
        for worker, batch in busy:
            yield batch, worker.take(findings)


class _Worker:
    """A process that maps one batch at a time; it ends when its pipe is closed."""

    def __init__(self, compile_: Compile) -> None:
        self._pipe, other = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_work, args=(other, compile_), daemon=True)
        self._process.start()
        other.close()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def give(self, batch: Batch) -> None:
        """Send a batch; the lines of the one before have been taken."""
        self._pipe.send(batch)

    def take(self, findings: FindingLog) -> Runs:
        """Wait for the lines of the batch that was sent last."""
        try:
            # Lists of plain strings are written seven times as fast by marshal as by pickle.
            runs: Runs = [unpacked(*item) for item in marshal.loads(self._pipe.recv_bytes())]
            findings.extend(self._pipe.recv())
        except EOFError as error:
            raise ChildProcessError("a mapping process ended") from error
        return runs


def _work(pipe: Connection, compile_: Compile) -> None:
    """Map batches until the pipe is closed; a stop of the command is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.environ.get("TSUNAGU_DEBUG"):
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the whole life
    plan = compile_()
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            return
        findings = FindingLog()
        pipe.send_bytes(marshal.dumps([packed(run) for run in plan.runs(batch, findings)]))
        pipe.send(findings)
