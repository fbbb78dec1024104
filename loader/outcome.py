"""What became of a publish: results per dataset, and the exit code that they amount to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from loader.history.changes import DatasetChanges
from loader.model import FindingLog, Severity
from loader.release import Release

LEAST_GONE = 5
"""So many things have to disappear from a dataset for their share to matter: of a table of eight
rows two may go without a question."""


class Status(StrEnum):
    """What became of a dataset."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    HELD_BACK = "held-back"
    READY = "ready"
    """It could be published, but nothing was: on trial, or because of others."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish: see ``tsunagu publish --help``."""

    strict: bool = False
    allow_violations: bool = False
    dry_run: bool = False
    jobs: int = 1
    full: bool = False
    accept: bool = False
    """Whether any share of the things may disappear."""


@dataclass(slots=True)
class Result:
    """What became of one dataset; ``triples`` counts those of its graph, ``seconds`` all stages."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    status: Status = Status.PUBLISHED
    rows: int = 0
    triples: int = 0
    findings: FindingLog = field(default_factory=FindingLog)
    conforms: bool = True
    seconds: float = 0.0
    previous_stays: bool = False
    report: Mapping[str, Any] | None = None
    """The report of the release that it is carried over from, where it was not made again."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings there are of each severity, gravest last."""
        if self.report is None:
            return self.findings.counts()
        counts = {severity.value: 0 for severity in Severity}
        for group in self.report["findings"]:
            counts[group["severity"]] += group["count"]
        return counts

    @property
    def violations(self) -> int:
        """How many findings are violations."""
        return self.counts[Severity.VIOLATION]

    def settle(self, options: Options, has_data: bool) -> None:
        """Hold the dataset back where a violation is not allowed, or data gave no triples."""
        refused = self.violations and not options.allow_violations
        empty = has_data and not self.triples
        self.status = Status.HELD_BACK if refused or empty else Status.PUBLISHED


@dataclass(slots=True)
class Outcome:
    """What became of a publish. ``release`` is what is served afterwards, if anything is.

    Exit codes: 0 all published, 1 some held back or published with violations, 2 nothing.
    ``changes`` are those of the datasets that differ from the release before; ``shrunk`` are the
    datasets of which so much disappears that nothing is published; ``pruned`` the releases that
    the configuration did not keep.
    """

    results: list[Result] = field(default_factory=list)
    findings: FindingLog = field(default_factory=FindingLog)
    release: Release | None = None
    switched: bool = False
    exit_code: int = 0
    changes: list[DatasetChanges] = field(default_factory=list)
    shrunk: list[DatasetChanges] = field(default_factory=list)
    pruned: list[Release] = field(default_factory=list)

    @property
    def publishes(self) -> bool:
        """Whether there is something to release."""
        return self.exit_code < 2

    def decide(self, options: Options) -> None:
        """Set the exit code from the results."""
        held_back = [result for result in self.results if result.status is Status.HELD_BACK]
        violations = self.findings.count(Severity.VIOLATION) + sum(
            result.violations for result in self.results
        )
        if len(held_back) == len(self.results) or (options.strict and violations):
            self.exit_code = 2
        elif held_back or violations:
            self.exit_code = 1

    def settle(self) -> None:
        """Say of what could have been published that it was not, where nothing has changed."""
        for result in self.results:
            if result.status is Status.PUBLISHED and not self.switched:
                result.status = Status.READY

    def compare(self, changes: list[DatasetChanges], most_percent: float) -> None:
        """Take what differs; refuse it where more of a dataset's things disappear than may."""
        self.changes = changes
        self.shrunk = [
            found
            for found in changes
            if found.gone >= LEAST_GONE and found.percent_gone > most_percent
        ]
        if self.shrunk:
            self.exit_code = 2
