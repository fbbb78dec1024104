"""The application as a WSGI server loads it: configuration comes by environment variables.

``TSUNAGU_SERVE_HOME`` (required) and ``TSUNAGU_SERVE_BASE_IRI``.
"""

import atexit
import os
from pathlib import Path

from flask import Flask

from endpoint.app import create_app
from endpoint.errors import EndpointError
from endpoint.state import EXTENSION, Site

HOME = "TSUNAGU_SERVE_HOME"
BASE_IRI = "TSUNAGU_SERVE_BASE_IRI"


def application() -> Flask:
    """Make the application, with a query worker of each lane ready."""
    app = create_app(Path(os.environ[HOME]), os.environ.get(BASE_IRI) or None)
    site: Site = app.extensions[EXTENSION]
    atexit.register(site.workers.close)
    try:
        found = site.releases.current()
        if found is not None:
            site.workers.warm(found)
    except EndpointError as error:
        app.logger.warning("%s", error)  # each request is told; a later release may be sound
    return app
