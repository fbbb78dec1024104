"""Evaluates the requests of a batch on checkpoints; without network, and can be killed.

A fork of the writer, which has opened no store before: the engine's threads do not survive a fork,
and what waits for them waits for ever. It reads commands from one pipe and answers on another, a
line of JSON each, and ends when its input does, also while it evaluates, so that it never outlives
who started it.

``open``   a checkpoint at ``path``, or one made there of the store ``of``; with what ``Scratch``
           needs and the graphs ``touched`` so far
``apply``  a ``request`` to a checkpoint made at ``path``; after a refusal the store is as before
``write``  the lines of the written graphs to ``path``
"""

import json
import os
import queue
import shutil
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from pyoxigraph import Store

from loader.sandbox import forbid_network, limit_resources
from loader.writing.request import Limits, Protected, Refused
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
        if command["of"] is not None:
            Store.read_only(command["of"]).backup(command["path"])
        protected = Protected(frozenset(command["names"]), tuple(command["prefixes"]))
        store = Store(command["path"])
        self._scratch = Scratch(
            store, protected, command["genid"], command["quads"], command["depth"]
        )
        self._earlier = Path(command["earlier"]) if command["earlier"] else None
        self._scratch.count(self._earlier, command["touched"])
        return {}

    def _apply(self, command: dict[str, Any]) -> dict[str, Any]:
        answer, after = self._try(command)
        if after is None:
            # Nobody has the store any more, so that it is closed: the engine does not bear that
            # its files are removed before.
            shutil.rmtree(command["path"])
        else:
            self._scratch = after
        return answer

    def _try(self, command: dict[str, Any]) -> tuple[dict[str, Any], Scratch | None]:
        """Return the answer, and the store with what was asked for; None where it was refused."""
        before = self._open_scratch
        before.store.backup(command["path"])
        after = replace(before, store=Store(command["path"]), counts=before.counts.copy())
        try:
            return after.apply(command["request"]), after
        except Refused as refused:
            return refused.answer, None

    def _write(self, command: dict[str, Any]) -> dict[str, Any]:
        self._open_scratch.write(self._earlier, command["touched"], Path(command["path"]))
        return {}


def work(commands: "queue.SimpleQueue[str]", output: IO[str]) -> None:
    """Answer commands for ever: the body of the thread that evaluates."""
    evaluator = Evaluator()
    try:
        while True:
            output.write(json.dumps(evaluator.answer(json.loads(commands.get()))) + "\n")
            output.flush()
    finally:
        os._exit(1)  # what is no refusal ends the process: who started it knows then


def run(source: Iterable[str], output: IO[str], limits: Limits) -> None:
    """Answer commands until they end; the process ends with them."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what an engine says that is out of memory
    limit_resources(limits.memory_bytes, _NICENESS)
    forbid_network()
    threading.stack_size(limits.stack_bytes)
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=work, args=(commands, output), daemon=True).start()
    for line in source:
        commands.put(line)
    os._exit(0)
