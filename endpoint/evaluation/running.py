"""Queries at work: who asked, since when, and how to end them."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from endpoint.errors import ClientGone, EndpointError, Unavailable
from endpoint.evaluation.places import Client
from endpoint.evaluation.worker import Worker
from endpoint.http.connection import Connection

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a query, and how much of its limits the request wants."""

    client: Client
    connection: Connection
    seconds: float
    """Never more than the ceiling of the client."""
    streams: bool = False
    """Whether the answer may be handed over before it is whole."""


@dataclass
class Running:
    """A query that has a place."""

    query: str
    release: str
    asking: Asking
    number: int = field(default_factory=lambda: next(_numbers))
    rows: int | None = None
    """How many the answer has, when it is whole."""
    since: float = field(default_factory=time.monotonic)
    _worker: Worker | None = None
    _reason: EndpointError | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return time.monotonic() - self.since

    def runs_on(self, worker: Worker) -> None:
        """Say which worker evaluates it; raises what has ended it before it could start."""
        with self._lock:
            if self._reason is not None:
                raise self._reason
            self._worker = worker

    def end(self, reason: EndpointError) -> None:
        """Break it off, from another thread."""
        with self._lock:
            self._reason = reason
            if self._worker is not None:
                self._worker.end(reason)

    def client_gone(self) -> None:
        """Break it off because nobody waits for the answer."""
        self.end(ClientGone("query.client-gone"))

    def kill(self) -> None:
        """Break it off because the operator wishes so."""
        self.end(Unavailable("query.killed"))

    def let_go(self) -> None:
        """The worker does something else from now on."""
        with self._lock:
            self._worker = None


OnEnd = Callable[[Running, EndpointError | None], None]


@dataclass
class Register:
    """The queries at work. Safe to use from many threads."""

    on_end: OnEnd = lambda *_: None
    _all: dict[int, Running] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, running: Running) -> None:
        """A query begins."""
        with self._lock:
            self._all[running.number] = running
        running.asking.connection.on_gone(running.client_gone)

    def remove(self, running: Running, error: EndpointError | None) -> None:
        """A query has ended, with an error or without."""
        running.asking.connection.forget(running.client_gone)
        running.let_go()
        with self._lock:
            del self._all[running.number]
        self.on_end(running, error)

    def all(self) -> list[Running]:
        """What runs now, the oldest first."""
        with self._lock:
            return list(self._all.values())

    def kill(self, number: int) -> bool:
        """End a query; False where it does not run any more."""
        with self._lock:
            found = self._all.get(number)
        if found is None:
            return False
        found.kill()
        return True
