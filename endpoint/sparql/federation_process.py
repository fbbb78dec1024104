"""Asks another endpoint for the solutions of a group: a process that ends when it has done so.

It reads one object of JSON from standard input: ``url``, ``query``, ``seconds``, ``bytes`` (of the
answer) and ``private`` (whether addresses that are not of the public internet may be asked); and
writes another one: ``values``, the solutions as ``VALUES``, or ``reason``, why there are none.
What the other endpoint sends is read here and nowhere else: it may crash or eat what it likes.
"""

import http.client
import ipaddress
import json
import re
import sys
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from pyoxigraph import Literal, NamedNode

from loader.sandbox import limit_resources

_MEMORY = 2 << 30
_CHUNK = 1 << 16
_NAME = re.compile(r"[^\W]\w*")
_BLANK = "urn:blank:"
"""What a blank node of another endpoint is called here: VALUES has no blank nodes."""
_HEADER = {
    "Accept": "application/sparql-results+json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "Tsunagu (open data endpoint)",
}


class Refused(Exception):
    """Why there are no solutions."""


def connect(connection: http.client.HTTPConnection, private: bool) -> None:
    """Connect, and look at the address that was reached before anything is asked."""
    connection.connect()
    reached = ipaddress.ip_address(connection.sock.getpeername()[0].partition("%")[0])
    public = getattr(reached, "ipv4_mapped", None) or reached
    if not private and not public.is_global:
        raise Refused(f"{reached} is not an address of the public internet")


def fetch(asked: dict[str, Any]) -> bytes:
    """The answer of the endpoint, whole. Raises Refused; no redirection is followed."""
    url = urlsplit(asked["url"])
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    with closing(kind(url.hostname or "", url.port, timeout=asked["seconds"])) as connection:
        connect(connection, asked["private"])
        connection.request("POST", path, urlencode({"query": asked["query"]}), _HEADER)
        with connection.getresponse() as response:
            return _read(response, asked["bytes"])


def _read(response: http.client.HTTPResponse, limit: int) -> bytes:
    if response.status != 200:
        raise Refused(f"HTTP {response.status}")
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise Refused("Content-Encoding")
    content = bytearray()
    while piece := response.read(_CHUNK):
        content += piece
        if len(content) > limit:
            raise Refused(f"more than {limit} bytes; narrow the group down")
    if response.length:
        raise Refused("the answer breaks off")
    return bytes(content)


def values_of(content: bytes) -> str:
    """The solutions of a JSON result as a VALUES clause (SPARQL 1.1 Query Results JSON Format)."""
    try:
        result = json.loads(content)
        names = result["head"]["vars"]
        rows = result["results"]["bindings"]
        if not all(_NAME.fullmatch(name) for name in names):
            raise Refused("no SPARQL result in JSON")
        lines = [f"({' '.join(_term(row.get(name)) for name in names)})" for row in rows]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"no SPARQL result in JSON: {error}") from error
    return "\n".join([f"VALUES ({' '.join(f'?{name}' for name in names)}) {{", *lines, "}"])


def _term(told: dict[str, Any] | None) -> str:
    """A term as SPARQL writes it; the constructors look at IRIs and language tags."""
    if told is None:
        return "UNDEF"
    kind, value = told["type"], told["value"]
    if kind == "uri":
        return str(NamedNode(value))
    if kind == "bnode":
        return str(NamedNode(_BLANK + quote(value, safe="")))
    if kind not in ("literal", "typed-literal"):
        raise Refused(f"a term of type {str(kind)[:20]}")
    if "xml:lang" in told:
        return str(Literal(value, language=told["xml:lang"]))
    datatype = told.get("datatype")
    return str(Literal(value, datatype=NamedNode(datatype) if datatype else None))


def main() -> None:
    """Do what standard input asks for."""
    asked = json.load(sys.stdin)
    limit_resources(_MEMORY, 5)
    try:
        told = {"values": values_of(fetch(asked))}
    except Refused as refused:
        told = {"reason": str(refused)}
    except (OSError, http.client.HTTPException) as error:
        told = {"reason": f"{type(error).__name__}: {error}"}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
