"""The real server as a process, for tests that speak HTTP to it."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port of the loopback interface at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(home: Path, log: Path, *options: str) -> Iterator[str]:
    """Serve a home until the end of the block; gives the address, which ends in a slash.

    The server has to end by itself, with exit code 0 and nothing to complain of.
    """
    with running(home, log, *options) as (address, process):
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert log.read_text() == ""


@contextmanager
def running(home: Path, log: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The same with the process, which the block may end as it likes."""
    command = [sys.executable, "-m", "endpoint", "--home", str(home)]
    with started([*command, *options], log, ROOT) as found:
        yield found


@contextmanager
def started(
    command: Sequence[object], log: Path, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The server that a command starts, at a port of its own."""
    port = free_port()
    words = [*map(str, command), "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(words, cwd=folder, stderr=stream, env=environment)
    try:
        _wait(port, process, log)
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(log.read_text())
