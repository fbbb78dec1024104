"""Measures what it takes to publish a small change of a large release, beside making it anew.

A home holds a large dataset and one of 1,000 rows. The small one is changed and published, again
and again: once alone, once with all sources named, of which only it has changed. In the end the
same is published with ``--full``, which has to give the same dumps.
"""

import argparse
import shutil
import sys
from pathlib import Path

from bench.figures import Figure, Measured, compare, keep, measure
from bench.generate import generate
from loader.release import Release, current

HERE = Path(__file__).parent
TSUNAGU = (sys.executable, "-m", "loader.cli", "publish")
ROWS = 800_000
"""Of the large dataset: ten million triples with its mapping of 13.5 triples a row."""
SMALL_ROWS = 1_000
GOAL = "≤ 5 s, < 300 MB"


def publish(home: Path, *arguments: str) -> tuple[Measured, Release]:
    """Publish into the home; return what it took, and the release."""
    measured = measure([*TSUNAGU, *arguments, "--home", str(home), "--lang", "en"])
    made = current(home)
    if made is None:
        raise SystemExit("nothing was published")
    return measured, made


def change(table: Path, number: int) -> None:
    """Give every row another name and another address."""
    text = table.read_text(encoding="utf-8")
    town = f"見本{number}市" if number > 1 else "見本市"
    table.write_text(text.replace(town, f"見本{number + 1}市"), encoding="utf-8")


def incremental(work: Path, rows: int, small_rows: int, runs: int) -> list[Figure]:
    """Publish both datasets, then changes of the small one, then all of it anew."""
    shutil.rmtree(work, ignore_errors=True)
    home, sources = work / "home", work / "sources"
    generate(sources / "large", rows, name="large")
    table = generate(sources / "small", small_rows, name="small")
    publish(home, str(sources))
    alone, among, made = [], [], []
    for number in range(1, 2 * runs, 2):
        change(table, number)
        alone.append(publish(home, str(sources / "small"))[0])
        change(table, number + 1)
        measured, release = publish(home, str(sources))
        among.append(measured)
        made.append(release)
    require_growth(made)
    anew, whole = publish(work / "other", str(sources), "--full")
    require_same(made[-1], whole)
    return [
        compare("changed dataset alone", "all anew", GOAL, [(one, anew) for one in alone]),
        compare("the same among all sources", "all anew", "–", [(one, anew) for one in among]),
    ]


def require_growth(made: list[Release]) -> None:
    """See that each release's store grew from an earlier one."""
    if any(not release.manifest["store"]["layers"] for release in made):
        raise SystemExit("a store was built whole")


def require_same(ours: Release, theirs: Release) -> None:
    """See that two releases have the same dumps, and as many quads."""
    for name in ours.datasets:
        dumps = [f"dumps/{name}.nq", f"packages/{name}.json"]
        if any(ours.manifest["files"][one] != theirs.manifest["files"][one] for one in dumps):
            raise SystemExit(f"{name} differs")
    if ours.manifest["quads"] != theirs.manifest["quads"]:
        raise SystemExit(f"{ours.manifest['quads']} and {theirs.manifest['quads']} quads")


def main() -> None:
    """Measure, print the table, keep the result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--small-rows", type=int, default=SMALL_ROWS)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--work", type=Path, default=HERE / "data", help="where files are put")
    asked = options.parse_args()
    work = asked.work.resolve() / "incremental"
    figures = incremental(work, asked.rows, asked.small_rows, asked.runs)
    keep(figures, asked.rows, asked.runs)


if __name__ == "__main__":
    main()
