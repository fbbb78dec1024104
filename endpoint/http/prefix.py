"""The path under which a proxy shows the site to the public, as it tells in X-Forwarded-Prefix.

A proxy that shows the site at ``https://example.jp/lod/`` and takes ``/lod`` off what it hands on
says so by this header (as Traefik and Apache NiFi do); then every link and redirection of ours
begins with it. It is believed of connections from ``trusted_proxies`` alone. Host,
X-Forwarded-Host and X-Forwarded-Proto have no effect at all: full addresses in answers are made of
the configuration.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from endpoint.http.addresses import is_one_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PREFIX = re.compile(r"(?:/[\w.~-]{1,100}){1,8}", re.ASCII)
"""No empty segment, so that no link can begin with ``//`` and lead to another host."""


def below_prefix(application: "WSGIApplication", trusted: Sequence[str]) -> "WSGIApplication":
    """WSGI middleware that makes SCRIPT_NAME of the header (PEP 3333)."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = prefix_of(environ, trusted) or environ.get("SCRIPT_NAME", "")
        return application(environ, start)

    return answer


def prefix_of(environ: Mapping[str, Any], trusted: Sequence[str]) -> str:
    """The prefix that a trusted proxy tells; nothing where none does."""
    told: str = environ.get("HTTP_X_FORWARDED_PREFIX", "").rstrip("/")
    believed = _PREFIX.fullmatch(told) and is_one_of(environ.get("REMOTE_ADDR", ""), trusted)
    return told if believed else ""
