"""The technical level (the guide's table 8-1) and the stars (5stardata.info) of a table as it came.

A CSV file is level 2: structured and open. Table 9-3 says what makes it level 3: grade 1 asks for
one table and one header in the file, grade 2 for everything on the list. Level 4 is RDF, which is
what a publish makes of it.
"""

from dataclasses import dataclass

from loader.model import FindingLog, Package, Severity
from vocab import licences

GRADE_1 = frozenset(
    {
        "table.title-lines",
        "table.ragged-row",
        "table.empty-header",
        "table.duplicate-header",
        "check.second-header",
        "check.repeated-header",
        "check.totals-row",
        "check.note-row",
    }
)
"""Items 2 and 3: one table, one header."""

GRADE_2 = frozenset(
    {
        "check.padding",
        "check.decorative-space",
        "check.thousands-separator",
        "check.unit-in-value",
        "check.note-in-number",
        "check.group-value",
        "check.era-year",
        "check.unit-missing",
        "table.encoding-inferred",
        "table.encoding-mismatch",
        "descriptor.absent",
    }
)
"""Items 4 to 10: nothing but data in the cells, units, encoding and metadata stated."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Level 0 to 4 with its grade (0 where the level has none), stars 0 to 5, and what stands
    between the table and the next grade (codes of findings)."""

    level: int
    grade: int
    stars: int
    reasons: tuple[str, ...]


def assess(package: Package, file: str, findings: FindingLog) -> Assessment:
    """Judge a table by the findings about it. A file that cannot be read as one is level 0."""
    codes = _codes(package, file, findings)
    unusable = any(severity is Severity.VIOLATION for severity in codes.values())
    no_licence = _licence_reasons(package)
    stars = 0 if no_licence else 3
    if unusable:
        return Assessment(0, 0, min(stars, 1), (*sorted(codes), *no_licence))
    for grade, wanted in enumerate((GRADE_1, GRADE_2)):
        found = sorted(wanted & codes.keys())
        if found:
            level = 3 if grade else 2
            return Assessment(level, grade, stars, (*found, *no_licence))
    return Assessment(3, 2, stars, no_licence)


def _licence_reasons(package: Package) -> tuple[str, ...]:
    """Return why a package has no star: it needs a licence that is known to be open."""
    if not package.licence:
        return ("descriptor.licence-missing",)
    is_open = licences.is_open(package.licence)
    if is_open is None:
        return ("descriptor.licence-unknown",)
    return () if is_open else ("descriptor.licence-closed",)


def _codes(package: Package, file: str, findings: FindingLog) -> dict[str, Severity]:
    """Return the codes of what was found in a file, and whether a descriptor is there."""
    groups = (group.examples[0] for group in findings.groups())
    codes = {finding.code: finding.severity for finding in groups if finding.file == file}
    if not package.stated:
        codes["descriptor.absent"] = Severity.INFO
    return {code: severity for code, severity in codes.items() if _is_ours(code)}


def _is_ours(code: str) -> bool:
    return code.split(".")[0] in {"source", "table", "check", "text", "descriptor"}
