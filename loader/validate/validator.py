"""Validates lines of N-Quads against SHACL shapes, piece by piece, beside the mapping.

The engine works in memory (about 320 bytes a triple), so that a large dataset goes through it in
pieces. What pieces cannot tell is found by an index of what depends on what, and validated once
more in the end. The engine lets other threads run while it works.
"""

import os
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from loader.model import Finding, FindingLog, Severity
from loader.validate import report as validation_report
from loader.validate.cells import Cells
from loader.validate.collect import Kept, Results
from loader.validate.distribution import Distribution
from loader.validate.echoes import AnyResult
from loader.validate.engine import CompiledShapes
from loader.validate.findings import (
    ColumnsOf,
    Locate,
    Places,
    Words,
    locate_row,
    log_tallies,
    read_cells,
)
from loader.validate.index import Glance, Group, Index, Unsure, thing_of
from loader.validate.piece import Piece
from loader.validate.report import ReportContent, ValidationResult
from loader.validate.screen import Screen, Sorted

Feed = Callable[[Sequence[str]], None]
Whole = Callable[[Feed], object]
"""Feeds all lines once more, from the canonical dump for instance."""

PIECE_LINES = 100_000
FIRST_LINES = 20_000
MOST_WORKERS = 4
MOST_LINES = 2_000_000
"""How many lines the engine gets at once, at the very most: about 700 MB."""

RESULTS_PUBLISHED = 1_000

