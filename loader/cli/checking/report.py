"""What ``tsunagu check`` has to tell: the files, judged, and the findings, gravest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.model import Finding, FindingGroup, FindingLog, Package, Severity
from loader.report import LEVEL_CODES, CheckedFile, checked_files
from loader.transform import Transformed

ORDER = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Entry:
    """Equal findings of one file and column, and where that file is, as far as it is known."""

    group: FindingGroup
    dataset: str | None = None
    path: Path | None = None

    @property
    def first(self) -> Finding:
        """The first of them."""
        return self.group.examples[0]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that was found; ``results`` and ``files`` in the order of the input."""

    results: Sequence[Transformed]
    files: Sequence[CheckedFile]
    entries: Sequence[Entry]

    @classmethod
    def of(
        cls, discovered: FindingLog, checked: Sequence[tuple[Transformed, FindingLog]]
    ) -> "CheckReport":
        """Put together what was found before files were opened, and in each dataset."""
        entries = [Entry(group) for group in discovered.groups()]
        for result, findings in checked:
            entries.extend(_entries(result.package, findings))
        files = [file for result, findings in checked for file in checked_files(result, findings)]
        entries.sort(key=lambda entry: ORDER.index(entry.first.severity))
        return cls([result for result, _ in checked], files, entries)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        counts = {severity.value: 0 for severity in Severity}
        for entry in self.entries:
            counts[entry.first.severity.value] += entry.group.count
        return counts

    def fails(self, limit: Severity) -> bool:
        """Whether there is a finding as grave as ``limit``, or graver."""
        grave = ORDER[: ORDER.index(limit) + 1]
        return any(entry.first.severity in grave for entry in self.entries)


def _entries(package: Package, findings: FindingLog) -> list[Entry]:
    paths = {resource.label: resource.file for resource in package.resources}
    return [
        Entry(group, package.name, paths.get(file) or _beside(package, file))
        for group in findings.groups()
        if group.examples[0].code not in LEVEL_CODES
        for file in (group.examples[0].file,)
    ]


def _beside(package: Package, file: str) -> Path | None:
    """Return the path of a descriptor, which messages name with its folder."""
    path = package.folder / Path(file).name
    return path if path.is_file() else None
