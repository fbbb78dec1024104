"""Measures how cheap queries fare beside hostile ones: ``python -m bench.hostile``.

One client asks for single things; then the same while two hostile queries of another client run at
any moment. What is compared is the 99th percentile.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

from bench.figures import Figure, Measured, keep
from bench.servers import Server, ours
from bench.service import ACCEPT, HERE, Data, prepared
from bench.wire import Wire
from loader.release import current

SETTINGS = """[serve]
client_seconds = 1_000_000
"""
"""Everything else as it is by default: two queries of a client at once, ten seconds each."""
HOSTILE_CLIENT, CHEAP_CLIENT = "127.0.0.2", "127.0.0.3"
CHEAP = "SELECT ?p ?o { <«thing»> ?p ?o }"
BOMB = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?s ?p ?o } ORDER BY DESC(?o) ?s LIMIT 10",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(REGEX(STR(?o), '(a|b|c)+[0-9]{3}$')) }",
    "SELECT (STRLEN(?v40) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?v0) " + BOMB + " }",
    "SELECT (COUNT(*) AS ?n) { ?s (!<a:b>|^!<a:c>)* ?o . ?o (!<a:b>)* ?x }",
    "SELECT DISTINCT ?o ?s { ?s ?p ?o . ?t ?q ?o }",
)
"""Without end, or more memory than there is."""


@contextmanager
def attacked(server: Server) -> Iterator[list[int]]:
    """Keep two hostile queries running; gives the statuses that they ended with."""
    over, statuses = threading.Event(), list[int]()

    def attack(start: int) -> None:
        for query in cycle(HOSTILE[start:] + HOSTILE[:start]):
            if over.is_set():
                return
            with suppress(OSError, SystemExit), server.wire(HOSTILE_CLIENT) as wire:
                statuses.append(wire.query(query, ACCEPT).status)  # or broken off: the next one

    threads = [threading.Thread(target=attack, args=(start,)) for start in (0, 3)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join()


def cheap(wire: Wire, data: Data, seconds: float) -> list[float]:
    """Ask for single things for so long; the seconds that each took."""
    taken, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        answer = wire.query(data.fill(CHEAP), ACCEPT)
        if answer.status != 200:
            raise SystemExit(f"a cheap query was answered with {answer.status}")
        taken.append(answer.seconds)
        time.sleep(0.002)
    return taken


def percentile(taken: list[float]) -> Measured:
    """The 99th percentile."""
    return Measured(statistics.quantiles(taken, n=100)[-1], 0.0, 0.0)


def main() -> None:
    """Measure, print the figures, keep the result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, help="a release of bench.generate, of any size")
    options.add_argument("--rows", type=int, default=20_000, help="of the table without --home")
    options.add_argument("--seconds", type=float, default=30.0, help="of each of the two parts")
    options.add_argument("--work", type=Path, default=HERE / "data", help="where files are put")
    asked = options.parse_args()
    work = asked.work.resolve() / "service"
    home = prepared(asked.home, work, asked.rows)
    release = current(home)
    assert release is not None
    data = Data(release)
    with ours(home, work, SETTINGS) as server, server.wire(CHEAP_CLIENT) as wire:
        cheap(wire, data, 2)
        quiet = cheap(wire, data, asked.seconds)
        with attacked(server) as statuses:
            beside = cheap(wire, data, asked.seconds)
    print(f"cheap queries: {len(quiet)}, {len(beside)}; hostile ones ended with {statuses}")
    figures = []
    for name, goal, ours_, theirs in (
        (
            "99th percentile beside two hostile queries",
            "< 10",
            percentile(beside),
            percentile(quiet),
        ),
        ("median beside two hostile queries", "–", _median(beside), _median(quiet)),
    ):
        ratio = ours_.seconds / theirs.seconds
        figures.append(Figure(name, "quiet", goal, ours_, theirs, ratio))
    keep(figures, sum(entry["rows"] for entry in release.datasets.values()), 1)


def _median(taken: list[float]) -> Measured:
    return Measured(statistics.median(taken), 0.0, 0.0)


if __name__ == "__main__":
    main()
