"""The application as a server loads it: configuration comes by environment variables.

``TSUNAGU_SERVE_HOME`` (required) and ``TSUNAGU_SERVE_BASE_IRI``.
"""

import atexit
import os
from pathlib import Path

from flask import Flask

from endpoint.app import create_app
from endpoint.configuration import read_settings
from endpoint.errors import EndpointError
from endpoint.gateway import Gateway
from endpoint.state import EXTENSION, Site

HOME = "TSUNAGU_SERVE_HOME"
BASE_IRI = "TSUNAGU_SERVE_BASE_IRI"


def application() -> Flask:
    """Make the application, with a query worker of each lane ready."""
    home = Path(os.environ[HOME])
    app = create_app(home, os.environ.get(BASE_IRI) or None, read_settings(home))
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
    app = application()
    site: Site = app.extensions[EXTENSION]
    return Gateway(app, site)
