"""Between granian and the Flask application: RSGI on one side, WSGI on the other.

granian's own WSGI bridge ends a chunked answer properly when its iterator raises, tells nobody that
a client has gone, and keeps a thread for each slow client. Here an answer that fails on its way is
broken off; a client that goes away ends its query; a thread works only while there is something
to do.

RSGI: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md; WSGI: PEP 3333.
"""

import asyncio
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from flask import Flask
from granian._granian import RSGIProtocolClosed
from werkzeug.http import parse_etags, unquote_etag

from endpoint.clients import find_key
from endpoint.errors import EndpointError
from endpoint.evaluation.begun import Begun
from endpoint.http.addresses import behind_proxies
from endpoint.http.arrival import body_of, refusal
from endpoint.http.cache import Headers, Kept, is_validator
from endpoint.http.compression import (
    coded_headers,
    compress,
    compressed,
    head_headers,
    is_worthwhile,
    varied,
)
from endpoint.http.connection import Connection
from endpoint.http.exchange import Reply, Request
from endpoint.http.watching import Watch, readable
from endpoint.sparql import head_start
from endpoint.sparql.head_start import HeadStart
from endpoint.state import Site
from loader.release import Release

_THREADS = 128
"""More than can wait for queries and for being written, so that a page always finds one."""
_SOON = 0.05
"""Seconds in which a short query is answered; for another one a thread waits."""
_AT_ONCE = 1 << 20
"""Answers up to this size are sent in one piece, and may be kept."""


