"""Servers under measurement: ours, the bare Flask constant, and peers with the same data."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.isolated import STORE
from bench.wire import Wire
from loader.release import Release

HERE = Path(__file__).parent
STARTS_WITHIN = 1800.0
"""Seconds; a peer may have to load all data first."""
SETTINGS = """[serve]
client_seconds = 1_000_000
client_queries = 16
result_bytes = 1_000_000_000
query_seconds = 120
"""
"""Nothing of what is fair to the public: the load comes from one address."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where its endpoint is."""

    name: str
    port: int
    path: str

    def wire(self, source: str = "127.0.0.1") -> Wire:
        """A connection to it."""
        return Wire(self.port, self.path, source)


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    port: int,
    path: str,
    work: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server until the end of the block; it is ready when it listens."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), **(more or {})}
    with open(os.devnull, "wb") as quiet:
        process = subprocess.Popen(
            command, stdout=quiet, stderr=quiet, cwd=work or HERE.parent, env=environment
        )
    try:
        _await(process, port, name)
        yield Server(name, port, path)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _await(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.2)
    raise SystemExit(f"{name} did not start")


@contextmanager
def ours(home: Path, work: Path, settings: str = SETTINGS) -> Iterator[Server]:
    """Serve a home, with settings that are not its own: it is only linked to."""
    place = work / "served"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "releases").symlink_to(home / "releases")
    (place / "current").symlink_to(os.readlink(home / "current"))
    (place / "tsunagu.toml").write_text(settings, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "endpoint", "--home", str(place), "--port", str(port)]
    with running("Tsunagu", command, port, "/sparql") as server:
        yield server


@contextmanager
def constant() -> Iterator[Server]:
    """The bare Flask constant under granian."""
    with _granian("Flask constant", "bench.constant:app", "/") as server:
        yield server


@contextmanager
def isolated(release: Release) -> Iterator[Server]:
    """Flask under granian, and the bare engine in another process."""
    with _granian(
        "isolation alone", "bench.isolated:app", "/sparql", {STORE: str(release.store)}
    ) as server:
        yield server


@contextmanager
def _granian(
    name: str, app: str, path: str, more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
    command += ["--port", str(port), "--no-ws", app]
    with running(name, command, port, path, more=more) as server:
        yield server


@contextmanager
def oxigraph(release: Release, work: Path) -> Iterator[Server]:
    """The engine's own server on the very store."""
    program = environment(work / "oxigraph-server", "oxigraph").with_name("oxigraph")
    port = free_port()
    command = [str(program), "serve-read-only", "--location", str(release.store)]
    command += ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with running("Oxigraph server", command, port, "/query") as server:
        yield server


@contextmanager
def rdflib_endpoint(release: Release, work: Path) -> Iterator[Server]:
    """rdflib-endpoint over the engine's store for rdflib, with the dumps loaded."""
    python = environment(work / "rdflib-endpoint", "rdflib-endpoint[cli,oxigraph]")
    files = [str(work / name) for name in _triples(release, work)]
    port = free_port()
    command = [str(python.with_name("rdflib-endpoint")), "serve", "--store", "Oxigraph"]
    command += ["--host", "127.0.0.1", "--port", str(port), *files]
    with running("rdflib-endpoint", command, port, "/", work) as server:
        yield server


def _triples(release: Release, work: Path) -> Iterator[str]:
    """The dumps as N-Triples in the folder of work: the graph of each line left out."""
    for name in release.datasets:
        source = release.path / "dumps" / f"{name}.nq"
        with source.open(encoding="utf-8") as lines, (work / f"{name}.nt").open("w") as target:
            target.writelines(f"{line.rpartition(' <')[0]} .\n" for line in lines)
        yield f"{name}.nt"


def environment(folder: Path, package: str) -> Path:
    """The Python of an environment that has a package of PyPI."""
    python = folder / "bin" / "python"
    if not python.is_file():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", package], check=True)
    return python


VIRTUOSO = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[Parameters]
ServerPort = {port}
DirsAllowed = {dumps}
NumberOfBuffers = 200000
MaxDirtyBuffers = 150000
[HTTPServer]
ServerPort = {http}
[SPARQL]
ResultSetMaxRows = 1000000
"""


@contextmanager
def virtuoso(release: Release, work: Path) -> Iterator[Server]:
    """Virtuoso (Debian: virtuoso-opensource-7), with the dumps loaded."""
    folder, port, http = work / "virtuoso", free_port(), free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    dumps = release.path / "dumps"
    configuration = VIRTUOSO.format(folder=folder, port=port, http=http, dumps=dumps.resolve())
    (folder / "virtuoso.ini").write_text(configuration, encoding="utf-8")
    command = ["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with running("Virtuoso", command, http, "/sparql", folder) as server:
        for statement in (
            f"ld_dir('{dumps.resolve()}', '*.nq', 'urn:dump');",
            "rdf_loader_run();",
            "checkpoint;",
        ):
            isql = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", f"exec={statement}"]
            subprocess.run(isql, check=True, stdout=subprocess.DEVNULL)
        yield server
