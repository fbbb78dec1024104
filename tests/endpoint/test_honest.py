"""A result cut by size, by time or by the death of its worker, in every format and coding: broken
or refused, and never short and well-formed."""

import contextlib
import os
import signal
import socket
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

import pytest
from zstandard import ZstdDecompressor

from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.hostile import exchange, grandchildren, is_alive
from tests.endpoint.test_server import free_port, start
from vocab.formats import RDF_FORMATS, RESULT_FORMATS, TABLE_FORMATS

CONFIGURATION = """
[serve]
spool_bytes = 20_000
result_bytes = 400_000
client_seconds = 100_000
query_seconds = 300
"""
NUMBERS = " ".join(str(number) for number in range(10))
DIGITS = " ".join(f"VALUES ?d{n} {{ {NUMBERS} }}" for n in range(8))
ALL = " ".join(f"?d{n}" for n in range(8))
TEXT = f"CONCAT({', '.join(f'STR(?d{n})' for n in range(8))})"
ROWS = {
    "size": f"{{ SELECT {ALL} {{ {DIGITS} }} LIMIT 30000 }}",
    "time": f"{DIGITS} FILTER({TEXT} >= '90990' && {TEXT} < '91')",
}
"""Too many rows; and as many as the engine comes to first, then none in a hundred million."""
SUBJECT = f"IRI(CONCAT('http://example.jp/', {TEXT}))"
TABLES = [*(format_.name for format_ in (*RESULT_FORMATS, *TABLE_FORMATS)), "html"]
GRAPHS = [format_.name for format_ in RDF_FORMATS]
MADE_WHOLE = ("html", "jsonld")
"""What is sent when all of it is there, or not at all."""
WAYS = [("1.1", ""), ("1.1", "gzip"), ("1.1", "zstd"), ("1.0", "gzip")]
CASES = list(product([*TABLES, *GRAPHS], ROWS, WAYS))


def query(name: str, cut: str) -> str:
    """A query whose result in a format is cut."""
    if name in TABLES:
        return f"SELECT {ALL} {{ {ROWS[cut]} }}"
    rows = ROWS[cut].replace("30000", "8000") if name in MADE_WHOLE else ROWS[cut]
    return f"CONSTRUCT {{ ?s <http://example.jp/p> ?d7 }} {{ {rows} BIND({SUBJECT} AS ?s) }}"


def request(name: str, cut: str, version: str, coding: str, seconds: float) -> bytes:
    path = f"/sparql?query={quote(query(name, cut))}&format={name}&timeout={seconds}"
    accept = f"Accept-Encoding: {coding}\r\n" if coding else ""
    head = f"GET {path} HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n{accept}\r\n"
    return head.encode()


@dataclass(frozen=True)
class Received:
    """What came over the wire."""

    status: int
    header: bytes
    body: bytes

    @property
    def end(self) -> str:
        """Whether a client takes it for ``whole``, ``broken`` or ``refused``."""
        length = self._field(b"content-length")
        if length is not None:
            end = "whole" if int(length) == len(self.body) else "broken"
        else:
            assert self._field(b"transfer-encoding") == b"chunked"
            end = "whole" if self.body.endswith(b"0\r\n\r\n") else "broken"
        return "refused" if end == "whole" and self.status >= 400 else end

    @property
    def content(self) -> bytes:
        """The chunks that came whole."""
        found, rest = b"", self.body
        while rest and rest[0] != ord("0"):
            size, _, rest = rest.partition(b"\r\n")
            found, rest = found + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        return found

    @property
    def coding_ends(self) -> bool:
        """Whether what is compressed in it has its end."""
        zstd = self._field(b"content-encoding") == b"zstd"
        decoder = ZstdDecompressor().decompressobj() if zstd else zlib.decompressobj(31)
        decoder.decompress(self.content)
        return decoder.eof

    def _field(self, name: bytes) -> bytes | None:
        fields = (line.partition(b": ") for line in self.header.split(b"\r\n")[1:])
        return next((value for found, _, value in fields if found.lower() == name), None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Port and process of a server."""
    home = tmp_path_factory.mktemp("honest")
    write_release(home)
    switch(home, FIRST)
    (home / "tsunagu.toml").write_text(CONFIGURATION)
    port = free_port()
    process = start(home, port, home / "errors")
    yield port, process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert (home / "errors").read_text() == ""


@pytest.mark.parametrize(("name", "cut", "way"), CASES)
def test_a_cut_result_is_broken_or_refused(
    server: tuple[int, int], name: str, cut: str, way: tuple[str, str]
) -> None:
    version, coding = way
    seconds = {"size": 300, "time": 0.3}[cut]
    received = Received(*exchange(server[0], request(name, cut, version, coding, seconds)))
    if version == "1.0" or name in MADE_WHOLE:
        assert received.end == "refused"
        assert len(received.body) < 5000 or name == "html"
        return
    if cut == "time" and received.status == 504:  # nothing was sent before the time was over
        assert received.end == "refused"
        return
    assert (received.status, received.end) == (200, "broken")
    assert not coding or not received.coding_ends


@pytest.mark.parametrize("name", ["csv", "ntriples"])
def test_a_result_whose_worker_dies_is_broken(server: tuple[int, int], name: str) -> None:
    port, process = server
    sent = request(name, "time", "1.1", "", 300)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(sent)
        received = bytearray(connection.recv(1 << 16))
        for worker in grandchildren(process):
            with contextlib.suppress(ProcessLookupError):  # one more that just came to its end
                os.kill(worker, signal.SIGKILL)
            while is_alive(worker):  # or a later test is given one that is about to die
                time.sleep(0.01)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(1 << 16):
                received += piece
    header, _, body = bytes(received).partition(b"\r\n\r\n")
    found = Received(int(header.split()[1]), header, body)
    assert (found.status, found.end) == (200, "broken")


@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
def test_what_is_whole_is_seen_to_be(server: tuple[int, int], coding: str) -> None:
    text = request("csv", "size", "1.1", coding, 300).replace(b"&format", b"%20LIMIT%203000&format")
    found = Received(*exchange(server[0], text))
    assert (found.status, found.end) == (200, "whole")
    assert (f"content-encoding: {coding}".encode() in found.header) == bool(coding)
    if found.header.lower().find(b"chunked") > 0 and coding:
        assert found.coding_ends
