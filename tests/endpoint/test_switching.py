"""Releases come and go under load: no request fails, and each is answered from one release only."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from loader.build.durable import discard
from loader.release import Release
from tests.endpoint.example_release import BASE, switch, write_release

CLIENTS, SWITCHES, THINGS = 8, 50, 40
QUERY = quote(f"SELECT DISTINCT ?n {{ ?s <{BASE}def/aed#number> ?n }}")
NUMBER = re.compile(r"number-(\d+)")
ADDRESSES = (
    f"/sparql?query={QUERY}",
    f"/release/{{release}}/sparql?query={QUERY}",
    "/data/number/1.ttl",
    "/dump/aed.nq",
    "/healthz",
)


def make(home: Path, number: int) -> Release:
    """Write a release in which many things have its number, and nothing else has."""
    things = " ".join(
        f'<{BASE}id/number/{thing}> <{BASE}def/aed#number> "number-{number}" .'
        for thing in range(THINGS)
    )
    return Release(write_release(home, f"20261121T04{number:04}Z-00000000", things))


class Reader:
    """A client that asks for ever; ``wrong`` is what it found amiss.

    One of them also asks the release that answered it last, whether that is still served or not.
    """

    def __init__(self, app: Flask, number: int, stop: threading.Event) -> None:
        self.client: FlaskClient = app.test_client()
        self.address = f"192.0.2.{number}"
        self.pins = number == 1
        self.stop = stop
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        release = ""
        while not self.stop.wait(0.02):
            for path in ADDRESSES:
                if "{" not in path or (release and self.pins):
                    release = self.ask(path, release)

    def ask(self, path: str, known: str) -> str:
        """Ask; return the release that answered where it is the one that is served."""
        answer = self.client.get(
            path.format(release=known), environ_overrides={"REMOTE_ADDR": self.address}
        )
        release = answer.headers.get("Tsunagu-Release", "-")
        text = answer.text
        answer.close()
        pinned = "{" in path
        if pinned and answer.status_code == 404:  # it was removed since it was seen
            return ""
        numbers = {int(found) for found in NUMBER.findall(text)}
        right = set() if path == "/healthz" else {int(release[11:15] or -1)}
        if answer.status_code != 200 or numbers != right:
            self.wrong.append(f"{path} {answer.status_code} {release} {numbers} {text[:200]}")
        self.seen[release] += 1
        return known if pinned else release


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "the new release was not taken up"
        time.sleep(0.01)


def test_readers_never_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.state._LOOK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr("endpoint.evaluation.worker._STALE_SECONDS", 0.2)
    settings = Settings(page_seconds=30.0, query_seconds=30.0, query_workers=1, client_seconds=1e6)
    app = create_app(tmp_path, settings=settings)
    stop = threading.Event()
    readers = [Reader(app, number, stop) for number in range(1, CLIENTS + 1)]
    made = [make(tmp_path, 0)]
    switch(tmp_path, made[0].id)
    removed = 0
    with ThreadPoolExecutor(CLIENTS) as executor:
        tasks = [executor.submit(reader.run) for reader in readers]
        try:
            for number in range(1, SWITCHES + 1):
                made.append(make(tmp_path, number))
                switch(tmp_path, made[-1].id)
                wait_until(lambda: any(reader.seen[made[-1].id] for reader in readers))
                removed += sum(discard(tmp_path, old) for old in made[:-1] if old.path.is_dir())
        finally:
            stop.set()
    for task in tasks:
        task.result()
    app.extensions[EXTENSION].workers.close()
    assert [reader.wrong for reader in readers] == [[]] * CLIENTS
    assert removed
