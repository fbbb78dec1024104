"""The command line as a fixture, and a web server on loopback that answers well or badly."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from loader.cli.main import main

Answering = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the table of its server; ``server.site`` has what was asked for."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        """Answer."""
        site = self.server.site
        site.asked.append((self.command, self.path, dict(self.headers)))
        answer = site.pages.get(urlsplit(self.path).path)
        if answer is None:
            self.reply(404, b"no such page")
        else:
            answer(self)

    do_POST = do_GET

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; ``_`` in the names of headers stands for ``-``."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server whose threads end with the test."""

    daemon_threads = True
    site: "Site"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nothing to tell."""


@dataclass
class Site:
    """What the server answers at each path, and what it was asked."""

    url: str = ""
    pages: dict[str, Answering] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def page(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """Let a path answer so; return its address."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = lambda handler: handler.reply(status, content, **headers)
        return self.url + path

    def tagged(self, path: str, body: str, tag: str) -> str:
        """Let a path answer with an ETag, and 304 to whom has it."""

        def answer(handler: Handler) -> None:
            if handler.headers.get("If-None-Match") == tag:
                handler.reply(304, ETag=tag)
            else:
                handler.reply(200, body.encode(), ETag=tag)

        self.pages[path] = answer
        return self.url + path

    def endless(self, path: str, seconds: float = 0.0, **headers: str) -> str:
        """Let a path send for ever, with a pause between two pieces."""

        def answer(handler: Handler) -> None:
            handler.send_response(200)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            while not self.stopped.is_set():
                handler.wfile.write(b"1,2,3\n" * (1 if seconds else 10_000))
                time.sleep(seconds)

        self.pages[path] = answer
        return self.url + path

    def bomb(self, path: str, megabytes: int) -> str:
        """Let a path send so many megabytes of nothing, well compressed."""
        return self.page(path, gzip.compress(bytes(megabytes * 1_000_000)), Content_Encoding="gzip")


@pytest.fixture
def site() -> Iterator[Site]:
    """A site at ``http://127.0.0.1:…``; what it answers is up to the test."""
    server = Server(("127.0.0.1", 0), Handler)
    server.site = Site(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.site
    server.site.stopped.set()
    server.shutdown()
    thread.join()
    server.server_close()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, in a home of its own: exit code, output and messages."""
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object, lang: str = "en") -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*map(str, arguments), "--lang", lang])
        out, err = capsys.readouterr()
        return code, out, err

    return command
