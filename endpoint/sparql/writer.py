"""Hands what is to be written to the writer, a program of its own, in batches.

The endpoint only reads releases; ``python -m loader.writing HOME`` makes one of all requests that
have come while it made the one before (docs/writing.md). Each request waits until the endpoint
serves the release.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from endpoint.errors import EndpointError, Unavailable
from endpoint.settings import MIB, Settings
from loader.errors import TsunaguError

_ROOT = Path(__file__).parents[2]
_PROGRAM = "loader.writing"
_DIED = "write.writer-died"
_MOST_REQUESTS = 100
_MOST_BYTES = 64 * MIB
"""How much goes into one release."""
_MORE_SECONDS = 600.0
"""How long the release may take beyond what its requests may."""

Request = Mapping[str, Any]


class Writer:
    """Takes requests of many threads. ``take_up`` serves a release, and tells whether it could."""

    def __init__(self, home: Path, settings: Settings, take_up: Callable[[str], bool]) -> None:
        self._home = home
        self._settings = settings
        self._take_up = take_up
        self._waiting: queue.Queue[tuple[Request, int, Future[dict[str, Any]]]] = queue.Queue(
            settings.write_queue
        )
        self._begin = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def write(self, request: Request, size: int) -> dict[str, Any]:
        """Carry a request out, of so many bytes; return its answer and the ``release`` that has it.

        Raises Unavailable where too many wait.
        """
        done: Future[dict[str, Any]] = Future()
        with self._begin:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait((request, size, done))
        except queue.Full:
            raise Unavailable("write.queue", limit=self._settings.write_queue) from None
        return done.result()

    def _work(self) -> None:
        while True:
            batch = [self._waiting.get()]
            size = batch[0][1]
            while len(batch) < _MOST_REQUESTS and size < _MOST_BYTES:
                try:
                    batch.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
                size += batch[-1][1]
            self._write([request for request, _, _ in batch], [done for _, _, done in batch])

    def _write(self, requests: list[Request], waiting: list[Future[dict[str, Any]]]) -> None:
        try:
            told = self._run(requests)
            if told["release"] is not None and not self._take_up(told["release"]):
                raise Unavailable("write.not-served", release=told["release"])
        except (EndpointError, TsunaguError, OSError, ValueError) as error:
            told_all = error if isinstance(error, EndpointError) else Unavailable(_DIED)
            for done in waiting:
                done.set_exception(told_all)
            return
        for done, answer in zip(waiting, told["answers"], strict=True):
            done.set_result({"release": told["release"], **answer})

    def _run(self, requests: list[Request]) -> dict[str, Any]:
        settings = self._settings
        limits = {
            "seconds": settings.write_seconds,
            "wait_seconds": settings.write_wait_seconds,
            "quads": settings.write_quads,
            "depth": settings.query_depth,
            "memory_bytes": settings.memory_bytes,
            "stack_bytes": settings.stack_bytes,
        }
        batch = json.dumps({"limits": limits, "requests": requests}).encode() + b"\n"
        most = settings.write_wait_seconds + settings.write_seconds * len(requests) + _MORE_SECONDS
        told = _exchange(self._program(), batch, most)
        if told is None:
            raise Unavailable(_DIED)
        return told

    def _program(self) -> "subprocess.Popen[bytes]":
        """The program; started anew where it has ended."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _PROGRAM, self._home],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
            )
        return self._process


def _exchange(
    process: "subprocess.Popen[bytes]", batch: bytes, seconds: float
) -> dict[str, Any] | None:
    """Send a batch and read the answers; None where the program has ended, or is ended for it."""
    assert process.stdin is not None and process.stdout is not None
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        process.stdin.write(batch)
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = b""
    finally:
        timer.cancel()
    if not line.endswith(b"\n"):
        process.kill()
        process.wait()
        return None
    told: dict[str, Any] | None = json.loads(line)
    return told
