"""The ledger of links: what staff decided of proposed links, ``links.csv`` in the home.

A clerk may edit it with a spreadsheet: a row for each pair, in any order; one without a decision
does not count, so that it can be made of the list of proposals. A rejected pair is never
proposed or published again; an accepted one is published as long as both things are there.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from loader.errors import SourceError
from loader.table.dialect import LONGEST_CELL

FILE = "links.csv"
COLUMNS = ("decision", "first", "second", "relation", "first_name", "second_name", "note")


class Decision(StrEnum):
    """What staff decided of a pair."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Relation(StrEnum):
    """What the first thing of a pair is to the second."""

    SAME = "same"
    IDENTICAL = "identical"
    """Known by an identifier: one and the same resource (owl:sameAs)."""
    FIRST_IN_SECOND = "first-in-second"
    SECOND_IN_FIRST = "second-in-first"


_DECISIONS = {
    "accepted": Decision.ACCEPTED,
    "rejected": Decision.REJECTED,
    "採用": Decision.ACCEPTED,
    "不採用": Decision.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger; the names are there for people, the note is theirs."""

    decision: Decision
    first: str
    second: str
    relation: Relation
    first_name: str = ""
    second_name: str = ""
    note: str = ""

    def called_now(self, base: str, earlier: Sequence[str]) -> "Entry":
        """Return it with the IRIs that the things have now."""
        first, second = (_called_now(iri, base, earlier) for iri in (self.first, self.second))
        return replace(self, first=first, second=second)

    @property
    def key(self) -> tuple[str, str]:
        """The two IRIs, in an order that does not depend on how the row has them."""
        return pair_key(self.first, self.second)


def _called_now(iri: str, base: str, earlier: Sequence[str]) -> str:
    under = [one for one in (base, *earlier) if iri.startswith(one)]
    return base + iri.removeprefix(max(under, key=len)) if under else iri


Ledger = Mapping[tuple[str, str], Entry]


def pair_key(one: str, other: str) -> tuple[str, str]:
    """Return what a pair is known by."""
    return (one, other) if one < other else (other, one)


def read_ledger(
    home: Path, base: str = "", earlier: Sequence[str] = ()
) -> dict[tuple[str, str], Entry]:
    """Read the ledger of a home; none where there is no file.

    What it calls by an IRI below one of the ``earlier`` base IRIs of the site is meant as it is
    called now, below ``base`` (docs/move.md). Raises SourceError ``links.ledger-broken`` for a
    file that cannot be read as one.
    """
    path = home / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("links.ledger-broken", file=FILE, row="-", reason=error) from error
    try:
        entries = [entry.called_now(base, earlier) for entry in _entries(text)]
    except csv.Error as error:
        raise SourceError("links.ledger-broken", file=FILE, row="-", reason=error) from error
    return {entry.key: entry for entry in entries}


def _entries(text: str) -> Iterator[Entry]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS[:3] if name not in (reader.fieldnames or ())]
    if missing:
        raise SourceError("links.ledger-broken", file=FILE, row=1, reason=", ".join(missing))
    for at, row in enumerate(reader, 2):
        if (row["decision"] or "").strip():
            yield _entry(row, at)


def _entry(row: Mapping[str, str | None], number: int) -> Entry:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        decision = _DECISIONS[cells["decision"].casefold()]
        relation = Relation(cells["relation"] or Relation.SAME)
        if not cells["first"] or not cells["second"]:
            raise ValueError("first, second")
    except (KeyError, ValueError) as error:
        raise SourceError("links.ledger-broken", file=FILE, row=number, reason=error) from error
    rest = (cells[name] for name in ("first_name", "second_name", "note"))
    return Entry(decision, cells["first"], cells["second"], relation, *rest)


def write_ledger(home: Path, entries: Iterable[Entry]) -> None:
    """Write the ledger, in the order of the pairs, in one step."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for entry in sorted(entries, key=lambda entry: entry.key):
        writer.writerow([getattr(entry, name) for name in COLUMNS])
    temporary = home / f".{FILE}"
    temporary.write_text(stream.getvalue(), encoding="utf-8-sig", newline="")
    os.replace(temporary, home / FILE)
