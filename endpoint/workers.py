"""Query workers as the web process sees them: lanes of killable processes.

The public's SPARQL is never evaluated in the web process: the engine cannot be interrupted, and
can crash or eat the memory of the process it runs in. A lane has a number of workers, a queue and
limits; pages have a lane of their own, so that no query keeps them waiting.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from endpoint.errors import Unavailable
from endpoint.settings import Settings
from endpoint.worker import Answer, Limits, Task, Worker
from loader.release import Release


@dataclass
class Lane:
    """Workers for one kind of request. Safe to use from many threads."""

    workers: int
    queue: int
    limits: Limits
    idle_seconds: float | None = None
    """After which a worker that nobody asks is ended; None keeps it."""
    _idle: list[Worker] = field(default_factory=list)
    _running: int = 0
    _waiting: int = 0
    _closed: bool = False
    _cleaner: threading.Timer | None = None
    _free: threading.Condition = field(default_factory=threading.Condition)

    def run(self, release: Release, task: Task) -> Answer:
        """Evaluate a query on a release; raises an EndpointError where that cannot be."""
        with self._turn():
            worker = self._worker_for(release)
            try:
                return worker.ask(task)
            finally:
                self._give_back(worker)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for one of the places; refuse where the queue is full or the wait too long."""
        deadline = time.monotonic() + self.limits.seconds
        with self._free:
            if self._running >= self.workers:
                self._wait(deadline)
            self._running += 1
        try:
            yield
        finally:
            with self._free:
                self._running -= 1
                self._free.notify()

    def _wait(self, deadline: float) -> None:
        if self._waiting >= self.queue:
            raise Unavailable("query.busy")
        self._waiting += 1
        try:
            free = self._free.wait_for(
                lambda: self._running < self.workers, deadline - time.monotonic()
            )
        finally:
            self._waiting -= 1
        if not free:
            raise Unavailable("query.busy")

    def _worker_for(self, release: Release) -> Worker:
        with self._free:
            same = [worker for worker in self._idle if worker.store == release.store]
            found = same[-1] if same else None
            stale = [worker for worker in self._idle if worker not in same and worker.is_stale]
            self._idle = [one for one in self._idle if one is not found and one not in stale]
        for worker in stale:
            worker.close()
        return found or Worker(release.store, self.limits)

    def _give_back(self, worker: Worker) -> None:
        """Keep a worker for the next query: at most those of two releases, the last used ones."""
        with self._free:
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                worker.close()
            surplus = self._idle[: -2 * self.workers]
            del self._idle[: -2 * self.workers]
        for worker in surplus:
            worker.close()
        self._clean_later()

    def _clean_later(self) -> None:
        with self._free:
            if self.idle_seconds is None or self._cleaner or not self._idle:
                return
            self._cleaner = threading.Timer(self.idle_seconds, self._clean)
            self._cleaner.daemon = True
            self._cleaner.start()

    def _clean(self) -> None:
        with self._free:
            self._cleaner = None
            unused = [one for one in self._idle if one.idle_seconds >= (self.idle_seconds or 0)]
            self._idle = [worker for worker in self._idle if worker not in unused]
        for worker in unused:
            worker.close()
        self._clean_later()

    def warm(self, release: Release) -> None:
        """Have all workers ready before the first request; raises Unavailable."""
        with ThreadPoolExecutor(self.workers) as executor:
            started = executor.map(
                lambda _: Worker(release.store, self.limits), range(self.workers)
            )
            for worker in started:
                self._give_back(worker)

    def close(self) -> None:
        """End the idle workers, and those at work when they are done."""
        with self._free:
            self._closed = True
            idle, self._idle = self._idle, []
            if self._cleaner:
                self._cleaner.cancel()
        for worker in idle:
            worker.close()


class Workers:
    """The lanes: ``queries`` for the public's SPARQL, ``pages`` for our own fixed queries.

    ``pinned`` is for the public's SPARQL about another release than the one that is served: it has
    workers of at most two at once beside those at work, and slows nobody else down.
    """

    def __init__(self, settings: Settings) -> None:
        public = Limits.of(settings, settings.query_seconds, niceness=5)
        own = Limits.of(settings, settings.page_seconds, niceness=0)
        own = replace(own, result_bytes=settings.page_bytes)
        self.queries = Lane(settings.query_workers, settings.queue, public)
        self.pinned = Lane(
            settings.pinned_workers, settings.queue, public, settings.pinned_idle_seconds
        )
        self.pages = Lane(settings.page_workers, settings.page_queue, own)

    def warm(self, release: Release) -> None:
        """Have a worker of each lane ready."""
        self.pages.warm(release)
        self.queries.warm(release)

    def close(self) -> None:
        """End all workers."""
        for lane in (self.queries, self.pinned, self.pages):
            lane.close()
