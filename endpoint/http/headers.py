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


def allow_inline_styles() -> None:
    """Let this page's scripts add style elements: the query editor does."""
    g.inline_styles = True


def finish(response: Response) -> Response:
    """Headers that every answer has."""
    if "release" in g:
        response.headers["Tsunagu-Release"] = g.release.id
    connection().notes["client"] = asking_address()
    if "release" in g:
        connection().notes["release"] = g.release.id
    if request.blueprint != "operator":
        _open_to_all_origins(response)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Content-Security-Policy"] = _content_policy()
    return response


def _open_to_all_origins(response: Response) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS, POST"
        response.headers["Access-Control-Allow-Headers"] = _REQUESTED
        response.headers["Access-Control-Max-Age"] = "86400"


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
