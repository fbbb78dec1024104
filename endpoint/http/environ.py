"""The WSGI environment (PEP 3333) of a request that came by RSGI."""

import io
import sys
from typing import Any

from werkzeug.wsgi import FileWrapper

from endpoint.http.connection import ENVIRON, Connection

_PIECE = 64 << 10


class _Pieces(FileWrapper):
    """Files in larger pieces than the framework's."""

    def __init__(self, file: Any, buffer_size: int = _PIECE) -> None:
        super().__init__(file, max(buffer_size, _PIECE))


def environ_of(scope: Any, body: bytes, connection: Connection) -> dict[str, Any]:
    """Return the environment; text is bytes in Latin-1 there."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "replace").decode("latin-1"),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1" if connection.streams else "HTTP/1.0",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _Pieces,
        ENVIRON: connection,
    }
    for name, value in scope.headers.items():
        _add(environ, name.upper().replace("-", "_"), value)
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    """A header field; of several with one name the values are joined (RFC 9110, 5.3)."""
    if name in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
        return  # the body is here, whole: its length is known
    key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
    text = value.encode("utf-8", "replace").decode("latin-1")
    environ[key] = f"{environ[key]}, {text}" if key in environ else text
