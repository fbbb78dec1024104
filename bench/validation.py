"""Measures validation against pySHACL, on the same triples and shapes, in one run.

    .venv/bin/python -m bench.validation                  # 20,000 rows
    .venv/bin/python -m bench.validation --rows 100000
    .venv/bin/python -m bench.validation --rows 1000000 --alone   # ours only, from the file

Each side is a process of its own and counts its results, which must be as many. Ours is fed with
the runs that the mapping of a publish feeds it. What it takes to have them in memory, for pySHACL
to load the graph (from N-Triples, which is fastest), is told apart; ``--alone`` reads while it
validates, and shows what memory that needs.
"""

import argparse
import gc
import json
import marshal
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from bench.generate import generate
from loader.runs import packed, unpacked

if TYPE_CHECKING:
    from loader.validate import Validator

HERE = Path(__file__).parent
SHAPES = HERE / "facility-shapes.ttl"
EVERYTHING_WRONG = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<#All> a sh:NodeShape ; sh:targetClass <http://schema.org/CivicStructure> ;
    sh:property [ sh:path <http://e/missing> ; sh:minCount 1 ] .
"""
"""A shape that every thing fails, for ``--wrong``: what masses of equal results cost."""

_SIZE = 4
"""Bytes of the number of bytes of a batch."""

TIMES = 3
"""How often ours is measured; pySHACL, which takes a minute, once."""
GARBAGE_THRESHOLD = 50_000
"""New objects after which cycles are looked for, on both sides: what ``tsunagu`` sets."""

Figures = dict[str, float]


def ours(lines: Path, shapes: list[str], held: bool) -> Figures:
    """Validate lines piece by piece; ``held``: all are in memory before the time begins."""
    from loader.model import FindingLog
    from loader.validate import Validator

    def feed_all(feed: Callable[[list[str]], object]) -> None:
        for runs in _batches(lines):
            feed([line for run in runs for line in run])

    begun = time.perf_counter()
    batches = list(_batches(lines)) if held else _batches(lines)
    loaded = time.perf_counter()
    validator = Validator(shapes, FindingLog())
    for runs in batches:
        validator.feed(*runs)
    validator.finish(feed_all)
    ended = time.perf_counter()
    results = validator.summary()["results"]
    assert isinstance(results, dict)
    return {
        "seconds": ended - loaded,
        "loading": loaded - begun,
        "results": sum(results.values()),
    }


def _batches(lines: Path) -> Iterator[list[list[str]]]:
    """Give the runs of each batch, as they were noted beside the lines."""
    with _runs(lines).open("rb") as noted:
        while size := noted.read(_SIZE):
            batch = marshal.loads(noted.read(int.from_bytes(size)))
            yield [unpacked(*run) for run in batch]


def _triples(lines: Path) -> Path:
    return lines.with_suffix(".nt")


def _runs(lines: Path) -> Path:
    return lines.with_suffix(".runs")


def theirs(lines: Path, shapes: list[str], _: bool) -> Figures:
    """Load a graph and validate it by pySHACL."""
    import pyshacl
    import rdflib

    begun = time.perf_counter()
    graph = rdflib.Graph().parse(_triples(lines), format="nt")
    loaded = time.perf_counter()
    shapes_graph = rdflib.Graph()
    for text in shapes:
        shapes_graph.parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph, advanced=False)
    ended = time.perf_counter()
    count = len(list(report.objects(None, rdflib.SH.result)))
    return {"seconds": ended - loaded, "loading": loaded - begun, "results": count}


SIDES = {"ours": ours, "theirs": theirs}


def run(side: str, lines: Path, shapes: list[str], held: bool) -> Figures:
    """Run one side in a process of its own."""
    command = [sys.executable, "-m", "bench.validation", "--side", side, "--lines", str(lines)]
    command += [] if held else ["--alone"]
    done = subprocess.run(
        command, input=json.dumps(shapes), capture_output=True, text=True, cwd=HERE.parent
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: Figures = json.loads(done.stdout)
    return figures


def prepare(work: Path, rows: int) -> Path:
    """Make the lines of a table as a publish feeds them to the validator; return their path."""
    folder = work / f"validation-{rows}"
    lines = folder.with_suffix(".nq")
    if not _runs(lines).exists():
        generate(folder, rows)
        _write_lines(folder, lines)
    return lines


def _write_lines(folder: Path, lines: Path) -> None:
    from loader.model import FindingLog
    from loader.progress import Silence
    from loader.source import discover
    from loader.transform import Transformation, no_sink
    from vocab.iris import IriPolicy

    policy = IriPolicy("http://localhost:8000/")
    draft = lines.with_suffix(".draft")
    with draft.open("wb") as noted, lines.open("w", encoding="utf-8", newline="\n") as stream:
        recorder = cast("Validator", _Recorder(stream, noted))
        (package,) = discover([folder]).packages
        Transformation(package, policy, FindingLog(), no_sink, Silence(), recorder).run()
    with lines.open(encoding="utf-8", newline="\n") as quads, _triples(lines).open("w") as triples:
        triples.writelines(quad.rpartition(" <")[0] + " .\n" for quad in quads)
    draft.rename(_runs(lines))


class _Recorder:
    """Stands where the validator does, and notes the runs of lines that it is fed."""

    def __init__(self, lines: TextIO, noted: BinaryIO) -> None:
        self._lines, self._noted = lines, noted
        self.cells = self

    def know_columns(self, *_: object) -> None:
        """Nothing to know."""

    know_table = know_columns

    def feed(self, *runs: list[str]) -> None:
        """Write the runs."""
        batch = marshal.dumps([packed(run) for run in runs])
        self._noted.write(len(batch).to_bytes(_SIZE) + batch)
        for run in runs:
            self._lines.writelines(run)


def _median(side: str, lines: Path, shapes: list[str], held: bool) -> Figures:
    times = TIMES if held and side == "ours" else 1
    runs = [run(side, lines, shapes, held) for _ in range(times)]
    return sorted(runs, key=lambda figures: figures["seconds"])[times // 2]


def report(sides: Sequence[str], lines: Path, shapes: list[str]) -> None:
    """Measure the sides and print what they took: ours the median of three, where both are."""
    found = {side: _median(side, lines, shapes, held=len(sides) > 1) for side in sides}
    for side, figures in found.items():
        told = (f"{key} {value:,.2f}" for key, value in figures.items())
        print(f"{side:7}", " · ".join(told))
    if len(found) == 2:
        if found["ours"]["results"] != found["theirs"]["results"]:
            raise SystemExit("the numbers of results differ")
        whole = [figures["seconds"] + figures["loading"] for figures in found.values()]
        alone = [figures["seconds"] for figures in found.values()]
        print(f"pySHACL takes {whole[1] / whole[0]:.1f} times ours from the file to the results,")
        print(f"{alone[1] / alone[0]:.1f} times without loading")


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
        gc.set_threshold(GARBAGE_THRESHOLD)
        figures = SIDES[asked.side](asked.lines, json.load(sys.stdin), not asked.alone)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        json.dump({**figures, "megabytes": peak}, sys.stdout)
        return
    lines = prepare(asked.work.resolve(), asked.rows)
    shapes = [EVERYTHING_WRONG if asked.wrong else SHAPES.read_text(encoding="utf-8")]
    report(["ours"] if asked.alone else list(SIDES), lines, shapes)


if __name__ == "__main__":
    main()
