"""Who asks: an address, or the holder of a key. Each has places and query-seconds of its own."""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence

from flask import request

from endpoint.errors import Unauthorized
from endpoint.places import Client
from endpoint.settings import Key, Settings
from endpoint.state import site

_HOME_NETWORK = 64
"""The prefix of IPv6 that one subscriber has; within it addresses change at will (RFC 6177)."""


def client_of_request() -> Client:
    """The client of this request; raises Unauthorized for a key that is not known."""
    settings = site().settings
    key = presented_key(settings)
    if key is not None:
        return of_key(key, settings)
    address = remote_address(settings.trusted_proxies)
    return Client(
        _network(address),
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


def presented_key(settings: Settings) -> Key | None:
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


def remote_address(trusted: Sequence[str]) -> str:
    """The address that asks: of the connection or, behind proxies of ours, as they tell.

    Each proxy adds at the end of X-Forwarded-For whom it serves, so that the first address from
    the right that is not one of ours is the client; what stands left of it anybody can write.
    """
    address: str = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").split(",")
    while told and _in(address, trusted):
        before = told.pop().strip()
        if not _is_address(before):
            break
        address = before
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _in(address: str, networks: Sequence[str]) -> bool:
    return _is_address(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in networks
    )


def _network(address: str, length: int = _HOME_NETWORK) -> str:
    if not _is_address(address):
        return address
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def truncated(address: str) -> str:
    """An address as it is logged: without what tells one person from the next."""
    address = address.partition("/")[0]
    if not _is_address(address):
        return address
    length = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
