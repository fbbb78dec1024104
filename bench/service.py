"""Measures the endpoint over HTTP, in one run on one machine and data: ``python -m bench.service``.

A point query against the bare Flask constant under the same server, ours and one of a bare
process behind Flask; a mix of twenty queries against the engine's own server, and beside
rdflib-endpoint and Virtuoso where they are asked for; a large JSON answer against the serialisation
in process. But for the one figure that says so, no query is asked twice with the same text, so that
nothing is answered from memory.
Before each figure both sides are asked as much as they are then measured with: each process keeps
what it has read and unpacked of the store.
"""

import argparse
import itertools
import json
import random
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from bench.figures import Figure, Measured, compare, keep
from bench.generate import generate
from bench.servers import (
    Server,
    constant,
    isolated,
    ours,
    oxigraph,
    rdflib_endpoint,
    virtuoso,
)
from loader.release import Release, current

HERE = Path(__file__).parent
PREFIXES = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX ic: <http://imi.go.jp/ns/core/rdf#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ACCEPT = "application/sparql-results+json"
GRAPH = "text/turtle"
COUNT = f"{PREFIXES}SELECT (COUNT(?s) AS ?n) {{ ?s a schema:CivicStructure ; rdfs:label ?l }}"
PEERS = {"oxigraph": oxigraph, "rdflib-endpoint": rdflib_endpoint, "virtuoso": virtuoso}
CONNECTIONS = 4
_numbers = itertools.count()


class Data:
    """What the queries are about."""

    def __init__(self, release: Release) -> None:
        self._random = random.Random(7)
        self.store = Store.read_only(str(release.store))
        self.things = self._some("?x dcterms:identifier ?o", 5000)
        self.areas = self._some("SELECT DISTINCT ?x { ?s dcterms:spatial ?x }", 100)

    def _some(self, pattern: str, count: int) -> list[str]:
        inner = pattern if pattern.startswith("SELECT") else f"SELECT ?x {{ {pattern} }}"
        found = self.store.query(
            f"{PREFIXES} {inner} LIMIT {count}", use_default_graph_as_union=True
        )
        assert isinstance(found, QuerySolutions)
        return [solution["x"].value for solution in found]

    def fill(self, text: str) -> str:
        """A query about something, unlike any other."""
        text = text.replace("«thing»", self._random.choice(self.things))
        text = text.replace("«area»", self._random.choice(self.areas))
        return f"#{next(_numbers)}\n{PREFIXES}{text}"


def points(servers: tuple[Server, Server, Server], data: Data, count: int) -> list[Figure]:
    """All of one thing, against the constant: of ours, asked again, and with isolation alone."""
    server, alone, bare = servers
    text = _mix()["point"]
    new = (data.fill(text) for _ in itertools.count())
    again = itertools.repeat(data.fill(text))
    return [
        _point("point query", "≤ 3", server, bare, new, count),
        _point("the same, asked before", "–", server, bare, again, count),
        _point("the same, isolation alone", "–", alone, bare, new, count),
    ]


def _point(
    name: str, goal: str, server: Server, bare: Server, queries: Iterator[str], count: int
) -> Figure:
    """So many queries over one connection, and as many constants over another."""
    pairs = []
    with server.wire() as asked, bare.wire() as idle:
        for query in itertools.islice(queries, 2 * count):
            mine = asked.query(query, ACCEPT)
            theirs = idle.get("/")
            _require(mine.status, name)
            pairs.append((_of(mine.seconds), _of(theirs.seconds)))
    return compare(name, "Flask constant", goal, pairs[count:])


def _mix() -> dict[str, str]:
    content = tomllib.loads((HERE / "service_queries.toml").read_text(encoding="utf-8"))
    return {name: entry["text"] for name, entry in content.items()}


def _of(seconds: float) -> Measured:
    return Measured(seconds, 0.0, 0.0)


def _require(status: int, name: str) -> None:
    if status != 200:
        raise SystemExit(f"{name}: HTTP {status}")


