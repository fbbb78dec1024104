"""The client's connection, as far as a request needs it: is it still there, and how to break it.

A result that cannot be finished has to look broken. A WSGI server ends a chunked answer properly
when its iterator raises: the client would take a part for the whole. So the socket itself is shut
down before the server can write the last chunk (RFC 9112, 8: such a message is incomplete).
"""

import contextlib
import errno
import os
import socket
import stat
import threading
from collections.abc import Callable

from flask import Request

ENVIRON = "tsunagu.connection"
"""Where the gateway leaves it in the WSGI environment."""
_DESCRIPTORS = "/dev/fd"


class Connection:
    """One client's connection. Safe to use from several threads."""

    def __init__(self, peer: str = "", streams: bool = True) -> None:
        self.streams = streams
        """Whether an answer of unknown length can be sent so that its end is seen (HTTP/1.1)."""
        self.notes: dict[str, object] = {}
        """What the log shall say of the request."""
        self.keepable = False
        """Whether the answer depends on nothing but the request and the release."""
        self._peer = peer
        self._gone = False
        self._callbacks: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def on_gone(self, callback: Callable[[], None]) -> None:
        """Call back when the client goes away; at once where it has."""
        with self._lock:
            self._callbacks.append(callback)
            gone = self._gone
        if gone:
            callback()

    def forget(self, callback: Callable[[], None]) -> None:
        """Do not call back any more."""
        with self._lock, contextlib.suppress(ValueError):
            self._callbacks.remove(callback)

    def lose(self) -> None:
        """Say that the client has gone away."""
        with self._lock:
            self._gone = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def abort(self) -> bool:
        """Break the connection, so that what was sent is seen to be a part; False if not found."""
        for descriptor in map(int, os.listdir(_DESCRIPTORS)):
            with contextlib.suppress(OSError), _own_socket(descriptor) as found:
                if _peer_of(found) == self._peer:
                    found.shutdown(socket.SHUT_RDWR)
                    return True
        return False


def _own_socket(descriptor: int) -> socket.socket:
    """The socket of a descriptor that another thread may close; raises OSError."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        raise OSError(errno.ENOTSOCK, "not a socket")
    return socket.socket(fileno=os.dup(descriptor))


def _peer_of(found: socket.socket) -> str:
    """``address:port``, IPv6 in brackets, as the server names peers."""
    peer = found.getpeername()
    if not isinstance(peer, tuple):
        return ""  # a Unix domain socket
    host, port = peer[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def connection(request: Request) -> Connection:
    """The connection of a request; one that nobody watches where no gateway made one."""
    found = request.environ.get(ENVIRON)
    return found if isinstance(found, Connection) else Connection()
