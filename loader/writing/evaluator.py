"""The handle of the process that evaluates: asked, timed, killed, started again where it died."""

import contextlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from loader.release import WRITTEN, Release
from loader.writing.evaluator_process import run
from loader.writing.request import Limits, Protected, Refused

_OPEN_SECONDS = 60.0
"""How long opening a checkpoint, or writing its lines, may take beyond what a request may."""


@dataclass(slots=True)
class _Process:
    """A fork that answers commands."""

    pid: int
    commands: IO[str]
    answers: IO[str]

    @classmethod
    def start(cls, limits: Limits) -> "_Process":
        """Fork it."""
        theirs, commands = os.pipe()
        answers, ours = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(commands)
                os.close(answers)
                with open(theirs) as source, open(ours, "w") as output:
                    run(source, output, limits)
            finally:
                os._exit(1)
        os.close(theirs)
        os.close(ours)
        return cls(pid, open(commands, "w"), open(answers))

    def kill(self) -> None:
        """End what it does."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """End it, whatever it does, and forget it."""
        self.kill()
        os.waitpid(self.pid, 0)
        self.answers.close()
        with contextlib.suppress(BrokenPipeError):  # what it has not read is lost
            self.commands.close()


class Died(Exception):
    """The process has ended; ``late`` says that it was killed because it took too long."""

    def __init__(self, late: bool) -> None:
        super().__init__(late)
        self.late = late


@dataclass(slots=True)
class Evaluation:
    """Evaluates requests one after another on checkpoints of a release, in ``folder``.

    A request that is refused, takes too long or ends the process leaves no trace.
    """

    release: Release
    folder: Path
    limits: Limits
    touched: set[str] = field(default_factory=set)
    """The graphs that accepted requests may have changed."""
    _process: _Process | None = None
    _state: Path | None = None
    """The checkpoint that has all that was accepted; None before the first one is made."""
    _made: int = 0

    def __enter__(self) -> "Evaluation":
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def apply(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Carry a request out; return what is answered: of a refusal its code and values."""
        stale = request.get("unchanged_since", self.release.id) != self.release.id
        if stale or "unchanged_since" in request and request["graph"] in self.touched:
            return Refused("write.changed").answer
        path = self._next()
        try:
            answer = self._ask({"do": "apply", "path": str(path), "request": request})
        except Died as died:
            shutil.rmtree(path, ignore_errors=True)
            return _broken_off(died, self.limits).answer
        if "error" not in answer:
            self.touched.update(answer.pop("touched"))
            self._state = path
        return answer

    def write(self, path: Path) -> None:
        """Write the lines of all written graphs. Raises Refused where that cannot be."""
        try:
            self._ask({"do": "write", "path": str(path), "touched": sorted(self.touched)})
        except Died as died:
            raise _broken_off(died, self.limits) from died

    def _next(self) -> Path:
        self._made += 1
        return self.folder / f"{self._made}"

    def _ask(self, command: Mapping[str, Any]) -> dict[str, Any]:
        if self._process is None:
            self._start()
        more = 0.0 if command["do"] == "apply" else _OPEN_SECONDS
        return self._exchange(command, self.limits.seconds + more)

    def _start(self) -> None:
        self._process = _Process.start(self.limits)
        state = self._state or self._next()
        protected = Protected.of(self.release.manifest)
        earlier = self.release.path / WRITTEN
        self._exchange(
            {
                "do": "open",
                "path": str(state),
                "of": None if self._state else str(self.release.store),
                "names": sorted(protected.names),
                "prefixes": protected.prefixes,
                "genid": f"{self.release.base_iri}.well-known/genid/written/",
                "quads": self.limits.quads,
                "depth": self.limits.depth,
                "earlier": str(earlier) if earlier.exists() else None,
                "touched": sorted(self.touched),
            },
            _OPEN_SECONDS,
        )
        self._state = state

    def _exchange(self, command: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send a command and read its answer; raises Died, and the process is gone then."""
        process = self._process
        assert process is not None
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, kill)
        timer.start()
        try:
            process.commands.write(json.dumps(command) + "\n")
            process.commands.flush()
            line = process.answers.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line.endswith("\n"):
            self._end()
            raise Died(late.is_set())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


def _broken_off(died: Died, limits: Limits) -> Refused:
    if died.late:
        return Refused("write.timeout", seconds=limits.seconds)
    return Refused("write.crashed")
