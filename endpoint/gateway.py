"""Between granian and the Flask application: RSGI on one side, WSGI on the other.

granian's own WSGI bridge ends a chunked answer properly when its iterator raises, tells nobody that
a client has gone, and keeps a thread for each slow client. Here an answer that fails on its way is
broken off; a client that goes away ends its query; a thread works only while there is something
to do.

RSGI: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md; WSGI: PEP 3333.
"""

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from flask import Flask
from granian._granian import RSGIProtocolClosed
from werkzeug.wsgi import FileWrapper

from endpoint.connection import ENVIRON, Connection
from endpoint.errors import EndpointError
from endpoint.state import Site

_THREADS = 64
"""More than can wait for queries, so that a page always finds one."""
_WATCH_AFTER = 0.2
"""Seconds after which it is worth knowing whether the client is still there."""
_AT_ONCE = 256 << 10
"""Answers up to this size are sent in one piece."""
_PIECE = 64 << 10

Headers = list[tuple[str, str]]


class _Pieces(FileWrapper):
    """Files in larger pieces than the framework's."""

    def __init__(self, file: Any, buffer_size: int = _PIECE) -> None:
        super().__init__(file, max(buffer_size, _PIECE))


@dataclass
class Reply:
    """What the application answers: all of it in ``start``, or the rest from ``rest``."""

    status: int
    headers: Headers
    start: bytes
    rest: Iterator[bytes] | None
    outcome: str = "ok"
    sent: int = 0
    close: Callable[[], object] = lambda: None  # where there is nothing to close

    @property
    def told(self) -> dict[str, Any]:
        """What the log says of it."""
        return {"status": self.status, "bytes": self.sent, "outcome": self.outcome}

    def next_piece(self) -> bytes:
        """More of it; nothing at the end."""
        return next(filter(None, self.rest), b"") if self.rest else b""


class Gateway:
    """Serves a Flask application to granian."""

    def __init__(self, app: Flask, site: Site) -> None:
        self._app = app
        self._settings = site.settings
        self._journal = site.journal
        self._threads = ThreadPoolExecutor(_THREADS, "request")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        begun = time.monotonic()
        connection = Connection(scope.client, streams=scope.http_version not in ("1", "1.0"))
        body = await self._body(protocol)
        if isinstance(body, int):
            reply = Reply(body, [("connection", "close")], b"", None)
            await self._send(protocol, connection, reply)
        else:
            reply = await self._answer(scope, protocol, body, connection)
        seconds = round(time.monotonic() - begun, 6)
        entry = {"method": scope.method, "path": scope.path, "seconds": seconds}
        self._journal.request({**entry, **reply.told, **connection.notes})

    async def _answer(
        self, scope: Any, protocol: Any, body: bytes, connection: Connection
    ) -> Reply:
        environ = _environ(scope, body, connection)
        watch = _Watch(protocol, connection)
        try:
            reply: Reply = await self._in_thread(self._call, environ)
            await self._send(protocol, connection, reply)
        finally:
            watch.end()
        return reply

    def _in_thread(self, call: Callable[..., Any], *arguments: object) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)

    async def _body(self, protocol: Any) -> bytes | int:
        """The body of the request; a status where it is too large or too slow."""
        pieces = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                async for piece in protocol:
                    pieces += piece
                    if len(pieces) > 2 * self._settings.body_bytes:
                        return 413
        except TimeoutError:
            return 408
        return bytes(pieces)

    def _call(self, environ: dict[str, Any]) -> Reply:
        """Ask the application, and take of its answer what can be sent at once."""
        reply = Reply(500, [], b"", None)

        def start(status: str, headers: Headers, _: object = None) -> Callable[[bytes], object]:
            reply.status, reply.headers = int(status[:3]), headers
            return lambda _: None

        answer = self._app.wsgi_app(environ, start)
        reply.close = getattr(answer, "close", reply.close)
        pieces = iter(answer)
        taken = bytearray()
        try:
            while len(taken) <= _AT_ONCE and (piece := next(filter(None, pieces), b"")):
                taken += piece
        except BaseException:
            reply.close()
            raise
        reply.start = bytes(taken)
        reply.rest = pieces if len(taken) > _AT_ONCE else None
        if reply.rest is None:
            reply.close()
        return reply

    async def _send(self, protocol: Any, connection: Connection, reply: Reply) -> None:
        if reply.rest is None:
            protocol.response_bytes(reply.status, reply.headers, reply.start)
            reply.sent = len(reply.start)
            return
        try:
            stream = protocol.response_stream(reply.status, reply.headers)
            piece = reply.start
            while piece:
                await asyncio.wait_for(stream.send_bytes(piece), self._settings.send_seconds)
                reply.sent += len(piece)
                piece = await self._in_thread(reply.next_piece)
        except (EndpointError, TimeoutError, RSGIProtocolClosed) as error:
            reply.outcome = getattr(error, "code", "client.gone")
            connection.abort()  # told by whoever made the answer; there is nobody to tell it to
        except BaseException:
            connection.abort()
            raise
        finally:
            await self._in_thread(reply.close)


class _Watch:
    """Tells the connection when the client goes away, in requests that last."""

    def __init__(self, protocol: Any, connection: Connection) -> None:
        self._protocol = protocol
        self._connection = connection
        self._task: asyncio.Task[None] | None = None
        self._start = asyncio.get_running_loop().call_later(_WATCH_AFTER, self._watch)

    def _watch(self) -> None:
        self._task = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        await self._protocol.client_disconnect()
        self._connection.lose()

    def end(self) -> None:
        """The request is answered."""
        self._start.cancel()
        if self._task is not None:
            self._task.cancel()


def _environ(scope: Any, body: bytes, connection: Connection) -> dict[str, Any]:
    """The WSGI environment (PEP 3333); text is bytes in Latin-1 there."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "replace").decode("latin-1"),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1" if connection.streams else "HTTP/1.0",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _Pieces,
        ENVIRON: connection,
    }
    for name, value in scope.headers.items():
        _add(environ, name.upper().replace("-", "_"), value)
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    """A header field; of several with one name the values are joined (RFC 9110, 5.3)."""
    if name == "CONTENT_LENGTH":
        return  # the body is here: its length is known
    key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
    text = value.encode("utf-8", "replace").decode("latin-1")
    environ[key] = f"{environ[key]}, {text}" if key in environ else text
