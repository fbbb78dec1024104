"""A query that a worker has been given, until its answer is there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from endpoint.errors import ClientGone, EndpointError
from endpoint.evaluation.running import Running
from endpoint.evaluation.spool import Abandoned
from endpoint.evaluation.task import Answer
from endpoint.evaluation.worker import Worker


@dataclass(slots=True)
class Begun:
    """One query at work; whoever has it either takes the answer or abandons it."""

    running: Running
    worker: Worker
    until: int | None
    """After so many bytes the answer is handed over, though it has not ended; None: never."""
    leave: Callable[[BaseException | None], None]
    """Gives worker and place back."""
    taken: bool = False
    """Whether somebody waits for the answer, or has it."""
    _answer: Answer | None = None
    _error: EndpointError | None = None
    _left: bool = False

    def answer(self) -> Answer:
        """Wait for the answer; raises an EndpointError where there is none. The same each time.

        One that may be streamed is returned when it outgrows memory: the rest of it is read
        behind it, at the pace of the worker and not of the client.
        """
        if not self.taken:
            self.take()
        self._leave(self._error)
        if self._answer is None:
            raise self._error or ClientGone("query.client-gone")
        return self._answer

    def take(self) -> Answer | None:
        """Wait for the answer; worker and place are kept until ``answer`` or ``end``.

        None where ``answer`` will say why there is none.
        """
        self.taken = True
        try:
            answer = self.worker.answer()
            if self._drained(answer):
                self.running.rows = answer.rows
            else:
                self._behind(answer)
                self._left = True
            self._answer = answer
        except EndpointError as error:
            self._error = error
        except BaseException as error:
            self._leave(error)
            raise
        return self._answer

    def end(self) -> None:
        """Give worker and place back, if that is not done; end what nobody has waited for."""
        if not self.taken:
            self.taken = True
            self._error = ClientGone("query.client-gone")
            self.worker.close()
        if self._answer or self._error:  # else somebody still waits, and will leave
            self._leave(self._error)

    def _leave(self, error: BaseException | None) -> None:
        if not self._left:
            self._left = True
            self.leave(error)

    def _drained(self, answer: Answer) -> bool:
        try:
            return self.worker.drain(answer, self.until)
        except BaseException:
            answer.body.close()
            raise

    def _behind(self, answer: Answer) -> None:
        """Read the rest of an answer in a thread of its own: at most one for each worker."""

        def drain() -> None:
            error: EndpointError | None = None
            try:
                self.worker.drain(answer)
                self.running.rows = answer.rows
            except EndpointError as raised:
                error = raised
                answer.body.finish(error)
            except Abandoned:
                error = ClientGone("query.client-gone")
            self.leave(error)

        threading.Thread(target=drain, name="drain", daemon=True).start()
