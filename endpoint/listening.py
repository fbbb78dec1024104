"""The socket at which the server listens: one for all its processes, one after another.

On Linux granian gives each process a socket of its own (SO_REUSEPORT): connections that wait at
one are lost when its process ends, and nobody listens until the next is ready. Here they wait for
whoever comes.
"""

import errno
import socket
from collections.abc import Callable

from granian._granian import SocketHolder

from loader.errors import ConfigurationError

_BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """Listen; raises ConfigurationError, before a process is started that could not."""
    if port not in range(1 << 16):  # the resolver would take it modulo 65536
        raise ConfigurationError("serve.cannot-listen", host=host, port=port, reason="0–65535")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(_BACKLOG)
            found.setblocking(False)
        except OSError:
            found.close()
            raise
    except OSError as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise ConfigurationError("serve.port-in-use", port=port, other=port + 1) from error
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            "serve.cannot-listen", host=host, port=port, reason=reason
        ) from error
    return found


class Shared:
    """A listening socket that is sent to a process, where it becomes what granian takes."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener

    def __reduce__(self) -> tuple[Callable[[socket.socket], SocketHolder], tuple[socket.socket]]:
        return _holder, (self._listener,)


def _holder(listener: socket.socket) -> SocketHolder:
    return SocketHolder(listener.detach(), False, _BACKLOG)  # type: ignore[call-arg]  # its stub
