"""Evaluates the requests of a batch on a checkpoint; without network, and can be killed.

``python -m loader.writing.evaluator_process MEMORY STACK`` reads commands from standard input, one
line of JSON each, and answers each with a line. It ends when its input does, also while it
evaluates, so that it never outlives who started it.

``open``   the store at ``path``, with what ``Scratch`` needs and the graphs ``touched`` so far
``apply``  a ``request`` to a checkpoint made at ``path``; after a refusal the store is as before
``write``  the lines of the written graphs to ``path``
"""

import json
import os
import queue
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from loader.sandbox import forbid_network, limit_resources
from loader.writing.request import Protected, Refused
from loader.writing.scratch import Scratch

_NICENESS = 5


class Evaluator:
    """Answers commands, one after another."""

    def __init__(self) -> None:
        self._scratch: Scratch | None = None
        self._earlier: Path | None = None

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command; a request that is refused is an answer, too."""
        doing = {"open": self._open, "apply": self._apply, "write": self._write}
        return doing[command["do"]](command)

    @property
    def _open_scratch(self) -> Scratch:
        assert self._scratch is not None, "nothing is open"
        return self._scratch

    def _open(self, command: dict[str, Any]) -> dict[str, Any]:
        protected = Protected(frozenset(command["names"]), tuple(command["prefixes"]))
        store = Store(command["path"])
        self._scratch = Scratch(store, protected, command["genid"], command["quads"])
        self._earlier = Path(command["earlier"]) if command["earlier"] else None
        self._scratch.count(self._earlier, command["touched"])
        return {}

    def _apply(self, command: dict[str, Any]) -> dict[str, Any]:
        before = self._open_scratch
        before.store.backup(command["path"])
        after = Scratch(
            Store(command["path"]),
            before.protected,
            before.genid,
            before.most,
            before.counts.copy(),
        )
        try:
            answer = after.apply(command["request"])
        except Refused as refused:
            del after
            shutil.rmtree(command["path"])
            return refused.answer
        self._scratch = after
        return answer

    def _write(self, command: dict[str, Any]) -> dict[str, Any]:
        self._open_scratch.write(self._earlier, command["touched"], Path(command["path"]))
        return {}


def work(commands: "queue.SimpleQueue[str]") -> None:
    """Answer commands for ever: the body of the thread that evaluates."""
    evaluator = Evaluator()
    while True:
        answer = evaluator.answer(json.loads(commands.get()))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Answer commands from standard input until it ends."""
    memory, stack = map(int, arguments)
    limit_resources(memory, _NICENESS)
    forbid_network()
    threading.stack_size(stack)
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_work_or_die, args=(commands,), daemon=True).start()
    for line in sys.stdin:
        commands.put(line)
    os._exit(0)


def _work_or_die(commands: "queue.SimpleQueue[str]") -> None:
    """Whatever goes wrong that is no refusal ends the process: who started it knows then."""
    try:
        work(commands)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
