"""Measures validation against pySHACL, on the same triples and shapes, in one run.

    .venv/bin/python -m bench.validation                  # 20,000 rows
    .venv/bin/python -m bench.validation --rows 100000
    .venv/bin/python -m bench.validation --rows 1000000 --alone   # ours only, time and memory

Each side is a process of its own and counts its results, which must be as many. Ours is fed with
lines, as the mapping feeds it; for pySHACL the time of loading the graph is told apart.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from bench.generate import generate

HERE = Path(__file__).parent
SHAPES = HERE / "facility-shapes.ttl"
EVERYTHING_WRONG = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<#All> a sh:NodeShape ; sh:targetClass <http://schema.org/CivicStructure> ;
    sh:property [ sh:path <http://e/missing> ; sh:minCount 1 ] .
"""
"""A shape that every thing fails, for ``--wrong``: what masses of equal results cost."""

LINES_AT_ONCE = 6_000
"""About what a batch of 500 rows makes."""

Figures = dict[str, float]


def ours(lines: Path, shapes: list[str]) -> Figures:
    """Validate lines piece by piece."""
    from loader.model import FindingLog
    from loader.validate import Validator
    from loader.validate.rdf_files import between_things

    begun = time.perf_counter()
    validator = Validator(shapes, FindingLog())

    def feed_all(feed: Callable[[list[str]], object]) -> None:
        with lines.open(encoding="utf-8", newline="\n") as stream:
            batches = iter(lambda: list(islice(stream, LINES_AT_ONCE)), [])
            for batch in between_things(batches):
                feed(batch)

    feed_all(validator.feed)
    validator.finish(feed_all)
    results = validator.summary()["results"]
    assert isinstance(results, dict)
    return {"seconds": time.perf_counter() - begun, "results": sum(results.values())}


def theirs(lines: Path, shapes: list[str]) -> Figures:
    """Load a graph and validate it by pySHACL."""
    import pyshacl
    import rdflib

    begun = time.perf_counter()
    data = rdflib.Dataset(default_union=True).parse(lines, format="nquads")
    graph = rdflib.Graph()
    for triple in data.triples((None, None, None)):
        graph.add(triple)
    loaded = time.perf_counter()
    shapes_graph = rdflib.Graph()
    for text in shapes:
        shapes_graph.parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph, advanced=False)
    ended = time.perf_counter()
    count = len(list(report.objects(None, rdflib.SH.result)))
    return {"seconds": ended - loaded, "loading": loaded - begun, "results": count}


SIDES = {"ours": ours, "theirs": theirs}


def run(side: str, lines: Path, shapes: list[str]) -> Figures:
    """Run one side in a process of its own."""
    command = [sys.executable, "-m", "bench.validation", "--side", side, "--lines", str(lines)]
    done = subprocess.run(
        command, input=json.dumps(shapes), capture_output=True, text=True, cwd=HERE.parent
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: Figures = json.loads(done.stdout)
    return figures


def prepare(work: Path, rows: int) -> Path:
    """Make the lines of a table; return their path."""
    folder = work / f"validation-{rows}"
    lines = folder.with_suffix(".nq")
    if not lines.exists():
        generate(folder, rows)
        command = [sys.executable, "-m", "loader.cli", "map", str(folder), "-o", str(lines)]
        subprocess.run([*command, "--home", str(work / "home")], cwd=HERE.parent, check=True)
        in_order = {**os.environ, "LC_ALL": "C"}
        subprocess.run(["sort", "-o", str(lines), str(lines)], env=in_order, check=True)
    return lines


def report(sides: Iterable[str], lines: Path, shapes: list[str]) -> None:
    """Measure the sides and print what they took."""
    found = {side: run(side, lines, shapes) for side in sides}
    for side, figures in found.items():
        told = (f"{key} {value:,.2f}" for key, value in figures.items())
        print(f"{side:7}", " · ".join(told))
    if len(found) == 2:
        if found["ours"]["results"] != found["theirs"]["results"]:
            raise SystemExit("the numbers of results differ")
        print(
            f"pySHACL takes {found['theirs']['seconds'] / found['ours']['seconds']:.1f} times ours"
        )


def main() -> None:
    """Measure, or be one of the sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--work", type=Path, default=HERE / "data")
    options.add_argument("--alone", action="store_true", help="ours only")
    options.add_argument("--wrong", action="store_true", help="a shape that all things fail")
    options.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options.add_argument("--lines", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.side:
        figures = SIDES[asked.side](asked.lines, json.load(sys.stdin))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        json.dump({**figures, "megabytes": peak}, sys.stdout)
        return
    lines = prepare(asked.work.resolve(), asked.rows)
    shapes = [EVERYTHING_WRONG if asked.wrong else SHAPES.read_text(encoding="utf-8")]
    report(["ours"] if asked.alone else list(SIDES), lines, shapes)


if __name__ == "__main__":
    main()
