"""Validates lines of N-Quads against SHACL shapes, piece by piece, beside the mapping.

The engine works in memory (about 320 bytes a triple), so that a large dataset goes through it in
pieces: a thing and its parts arrive within one call of ``feed``, and pieces are cut only between
calls. The engine lets other threads run while it works.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
import shacl

from loader.errors import ConfigurationError
from loader.model import Finding, FindingLog, Severity
from loader.validate import report as validation_report
from loader.validate.findings import Locate, Places, findings_of, locate_row, severity_of
from loader.validate.rdf_files import read_as_nquads
from loader.validate.repeats import Repeats, Whole, lines_of, only_as_a_whole
from loader.validate.report import ReportContent, ValidationResult
from loader.validate.targets import Targets

PIECE_LINES = 100_000
PIECES_WAITING = 1
RESULTS_KEPT = 10_000
RESULTS_PUBLISHED = 1_000

_MESSAGE = pyoxigraph.NamedNode(validation_report.SH + "message")
_SCATTERED = "shacl.scattered"
_GRAVEST_FIRST = [Severity.VIOLATION, Severity.WARNING, Severity.INFO]


class CompiledShapes:
    """The shapes graph, ready to use, and the languages of its messages.

    Each text is Turtle; blank nodes of different texts are kept apart. Raises ConfigurationError
    where a text is not Turtle (``shapes.unreadable``), where a shape is ill-formed
    (``shapes.ill-formed``) or where there is no shape at all (``shapes.none``).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        triples = [quad.triple for text in texts for quad in _read_turtle(text)]
        data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        self._engine = _compile(data.decode("utf-8"))
        self.languages = {
            triple.object.value: triple.object.language or ""
            for triple in triples
            if triple.predicate == _MESSAGE and isinstance(triple.object, pyoxigraph.Literal)
        }
        """The language of each message, by its text: the engine's results do not tell it."""
        self._targets = Targets(triples)

    def validate(self, text: str) -> list[shacl.Result]:
        """The results for a text of N-Quads, whose graphs are taken as one.

        Raises ConfigurationError where a constraint in SPARQL cannot be evaluated.
        """
        if not self._targets.may_be_in(text):
            return []
        try:
            return self._engine.validate_text(text, format="nquads").results
        except ValueError as error:
            if not str(error).startswith("SPARQL error"):
                raise
            raise ConfigurationError("shapes.ill-formed", reason=error) from error

    def message(self, text: str) -> str:
        """A result's message with its language, in N-Triples syntax."""
        language = self.languages.get(text) or None
        return str(pyoxigraph.Literal(text, language=language))


def _read_turtle(text: str) -> list[pyoxigraph.Quad]:
    try:
        return list(
            pyoxigraph.parse(
                text,
                format=pyoxigraph.RdfFormat.TURTLE,
                base_iri="http://example.org/shapes",
                rename_blank_nodes=True,
            )
        )
    except (SyntaxError, ValueError) as error:
        raise ConfigurationError("shapes.unreadable", reason=error) from error


def _compile(text: str) -> shacl.Shapes:
    try:
        engine = shacl.Shapes.from_text(text, format="ntriples")
    except ValueError as error:
        raise ConfigurationError("shapes.ill-formed", reason=error) from error
    if not len(engine):
        raise ConfigurationError("shapes.none")
    return engine


