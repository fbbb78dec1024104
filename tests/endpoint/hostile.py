"""Hostile queries and requests as tables say them, and the processes of the server under them."""

import contextlib
import re
import socket
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from endpoint.language import MESSAGES

_HERE = Path(__file__).parent
_PREFIXES = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>
PREFIX tsf: <https://w3id.org/tsunagu/function#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_END = "Host: localhost\r\nConnection: close\r\n"
_REQUEST = {
    "get": [f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n{_END}", 1],
    "post": [f"POST /sparql HTTP/1.1\r\n{_END}Content-Type: application/sparql-query\r\n", 1],
    "end": [f"{_END}\r\n", 1],
}
_PART = re.compile("«([a-z]{2,}|[xy])»")


@dataclass(frozen=True)
class Case:
    """A line of a table: what is sent, and the ends that it may come to."""

    name: str
    text: str
    ends: Sequence[str | int]
    parts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    seconds: float = 0.4

    @property
    def query(self) -> str:
        """The text as a query, with the prefixes that it uses."""
        query = self._whole({})
        used = [line for line in _PREFIXES.splitlines() if line.split()[1] in query]
        return "\n".join([*used, query])

    @property
    def request(self) -> bytes:
        """The text as the bytes of a request."""
        return self._whole(_REQUEST).encode()

    def _whole(self, more: Mapping[str, Sequence[Any]]) -> str:
        parts = {**more, **self.parts}
        return _PART.sub(lambda place: _repeated(*parts[place[1]]), self.text)

    def ends_in(self, status: int, text: str) -> str | int | None:
        """The end that an answer is; None where it is none that this case may come to."""
        return next((end for end in self.ends if _is(end, status, text)), None)


def _repeated(text: str, times: int) -> str:
    if "«" not in text:
        return text * times
    return "".join(
        text.replace("«n»", str(number)).replace("«m»", str(number + 1)) for number in range(times)
    )


def _is(end: str | int, status: int, text: str) -> bool:
    if isinstance(end, int) or end == "ok":
        return status == (200 if end == "ok" else end)
    if end == "closed":
        return status == 0
    return status >= 400 and any(_says(pattern, text) for pattern in MESSAGES.entries[end].values())


def _says(message: str, text: str) -> bool:
    """Whether a text begins with a message, whatever stands in its places."""
    pattern = re.sub(r"\\\{[^{}]*\\\}", ".*", re.escape(message))
    return re.match(pattern, text, re.DOTALL) is not None


def cases(table: str) -> list[Case]:
    """The lines of a table beside this file."""
    content = tomllib.loads((_HERE / table).read_text(encoding="utf-8"))
    return [Case(name, **values) for name, values in content.items()]


def exchange(port: int, sent: bytes) -> tuple[int, bytes, bytes]:
    """Send bytes; return the status (0: no answer), the header and what follows it."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        with contextlib.suppress(ConnectionError):  # refused before all of it was sent
            connection.sendall(sent)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(1 << 16):
                received += piece
    header, _, body = bytes(received).partition(b"\r\n\r\n")
    return int(header.split()[1]) if header else 0, header, body


def grandchildren(process: int) -> set[int]:
    """The processes that the children of a process have started (proc(5))."""
    return {second for first in _children(process) for second in _children(first)}


def _children(process: int) -> set[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return {int(number) for task in tasks for number in task.read_text().split()}


def is_alive(process: int) -> bool:
    """Whether any thread of a process is neither gone nor waiting to be noticed (proc(5)).

    A process whose first thread has ended is only noticed by its parent when the others have too.
    """
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        states = [(thread / "stat").read_text() for thread in threads]
    except (FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}").exists() and is_alive(process)
    return any(state.rpartition(")")[2].split()[0] not in "ZX" for state in states)