def mix(server: Server, data: Data, rounds: int) -> tuple[float, dict[str, float]]:
    """Seconds for so many rounds over all connections at once, and medians of each query."""
    queries = [(name, data.fill(text)) for name, text in _mix().items() for _ in range(rounds)]
    random.Random(3).shuffle(queries)
    shares = [queries[number::CONNECTIONS] for number in range(CONNECTIONS)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as executor:
        results = list(executor.map(lambda share: _ask_all(server, share), shares))
    seconds = time.perf_counter() - begun
    times: dict[str, list[float]] = {}
    for name, taken in itertools.chain(*results):
        times.setdefault(name, []).append(taken)
    return seconds, {name: statistics.median(taken) for name, taken in times.items()}


def _ask_all(server: Server, queries: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    taken = []
    with server.wire() as wire:
        for name, query in queries:
            graph = "CONSTRUCT" in query or "DESCRIBE" in query
            answer = wire.query(query, GRAPH if graph else ACCEPT)
            _require(answer.status, f"{server.name}, {name}")
            taken.append((name, answer.seconds))
    return taken


def mixes(servers: Sequence[Server], data: Data, rounds: int, runs: int) -> list[Figure]:
    """The mix at each server in turn, first ours: one figure for each of the others."""
    if len({_count(server) for server in servers}) != 1:
        raise SystemExit("the servers do not have the same data")
    made: dict[str, list[tuple[float, dict[str, float]]]] = {one.name: [] for one in servers}
    for server in servers:
        mix(server, data, rounds)
    for _ in range(runs):
        for server in servers:
            made[server.name].append(mix(server, data, rounds))
    _tell(made)
    [(_, first), *others] = made.items()
    return [
        compare(
            f"mix of {len(_mix())} queries, {CONNECTIONS} connections",
            name,
            "≤ 1" if name == "Oxigraph server" else "–",
            [(_of(one[0]), _of(two[0])) for one, two in zip(first, theirs, strict=True)],
        )
        for name, theirs in others
    ]


def _count(server: Server) -> str:
    address = f"http://127.0.0.1:{server.port}{server.path}?{urlencode({'query': COUNT})}"
    with urlopen(Request(address, headers={"Accept": ACCEPT})) as answer:
        return str(json.load(answer)["results"]["bindings"][0]["n"]["value"])


def _tell(made: dict[str, list[tuple[float, dict[str, float]]]]) -> None:
    """Print the medians of each query, in milliseconds."""
    print("| query |", " | ".join(made), "|")
    print("|---|" + "---|" * len(made))
    for query in _mix():
        cells = [
            statistics.median(times[query] for _, times in runs) * 1000 for runs in made.values()
        ]
        print(f"| {query} |", " | ".join(f"{cell:.2f}" for cell in cells), "|")
    print()


def large(server: Server, data: Data, rows: int, runs: int) -> Figure:
    """A large JSON answer over HTTP, and the same serialised in process, both warm."""
    text = f"SELECT ?s ?l {{ ?s rdfs:label ?l }} LIMIT {rows}"
    pairs = []
    for _ in range(1 + runs):
        with server.wire() as wire:
            answer = wire.query(data.fill(text), "application/sparql-results+json")
        _require(answer.status, "large")
        begun = time.perf_counter()
        found = data.store.query(data.fill(text), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        whole = found.serialize(format=QueryResultsFormat.JSON)
        pairs.append((_of(answer.seconds), _of(time.perf_counter() - begun)))
        assert whole is not None
        if answer.size < len(whole):
            raise SystemExit("the answer is shorter than the result")
    return compare(f"{rows:,} rows as JSON", "serialised in process", "≤ 1.25", pairs[1:])


def prepared(home: Path | None, work: Path, rows: int) -> Path:
    """The home to serve: one that is given, or one with a small generated table."""
    if home is not None:
        return home.resolve()
    made = work / "home"
    if current(made) is None:
        generate(work / "package", rows)
        publish = [sys.executable, "-m", "loader.cli", "publish", str(work / "package")]
        subprocess.run([*publish, "--home", str(made)], check=True, stdout=subprocess.DEVNULL)
    return made


def main() -> None:
    """Measure, print the tables, keep the result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, help="a release of bench.generate, of any size")
    options.add_argument("--rows", type=int, default=20_000, help="of the table without --home")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--points", type=int, default=2_000)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--large", type=int, default=100_000)
    options.add_argument("--peers", nargs="*", choices=sorted(PEERS), default=["oxigraph"])
    options.add_argument("--work", type=Path, default=HERE / "data", help="where files are put")
    asked = options.parse_args()
    work = asked.work.resolve() / "service"
    work.mkdir(parents=True, exist_ok=True)
    home = prepared(asked.home, work, asked.rows)
    release = current(home)
    assert release is not None
    data = Data(release)
    with ExitStack() as stack:
        server = stack.enter_context(ours(home, work))
        with constant() as bare, isolated(release) as alone:
            figures = points((server, alone, bare), data, asked.points)
        figures.append(large(server, data, asked.large, asked.runs))
        others = [stack.enter_context(PEERS[name](release, work)) for name in asked.peers]
        figures += mixes([server, *others], data, asked.rounds, asked.runs)
    keep(figures, sum(entry["rows"] for entry in release.datasets.values()), asked.runs)


if __name__ == "__main__":
    main()
