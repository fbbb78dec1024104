"""What the event loop watches: whether a client is still there, whether a worker has answered."""

import asyncio
from typing import Any

from endpoint.http.connection import Connection

_WATCH_AFTER = 0.2
"""Seconds after which it is worth knowing whether the client is still there."""


async def readable(descriptor: int, seconds: float) -> None:
    """Wait until there is something to read, but only so long."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(descriptor, wake)
    limit = loop.call_later(seconds, wake)
    try:
        await ready
    finally:
        limit.cancel()
        loop.remove_reader(descriptor)


class Watch:
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
