"""What ``tsunagu validate`` has to tell: of every package, and of the files of RDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.cli.checking import CheckReport
from loader.cli.checking.report import ORDER, Entry
from loader.model import FindingLog, Severity
from loader.transform import Transformed
from loader.validate import Validator
from loader.validate.collect import RESULTS_KEPT
from loader.validate.report import ReportContent

_SHAPES = "shacl.shapes-"
_GRAVITY = {"Violation": 0, "Warning": 1, "Info": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """What was validated by itself: a package, a dataset of a release, or the files of RDF, which
    are one graph."""

    findings: FindingLog
    files: Sequence[str]
    conforms: bool
    content: ReportContent
    counts: dict[Severity, int]
    transformed: Transformed | None = None
    dataset: str | None = None

    @classmethod
    def of(
        cls,
        validator: Validator,
        findings: FindingLog,
        files: Sequence[Path],
        transformed: Transformed | None = None,
        dataset: str | None = None,
    ) -> "Part":
        """Take what a validator found that is finished; shapes that cannot be used do not hold."""
        names = [path.name for path in files]
        if transformed is not None:
            names = [resource.label for resource in transformed.package.resources]
        unusable = any(
            group.examples[0].code.startswith(_SHAPES)
            and group.examples[0].severity is Severity.VIOLATION
            for group in findings.groups()
        )
        conforms = validator.finish() and not unusable
        counts = validator.counts()
        return cls(findings, names, conforms, validator.content(), counts, transformed, dataset)

    @property
    def name(self) -> str:
        """The name of the package or of the dataset of a release, or the files."""
        package = self.transformed.package.name if self.transformed else None
        return package or self.dataset or ", ".join(self.files)

    def entries(self) -> Iterator[Entry]:
        """Give the findings with the package that they are of."""
        if self.transformed is not None:
            yield from CheckReport.of(FindingLog(), [(self.transformed, self.findings)]).entries
        else:
            yield from (Entry(group, self.dataset) for group in self.findings.groups())


@dataclass(slots=True)
class Validated:
    """All parts; ``discovered`` is what was found before anything was opened."""

    discovered: FindingLog = field(default_factory=FindingLog)
    parts: list[Part] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether no part has a violation of a shape."""
        return all(part.conforms for part in self.parts)

    @property
    def files(self) -> list[str]:
        """The files, by name."""
        return [name for part in self.parts for name in part.files]

    @property
    def counts(self) -> dict[str, int]:
        """How many results there are of each severity; other findings are not counted."""
        return {
            severity.value: sum(part.counts[severity] for part in self.parts)
            for severity in Severity
        }

    @property
    def report(self) -> CheckReport:
        """The findings, gravest first; files are not judged here, which the check does."""
        entries = [Entry(group) for group in self.discovered.groups()]
        for part in self.parts:
            entries.extend(part.entries())
        entries.sort(key=lambda entry: ORDER.index(entry.first.severity))
        return CheckReport([], [], entries)

    def content(self) -> ReportContent:
        """The results of all parts as one report, gravest first, as many as one report has."""
        results = [result for part in self.parts for result in part.content.results]
        results.sort(key=lambda result: _GRAVITY.get(result.severity.rpartition("#")[2], 0))
        total = sum(part.content.total for part in self.parts)
        return ReportContent(total, results[:RESULTS_KEPT])
