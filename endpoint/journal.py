"""What the endpoint has done: a log line for each request, counts, and the queries worth seeing.

A line is JSON and says nothing about a person: the address is truncated, and of a query only the
hash is written. The texts of slow and failed queries stay in memory, for the operator's page.
"""

import hashlib
import json
import logging
import logging.handlers
import sys
import threading
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endpoint.errors import EndpointError
from endpoint.evaluation.running import Running
from endpoint.http.addresses import truncated

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
"""Upper bounds of the histogram of query times, in seconds."""
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
_SLOW_SECONDS = 1.0
_REMEMBERED = 50
_MOST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Seen:
    """A query that the operator may want to see."""

    time: str
    hash: str
    text: str
    client: str
    release: str
    seconds: float
    outcome: str


def query_hash(query: str) -> str:
    """What a query is called in logs."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class Journal:
    """Counts since the start. Safe to use from many threads."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By method and status."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Queries by what became of them: ``ok`` or the code of the error."""
    writes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Requests to write, by kind and by what became of them: ``ok`` or the code of the error."""
    buckets: Counter[float] = field(default_factory=Counter)
    query_seconds: float = 0.0
    sent_bytes: int = 0
    broken: int = 0
    """Answers that were broken off on their way."""
    slow: deque[Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    failed: deque[Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _log: logging.Logger | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_log(self, home: Path, name: str) -> None:
        """Write a line for each request: to a file of the home, or to standard output (``-``)."""
        if not name:
            return
        handler = (
            logging.StreamHandler(sys.stdout)
            if name == "-"
            else logging.handlers.WatchedFileHandler(home / name, encoding="utf-8")
        )
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._log = logging.Logger("access", logging.INFO)
        self._log.addHandler(handler)

    def request(self, entry: dict[str, Any]) -> None:
        """A request is answered, or broken off."""
        method = entry["method"] if entry["method"] in _METHODS else "other"
        with self._lock:
            self.requests[method, entry["status"]] += 1
            self.sent_bytes += entry["bytes"]
            self.broken += entry["outcome"] != "ok"
        if self._log is not None:
            entry["client"] = truncated(entry.get("client", ""))
            self._log.info(json.dumps({"time": _now(), **entry}, ensure_ascii=False))

    def query(self, running: Running, error: EndpointError | None) -> None:
        """A query of the public has ended."""
        outcome = error.code if error else "ok"
        seconds = running.seconds
        with self._lock:
            self.outcomes[outcome] += 1
            self.buckets[BUCKETS[bisect_left(BUCKETS, seconds)]] += 1
            self.query_seconds += seconds
        running.asking.connection.notes.update(
            query=query_hash(running.query),
            query_seconds=round(seconds, 6),
            query_outcome=outcome,
            rows=running.rows,
        )
        if error is None and seconds < _SLOW_SECONDS:
            return
        seen = Seen(
            _now(),
            query_hash(running.query),
            running.query[:_MOST_TEXT],
            truncated(running.asking.client.name),
            running.release,
            seconds,
            outcome,
        )
        if seconds >= _SLOW_SECONDS:
            self.slow.appendleft(seen)
        if error is not None:
            self.failed.appendleft(seen)

    def write(self, kind: str, outcome: str = "ok") -> None:
        """A request to write was carried out, or refused."""
        with self._lock:
            self.writes[kind, outcome] += 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
