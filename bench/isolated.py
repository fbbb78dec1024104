"""The least that isolation costs: Flask, and the engine in another process behind a pipe.

No limits, no streaming, no release, one query at a time: what a point query takes here, it takes
wherever the public's queries run in a process that can be killed. ``ISOLATED_STORE`` names the
store; run as a program, this is the other process.
"""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable

from flask import Flask, Response, request
from pyoxigraph import QueryResultsFormat, Store

STORE = "ISOLATED_STORE"
_LENGTH = struct.Struct("!I")
_PIECE = 1 << 16

app = Flask("isolated")
_turn = threading.Lock()
_process: list[subprocess.Popen[bytes]] = []


@app.route("/sparql")
def sparql() -> Response:
    """Have the other process answer."""
    with _turn:
        if not _process:
            command = [sys.executable, "-m", "bench.isolated"]
            pipe = subprocess.PIPE
            _process.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, bufsize=0))
        stdin, stdout = _process[0].stdin, _process[0].stdout
        assert stdin is not None and stdout is not None
        query = request.args["query"].encode()
        stdin.write(_LENGTH.pack(len(query)) + query)
        answer = _message(lambda: os.read(stdout.fileno(), _PIECE))
    return Response(answer, content_type="application/sparql-results+json")


def _message(read: Callable[[], bytes]) -> bytes:
    """One message, which is all that comes; nothing where the other side has gone."""
    received = b""
    while len(received) < _LENGTH.size or len(received) < _LENGTH.size + _length(received):
        piece = read()
        if not piece:
            return b""
        received += piece
    return received[_LENGTH.size :]


def _length(received: bytes) -> int:
    return int(_LENGTH.unpack_from(received)[0])


def main() -> None:
    """Answer queries until nobody asks."""
    store = Store.read_only(os.environ[STORE])
    while query := _message(lambda: os.read(0, _PIECE)).decode():
        found = store.query(query, use_default_graph_as_union=True)
        answer = found.serialize(format=QueryResultsFormat.JSON)  # type: ignore[call-overload]
        os.write(1, _LENGTH.pack(len(answer)) + answer)
    os._exit(0)  # a store opened read-only crashes in an ordinary exit


if __name__ == "__main__":
    main()
