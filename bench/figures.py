"""What a benchmark measures, compares and prints: figures as ratios of medians."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
LAUNCH = """
import os, sys, time
begun = time.perf_counter()
quiet = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, quiet, 2)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - begun
figures = (seconds, used.ru_utime + used.ru_stime, used.ru_maxrss)
print(os.waitstatus_to_exitcode(status), *figures, file=sys.stderr)
"""
"""Starts and measures a command from a small process: a child's peak of memory counts that of
the process which started it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command: seconds on the clock, seconds of processor, peak of memory."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison. ``ratio`` is ours to theirs in time, by the medians; 1 means as fast."""

    name: str
    against: str
    goal: str
    ours: Measured
    theirs: Measured
    ratio: float


def measure(command: Sequence[str], output: Path | None = None) -> Measured:
    """Run a command and measure it; a command that fails ends the benchmark."""
    with open(output or os.devnull, "wb") as stream:
        launcher = [sys.executable, "-I", "-S", "-c", LAUNCH, *command]
        done = subprocess.run(
            launcher, stdout=stream, stderr=subprocess.PIPE, cwd=HERE.parent, check=True
        )
    status, seconds, processor, peak = done.stderr.split()
    if int(status):
        raise SystemExit(f"{' '.join(command)} ended with {int(status)}")
    # Linux gives kilobytes, macOS bytes (getrusage(2)).
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Measured(float(seconds), float(processor), int(peak) / unit)


def median(runs: Sequence[Measured]) -> Measured:
    """Return the medians of time, and the worst of memory."""
    return Measured(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        max(run.megabytes for run in runs),
    )


def compare(
    name: str, against: str, goal: str, pairs: Sequence[tuple[Measured, Measured]]
) -> Figure:
    """Make a figure of alternating runs."""
    ours, theirs = median([ours for ours, _ in pairs]), median([theirs for _, theirs in pairs])
    return Figure(name, against, goal, ours, theirs, ours.seconds / theirs.seconds)


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    names = ("pyoxigraph", "shacl", "granian", "flask")
    return {
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def markdown(figures: Sequence[Figure]) -> str:
    """Return the figures as a table."""
    lines = [
        "| figure | against | ours | theirs | ratio | goal | peak memory: ours, theirs |",
        "|---|---|---|---|---|---|---|",
    ]
    for figure in figures:
        memory = f"{figure.ours.megabytes:.0f} MB, {figure.theirs.megabytes:.0f} MB"
        lines.append(
            f"| {figure.name} | {figure.against} | {_duration(figure.ours.seconds)} "
            f"| {_duration(figure.theirs.seconds)} | {figure.ratio:.2f} | {figure.goal} "
            f"| {memory if figure.ours.megabytes else '–'} |"
        )
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def keep(figures: Sequence[Figure], rows: int, runs: int) -> None:
    """Print the figures and write them to ``bench/results``."""
    now = datetime.now(UTC)
    result = {
        "date": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "rows": rows,
        "runs": runs,
        "figures": [asdict(figure) for figure in figures],
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    text = json.dumps(result, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    words = ", ".join(f"{key} {value}" for key, value in machine().items())
    print(f"{now:%Y-%m-%d}, {rows:,} rows, medians of {runs}; {words}\n")
    print(markdown(figures))
