"""A browser and a server for it; skipped where there is no Chromium, unless CI says it must be."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.conftest import missing
from tests.endpoint.example_release import FIRST, switch, write_release

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "endpoint" / "static" / "vendor"


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (VENDOR / "axe.min.js").is_file():
        missing("endpoint/static/vendor (python endpoint/frontend/install.py)")
    home = tmp_path_factory.mktemp("browsed")
    write_release(home)
    switch(home, FIRST)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "endpoint", "--home", home, "--port", str(port)], cwd=ROOT
    )
    address = f"http://127.0.0.1:{port}/"
    for _ in range(300):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(address + "healthz", timeout=10)
            break
        time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(30)


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page that fails its test where it asks another host, or a script of it fails."""
    context = browser.new_context(locale="ja-JP")
    found = context.new_page()
    troubles: list[str] = []
    found.on("pageerror", lambda error: troubles.append(str(error)))
    found.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    found.on("request", lambda asked: troubles.extend(_foreign(asked.url, url)))
    yield found
    context.close()
    assert troubles == []


def _foreign(asked: str, own: str) -> list[str]:
    return [] if asked.startswith((own, "data:", "blob:")) else [asked]
