"""What the gateway is asked, and what the application answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from endpoint.http.cache import Headers, key_of
from endpoint.http.compression import choose
from endpoint.http.connection import Connection
from endpoint.http.environ import environ_of
from endpoint.http.prefix import prefix_of


@dataclass
class Reply:
    """What the application answers: all of it in ``start``, or the rest from ``rest``."""

    status: int
    headers: Headers
    start: bytes
    rest: Callable[[], bytes] | None
    """Gives one piece after another, and nothing at the end."""
    outcome: str = "ok"
    sent: int = 0
    close: Callable[[], object] = lambda: None  # where there is nothing to close

    @property
    def told(self) -> dict[str, Any]:
        """What the log says of it."""
        return {"status": self.status, "bytes": self.sent, "outcome": self.outcome}


@dataclass
class Request:
    """What is asked, and what its answer is kept by."""

    environ: dict[str, Any]
    connection: Connection
    coding: str
    key: bytes | None

    @classmethod
    def of(
        cls, scope: Any, body: bytes, connection: Connection, proxies: Sequence[str] = ()
    ) -> "Request":
        """Read a request; ``proxies`` are those that are believed."""
        environ = environ_of(scope, body, connection)
        environ["SCRIPT_NAME"] = prefix_of(environ, proxies)
        coding = choose(environ.get("HTTP_ACCEPT_ENCODING", ""))
        return cls(environ, connection, coding, key_of(environ, body, coding))
