"""Places at the workers: how many queries run and wait, in all and for each client."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from endpoint.errors import TooManyRequests, Unavailable

_MINUTE = 60.0
_MOST_CLIENTS = 10_000
"""Beyond this many, those that owe nothing are forgotten."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client and its ceilings."""

    name: str
    """``key:…`` or the address; an IPv6 address by its network."""
    seconds: float
    """How long one query may run."""
    running: int
    """How many queries may run at once."""
    waiting: int
    """How many more may wait."""
    seconds_per_minute: float
    """How many seconds all queries together may run in a minute."""
    operator: bool = False
    """Whether it may end the queries of others."""


@dataclass
class Places:
    """So many queries at once, so many waiting. Safe to use from many threads."""

    running: int
    waiting: int
    _at_work: Counter[str] = field(default_factory=Counter)
    _in_line: Counter[str] = field(default_factory=Counter)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def at_work(self) -> int:
        """How many queries run."""
        return self._at_work.total()

    @property
    def in_line(self) -> int:
        """How many queries wait."""
        return self._in_line.total()

    def enter(self, client: Client, seconds: float) -> None:
        """Take a place, waiting for one at most so long; raises where there is none."""
        with self._changed:
            if not self._free_for(client):
                self._wait(client, seconds)
            self._at_work[client.name] += 1

    def enter_at_once(self, client: Client) -> bool:
        """Take a place where one is free and nobody waits for it; tell whether that is so."""
        with self._changed:
            free = not self._in_line and self._free_for(client)
            if free:
                self._at_work[client.name] += 1
        return free

    def _free_for(self, client: Client) -> bool:
        return self.at_work < self.running and self._at_work[client.name] < client.running

    def _wait(self, client: Client, seconds: float) -> None:
        if self.in_line >= self.waiting:
            raise Unavailable("query.busy")
        if self._in_line[client.name] >= client.waiting:
            raise TooManyRequests("client.queries", limit=client.running, queue=client.waiting)
        self._in_line[client.name] += 1
        try:
            free = self._changed.wait_for(lambda: self._free_for(client), seconds)
        finally:
            _less(self._in_line, client.name)
        if not free:
            raise Unavailable("query.busy")

    def leave(self, client: Client) -> None:
        """Give the place back."""
        with self._changed:
            _less(self._at_work, client.name)
            self._changed.notify_all()


def _less(counts: Counter[str], name: str) -> None:
    counts[name] -= 1
    if not counts[name]:
        del counts[name]


@dataclass
class Budgets:
    """Query-seconds of each client: what it has used refills over a minute."""

    now: Callable[[], float] = time.monotonic
    _owed: dict[str, tuple[float, float]] = field(default_factory=dict)
    """What is used, and when that was so."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def require(self, client: Client) -> None:
        """Refuse a client that has used up its seconds."""
        with self._lock:
            over = self._used(client) - client.seconds_per_minute
        if over >= 0:
            rate = client.seconds_per_minute / _MINUTE
            raise TooManyRequests(
                "client.seconds", retry_after=1 + int(over / rate), limit=client.seconds_per_minute
            )

    def charge(self, client: Client, seconds: float) -> None:
        """Note what a query of the client has taken."""
        with self._lock:
            self._owed[client.name] = (self._used(client) + seconds, self.now())
            if len(self._owed) > _MOST_CLIENTS:
                limit = self.now() - _MINUTE
                self._owed = {name: owed for name, owed in self._owed.items() if owed[1] > limit}

    def _used(self, client: Client) -> float:
        used, then = self._owed.get(client.name, (0.0, 0.0))
        return max(0.0, used - (self.now() - then) * client.seconds_per_minute / _MINUTE)
