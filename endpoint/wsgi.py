"""The application as a server loads it: configuration comes by environment variables.

``TSUNAGU_SERVE_HOME`` (required), ``TSUNAGU_SERVE_BASE_IRI``, and what goes before the
configuration: ``TSUNAGU_SERVE_WORKERS`` and ``TSUNAGU_SERVE_ACCESS_LOG``.
"""

import atexit
import os
import signal
import sys
import threading
from dataclasses import replace
from multiprocessing import connection, parent_process
from pathlib import Path

from flask import Flask

from endpoint.app import create_app
from endpoint.configuration import read_settings
from endpoint.errors import EndpointError
from endpoint.http.gateway import Gateway
from endpoint.settings import Settings
from endpoint.state import EXTENSION, Site

HOME = "TSUNAGU_SERVE_HOME"
BASE_IRI = "TSUNAGU_SERVE_BASE_IRI"
WORKERS = "TSUNAGU_SERVE_WORKERS"
ACCESS_LOG = "TSUNAGU_SERVE_ACCESS_LOG"


def settings_of(home: Path) -> Settings:
    """The settings of a home, and what the command line said; raises ConfigurationError."""
    settings = read_settings(home)
    if workers := os.environ.get(WORKERS):
        settings = replace(settings, query_workers=int(workers))
    if log := os.environ.get(ACCESS_LOG):
        settings = replace(settings, access_log=log)
    return settings


def application() -> Flask:
    """Make the application, with a query worker of each lane ready."""
    home = Path(os.environ[HOME])
    app = create_app(home, os.environ.get(BASE_IRI) or None, settings_of(home))
    site: Site = app.extensions[EXTENSION]
    atexit.register(site.workers.close)
    try:
        found = site.releases.current()
        if found is not None:
            site.workers.warm(found)
    except EndpointError as error:
        app.logger.warning("%s", error)  # each request is told; a later release may be sound
    return app


def gateway() -> Gateway:
    """Make what granian calls."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # of a terminal; the main process heeds it
    atexit.register(_end)  # first, and so called last
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    app = application()
    site: Site = app.extensions[EXTENSION]
    return Gateway(app, site)


def _end_with_parent() -> None:
    """Stop where the main process was killed: nobody else would, and the address stayed taken."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _end() -> None:
    """End before Python takes its interpreter down: threads of granian that then still ask for it
    panic, and the operator would read of it at every other stop (PyO3/pyo3#4874)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
