"""Requests that write: who may, what is admitted, and what they are answered (docs/writing.md)."""

import hashlib
import json
from typing import Any

from flask import Response, request

from endpoint.clients import presented_key
from endpoint.errors import (
    BadRequest,
    EndpointError,
    Forbidden,
    PreconditionFailed,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from endpoint.http.connection import connection
from endpoint.settings import Key
from endpoint.state import pin, site

_REFUSALS: dict[str, type[EndpointError]] = {
    "query.service": Forbidden,
    "query.too-deep": BadRequest,
    "release.none": Unavailable,
    "write.busy": Unavailable,
    "write.changed": PreconditionFailed,
    "write.crashed": Unavailable,
    "write.escape": BadRequest,
    "write.exists": BadRequest,
    "write.failed": BadRequest,
    "write.label": BadRequest,
    "write.load": Forbidden,
    "write.malformed": BadRequest,
    "write.named-graphs": BadRequest,
    "write.no-release": Unavailable,
    "write.protected": Forbidden,
    "write.rdf": BadRequest,
    "write.remote-context": BadRequest,
    "write.timeout": TimedOut,
    "write.too-many": TooLarge,
    "write.triple-term": BadRequest,
    "write.two-datasets": BadRequest,
    "write.unsafe": BadRequest,
}
"""What the writer refuses a request for (loader/writing)."""


def writing_key() -> Key:
    """The key of this request, which may write. Raises Forbidden or Unauthorized."""
    settings = site().settings
    if not settings.write:
        raise Forbidden("write.off")
    key = presented_key(request, settings)
    if key is None:
        raise Unauthorized("write.no-key")
    if not key.write:
        raise Forbidden("write.key", name=key.name)
    request.max_content_length = request.max_form_memory_size = settings.write_bytes
    return key


def write(key: Key, asked: dict[str, Any]) -> dict[str, Any]:
    """Carry a request out; this request's release is then the one that has it.

    Returns the writer's answer. Raises what it refused the request for.
    """
    content = json.dumps(asked, sort_keys=True).encode()
    told = {**asked, "key": key.name, "sha256": hashlib.sha256(content).hexdigest()}
    connection(request).notes.update(key=key.name, write=asked["kind"])
    try:
        answer = site().writer.write(told, len(content))
        if "error" in answer:
            raise _REFUSALS[answer["error"]](answer["error"], **answer["values"])
    except EndpointError as error:
        site().journal.write(asked["kind"], error.code)
        raise
    site().journal.write(asked["kind"])
    pin(answer["release"])
    return answer


def nothing(status: int = 204) -> Response:
    """An answer that is only its status and headers."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response
