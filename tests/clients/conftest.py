"""A real server, and nginx before it as deploy/nginx.conf says."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.conftest import missing
from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.serving import ROOT, free_port, served

EXAMPLE = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
PUBLIC = "https://data.example.jp/lod/"


def program(name: str, package: str) -> str:
    """The path of a program of Debian."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        missing(f"{name} (Debian: apt-get install {package})")
    return str(found)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that trusts a proxy on this machine."""
    folder = tmp_path_factory.mktemp("home")
    write_release(folder)
    switch(folder, FIRST)
    configuration = '[serve]\ntrusted_proxies = ["127.0.0.1"]\npage_seconds = 20\n'
    (folder / "tsunagu.toml").write_text(configuration, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server itself."""
    log = tmp_path_factory.mktemp("log") / "errors"
    with served(home, log, "--base-iri", PUBLIC) as address:
        yield address


@pytest.fixture(scope="session")
def proxied(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same through nginx, below ``/lod/``; without the rate, for tests are in a hurry."""
    text = EXAMPLE.replace("rate=20r/s", "rate=10000r/s")
    with nginx(text, url, tmp_path_factory.mktemp("nginx")) as address:
        yield f"{address}lod/"


@contextmanager
def nginx(text: str, upstream: str, folder: Path) -> Iterator[str]:
    """Run nginx with a server block, whose addresses are changed to those of the test."""
    command = [program("nginx", "nginx-light"), "-c", str(folder / "nginx.conf")]
    command += ["-p", str(folder), "-e", str(folder / "errors")]
    port = free_port()
    text = text.replace("127.0.0.1:8000", upstream.removeprefix("http://").rstrip("/"))
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    places = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder / 'pid'};\ndaemon off;\nevents {{}}\nhttp {{\naccess_log off;\n"
        f"{places}{text}}}\n",
        encoding="utf-8",
    )
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            requests.get(address, timeout=10, allow_redirects=False)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not answer")
