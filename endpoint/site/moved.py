"""Requests for IRIs under which the site published before: they are led to what they are now.

A request is for an earlier base IRI (docs/move.md) where it has its host and begins with its path.
Where both bases are on one host and a proxy takes the path away, nothing can be told from the
request, and it is answered as any other.
"""

from urllib.parse import urlsplit

from flask import Response, request

from endpoint.errors import Unavailable
from endpoint.links import as_uri
from endpoint.state import release
from vocab.iris import IriPolicy

_PORTS = {"http": 80, "https": 443}


def lead_on() -> Response | None:
    """The redirect of a request under an earlier base IRI; None for any other.

    Browsers follow none when they ask for leave (OPTIONS), nor do monitors.
    """
    if request.method == "OPTIONS" or request.path == "/healthz":
        return None
    try:
        served = release()
    except Unavailable:
        return None
    for earlier in served.earlier_bases:
        rest = _below(earlier, served.base_iri)
        if rest is not None:
            return _redirect(IriPolicy(served.base_iri).from_path(rest))
    return None


def _below(earlier: str, now: str) -> str | None:
    """What of the request's path is below an earlier base IRI; None where it is not for that."""
    old, new = urlsplit(earlier), urlsplit(now)
    path = request.script_root + request.path
    if _host(old.scheme, old.netloc) != _host(request.scheme, request.host):
        return None
    # On one host, what is at the root, or below the new base, is asked of the site as it is now.
    one_host = old.netloc == new.netloc
    is_now = one_host and (old.path == "/" or path.startswith(new.path) and new.path != "/")
    return None if is_now or not path.startswith(old.path) else path.removeprefix(old.path)


def _host(scheme: str, netloc: str) -> tuple[str, int | None]:
    """Host and port of an authority; None stands for the port of the scheme, whichever that is:
    what a proxy calls https may reach us by http."""
    host, _, port = netloc.rpartition("@")[2].lower().partition(":")
    stated = int(port) if port.isdecimal() else None
    return host, None if stated in (_PORTS.get(scheme), *_PORTS.values()) else stated


def _redirect(target: str) -> Response:
    query = as_uri(request.query_string.decode("utf-8", "replace"))
    # 301 lets clients repeat a POST as GET; 308 does not (RFC 9110, 15.4).
    response = Response(status=301 if request.method in ("GET", "HEAD") else 308)
    response.headers["Location"] = as_uri(target) + (f"?{query}" if query else "")
    response.headers["Cache-Control"] = "no-cache"
    return response
