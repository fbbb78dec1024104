"""The ledger: a CSV file beside the data that says which identifier a thing has, for ever.

An entry is never removed and its identifier never given to another thing; what is gone from the
table stays with the state ``deleted``.
"""

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

LARGEST = 200_000_000
"""Bytes: a ledger of a million things."""


class State(StrEnum):
    """Whether the table had the thing when identifiers were last assigned."""

    ACTIVE = "active"
    DELETED = "deleted"


class LedgerError(Exception):
    """A ledger that cannot be relied on; ``row`` is the number of the record, from 1."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing: its identifier, its natural key (``aed/131016-1``) and what tells it from others.

    Name to telephone are cells as last written; dates are those of the first and the last
    assignment that saw the thing (ISO 8601). ``replaced_by`` is written by people: the identifier
    that stands for a deleted thing, because both were one.
    """

    identifier: str
    key: str
    name: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    telephone: str = ""
    first_seen: str = ""
    last_seen: str = ""
    state: str = State.ACTIVE
    replaced_by: str = ""

    @property
    def is_active(self) -> bool:
        """Whether the table had it last."""
        return self.state == State.ACTIVE

    @property
    def kind(self) -> str:
        """What kind of thing it is: the first part of its key."""
        return self.key.partition("/")[0]


COLUMNS = tuple(field.name for field in fields(Entry))
"""The header of the file."""

_OPTIONAL = "replaced_by"
"""A column that ledgers of earlier versions do not have."""


def read_ledger(path: Path) -> list[Entry]:
    """Read a ledger; none where there is no file yet. Raises LedgerError."""
    if not path.exists():
        return []
    if path.stat().st_size > LARGEST:
        raise LedgerError(f"> {LARGEST:,} bytes")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            entries = [_entry(row, number) for number, row in enumerate(csv.DictReader(stream), 2)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(str(error)) from error
    _refuse_repeats(entries)
    return entries


def _entry(row: Mapping[str | None, str], number: int) -> Entry:
    if set(COLUMNS) - {*row, _OPTIONAL} or None in row or None in row.values():
        raise LedgerError(", ".join(COLUMNS), number)
    entry = Entry(**{column: row[column] for column in COLUMNS if column in row})
    if not entry.identifier or not entry.key or entry.state not in list(State):
        raise LedgerError("identifier, key, state", number)
    return entry


def _refuse_repeats(entries: Iterable[Entry]) -> None:
    identifiers: set[str] = set()
    keys: set[str] = set()
    for number, entry in enumerate(entries, 2):
        if entry.identifier in identifiers or (entry.is_active and entry.key in keys):
            raise LedgerError(f"{entry.identifier} {entry.key}", number)
        identifiers.add(entry.identifier)
        if entry.is_active:
            keys.add(entry.key)


def write_ledger(path: Path, entries: Iterable[Entry]) -> None:
    """Write a ledger, sorted by key and identifier, so that it is there whole or as it was."""
    aside = path.with_name(f".{path.name}.part")
    with aside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for entry in sorted(entries, key=lambda entry: (entry.key, entry.identifier)):
            writer.writerow(getattr(entry, column) for column in COLUMNS)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, path)
