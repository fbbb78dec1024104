"""Headers that every answer has: CORS for open data, and what keeps browsers safe."""

from functools import lru_cache

from flask import Response, g, request

from endpoint.clients import asking_address
from endpoint.http.connection import connection
from endpoint.state import site

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


_EXPOSED = (
    "Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Retry-After, Tsunagu-Limit, "
    "Tsunagu-Release"
)
_REQUESTED = "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, If-Range, Range"
_FOR_ALL_ORIGINS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)
_LEAVE = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST"),
    ("Access-Control-Allow-Headers", _REQUESTED),
    ("Access-Control-Max-Age", "86400"),
)
"""What a browser is told that asks for leave (https://fetch.spec.whatwg.org/#http-responses)."""
_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)


def allow_inline_styles() -> None:
    """Let this page's scripts add style elements: the query editor does."""
    g.inline_styles = True


def finish(response: Response) -> Response:
    """Headers that every answer has."""
    notes = connection(request).notes
    notes["client"] = asking_address(request, site().settings)
    more = [*_SAFE, ("Content-Security-Policy", _content_policy())]
    if "release" in g:
        notes["release"] = g.release.id
        more.append(("Tsunagu-Release", g.release.id))
    if request.blueprint != "operator":
        more += _FOR_ALL_ORIGINS
        if request.method == "OPTIONS":
            more += _LEAVE
    response.headers.extend(more)
    return response


def _content_policy() -> str:
    return _policy_text(site().settings.map_tiles, bool(g.get("inline_styles")))


@lru_cache
def _policy_text(tiles: str, inline_styles: bool) -> str:
    policy = dict(_POLICY)
    if tiles:
        policy["img-src"] += f" {'/'.join(tiles.split('/')[:3])}"
    if inline_styles:
        policy["style-src"] = "'self' 'unsafe-inline'"
    return "; ".join(f"{name} {value}" for name, value in policy.items())
