"""Query workers as the web process sees them: lanes of killable processes.

The public's SPARQL is never evaluated in the web process: the engine cannot be interrupted, and
can crash or eat the memory of the process it runs in. A lane has a number of workers, a queue and
limits; pages have a lane of their own, so that no query keeps them waiting.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from endpoint.errors import EndpointError
from endpoint.evaluation.begun import Begun
from endpoint.evaluation.places import Budgets, Client, Places
from endpoint.evaluation.running import Asking, OnEnd, Register, Running
from endpoint.evaluation.task import Answer, Limits, Task
from endpoint.evaluation.worker import Worker
from endpoint.http.connection import Connection
from endpoint.settings import Settings
from loader.release import Release


@dataclass
class Lane:
    """Workers for one kind of request. Safe to use from many threads."""

    workers: int
    queue: int
    limits: Limits
    idle_seconds: float | None = None
    """After which a worker that nobody asks is ended; None keeps it."""
    register: Register = field(default_factory=Register)
    places: Places = field(init=False)
    _idle: list[Worker] = field(default_factory=list)
    _closed: bool = False
    _cleaner: threading.Timer | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.places = Places(self.workers, self.queue)

    def run(self, release: Release, task: Task, asking: Asking | None = None) -> Answer:
        """Evaluate a query on a release; raises an EndpointError where that cannot be.

        An answer that may be streamed is returned when it outgrows memory: the rest of it is read
        behind it, at the pace of the worker and not of the client.
        """
        return self.begin(release, task, asking or self._nobody()).answer()

    def begin(self, release: Release, task: Task, asking: Asking) -> Begun:
        """Give a query to a worker when there is one for it; raises an EndpointError."""
        self.places.enter(asking.client, self.limits.seconds)
        return self._begin(release, task, asking)

    def begin_at_once(self, release: Release, task: Task, asking: Asking) -> Begun | None:
        """Give a query to a worker where that takes no time; None where it would have to wait."""
        if not self.places.enter_at_once(asking.client):
            return None
        worker = self._idle_worker(release)
        if worker is None:
            self.places.leave(asking.client)
            return None
        return self._begin(release, task, asking, worker)

    def _begin(
        self, release: Release, task: Task, asking: Asking, worker: Worker | None = None
    ) -> Begun:
        running = Running(task.query, release.id, asking)
        self.register.add(running)
        try:
            worker = worker or self._idle_worker(release) or Worker(release.store, self.limits)
            running.runs_on(worker)
            worker.start(task, asking.seconds)
        except BaseException as error:
            self._leave(release, running, worker, error)
            raise
        until = self.limits.spool_bytes if asking.streams else None
        return Begun(running, worker, until, partial(self._leave, release, running, worker))

    def _nobody(self) -> Asking:
        """Who asks where it is ourselves."""
        client = Client("", self.limits.seconds, self.workers, self.queue, float("inf"))
        return Asking(client, Connection(), self.limits.seconds)

    def _leave(
        self,
        release: Release,
        running: Running,
        worker: Worker | None,
        error: BaseException | None = None,
    ) -> None:
        self.register.remove(running, error if isinstance(error, EndpointError) else None)
        if worker is not None and not self._give_back(worker) and not self._closed:
            self._replace(release)
        self.places.leave(running.asking.client)

    def _idle_worker(self, release: Release) -> Worker | None:
        """Take a worker that has the release open and nothing to do."""
        with self._lock:
            for worker in reversed(self._idle):
                if worker.store == release.store and worker.ready:
                    self._idle.remove(worker)
                    return worker
        return None

    def _give_back(self, worker: Worker) -> bool:
        """Keep a worker for the next query: at most those of two releases, the last used ones.

        Tells whether it is kept: not where it is dead, or worse than a new one.
        """
        worn = not worker.ready or worker.stands_back or worker.has_grown
        with self._lock:
            kept = not worn and not self._closed
            done = [one for one in self._idle if self._is_done(one, worker.store)]
            idle = [one for one in self._idle if one not in done] + [worker] * kept
            done += idle[: -2 * self.workers]
            self._idle = idle[-2 * self.workers :]
        if not kept:
            worker.close()
        if done:
            threading.Thread(target=_close, args=(done,), name="close", daemon=True).start()
        self._clean_later()
        return kept

    @staticmethod
    def _is_done(idle: Worker, store: Path) -> bool:
        """Whether it has died, or was for a release that is hardly asked any more."""
        return not idle.ready or idle.store != store and idle.is_stale

    def _clean_later(self) -> None:
        with self._lock:
            if self.idle_seconds is None or self._cleaner or not self._idle:
                return
            self._cleaner = threading.Timer(self.idle_seconds, self._clean)
            self._cleaner.daemon = True
            self._cleaner.start()

    def _clean(self) -> None:
        with self._lock:
            self._cleaner = None
            unused = [one for one in self._idle if one.idle_seconds >= (self.idle_seconds or 0)]
            self._idle = [worker for worker in self._idle if worker not in unused]
        for worker in unused:
            worker.close()
        self._clean_later()

    def _replace(self, release: Release) -> None:
        """Start a worker for one that is dead, so that the next query does not wait for it."""

        def start() -> None:
            with suppress(EndpointError):  # the next query will be told
                self._give_back(Worker(release.store, self.limits))

        threading.Thread(target=start, name="replace", daemon=True).start()

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
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            if self._cleaner:
                self._cleaner.cancel()
        for worker in idle:
            worker.close()


def _close(workers: Sequence[Worker]) -> None:
    """End idle workers, which takes some time: the event loop must not wait for it."""
    for worker in workers:
        worker.close()


class Workers:
    """The lanes: ``queries`` for the public's SPARQL, ``pages`` for our own fixed queries.

    ``pinned`` is for the public's SPARQL about another release than the one that is served: it has
    workers of at most two at once beside those at work, and slows nobody else down.
    """

    def __init__(self, settings: Settings, on_end: OnEnd = lambda *_: None) -> None:
        public = Limits.of(settings, settings.query_seconds, niceness=5)
        own = Limits.of(settings, settings.page_seconds, niceness=0)
        own = replace(own, result_bytes=settings.page_bytes)
        self.budgets = Budgets()
        self._on_end = on_end
        self.register = Register(self._charge)
        """The public's queries at work."""
        self.queries = Lane(settings.query_workers, settings.queue, public, register=self.register)
        self.pinned = Lane(
            settings.pinned_workers,
            settings.queue,
            public,
            settings.pinned_idle_seconds,
            self.register,
        )
        self.pages = Lane(settings.page_workers, settings.page_queue, own)

    def _charge(self, running: Running, error: EndpointError | None) -> None:
        self.budgets.charge(running.asking.client, running.seconds)
        self._on_end(running, error)

    def warm(self, release: Release) -> None:
        """Have a worker of each lane ready."""
        self.pages.warm(release)
        self.queries.warm(release)

    def close(self) -> None:
        """End all workers."""
        for lane in (self.queries, self.pinned, self.pages):
            lane.close()
