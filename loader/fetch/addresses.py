"""Which addresses may be fetched: http and https, and nothing inside the house.

A descriptor may come from anywhere, so what it names must not make this machine read the network
that it stands in (server-side request forgery). The name is resolved once, all its addresses are
looked at, and the connection goes to one of those that were looked at.
"""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from loader.fetch.refusal import Refusal

SCHEMES = ("http", "https")

_URL = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked(url: str) -> str:
    """Return an address that can be asked for.

    Raises Refusal for another scheme than http and https, for what is no address, and for one
    with a password in it: addresses are published as the source of the data.
    """
    if not _URL.fullmatch(url):
        raise Refusal("source.address-unusable", final=True)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refusal("source.address-unusable", final=True) from error
    if not parts.hostname or parts.username is not None or port == 0:
        raise Refusal("source.address-unusable", final=True)
    return url


def resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """Return the addresses of a host, as numbers.

    Raises Refusal where one of them is not of the public internet and that is not allowed, and
    OSError (socket.gaierror) where there is none.
    """
    infos = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if not allow_private and not all(map(_is_public, addresses)):
        raise Refusal("source.address-private", final=True, host=host)
    return addresses


def _is_public(text: str) -> bool:
    address = _inner(ipaddress.ip_address(text.partition("%")[0]))
    return address.is_global and not address.is_multicast


def _inner(address: _Ip) -> _Ip:
    """Return the IPv4 address that an IPv6 address stands for (RFC 4291, 3056, 6052), else it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
