"""A client that costs little: one kept connection, requests as bytes, answers read and timed."""

import socket
import time
from dataclasses import dataclass
from urllib.parse import quote

_PIECE = 1 << 20
_END_OF_CHUNKS = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer: its status, the bytes of its body as sent, and the seconds until it was there."""

    status: int
    size: int
    seconds: float


class Wire:
    """One connection; ``source`` is the address of the loopback network that it comes from."""

    def __init__(self, port: int, path: str, source: str = "127.0.0.1") -> None:
        self._path = path
        self._socket = socket.create_connection(("127.0.0.1", port), 120, (source, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def query(self, text: str, accept: str) -> Timed:
        """Ask a SPARQL query by GET."""
        return self.get(f"{self._path}?query={quote(text)}", accept)

    def get(self, path: str, accept: str = "*/*") -> Timed:
        """Ask for a path."""
        sent = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()
        begun = time.perf_counter()
        self._socket.sendall(sent)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        header = bytes(received[:end]).lower()
        size = self._rest(header, received, end + 4)
        return Timed(int(header[9:12]), size, time.perf_counter() - begun)

    def _rest(self, header: bytes, received: bytearray, start: int) -> int:
        """Read the body to its end; return its size."""
        if b"transfer-encoding: chunked" in header:
            while not received.endswith(_END_OF_CHUNKS):
                received += self._more()
            return len(received) - start
        size = int(header.partition(b"content-length:")[2].split()[0])
        missing = size - (len(received) - start)
        while missing > 0:
            missing -= len(self._more())
        return size

    def _more(self) -> bytes:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise SystemExit("the server has ended the connection")
        return piece

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
