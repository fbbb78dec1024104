"""Municipality codes through time: what a code stood for on a date, and what became of it.

The tables ``vocab/area-history/*.tsv`` hold the codes of 1970-04-01 and all changes until
2024-01-31 (総務省統計局 e-Stat 廃置分合情報); everything here is told by replaying them. A code
(標準地域コード, five digits) has a *version* for each time between two of its changes, as the
dated IRIs of e-Stat have (``…/sac/C13101-19700401``). Dates are ISO 8601 texts.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path

from vocab.check_digits import municipality_check_digit

BEGINNING = "1970-04-01"
"""The first date that is known; e-Stat dates what was there before by it."""

LAST_CHANGE = "2024-01-31"
"""Changes are known until this date."""

_TABLES = Path(__file__).parent / "area-history"
_SAC = "http://data.e-stat.go.jp/lod/sac/C"
_DIVIDED = "分離"
"""The one kind of change after which the area that something is taken from goes on."""

_Row = dict[str, str]


@dataclass(eq=False, slots=True)
class Version:
    """A code between two of its changes: valid from ``since``, until before ``until``.

    ``district`` is the 郡, 支庁 or designated city that it is in, as of the version's beginning.
    ``cause`` is the kind of change that it began with, as e-Stat names it.
    """

    code: str
    prefecture: str
    district: str
    district_kana: str
    name: str
    kana: str
    since: str = BEGINNING
    until: str | None = None
    cause: str | None = None
    predecessors: list["Version"] = field(default_factory=list, repr=False)
    successors: list["Version"] = field(default_factory=list, repr=False)

    @property
    def full_code(self) -> str:
        """The 全国地方公共団体コード, six digits."""
        return self.code + municipality_check_digit(self.code)

    @property
    def label(self) -> str:
        """The name; a designated city and a district have it in ``district``."""
        return self.name or self.district or self.prefecture

    @property
    def full_name(self) -> str:
        """The name with prefecture and district."""
        return f"{self.prefecture}{self.district}{self.name}"

    @property
    def iri(self) -> str:
        """The dated IRI of e-Stat."""
        return f"{_SAC}{self.code}-{self.since.replace('-', '')}"

    @property
    def key(self) -> tuple[str, str]:
        """Code and first day: what a version is known by, and sorted by."""
        return self.code, self.since

    def valid_on(self, date: str) -> bool:
        """Whether the version is valid on a date."""
        return self.since <= date and (self.until is None or date < self.until)


class AreaHistory:
    """All versions of all codes."""

    def __init__(self, start: Iterable[_Row], changes: Iterable[_Row]) -> None:
        self._versions: dict[str, list[Version]] = {}
        for row in start:
            self._append(_version(row, row["code"]))
        for _, event in groupby(changes, key=lambda row: row["event"]):
            self._apply(list(event))

    def __iter__(self) -> Iterator[Version]:
        """All versions, by code and date."""
        for code in sorted(self._versions):
            yield from self._versions[code]

    def versions(self, code: str) -> tuple[Version, ...]:
        """The versions of a five-digit code, oldest first; none of a code that never was."""
        return tuple(self._versions.get(code, ()))

    def at(self, code: str, date: str) -> Version | None:
        """What a five-digit code stood for on a date, if anything."""
        found = (version for version in self.versions(code) if version.valid_on(date))
        return next(found, None)

    def on(self, version: Version, date: str) -> tuple[Version, ...]:
        """What a version's area belonged to on another date, earlier or later.

        After a division both parts are told, after a merger the whole. Nothing is told of the time
        after an abolition or before a creation without predecessors.
        """
        later = version.since <= date
        waiting, seen = [version], {version.key: version}
        while waiting:
            current = waiting.pop()
            for found in current.successors if later else current.predecessors:
                if not current.valid_on(date) and found.key not in seen:
                    seen[found.key] = found
                    waiting.append(found)
        return tuple(seen[key] for key in sorted(seen) if seen[key].valid_on(date))

    def _append(self, version: Version) -> None:
        self._versions.setdefault(version.code, []).append(version)

    def _before(self, code: str, date: str) -> Version | None:
        """What a code stood for until a date: one event may take half of it, another the rest."""
        versions = self._versions.get(code)
        return versions[-1] if versions and versions[-1].until in {None, date} else None

    def _apply(self, event: list[_Row]) -> None:
        """Replay the rows of one event, each of which leads from one code to one code."""
        date, kind = event[0]["date"], event[0]["kind"]
        codes = (code for row in event for code in (row["from"], row["to"]))
        before = {code: self._before(code, date) for code in codes}
        after = {row["to"]: self._begin(row) for row in event if row["to"]}
        if kind == _DIVIDED:
            after |= {row["from"]: self._go_on(row) for row in event}
        for row in event:
            old, new = before[row["from"]], after.get(row["to"])
            if old and new:
                _link(old, new)
        for code, old in before.items():
            if old and code in after:
                _link(old, after[code])
            if old:
                self._end(old, date)
        for version in after.values():
            self._append(version)

    def _begin(self, row: _Row) -> Version:
        return _version(row, row["to"], row["date"], row["kind"])

    def _go_on(self, row: _Row) -> Version:
        """Begin a version of what something is taken from, which keeps its names."""
        old = self.versions(row["from"])[-1]
        return replace(
            old,
            since=row["date"],
            until=None,
            cause=row["kind"],
            predecessors=[],
            successors=[],
        )

    def _end(self, version: Version, date: str) -> None:
        """End a version; one that began on the same day never was, and its links are joined."""
        version.until = date
        if version.since != date:
            return
        self._versions[version.code].remove(version)
        for old in version.predecessors:
            old.successors.remove(version)
            for new in version.successors:
                _link(old, new)
        for new in version.successors:
            new.predecessors.remove(version)


def _version(row: _Row, code: str, since: str = BEGINNING, cause: str | None = None) -> Version:
    return Version(
        code,
        prefecture=row["prefecture"],
        district=row["district"],
        district_kana=row["district_kana"],
        name=row["name"],
        kana=row["kana"],
        since=since,
        cause=cause,
    )


def _link(old: Version, new: Version) -> None:
    if new not in old.successors:
        old.successors.append(new)
        new.predecessors.append(old)


@cache
def area_history() -> AreaHistory:
    """Read the tables; about a tenth of a second, once."""
    return AreaHistory(_rows("start.tsv"), _rows("changes.tsv"))


@cache
def area_codes() -> frozenset[str]:
    """The five-digit codes of all areas since 1970, those that are abolished included."""
    start, changes = _rows("start.tsv"), _rows("changes.tsv")
    codes = {row["code"] for row in start} | {row["to"] for row in changes}
    return frozenset(codes - {""})


def _rows(name: str) -> list[_Row]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as stream:
        next(stream)
        return list(csv.DictReader(stream, delimiter="\t"))
