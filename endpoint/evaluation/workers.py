"""Query workers as the web process sees them: lanes of killable processes.

The public's SPARQL is never evaluated in the web process: the engine cannot be interrupted, and
can crash or eat the memory of the process it runs in. A lane has a number of workers, a queue and
limits; pages have a lane of their own, so that no query keeps them waiting.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace

from endpoint.errors import ClientGone, EndpointError
from endpoint.evaluation.places import Budgets, Client, Places
from endpoint.evaluation.running import Asking, OnEnd, Register, Running
from endpoint.evaluation.spool import Abandoned
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
        asking = asking or self._nobody()
        self.places.enter(asking.client, self.limits.seconds)
        running = Running(task.query, release.id, asking)
        self.register.add(running)
        worker: Worker | None = None
        try:
            worker = self._worker_for(release)
            running.runs_on(worker)
            answer = worker.ask(task, asking.seconds)
            until = self.limits.spool_bytes if asking.streams else None
            if not self._drained(worker, answer, until):
                self._behind(release, running, worker, answer)
                return answer
            running.rows = answer.rows
        except BaseException as error:
            self._leave(release, running, worker, error)
            raise
        self._leave(release, running, worker)
        return answer

    def _nobody(self) -> Asking:
        """Who asks where it is ourselves."""
        client = Client("", self.limits.seconds, self.workers, self.queue, float("inf"))
        return Asking(client, Connection(), self.limits.seconds)

    def _drained(self, worker: Worker, answer: Answer, until: int | None) -> bool:
        try:
            return worker.drain(answer, until)
        except BaseException:
            answer.body.close()
            raise

    def _behind(self, release: Release, running: Running, worker: Worker, answer: Answer) -> None:
        """Read the rest of an answer in a thread of its own: at most one for each worker."""

        def drain() -> None:
            error: EndpointError | None = None
            try:
                worker.drain(answer)
                running.rows = answer.rows
            except EndpointError as raised:
                error = raised
                answer.body.finish(error)
            except Abandoned:
                error = ClientGone("query.client-gone")
            self._leave(release, running, worker, error)

        threading.Thread(target=drain, name="drain", daemon=True).start()

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

    def _worker_for(self, release: Release) -> Worker:
        store, found, stale = release.store, None, []
        with self._lock:
            for worker in reversed(self._idle):
                if worker.store != store:
                    stale += [worker] if worker.is_stale or not worker.alive else []
                elif found is None and worker.alive:
                    found = worker
                elif found is None:
                    stale.append(worker)
            self._idle = [one for one in self._idle if one is not found and one not in stale]
        for worker in stale:
            worker.close()
        return found or Worker(store, self.limits)

    def _give_back(self, worker: Worker) -> bool:
        """Keep a worker for the next query: at most those of two releases, the last used ones.

        Tells whether it is kept: not where it is dead, or worse than a new one.
        """
        worn = worker.stands_back or worker.has_grown
        with self._lock:
            kept = worker.alive and not worn and not self._closed
            if kept:
                self._idle.append(worker)
            else:
                worker.close()
            surplus = self._idle[: -2 * self.workers]
            del self._idle[: -2 * self.workers]
        for worker in surplus:
            worker.close()
        self._clean_later()
        return kept

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
