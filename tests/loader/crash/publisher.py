"""Publishes in children that can be killed at any moment; run as a process of its own.

Everything is imported before the first fork, so that a publish takes no longer than its work. The
engine's threads do not survive a fork: no store is opened in this process, only in its children.

Reads orders as lines of JSON: ``arguments`` of the command line; ``seconds`` after which the child
is killed, or ``call``, the number of the call (of those in ``calls``, else CALLS) before which it
kills itself; ``grow`` whether its store may always grow from an earlier one. Answers each with a
line of JSON: the exit code (negative: the signal), seconds, and how many calls were made.
"""

import contextlib
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from loader.build import growth
from loader.cli import publish, releases  # noqa: F401 - imported so that children need not
from loader.cli.main import main
from loader.inputs import software_digest
from shapes import texts

CALLS = ("rename", "replace", "fsync", "link", "unlink", "rmdir", "mkdir", "symlink")
CALLED = [0]


def count_calls(names: Sequence[str], report: int, last: int | None) -> None:
    """Count the calls that matter; die before the one with the number ``last`` (from 1)."""
    for name in names:
        setattr(os, name, counted(getattr(os, name), report, last))


def counted(call: Callable[..., Any], report: int, last: int | None) -> Callable[..., Any]:
    def wrapper(*arguments: Any, **options: Any) -> Any:
        CALLED[0] += 1
        if CALLED[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(report, b".")
        return call(*arguments, **options)

    return wrapper


def child(order: dict[str, Any], report: int) -> None:
    """Publish, and end without ceremony, as a killed process does."""
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    if order.get("grow"):
        growth.MOST_CHANGED = 100.0
    count_calls(order.get("calls", CALLS), report, order.get("call"))
    os._exit(main(order["arguments"]))


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Do what an order says; return what became of it."""
    calls, report = os.pipe()
    begun = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(calls)
        child(order, report)
    os.close(report)
    if "seconds" in order:
        time.sleep(order["seconds"])
        os.kill(pid, signal.SIGKILL)
    made = 0
    while found := os.read(calls, 1 << 16):
        made += len(found)
    os.close(calls)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "seconds": time.monotonic() - begun, "calls": made}


def warm(folder: str) -> None:
    """Read what every publish reads, without opening a store."""
    software_digest()
    texts()
    with contextlib.redirect_stdout(io.StringIO()):
        main(["check", folder])


def serve() -> None:
    """Answer orders until there are no more."""
    warm(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    serve()
