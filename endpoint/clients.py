"""Who asks: an address, or the holder of a key. Each has places and query-seconds of its own."""

import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Request

from endpoint.errors import Unauthorized
from endpoint.evaluation.places import Client
from endpoint.http.addresses import behind_proxies, is_loopback, network
from endpoint.settings import Key, Settings

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def client_of(request: Request, settings: Settings) -> Client:
    """The client that asks; raises Unauthorized for a key that is not known."""
    key = presented_key(request, settings)
    if key is not None:
        return of_key(key, settings)
    return Client(
        network(asking_address(request, settings)),
        settings.query_seconds,
        settings.client_queries,
        settings.client_queue,
        settings.client_seconds,
    )


def of_key(key: Key, settings: Settings) -> Client:
    """The client that a key stands for."""
    return Client(
        f"key:{key.name}",
        key.query_seconds or settings.query_seconds,
        key.queries or settings.client_queries,
        settings.client_queue,
        key.seconds_per_minute or settings.client_seconds,
        key.operator,
    )


def presented_key(request: Request, settings: Settings) -> Key | None:
    """The key in ``Authorization: Bearer …`` (RFC 6750, 2.1); None where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    key = find_key(token.strip(), settings.keys)
    if key is None:
        raise Unauthorized("key.unknown")
    return key


def find_key(token: str, keys: Sequence[Key]) -> Key | None:
    """The key whose hash the token has; all are compared, each in constant time."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    found = [key for key in keys if hmac.compare_digest(key.sha256, digest)]
    return found[0] if found else None


def asking_address(request: Request, settings: Settings) -> str:
    """The address that asks: of the connection or, behind proxies of ours, as they tell."""
    told = request.headers.get("X-Forwarded-For", "")
    return behind_proxies(request.remote_addr or "", told, settings.trusted_proxies)


def is_local(request: Request) -> bool:
    """Whether a person or a program on this very machine asks, by a name of this machine.

    A proxy on the machine asks for others. A page of another site can make a browser here ask, by
    a name of its own that leads here: then the name in Host is not ours.
    """
    host = urlsplit(f"//{request.host}").hostname or ""
    return (
        is_loopback(request.remote_addr or "")
        and not any(name in request.headers for name in _FORWARDED)
        and (host == "localhost" or is_loopback(host))
    )
