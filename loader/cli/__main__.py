"""Where the command ``tsunagu`` begins: a stop is answered from the first moment on.

The program's modules take a while to load, and a Ctrl-C meanwhile must not show a traceback.
"""

import gc
import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130

_OBJECTS = 50_000
"""New objects after which Python looks for cycles: a batch of rows makes many and no cycle."""


def _leave(_: int, __: FrameType | None) -> None:
    os.write(2, "tsunagu: 中断しました / interrupted\n".encode())
    os._exit(INTERRUPTED)


def run() -> int:
    """Run ``tsunagu`` with the arguments of the process; return its exit code."""
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    from loader.cli.main import main

    gc.set_threshold(_OBJECTS)
    code = main()
    if code == INTERRUPTED:
        # A stop may have come while a lock was taken that threads wait for at the end of Python.
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(run())
