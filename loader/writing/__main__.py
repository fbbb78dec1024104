"""``python -m loader.writing HOME``: a batch on standard input, its answers on standard output.

The batch is JSON: ``limits`` (``Limits``) and ``requests``, each with its ``kind``: ``update``
(``text``, ``base``, ``using``, ``using_named``), or ``put``, ``post``, ``delete`` (``graph``, empty
for the default graph, ``base``, and ``documents`` with ``format`` and ``content`` in Base64).
"""

import json
import sys
from pathlib import Path

from loader.writing.batch import write
from loader.writing.request import Limits


def main() -> None:
    """Read, write, answer."""
    batch = json.load(sys.stdin)
    told = write(Path(sys.argv[1]), batch["requests"], Limits(**batch["limits"]))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
