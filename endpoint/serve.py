"""Runs the application under granian: one web process with threads, beside its query workers."""

import errno
import multiprocessing
import os
import socket
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from endpoint.configuration import read_settings
from endpoint.wsgi import BASE_IRI, HOME
from loader.errors import ConfigurationError

_GOODBYE_SECONDS = 3


def serve(home: Path, host: str, port: int, base_iri: str | None = None) -> None:
    """Serve the current release of ``home`` until SIGINT or SIGTERM.

    Raises ConfigurationError before anything is started: for ``[serve]`` of the configuration, and
    where the address cannot be listened at.
    """
    settings = read_settings(home)  # so that a mistake is told before anything is started
    _require_free(host, port)
    os.environ[HOME] = str(home.resolve())
    os.environ[BASE_IRI] = base_iri or ""
    # The same on every Python: 3.14 no longer forks by default, and a fork beside threads is risky.
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "endpoint.wsgi:gateway",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(settings.body_seconds * 1000)),
        respawn_failed_workers=True,
        workers_kill_timeout=_GOODBYE_SECONDS,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def _require_free(host: str, port: int) -> None:
    """See that the address can be listened at, before a process is started that could not."""
    if port not in range(1 << 16):  # the resolver would take it modulo 65536
        raise ConfigurationError("serve.cannot-listen", host=host, port=port, reason="0–65535")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise ConfigurationError("serve.port-in-use", port=port, other=port + 1) from error
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            "serve.cannot-listen", host=host, port=port, reason=reason
        ) from error
