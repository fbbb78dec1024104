"""``python -m loader.writing HOME``: batches on standard input, answers on standard output.

Each is a line of JSON. A batch is ``limits`` (``Limits``) and ``requests``, each with its ``kind``:
``update`` (``text``, ``base``, ``using``, ``using_named``), or ``put``, ``post``, ``delete``
(``graph``, empty for the default graph, ``base``, and ``documents`` with ``format`` and ``content``
in Base64). The answer is what ``batch.write`` returns, or null where the batch was broken off.

A child is forked for each batch, so that it begins with all that it needs and leaves nothing.
"""

import json
import os
import signal
import sys
from pathlib import Path

from loader.writing.batch import write
from loader.writing.request import Limits


def main() -> None:
    """Answer batches until the input ends."""
    home = Path(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server: a batch is finished
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _answer(home, line)
        _, status = os.waitpid(child, 0)
        if status != 0:
            sys.stdout.write("null\n")
            sys.stdout.flush()


def _answer(home: Path, line: bytes) -> None:
    """Carry out a batch, tell what came of it, and end: in the child."""
    done = False
    try:
        batch = json.loads(line)
        told = write(home, batch["requests"], Limits(**batch["limits"]))
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        done = True
    finally:
        os._exit(0 if done else 1)


if __name__ == "__main__":
    main()
