"""Measures Tsunagu against what it is made of, in one run: ``make bench``.

Mapping against a hand-written loop that makes the same lines; a whole publish against the bare
bulk load of the same quads; a point query over HTTP against the same in process. Each command is a
process of its own; the two sides take turns, and the medians are compared, because only ratios
survive a noisy machine.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from bench.figures import Figure, Measured, compare, keep, measure
from bench.generate import generate
from loader.release import current

HERE = Path(__file__).parent
LOOP = (sys.executable, "-m", "bench.handwritten")
TSUNAGU = (sys.executable, "-m", "loader.cli")
POINT_QUERY = "SELECT ?p ?o WHERE { <%s> ?p ?o }"
PREDICATE = "<http://purl.org/dc/terms/identifier>"
JSON_RESULTS = "application/sparql-results+json"
STARTS_WITHIN = 60.0
STANDARD_PART = 5
"""The standard mapping makes three times the triples of a row; a fifth of the rows is published."""
LOAD = """
import sys
from pyoxigraph import RdfFormat, Store
store = Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS)
store.flush()
if sys.argv[3:]:
    store.optimize()
"""


def mapping(work: Path, rows: int, runs: int, standard: bool) -> Figure:
    """Map a table to lines, by a mapping document and by the hand-written loop."""
    kind = "standard" if standard else "declared"
    folder = work / kind
    table = generate(folder, rows, standard=standard)
    ours = [*TSUNAGU, "map", str(folder), "--home", str(work / "home"), "--lang", "en"]
    theirs = [*LOOP, str(table), "--mapping", kind]
    pairs = [(measure(ours), measure(theirs)) for _ in range(runs)]
    goal = "–" if standard else "≤ 2.0, < 100 MB"
    name = "standard mapping" if standard else "mapping"
    return compare(name, "hand-written loop", goal, pairs)


def publish(work: Path, rows: int, runs: int, standard: bool) -> list[Figure]:
    """Publish a package into a fresh home, and load the dump of it into a bare store."""
    folder, home = work / ("standard" if standard else "declared"), work / "home"
    generate(folder, rows, standard=standard)
    bare: list[tuple[Measured, Measured]] = []
    optimised: list[tuple[Measured, Measured]] = []
    for _ in range(runs):
        shutil.rmtree(home, ignore_errors=True)
        ours = measure([*TSUNAGU, "publish", str(folder), "--home", str(home), "--lang", "en"])
        bare.append((ours, _load(work)))
        optimised.append((ours, _load(work, "optimize")))
    name = "standard publish" if standard else "publish"
    return [
        compare(name, "Store.bulk_load", "–" if standard else "≤ 1.5", bare),
        compare(name, "Store.bulk_load, optimize", "–", optimised),
    ]


def _load(work: Path, *options: str) -> Measured:
    """Load the dump of what was published into a bare store."""
    release = current(work / "home")
    if release is None:
        raise SystemExit("nothing was published")
    store = work / "store"
    shutil.rmtree(store, ignore_errors=True)
    dump = str(release.dump("facilities"))
    loaded = measure([sys.executable, "-c", LOAD, dump, str(store), *options])
    shutil.rmtree(store)
    return loaded


def point_query(work: Path, queries: int) -> Figure:
    """Ask for single things, over HTTP on one connection and in process, in turns."""
    release = current(work / "home")
    if release is None:
        raise SystemExit("nothing is published")
    store = Store.read_only(str(release.store))
    things = _things(store, queries)
    port = _free_port()
    serve = [*TSUNAGU, "serve", "--home", str(work / "home"), "--port", str(port)]
    with open(os.devnull, "wb") as quiet:
        server = subprocess.Popen(serve, stdout=quiet, stderr=quiet, cwd=HERE.parent)
    try:
        connection = _connect(server, port)
        pairs = [(_over_http(connection, thing), _in_process(store, thing)) for thing in things]
        connection.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
    return compare("point query", "Store.query in process", "–", pairs)


def _things(store: Store, count: int) -> list[str]:
    """Return IRIs of things that the store has."""
    query = f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s {PREDICATE} ?o }} }} LIMIT {count}"
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return [solution["s"].value for solution in solutions]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _connect(server: subprocess.Popen[bytes], port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            _ask(connection, "ASK {}")
        except OSError:
            connection.close()
            time.sleep(0.2)
        else:
            return connection
    raise SystemExit("the server did not start")


def _ask(connection: http.client.HTTPConnection, query: str) -> bytes:
    address = "/sparql?" + urlencode({"query": query})
    connection.request("GET", address, headers={"Accept": JSON_RESULTS})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise SystemExit(f"{response.status}: {content.decode(errors='replace')}")
    return content


def _over_http(connection: http.client.HTTPConnection, thing: str) -> Measured:
    begun = time.perf_counter()
    content = _ask(connection, POINT_QUERY % thing)
    seconds = time.perf_counter() - begun
    assert len(json.loads(content)["results"]["bindings"]) > 1
    return Measured(seconds, 0.0, 0.0)


def _in_process(store: Store, thing: str) -> Measured:
    begun = time.perf_counter()
    solutions = store.query(POINT_QUERY % thing, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    solutions.serialize(format=QueryResultsFormat.JSON)
    return Measured(time.perf_counter() - begun, 0.0, 0.0)


def main() -> None:
    """Measure, print the table, keep the result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--queries", type=int, default=2_000)
    options.add_argument("--work", type=Path, default=HERE / "data", help="where files are put")
    options.add_argument("--only", choices=("mapping", "publish"), help="measure one stage only")
    asked = options.parse_args()
    asked.work = asked.work.resolve()
    figures: list[Figure] = []
    if asked.only != "publish":
        for standard in (False, True):
            figures.append(mapping(asked.work, asked.rows, asked.runs, standard))
    if asked.only != "mapping":
        figures += publish(asked.work, asked.rows // STANDARD_PART, asked.runs, standard=True)
        figures += publish(asked.work, asked.rows, asked.runs, standard=False)
        figures.append(point_query(asked.work, asked.queries))
    keep(figures, asked.rows, asked.runs)


if __name__ == "__main__":
    main()