_SCATTERED = "shacl.scattered"
_IN_PIECES = "shacl.in-pieces"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the engine had to say of a piece, and about which things."""

    piece: Sorted
    results: Results
    told: dict[str, list[AnyResult]]


class Validator:
    """Takes lines, gives findings ``shacl.…`` and the validation report.

    ``locate`` turns the IRI of a row (``dcterms:source`` of a thing) into the file's name and the
    row's number; results about things that tell no row are filed under ``name``.
    """

    def __init__(
        self,
        shapes_texts: Sequence[str],
        findings: FindingLog,
        locate: Locate | None = None,
        *,
        name: str = "RDF",
    ) -> None:
        self._shapes = CompiledShapes(shapes_texts)
        self._findings = findings
        self._locate = locate or locate_row
        self._name = name
        self._columns: dict[str, ColumnsOf] = {}
        self.cells = Cells()
        self._pending: list[Sequence[str]] = []
        self._waiting = 0
        self._running: deque[Future[_Outcome]] = deque()
        self._workers = min(os.cpu_count() or 1, MOST_WORKERS)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="validate")
        self._results = Results()
        self._index = Index(self._shapes.reach)
        self._screen = Screen.of(self._shapes.graph, self._shapes.reach)
        self._piece = self._begin()
        self._pieces = self._fed = 0
        self._finished = False

    def know_columns(self, file: str, columns: ColumnsOf) -> None:
        """Take which columns of a file feed which predicates, so that findings name them."""
        self._columns[file] = columns

    def feed(self, *runs: Sequence[str]) -> None:
        """Take lines of N-Quads, in any order; the same line may come more than once.

        Things that come in one call are sure to be in one piece, which is fastest; most of all
        where each of ``runs`` has lines of one predicate, as a mapping makes them.
        """
        self._pending += runs
        self._waiting += sum(map(len, runs))
        if self._piece:
            self._piece.take(runs)
        if self._waiting >= self._enough:
            self._send()

    @property
    def _enough(self) -> int:
        """How many lines make a piece: few at first, from which to learn what things look like."""
        if self._shapes.reach.anything:
            return MOST_LINES
        return PIECE_LINES if self._pieces else FIRST_LINES

    def finish(self, whole: Whole | None = None) -> bool:
        """Validate what is left; whether all conforms, that is, shows no violation.

        ``whole`` feeds all lines once more; it is asked only where things depend on others that
        were in another piece. Without it a finding tells that nobody looked. To call it once more
        changes nothing.
        """
        if not self._finished:
            self._finished = True
            try:
                self._send()
                while self._running:
                    self._collect()
            finally:
                self._pool.shutdown(cancel_futures=True)
            self._complete(whole)
            read_cells(self._results, self._words())
            log_tallies(self._findings, self._results.tallies, self._words())
        return not self._results.counts()[Severity.VIOLATION]

    def summary(self) -> dict[str, object]:
        """The outcome in numbers, for reports in JSON."""
        counts = {severity.value: count for severity, count in self._results.counts().items()}
        return {"conforms": not counts["violation"], "results": counts}

    def report(self, format: str = "turtle") -> str:
        """The ``sh:ValidationReport``, gravest results first (at most 10,000).

        ``sh:conforms`` is true only where there is no result at all (SHACL, 3.6.1.1).
        """
        return validation_report.turtle(self.content(), format)

    def report_lines(self, graph: str, report: str, about: str | None = None) -> list[str]:
        """The report named ``report`` as canonical lines in ``graph`` (at most 1,000 results).

        ``about`` is the graph that was validated.
        """
        return validation_report.lines(self.content(RESULTS_PUBLISHED), graph, report, about)

    def counts(self) -> dict[Severity, int]:
        """How many results there are of each severity."""
        return self._results.counts()

    def content(self, limit: int | None = None) -> ReportContent:
        """What a report tells, gravest results first: the first 10,000, or ``limit`` of them."""
        kept = list(self._results.kept())[:limit]
        return ReportContent(sum(self._results.counts().values()), [self._told(k) for k in kept])

    def _told(self, kept: Kept) -> ValidationResult:
        result, words = kept.result, self._words()
        return ValidationResult(
            focus=kept.focus,
            path=result.path,
            value=kept.value,
            component=result.component_iri,
            severity=result.severity_iri,
            shape=result.source_shape,
            messages=tuple(map(self._shapes.message, result.messages)),
            source=kept.place.source,
            columns=words.columns_of(kept),
            cell=words.written(kept),
        )

    def _words(self) -> Words:
        return Words(self._shapes.languages, self._columns, self._shapes.rules, self.cells)

    def _send(self) -> None:
        if not self._waiting:
            return
        runs, self._pending = self._pending, []
        self._fed += self._waiting
        self._waiting = 0
        piece = self._piece.sorted() if self._piece else None
        if piece is None:
            kept = self._relevant(list(chain.from_iterable(runs)))
            piece = Sorted(kept, Glance.at(kept, self._shapes.reach))
        self._pieces += 1
        self._index.add(piece.glance)
        if piece.lines or piece.echoes:
            self._submit(piece, runs)
        self._piece = self._begin()

    def _begin(self) -> Piece | None:
        if self._screen is None:
            return None
        self._screen.begin()
        return Piece(self._screen)

    def _submit(self, piece: Sorted, runs: Sequence[Sequence[str]]) -> None:
        while len(self._running) >= self._workers:
            self._collect()
        self._running.append(self._pool.submit(self._validate, piece, runs))
        if self._pieces == 1:
            # From the first piece is learnt what most things of the others look like.
            self._collect()

    def _collect(self) -> None:
        outcome = self._running.popleft().result()
        if self._screen and outcome.piece.looks:
            self._screen.learn(outcome.piece, outcome.told)
        self._results.merge(outcome.results)

    def _validate(self, piece: Sorted, runs: Sequence[Sequence[str]]) -> _Outcome:
        results = Results()
        told = self._take(results, piece, runs)
        return _Outcome(piece, results, told)

    def _take(
        self,
        results: Results,
        piece: Sorted,
        runs: Sequence[Sequence[str]],
        about: frozenset[int] | None = None,
    ) -> dict[str, list[AnyResult]]:
        """Validate a piece; return the engine's results by thing. ``runs`` tell their places."""
        text = piece.text
        found: list[AnyResult] = [*self._shapes.validate(text)]
        nodes = self._shapes.blank_nodes(text)
        told: dict[str, list[AnyResult]] = defaultdict(list)
        focuses = [nodes.named(result.focus_node) for result in found]
        for result, focus in zip(found, focuses, strict=True):
            told[thing_of(focus)].append(result)
        found += piece.echoes
        focuses += [echo.focus_node for echo in piece.echoes]
        if found:
            places = Places(runs, frozenset(focuses), self._locate, self._name)
            results.take(zip(found, focuses, strict=True), places, nodes, about)
        return told

    def _relevant(self, lines: Sequence[str]) -> Sequence[str]:
        """The lines that a shape may read."""
        wanted = self._shapes.reach.predicates
        if wanted is None:
            return lines
        return [line for line in lines if line.split(" ", 2)[1] in wanted]

    def _complete(self, whole: Whole | None) -> None:
        """Correct what pieces could not tell."""
        if self._pieces > 1 and self._shapes.reach.anything:
            self._findings.add(Finding(_IN_PIECES, self._name))
        unsure = self._index.unsure()
        if unsure is None:
            return
        if whole is None:
            self._findings.add(Finding(_SCATTERED, self._name), len(unsure.places))
            return
        self._results.drop(unsure.hashes())
        # Where the first things of a kind were unsure, no example is left of the others.
        unsure = unsure.also(self._results.untold())
        self._results.drop(unsure.hashes())
        for group, lines in self._gathered(unsure, whole):
            kept = [*self._index.hierarchy, *self._relevant(lines)]
            again = Results()
            self._take(again, Sorted(kept, Glance()), [lines], group.own)
            self._results.merge(again)
        self._results.sort()

    def _gathered(self, unsure: Unsure, whole: Whole) -> Iterator[tuple[Group, list[str]]]:
        """Give the groups of unsure things with all lines that they need, read from files."""
        groups = list(unsure.groups(self._fed))
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            paths = [Path(folder) / str(number) for number in range(len(groups))]
            files = [
                stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
                for path in paths
            ]
            distribution = Distribution(groups, files)
            whole(distribution.feed)
            stack.close()
            for group, path, count in zip(groups, paths, distribution.counts, strict=True):
                if count > MOST_LINES:
                    self._findings.add(Finding(_SCATTERED, self._name), len(group.own))
                    continue
                with path.open(encoding="utf-8", newline="\n") as stream:
                    yield group, list(stream)
