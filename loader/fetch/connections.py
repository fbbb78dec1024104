"""Connections that go only to addresses that were looked at, and that end when time is up.

A time limit between two bytes (as sockets have) does not stop a server that sends a byte now and
then; so a clock runs beside each request and shuts its connections.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from loader.fetch.addresses import resolve


class Clock:
    """Shuts the connections of a request after so many seconds; ``rung`` says that it has."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sockets: list[socket.socket] = []
        self.rung = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the time of the block."""
        timer = threading.Timer(self._seconds, self._ring)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for watched in self._sockets:
                watched.close()

    def watch(self, connection: socket.socket) -> None:
        """Shut that connection too. A duplicate is kept: TLS takes the socket itself away."""
        self._sockets.append(connection.dup())

    def _ring(self) -> None:
        self.rung = True
        for watched in self._sockets:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)


class GuardedAdapter(HTTPAdapter):
    """Makes the connections of requests by our rules."""

    def __init__(self, allow_private: bool, clock: Clock) -> None:
        self._pools = _pools(allow_private, clock)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Use pools that make our connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _pools(allow_private: bool, clock: Clock) -> dict[str, type[HTTPConnectionPool]]:
    def connect(connection: HTTPConnection, plainly: Callable[[], socket.socket]) -> socket.socket:
        return _connect(connection, plainly, allow_private, clock)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(
    connection: HTTPConnection,
    plainly: Callable[[], socket.socket],
    allow_private: bool,
    clock: Clock,
) -> socket.socket:
    """Connect to the first address of the host that answers; the name stays for TLS and Host."""
    name = connection.host
    try:
        addresses = resolve(name, connection.port or 0, allow_private)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(name, connection, socket.gaierror(str(error))) from error
    failure: Exception | None = None
    for address in addresses:
        connection.host = address
        try:
            made = plainly()
        except NewConnectionError as error:
            failure = error
            continue
        finally:
            connection.host = name
        clock.watch(made)
        return made
    raise failure or NewConnectionError(connection, name)
