"""Addresses of clients: whose they are, and how much of them is written down."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

_HOME_NETWORK = 64
"""The prefix of IPv6 that one subscriber has; within it addresses change at will (RFC 6177)."""


def behind_proxies(peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The address that asks.

    Each proxy adds at the end of X-Forwarded-For whom it serves, so that the first address from
    the right that is not one of ours is the client; what stands left of it anybody can write.
    """
    told = forwarded_for.split(",")
    while told and is_one_of(peer, trusted):
        before = told.pop().strip()
        if not _is_address(before):
            break
        peer = before
    return peer


def is_loopback(address: str) -> bool:
    """Whether it is an address of the machine itself."""
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_one_of(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is listed, or lies in a network that is."""
    return (
        bool(networks)
        and _is_address(address)
        and any(
            ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in networks
        )
    )


@lru_cache(maxsize=1024)
def network(address: str) -> str:
    """What stands for a client: an address, or an IPv6 network of one subscriber."""
    if not _is_address(address):
        return address
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/{_HOME_NETWORK}", strict=False))


def truncated(address: str) -> str:
    """An address as it is logged: without what tells one person from the next."""
    address = address.partition("/")[0]
    if not _is_address(address):
        return address
    length = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