@dataclass(slots=True)
class _Outcome:
    """What a piece, or all pieces, gave: findings, numbers, and the results that are kept."""

    findings: FindingLog = field(default_factory=FindingLog)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))
    kept: dict[str, list[ValidationResult]] = field(default_factory=lambda: defaultdict(list))
    things: Collection[str] = ()

    def merge(self, other: "_Outcome") -> None:
        for severity in Severity:
            self.counts[severity] += other.counts[severity]
            room = RESULTS_KEPT - len(self.kept[severity])
            self.kept[severity].extend(other.kept[severity][:room])


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
        self._pending: list[str] = []
        self._running: deque[Future[_Outcome]] = deque()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="validate")
        self._total = _Outcome()
        self._repeats = Repeats()

    def feed(self, lines: Sequence[str]) -> None:
        """Take lines of N-Quads; all of a thing, with its parts, must come in one call."""
        self._pending.extend(lines)
        if len(self._pending) >= PIECE_LINES:
            self._send()

    def finish(self, whole: Whole | None = None) -> bool:
        """Validate what is left; whether all conforms, that is, shows no violation.

        ``whole`` gives all lines once more; it is asked only where a thing was described in two
        pieces, so that two names of it are seen. Without it a finding tells that nobody looked.
        To call it once more changes nothing.
        """
        try:
            self._send()
            while self._running:
                self._collect()
        finally:
            self._pool.shutdown(cancel_futures=True)
        repeats, self._repeats = self._repeats, Repeats()
        for things in repeats.groups():
            self._look_again(things, whole)
        return not self._total.counts[Severity.VIOLATION]

    def summary(self) -> dict[str, object]:
        """The outcome in numbers, for reports in JSON."""
        counts = {severity.value: self._total.counts[severity] for severity in Severity}
        return {"conforms": not counts["violation"], "results": counts}

    def report(self, format: str = "turtle") -> str:
        """The ``sh:ValidationReport``, gravest results first (at most 10,000).

        ``sh:conforms`` is true only where there is no result at all (SHACL, 3.6.1.1).
        """
        return validation_report.turtle(self._content(RESULTS_KEPT), format)

    def report_lines(self, graph: str, report: str, about: str | None = None) -> list[str]:
        """The report named ``report`` as canonical lines in ``graph`` (at most 1,000 results).

        ``about`` is the graph that was validated.
        """
        return validation_report.lines(self._content(RESULTS_PUBLISHED), graph, report, about)

    def _content(self, limit: int) -> ReportContent:
        results = [result for severity in _GRAVEST_FIRST for result in self._total.kept[severity]]
        return ReportContent(sum(self._total.counts.values()), results[:limit])

    def _send(self) -> None:
        if not self._pending:
            return
        text = "".join(self._pending)
        self._pending.clear()
        while len(self._running) >= PIECES_WAITING:
            self._collect()
        self._running.append(self._pool.submit(self._validate, text))

    def _collect(self) -> None:
        outcome = self._running.popleft().result()
        self._repeats.add(outcome.things)
        self._take(outcome)

    def _take(self, outcome: _Outcome) -> None:
        self._total.merge(outcome)
        self._findings.extend(outcome.findings)

    def _look_again(self, things: set[int], whole: Whole | None) -> None:
        if whole is None:
            self._findings.add(Finding(_SCATTERED, self._name), len(things))
            return
        text = lines_of(things, whole())
        self._take(self._outcome(only_as_a_whole(self._shapes.validate(text)), text))

    def _validate(self, text: str) -> _Outcome:
        return self._outcome(self._shapes.validate(text), text)

    def _outcome(self, results: Sequence[shacl.Result], text: str) -> _Outcome:
        outcome = _Outcome()
        for result in results:
            severity = severity_of(result)
            outcome.counts[severity] += 1
            if len(outcome.kept[severity]) < RESULTS_KEPT:
                outcome.kept[severity].append(self._keep(result))
        places = Places(text, self._locate, self._name)
        outcome.things = places.things()
        outcome.findings = findings_of(results, places, self._shapes.languages)
        return outcome

    def _keep(self, result: shacl.Result) -> ValidationResult:
        return ValidationResult(
            focus=result.focus_node,
            path=result.path,
            value=result.value,
            component=result.component_iri,
            severity=result.severity_iri,
            shape=result.source_shape,
            messages=tuple(map(self._shapes.message, result.messages)),
        )


def validate_files(
    paths: Sequence[Path], shapes_texts: Sequence[str], findings: FindingLog
) -> Validator:
    """Validate RDF files, all of them as one graph; the validator is finished.

    Raises SourceError for a file that cannot be read (loader/validate/rdf_files.py).
    """
    name = ", ".join(path.name for path in paths)
    validator = Validator(shapes_texts, findings, name=name)
    validator.feed([read_as_nquads(path) for path in paths])
    validator.finish()
    return validator
