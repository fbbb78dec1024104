"""Runs the application under granian: one web process with threads, beside its query workers.

SIGHUP has the configuration read again: a new web process takes over, and the old one ends when
its requests are answered. SIGTERM and SIGINT end all in the same way. What is still unanswered
after ``stop_seconds`` is broken off, so that it is seen to be broken.
"""

import math
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from endpoint.listening import Shared, listen
from endpoint.settings import Settings
from endpoint.wsgi import ACCESS_LOG, BASE_IRI, HOME, WORKERS, settings_of
from loader.errors import ConfigurationError

Tell = Callable[[ConfigurationError], object]


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; goes before the configuration, also when that is read again."""

    base_iri: str | None = None
    workers: int | None = None
    """Replaces ``query_workers``."""
    access_log: str | None = None


def serve(home: Path, host: str, port: int, options: Options, tell: Tell) -> None:
    """Serve the current release of ``home`` until SIGINT or SIGTERM.

    Raises ConfigurationError before anything is started: for ``[serve]`` of the configuration, and
    where the address cannot be listened at. Mistakes that are found when the configuration is
    read again are told, and what runs goes on.
    """
    os.environ[HOME] = str(home.resolve())
    os.environ[BASE_IRI] = options.base_iri or ""
    os.environ[WORKERS] = str(options.workers or "")
    os.environ[ACCESS_LOG] = options.access_log or ""
    settings = usable_settings()
    # The same on every Python: 3.14 no longer forks by default, and a fork beside threads is risky.
    multiprocessing.set_start_method("spawn", force=True)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # and so in processes that do not yet heed it
    with listen(host, port) as listener:
        Reloading(listener, settings, tell).serve()


def usable_settings() -> Settings:
    """The settings; raises ConfigurationError for a mistake, or a log that cannot be written."""
    home = Path(os.environ[HOME])
    settings = settings_of(home)
    if settings.access_log not in ("", "-"):
        path = home / settings.access_log
        try:
            path.open("ab").close()
        except OSError as error:
            raise ConfigurationError(
                "serve.cannot-log", path=path, reason=error.strerror
            ) from error
    return settings


class Reloading(Server):  # type: ignore[misc, valid-type]
    """granian's server, on a socket that is there all the time, and careful when it reloads."""

    def __init__(self, listener: socket.socket, settings: Settings, tell: Tell) -> None:
        self._listener = listener
        self._tell = tell
        super().__init__(
            "endpoint.wsgi:gateway",
            factory=True,
            interface=Interfaces.RSGI,
            workers=1,
            http=HTTPModes.http1,
            respawn_failed_workers=True,
            log_level=LogLevels.error,
            websockets=False,
        )
        self._limit(settings)
        self.on_reload(self._ask_for_new_connections)

    def _init_shared_socket(self) -> None:
        self._ssp = self._sso = None
        self._shd = Shared(self._listener)

    def signal_handler_reload(self, *_: object) -> None:
        """Reload where the configuration can be used; else say why not, and go on."""
        try:
            settings = usable_settings()
        except ConfigurationError as error:
            self._tell(error)
            return
        self._limit(settings)
        super().signal_handler_reload()

    def _limit(self, settings: Settings) -> None:
        self.http1_settings = HTTP1Settings(header_read_timeout=int(settings.body_seconds * 1000))
        # whole seconds, and 0 would be no limit
        self.workers_kill_timeout = max(1, math.ceil(settings.stop_seconds))

    def _ask_for_new_connections(self) -> None:
        """Have clients of the old process connect anew before it ends: one that asks on a kept
        connection just when that is closed would have no answer (RFC 9112, 9.6)."""
        for worker in self.wrks:
            os.kill(worker.inner.pid, signal.SIGUSR1)
