"""One query worker: a process that is asked, timed, and killed where it does not answer."""

import contextlib
import json
import marshal
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from endpoint.errors import BadRequest, EndpointError, NotAcceptable, TimedOut, Unavailable
from endpoint.evaluation.allocator import environment
from endpoint.evaluation.frames import HEAD, Kind, pack
from endpoint.evaluation.spool import Spool
from endpoint.evaluation.task import Answer, Limits, Task

_ROOT = Path(__file__).parents[2]
_PROGRAM = "endpoint.evaluation.worker_process"
_QUICK_SECONDS = 2.0
"""After this, a query lets quicker ones go first."""
_LAST = 19
"""The niceness of a query that others need not wait for."""
_START_SECONDS = 20.0
"""How long opening a release may take; it is 0.1 s on a quiet machine."""
_PIPE = 1 << 20
"""Bytes that a worker may be ahead of its reader; more needs a privilege (pipe(7))."""
_STALE_SECONDS = 5.0
"""How long a worker of a release that is no longer served waits for more."""
_SHORT_SECONDS = 0.1
"""In this time a query cannot take memory worth mentioning."""
_MOST_KEPT = 1 << 30
"""Bytes that a worker may keep between queries; what it has read of a large store is a quarter."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Worker:
    """A process with a release opened read-only. Used by one thread at a time."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.store = store
        self._limits = limits
        self._seconds = _START_SECONDS
        self._ended_for: EndpointError = Unavailable("query.crashed")
        self._patience = float("inf")
        self.stands_back = False
        """Whether it is slower than others, and better not asked again."""
        numbers = (limits.memory_bytes, limits.stack_bytes, limits.niceness)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _PROGRAM, store, *map(str, numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment(limits.allocator), "PYTHONPATH": str(_ROOT)},
            bufsize=0,
            pipesize=_PIPE,
        )
        assert self._process.stdout is not None
        self._received = bytearray()
        self._piece = memoryview(bytearray(_PIPE))
        self.descriptor = self._process.stdout.fileno()
        """Can be read from when the worker has said something."""
        self._ready_to_read = select.poll()
        self._ready_to_read.register(self.descriptor, select.POLLIN)
        self._asked = time.monotonic()
        self._deadline = self._asked + self._seconds
        self.offline = self._await_ready()
        """Whether the kernel keeps the process from the network."""

    def _await_ready(self) -> bool:
        try:
            kind, content = self._receive()
            told = json.loads(content)
            if kind is not Kind.READY:
                raise Unavailable("release.damaged", reason=told["reason"])
            return bool(told["offline"])
        except EndpointError:
            self.close()
            raise

    @property
    def ready(self) -> bool:
        """Whether it can be asked, where it is not at work: what it says then is that it ends."""
        closed = self._process.returncode is not None  # its descriptor may be another's by now
        return not closed and not self._ready_to_read.poll(0)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def idle_seconds(self) -> float:
        """How long ago it was asked, or started."""
        return time.monotonic() - self._asked

    @property
    def has_grown(self) -> bool:
        """Whether it has kept so much memory of its last query that a new one is better."""
        if self.idle_seconds < _SHORT_SECONDS:
            return False
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            return False  # ended meanwhile, or a system without /proc
        return pages * _PAGE > _MOST_KEPT

    @property
    def is_stale(self) -> bool:
        """Whether it was not asked for so long that a request of its release has hardly more."""
        return self.idle_seconds > _STALE_SECONDS

    def start(self, task: Task, seconds: float | None = None) -> None:
        """Start a query, without waiting for it.

        ``seconds`` is the time for all of it, where it is not that of the lane.
        """
        self._seconds = self._limits.seconds if seconds is None else seconds
        self._asked = time.monotonic()
        self._deadline = self._asked + self._seconds
        self._patience = self._asked + _QUICK_SECONDS
        with self._dying_of_errors():
            self._send(pack(Kind.TASK, marshal.dumps(task.changes())))

    def answer(self) -> Answer:
        """Wait for the answer to begin; what there is of it is then read by ``drain``.

        After an error the worker is either ready for the next query or dead.
        """
        with self._dying_of_errors():
            kind, content = self._receive()
            if kind is Kind.FAILURE:
                raise _failure(json.loads(content))
            form, _, name = content.decode().partition(" ")
            return Answer(form, name or None, Spool(self._limits.spool_bytes))

    def has_all(self, most: int) -> bool:
        """Read what is there, without waiting, and tell whether it is a whole, short answer.

        Then neither ``answer`` nor ``drain`` waits. Not for failures, nor for answers of more than
        so many bytes.
        """
        if self._ready_to_read.poll(0):
            self._read()
        start = 0
        while start + HEAD.size <= len(self._received) <= most:
            kind, length = HEAD.unpack_from(self._received, start)
            start += HEAD.size + length
            if kind == Kind.END.value:
                return bool(start <= len(self._received))
        return False

    def drain(self, answer: Answer, until: int | None = None) -> bool:
        """Read the result, to its end or ``until`` so many bytes; tell whether it ended.

        Raises an EndpointError where the result cannot be whole.
        """
        with self._dying_of_errors():
            while until is None or answer.size <= until:
                kind, content = self._receive()
                if kind is Kind.FAILURE:
                    raise _failure(json.loads(content))
                if kind is Kind.END:
                    answer.rows = int(content) if content else None
                    answer.body.finish()
                    return True
                if answer.size + len(content) > self._limits.result_bytes:
                    raise Unavailable("query.result-too-large", limit=self._limits.result_bytes)
                answer.body.write(content)
        return False

    @contextmanager
    def _dying_of_errors(self) -> Iterator[None]:
        try:
            yield
        except (BadRequest, NotAcceptable):
            raise  # told by the worker itself, which is ready for the next query
        except BaseException:
            self.close()
            raise

    def end(self, why: EndpointError) -> None:
        """Break off what the worker does, from another thread; its asker is told why."""
        self._ended_for = why
        self._process.kill()

    def _stand_back(self) -> None:
        """Let all other processes go first, for as long as this one lives."""
        self.stands_back = True
        with contextlib.suppress(OSError):  # ended meanwhile, or a system without /proc
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                os.setpriority(os.PRIO_PROCESS, int(thread), _LAST)

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            # A task is as short as a query may be: a worker that waits for one takes it at once.
            rest = memoryview(data)
            while rest:
                rest = rest[self._process.stdin.write(rest) :]
        except BrokenPipeError:
            raise self._ended_for from None

    def _receive(self) -> tuple[Kind, bytes]:
        """Return the next frame, before the deadline."""
        received = self._received
        self._await(HEAD.size)
        kind, length = HEAD.unpack_from(received)
        end = HEAD.size + length
        self._await(end)
        content = bytes(memoryview(received)[HEAD.size : end])
        del received[:end]
        return Kind(kind), content

    def _await(self, length: int) -> None:
        """Read until so many bytes are there, before the deadline."""
        while len(self._received) < length:
            if not self._poll():
                continue
            if not self._read():
                raise self._ended_for

    def _read(self) -> int:
        """Take what is there; return how many bytes these were, none where the worker has ended."""
        count = os.readv(self.descriptor, [self._piece])
        self._received += self._piece[:count]
        return count

    def _poll(self) -> bool:
        """Wait for something to read; after two seconds stand back, at the deadline give up."""
        now = time.monotonic()
        if now >= self._deadline:
            raise TimedOut("query.timeout", seconds=self._seconds)
        if now >= self._patience:
            self._patience = float("inf")
            self._stand_back()
        until = min(self._deadline, self._patience)
        return bool(self._ready_to_read.poll((until - now) * 1000))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


def _failure(told: dict[str, Any]) -> EndpointError:
    if told["kind"] == "syntax" and told["line"] is not None:
        return BadRequest(
            "query.syntax", **{key: told[key] for key in ("line", "column", "reason")}
        )
    if told["kind"] == "syntax":
        return BadRequest("query.malformed", reason=told["reason"])
    if told["kind"] == "format":
        return NotAcceptable("format.cannot-say", iri=told["reason"])
    if told["kind"] == "function":
        return BadRequest("query.unknown-function", iri=told["reason"])
    return Unavailable("query.failed", reason=told["reason"])
