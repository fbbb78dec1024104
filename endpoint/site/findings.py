"""The report of a dataset as its page shows it: findings in plain words, gravest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from endpoint.errors import Unavailable
from loader.release import Release

SEVERITIES = ("violation", "warning", "info")
_VALIDATION = "shacl."
"""How the codes of validation begin (vocab/findings/shacl.toml)."""


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
    validation: list[Section] = field(default_factory=list)
    """The findings of validation, which are told apart from the others."""
    results: Mapping[str, int] = field(default_factory=dict)
    """The results of validation by severity; older releases do not tell."""


def read_report(release: Release, dataset: str) -> Report:
    """Read the report of a dataset; raises Unavailable where it is damaged."""
    try:
        content = release.report(dataset)
    except FileNotFoundError:
        return Report([], None, stated=False)
    except (OSError, ValueError) as error:
        raise Unavailable("release.damaged", reason=error) from error
    groups = content.get("findings", [])
    validation = content.get("validation", {})
    return Report(
        _sections([group for group in groups if not _of_validation(group)]),
        validation.get("conforms"),
        stated=True,
        files=content.get("files", []),
        validation=_sections([group for group in groups if _of_validation(group)]),
        results=validation.get("results", {}),
    )


def _of_validation(group: Mapping[str, Any]) -> bool:
    return str(group.get("code", "")).startswith(_VALIDATION)


def _sections(groups: list[Mapping[str, Any]]) -> list[Section]:
    sections = [_section(severity, groups) for severity in SEVERITIES]
    return [section for section in sections if section.groups]


def _section(severity: str, groups: list[Mapping[str, Any]]) -> Section:
    mine = [group for group in groups if group.get("severity") == severity]
    return Section(severity, sum(int(group.get("count", 1)) for group in mine), mine)
