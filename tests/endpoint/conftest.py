"""One small release and one application for all tests of the endpoint."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from tests.endpoint.example_release import FIRST, switch, write_release


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_release(folder)
    switch(folder, FIRST)
    return folder


@pytest.fixture(scope="session")
def app(home: Path) -> Iterator[Flask]:
    application = create_app(home, settings=Settings(page_seconds=20.0))
    application.testing = True
    yield application
    application.extensions[EXTENSION].workers.close()


class ReadingClient(FlaskClient):
    """A client that reads each answer to its end and closes it, as servers do."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        return super().open(*arguments, **{"buffered": True, **options})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = ReadingClient
    return app.test_client()
