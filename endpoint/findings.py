"""The report of a dataset as its page shows it: findings in plain words, gravest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from endpoint.errors import Unavailable
from loader.release import Release

SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of one severity; ``count`` counts all of them, not only groups."""

    severity: str
    count: int
    groups: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """A dataset's report; ``conforms`` is None where it was not validated."""

    sections: list[Section]
    conforms: bool | None
    stated: bool
    """Whether the release has a report at all."""
    files: list[Mapping[str, Any]] = field(default_factory=list)
    """The files as they came, judged by the checklists (docs/check-report.schema.json)."""


def read_report(release: Release, dataset: str) -> Report:
    """Read the report of a dataset; raises Unavailable where it is damaged."""
    try:
        content = release.report(dataset)
    except FileNotFoundError:
        return Report([], None, stated=False)
    except (OSError, ValueError) as error:
        raise Unavailable("release.damaged", reason=error) from error
    groups = content.get("findings", [])
    sections = [_section(severity, groups) for severity in SEVERITIES]
    conforms = content.get("validation", {}).get("conforms")
    told = [section for section in sections if section.groups]
    return Report(told, conforms, stated=True, files=content.get("files", []))


def _section(severity: str, groups: list[Mapping[str, Any]]) -> Section:
    mine = [group for group in groups if group.get("severity") == severity]
    return Section(severity, sum(int(group.get("count", 1)) for group in mine), mine)