class Gateway:
    """Serves a Flask application to granian."""

    def __init__(self, app: Flask, site: Site) -> None:
        self._app = app
        self._site = site
        self._settings = site.settings
        self._threads = ThreadPoolExecutor(_THREADS, "request")
        self._parting: Headers = []
        """What each answer says as well, when the process is to end."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Heed the main process: SIGUSR1 says that another process takes over."""
        loop.add_signal_handler(signal.SIGUSR1, self._part)

    def _part(self) -> None:
        self._parting = [("Connection", "close")]

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        begun = time.monotonic()
        connection = Connection(scope.client, streams=scope.http_version not in ("1", "1.0"))
        try:
            most = self._most_bytes(scope)
            body = await body_of(scope, protocol, most, self._settings.body_seconds)
        except EndpointError as error:
            reply = self._refusal(scope.headers.get("accept-language"), error)
            await self._send(protocol, connection, reply)
        else:
            reply = await self._answer(scope, protocol, body, connection)
        seconds = round(time.monotonic() - begun, 6)
        entry = {"method": scope.method, "path": scope.path, "seconds": seconds}
        self._site.journal.request({**entry, **reply.told, **connection.notes})

    async def _answer(
        self, scope: Any, protocol: Any, body: bytes, connection: Connection
    ) -> Reply:
        asked = Request.of(scope, body, connection, self._settings.trusted_proxies)
        kept = self._find(asked, self._site.releases.known())
        if kept is not None:
            await self._send(protocol, connection, kept)
            return kept
        early = head_start.start(self._site, asked.environ)
        watch = Watch(protocol, connection)
        try:
            reply = await self._promised(asked, early) if early else None
            if reply is None:
                reply = await self._in_thread(self._call, asked)
            await self._send(protocol, connection, reply)
            self._keep(asked, reply)
        finally:
            watch.end()
            if early is not None:
                self._end(early.begun)
        return reply

    def _end(self, begun: Begun) -> None:
        """End a query; in a thread where that may take a while."""
        if begun.taken:
            begun.end()
        else:
            self._in_thread(begun.end)

    async def _promised(self, asked: Request, early: HeadStart) -> Reply | None:
        """The answer of a query that is at work; None where it is to be waited for in a thread."""
        reply = self._ask(asked.environ)
        if early.promised and not early.is_there:
            await readable(early.begun.worker.descriptor, _SOON)
        body = early.body() if early.promised and early.is_there else None
        if body is None:
            return None
        reply.start = body
        reply.headers.append(("Content-Length", str(len(body))))
        self._compress(asked, reply)
        return reply

    def _find(self, asked: Request, release: Release | None) -> Reply | None:
        """The answer where it is kept; the release is that which is served, if it is known."""
        if asked.key is None or release is None:
            return None
        kept = self._site.cache.find(asked.key, release.id)
        if kept is None:
            return None
        environ = asked.environ
        told = environ.get("HTTP_X_FORWARDED_FOR", "")
        client = behind_proxies(environ["REMOTE_ADDR"], told, self._settings.trusted_proxies)
        asked.connection.notes.update(client=client, release=release.id, cached=True)
        if kept.etag and _has(environ, kept.etag):
            return Reply(304, [pair for pair in kept.headers if is_validator(pair)], b"", None)
        return Reply(200, kept.headers, kept.body, None)

    def _in_thread(self, call: Callable[..., Any], *arguments: object) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)

    def _most_bytes(self, scope: Any) -> int:
        """How large the body may be: larger for those who may write."""
        settings = self._settings
        scheme, _, token = (scope.headers.get("authorization") or "").partition(" ")
        if settings.write and scheme.lower() == "bearer":
            key = find_key(token.strip(), settings.keys)
            if key is not None and key.write:
                return settings.write_bytes
        return 2 * settings.body_bytes

    def _call(self, asked: Request) -> Reply:
        """Answer in a thread: from what is kept, else by the application."""
        if self._site.releases.known() is None:
            kept = self._find(asked, self._site.releases.current())
            if kept is not None:
                return kept
        reply = self._ask(asked.environ)
        try:
            self._compress(asked, reply)
        except EndpointError as error:  # nothing of it is sent yet
            reply.close()
            return self._refusal(asked.environ.get("HTTP_ACCEPT_LANGUAGE"), error)
        return reply

    def _refusal(self, accept_language: str | None, error: EndpointError) -> Reply:
        return Reply(*refusal(accept_language, error, self._settings.retry_seconds), None)

    def _ask(self, environ: dict[str, Any]) -> Reply:
        """Ask the application, and take of its answer what can be sent at once."""
        reply = Reply(500, [], b"", None)

        def start(status: str, headers: Headers, _: object = None) -> Callable[[bytes], object]:
            reply.status, reply.headers = int(status[:3]), headers
            return lambda _: None

        answer = self._app.wsgi_app(environ, start)
        reply.close = getattr(answer, "close", reply.close)
        pieces = filter(None, answer)
        taken: list[bytes] = []
        size = 0
        whole = any(name.lower() == "content-length" for name, _ in reply.headers)
        most = _AT_ONCE if whole else 0
        try:
            while size <= most and (piece := next(pieces, b"")):
                taken.append(piece)
                size += len(piece)
        except BaseException:
            reply.close()
            raise
        reply.start = b"".join(taken)
        if size > most:
            reply.rest = partial(next, pieces, b"")
        else:
            reply.close()
        return reply

    def _compress(self, asked: Request, reply: Reply) -> None:
        if asked.environ["REQUEST_METHOD"] == "HEAD":
            reply.headers = head_headers(reply.status, reply.headers, asked.coding)
            return
        if not is_worthwhile(reply.status, reply.headers, len(reply.start)):
            return
        if asked.coding and (reply.rest is None or asked.connection.streams):
            reply.headers = coded_headers(reply.headers, asked.coding)
            if reply.rest is None:
                reply.start = compress(reply.start, asked.coding)
                reply.headers.append(("Content-Length", str(len(reply.start))))
            else:
                reply.rest = compressed(reply.start, reply.rest, asked.coding)
                reply.start = reply.rest()
        reply.headers = varied(reply.headers)

    def _keep(self, asked: Request, reply: Reply) -> None:
        headers = dict(reply.headers)
        served = self._site.releases.last
        whole = reply.rest is None and reply.status == 200
        if not (asked.connection.keepable and whole and served and asked.key):
            return
        if headers.get("Tsunagu-Release") == served.id:
            kept = Kept(served.id, reply.headers, reply.start, headers.get("ETag", ""))
            self._site.cache.keep(asked.key, kept)

    async def _send(self, protocol: Any, connection: Connection, reply: Reply) -> None:
        headers = [*reply.headers, *self._parting]
        if reply.rest is None:
            protocol.response_bytes(reply.status, headers, reply.start)
            reply.sent = len(reply.start)
            return
        try:
            stream = protocol.response_stream(reply.status, headers)
            piece = reply.start
            while piece:
                await asyncio.wait_for(stream.send_bytes(piece), self._settings.send_seconds)
                reply.sent += len(piece)
                piece = await self._in_thread(reply.rest)
        except (EndpointError, TimeoutError, RSGIProtocolClosed) as error:
            reply.outcome = getattr(error, "code", "client.gone")
            connection.abort()  # told by whoever made the answer; there is nobody to tell it to
        except BaseException:
            connection.abort()
            raise
        finally:
            await self._in_thread(reply.close)


def _has(environ: dict[str, Any], tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, 13.1.2: weak comparison)."""
    return parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(unquote_etag(tag)[0] or "")
