"""What the stages hand to each other: packages, resources, batches of rows, findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from loader.media_types import GRAPH_MEDIA_TYPES, TABLE_MEDIA_TYPES
from vocab.language import Catalogue

FINDINGS = Catalogue(Path(__file__).parent.parent / "vocab" / "findings")
"""All codes of findings: severity, what is wrong (``ja``, ``en``) and what to do (``do_…``)."""

EXAMPLES_KEPT = 10
"""How many findings of one group are kept whole; the others are only counted."""


class Severity(StrEnum):
    """How grave a finding is; only a violation holds a dataset back (SHACL's three levels)."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a source: what (``code``) and where.

    ``row`` is the number of the record in the file, the header included, from 1 (RFC 7111);
    ``column`` the header as written; ``value`` the cell as written; ``details`` the values of the
    message's placeholders.
    """

    code: str
    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """The severity that the code has, or that ``details`` carries (validation results)."""
        stated = self.details.get("severity") or FINDINGS.entries[self.code]["severity"]
        return Severity(str(stated))

    def text(self, language: str) -> str:
        """What is wrong, as a sentence."""
        return FINDINGS.text(self.code, language, **self._placeholders(language))

    def advice(self, language: str) -> str:
        """What to do about it, as a sentence."""
        return FINDINGS.text(self.code, language, "do", **self._placeholders(language))

    def _placeholders(self, language: str) -> dict[str, object]:
        own = {"file": self.file, "row": self.row, "column": self.column, "value": self.value}
        localised = {
            key: value[language] if isinstance(value, Mapping) else value
            for key, value in self.details.items()
        }
        return own | localised


@dataclass(slots=True)
class FindingGroup:
    """Equal findings of one file and column: how many, and the first of them."""

    count: int
    examples: list[Finding]


class FindingLog:
    """Collects findings in bounded memory: groups by file, code and column."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str | None, str], FindingGroup] = {}

    def add(self, finding: Finding, times: int = 1) -> None:
        """Take a finding, which may stand for several; after ten of a group it is only counted."""
        variant = str(finding.details.get("shape", ""))
        key = (finding.file, finding.code, finding.column, variant)
        group = self._groups.setdefault(key, FindingGroup(0, []))
        group.count += times
        if len(group.examples) < EXAMPLES_KEPT:
            group.examples.append(finding)

    def extend(self, findings: "Sequence[Finding] | FindingLog") -> None:
        """Take several findings, or all of another log."""
        if isinstance(findings, FindingLog):
            self._merge(findings)
            return
        for finding in findings:
            self.add(finding)

    def _merge(self, other: "FindingLog") -> None:
        for key, group in other._groups.items():
            mine = self._groups.setdefault(key, FindingGroup(0, []))
            mine.count += group.count
            mine.examples.extend(group.examples[: EXAMPLES_KEPT - len(mine.examples)])

    def groups(self) -> Iterator[FindingGroup]:
        """The groups, gravest first, then in the order of their first finding."""
        order = [Severity.VIOLATION, Severity.WARNING, Severity.INFO]
        yield from sorted(
            self._groups.values(), key=lambda group: order.index(group.examples[0].severity)
        )

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(
            group.count for group in self._groups.values() if group.examples[0].severity is severity
        )

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, gravest last."""
        return {severity.value: self.count(severity) for severity in Severity}


@dataclass(frozen=True, slots=True)
class Field:
    """A column as a descriptor tells it (Tabular Data Package: field descriptor)."""

    name: str
    title: str | None = None
    type: str = "string"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Which columns of a wide table become rows of a long one (docs/statistics.md).

    ``columns`` are listed by name, each with what it says itself (``{"sex": "male"}``);
    ``pattern`` finds others by their header (``{station:digits}``). In the long table ``name`` has
    the header and ``value`` the cell.
    """

    name: str
    value: str
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Which identifiers the things of a table are given, and where they are kept.

    ``scheme`` is ``uuid``, ``ucode`` or ``path``; ``ledger`` the file (docs/identifiers.md);
    ``block`` the first and the last ucode that may be given, 32 hexadecimal digits each.
    """

    scheme: str
    ledger: Path
    block: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of a package: a table to map, or a document that is only listed and served."""

    name: str
    path: Path
    title: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    """Number of the header's record where it is stated; 0 where there is none."""
    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    mapping: str | None = None
    """A standard dataset's name, or the path of a mapping document (already made absolute)."""
    media_type: str = "text/csv"
    url: str | None = None
    """The address that ``path`` was fetched from, or is to be."""
    sheet: str | int | None = None
    """Name or number (from 1) of the sheet of a workbook; None for its first that is not empty."""
    cells: str | None = None
    """The range of a sheet that is the table, with its header (``B3:F200``); all where None."""
    records: str | None = None
    """Where the records of a JSON document are: names with dots between (``result.records``)."""
    container: Path | None = None
    """The file as published, where ``path`` was unpacked from it (zip, gz)."""
    member: str | None = None
    """The member's name in the container, where that has more than one table."""
    unpivot: Unpivot | None = None
    description: Path | None = None
    """The W3C CSVW description of the table, beside it or named by the descriptor."""
    identifiers: Identifiers | None = None
    """The identifiers that its things are given; None where they keep their natural IRIs."""

    @property
    def is_table(self) -> bool:
        """Whether rows are read from it."""
        return self.media_type in TABLE_MEDIA_TYPES

    @property
    def is_graph(self) -> bool:
        """Whether statements are read from it, as they are."""
        return self.media_type in GRAPH_MEDIA_TYPES

    @property
    def is_elsewhere(self) -> bool:
        """Whether only its address is published: a document at ``url`` that we have no copy of."""
        return self.url is not None and not (self.is_table or self.is_graph)

    @property
    def file(self) -> Path:
        """The file as published."""
        return self.container or self.path

    @property
    def part(self) -> tuple[tuple[str, str], ...]:
        """Which table of the published file this is, where it has several: member, sheet."""
        stated = (("member", self.member), ("sheet", self.sheet))
        return tuple((key, str(value)) for key, value in stated if value)

    @property
    def label(self) -> str:
        """How messages name the table: the published file, member and sheet behind it."""
        return " ".join([self.file.name, *(f"[{value}]" for _, value in self.part)])


@dataclass(frozen=True, slots=True)
class Package:
    """A dataset to publish: metadata (the guide's table 3-1) and its resources.

    Texts by language (``{"ja": …, "en": …}``). Dates are ISO 8601 strings as stated. ``stated``
    says whether a descriptor was there at all; ``descriptor`` is its content as read.
    """

    name: str
    folder: Path
    resources: tuple[Resource, ...]
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    publisher_name: Mapping[str, str] = field(default_factory=dict)
    publisher_id: str | None = None
    """IRI, 全国地方公共団体コード or 法人番号 of the publisher."""
    creator: str | None = None
    licence: str | None = None
    """IRI of the licence."""
    attribution: str | None = None
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    frequency: str | None = None
    issued: str | None = None
    modified: str | None = None
    homepage: str | None = None
    languages: tuple[str, ...] = ("ja",)
    spatial: str | None = None
    """全国地方公共団体コード of the area that the data covers."""
    temporal: tuple[str, str] | None = None
    scope: str | None = None
    """What local numbers are unique in (``identifierScope``); the name where not stated."""
    sample: bool = False
    stated: bool = False
    descriptor: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identifier_scope(self) -> str:
        """What local numbers are unique in."""
        return self.scope or self.name


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows, column by column.

    ``rows`` are the numbers of the records in the file (header counted, from 1); ``columns`` the
    cells as written, one list per column of the header, all as long as ``rows``.
    """

    rows: Sequence[int]
    columns: Sequence[Sequence[str]]

    def __len__(self) -> int:
        return len(self.rows)
