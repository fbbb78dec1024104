"""One query worker: a process that is asked, timed, and killed where it does not answer."""

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from endpoint.errors import BadRequest, EndpointError, NotAcceptable, TimedOut, Unavailable
from endpoint.frames import HEAD, Kind, pack_json
from endpoint.settings import Settings
from vocab.namespaces import PREFIXES

_ROOT = Path(__file__).parent.parent
_START_SECONDS = 20.0
"""How long opening a release may take; it is 0.1 s on a quiet machine."""
_STALE_SECONDS = 5.0
"""How long a worker of a release that is no longer served waits for more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost."""

    seconds: float
    result_bytes: int
    spool_bytes: int
    memory_bytes: int
    stack_bytes: int
    niceness: int

    @classmethod
    def of(cls, settings: Settings, seconds: float, niceness: int) -> "Limits":
        """The limits of a lane."""
        return cls(
            seconds,
            settings.result_bytes,
            settings.spool_bytes,
            settings.memory_bytes,
            settings.stack_bytes,
            niceness,
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A query and what shall become of its result (endpoint/worker_process.py)."""

    query: str
    result_format: str | None = "json"
    graph_format: str | None = "ntriples"
    union: bool = True
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    substitutions: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)


@dataclass(slots=True)
class Answer:
    """A whole result: its form (``select``, ``ask``, ``graph``), format, size and bytes.

    ``format`` is None where the client takes none that the form has; there are no bytes then.
    """

    form: str
    format: str | None
    size: int
    body: IO[bytes]

    def read(self) -> bytes:
        """All bytes; closes the body."""
        with self.body:
            return self.body.read()


class Worker:
    """A process with a release opened read-only. Used by one thread at a time."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.store = store
        self._limits = limits
        numbers = (limits.memory_bytes, limits.stack_bytes, limits.niceness)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "endpoint.worker_process", store, *map(str, numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            bufsize=0,
        )
        self._asked = time.monotonic()
        self._deadline = self._asked + _START_SECONDS
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
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def idle_seconds(self) -> float:
        """How long ago it was asked, or started."""
        return time.monotonic() - self._asked

    @property
    def is_stale(self) -> bool:
        """Whether it was not asked for so long that a request of its release has hardly more."""
        return self.idle_seconds > _STALE_SECONDS

    def ask(self, task: Task) -> Answer:
        """Evaluate a query. Afterwards the worker is either ready for the next one or dead."""
        self._asked = time.monotonic()
        self._deadline = self._asked + self._limits.seconds
        try:
            self._send(pack_json(Kind.TASK, asdict(task)))
            kind, content = self._receive()
            if kind is Kind.FAILURE:
                raise _failure(json.loads(content))
            form = json.loads(content)
            return self._collect(form["form"], form["format"])
        except (BadRequest, NotAcceptable):
            raise  # told by the worker itself, which is ready for the next query
        except BaseException:
            self.close()
            raise

    def _collect(self, form: str, name: str | None) -> Answer:
        body = tempfile.SpooledTemporaryFile(self._limits.spool_bytes)  # noqa: SIM115
        size = 0
        try:
            while (frame := self._receive())[0] is Kind.DATA:
                size += len(frame[1])
                if size > self._limits.result_bytes:
                    raise Unavailable("query.result-too-large", limit=self._limits.result_bytes)
                body.write(frame[1])
            if frame[0] is Kind.FAILURE:
                raise _failure(json.loads(frame[1]))
        except EndpointError:
            body.close()
            raise
        body.seek(0)
        return Answer(form, name, size, body)

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            # A task is as short as a query may be: a worker that waits for one takes it at once.
            rest = memoryview(data)
            while rest:
                rest = rest[self._process.stdin.write(rest) :]
        except BrokenPipeError:
            raise Unavailable("query.crashed") from None

    def _receive(self) -> tuple[Kind, bytes]:
        kind, length = HEAD.unpack(self._read(HEAD.size))
        return Kind(kind), self._read(length)

    def _read(self, length: int) -> bytes:
        """Read exactly ``length`` bytes before the deadline."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        pieces: list[bytes] = []
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while length:
            left = self._deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise TimedOut("query.timeout", seconds=self._limits.seconds)
            piece = os.read(descriptor, length)
            if not piece:
                raise Unavailable("query.crashed")
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

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
    return Unavailable("query.failed", reason=told["reason"])
