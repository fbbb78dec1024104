"""Objects that are subjects of another triples map, found by equal values (rr:joinCondition).

A hash join: the parent's rows are read once, its subjects kept by the values that are joined on;
beyond a bound they lie in a temporary database on disk, so that memory does not grow.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product, repeat
from typing import TypeAlias

from loader.errors import ConfigurationError
from loader.mapping.frame import Column, Compiled, Frame, Values
from loader.mapping.model import RefObjectMap, TriplesMap
from loader.mapping.terms import Term, Terms
from loader.model import Batch, FindingLog

KEPT = 40_000
"""How many pairs of value and subject are kept in memory; about 300 bytes each."""

CACHE = 8_000
"""Kibibytes of the database that SQLite keeps in memory."""

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A table of a parent, ready to be read: a compiler of its terms, and its rows."""

    terms: Terms
    batches: Iterable[Batch]
    file: str


OpenParent: TypeAlias = Callable[[TriplesMap], Iterable[Opened]]


@dataclass(slots=True)
class Joins:
    """Compiles the joins of one document; each is indexed once."""

    maps: Sequence[TriplesMap]
    opened: OpenParent
    document: str
    findings: FindingLog
    _indexes: dict[RefObjectMap, "list[_Side]"] = field(default_factory=dict)

    def over(self, terms: Terms) -> "Callable[[TriplesMap, RefObjectMap], list[Term]]":
        """Return what compiles joins of a child whose terms ``terms`` compiles."""

        def joined(child: TriplesMap, reference: RefObjectMap) -> list[Term]:
            if reference not in self._indexes:
                self._indexes[reference] = self._index(child, reference)
            return [_looked_up(terms, reference, side) for side in self._indexes[reference]]

        return joined

    def _index(self, child: TriplesMap, reference: RefObjectMap) -> "list[_Side]":
        parent = next((found for found in self.maps if found.name == reference.parent), None)
        if parent is None or not reference.joins:
            raise ConfigurationError(
                "mapping.unsupported",
                file=self.document,
                place=reference.line or child.name,
                feature=f"{reference.parent}: join?",
            )
        return [
            side for table in self.opened(parent) for side in self._sides(table, parent, reference)
        ]

    def _sides(
        self, table: Opened, parent: TriplesMap, reference: RefObjectMap
    ) -> "Iterator[_Side]":
        """Compile the parent's subjects and keys; its rows are read when they are asked for."""
        keys = [table.terms.expressions.plain(join.parent) for join in reference.joins]
        subjects = [table.terms.term(subject) for subject in parent.subjects]
        indexes = _Indexes(table, keys, subjects, self.findings)
        for number, subject in enumerate(subjects):
            if not subject.never:
                yield _Side(subject, indexes, number)


class JoinIndex:
    """Subjects by the values that are joined on, in the order in which they came."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._pairs = 0
        self._values: dict[Key, str | dict[str, None]] = {}
        self._disk: _Disk | None = None

    def take(self, keys: Iterable[Sequence[Key]], subjects: Iterable[Sequence[str]]) -> None:
        """Add rows; where a value is nothing, nothing is joined (as with NULL in SQL)."""
        for row, made in zip(keys, subjects, strict=True):
            for key, subject in product(row, made):
                if subject and all(key):
                    self._add(key, subject)
        if self._pairs > self._kept:
            self._spill()

    def _add(self, key: Key, subject: str) -> None:
        found = self._values.get(key)
        self._pairs += 1
        if found is None:
            self._values[key] = subject
        elif isinstance(found, dict):
            found[subject] = None
        elif found != subject:
            self._values[key] = {found: None, subject: None}

    def _spill(self) -> None:
        if self._disk is None:
            self._disk = _Disk(len(next(iter(self._values))))
        self._disk.take((key, one) for key, found in self._values.items() for one in _each(found))
        self._values.clear()
        self._pairs = 0

    def find(self, keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
        """Return the subjects of each of the keys."""
        if self._disk is None:
            return {key: _each(self._values.get(key, {})) for key in keys}
        if self._values:
            self._spill()
        return {key: self._disk.find(key) for key in keys}


class _Disk:
    """The pairs in a temporary database, which SQLite deletes when it is closed."""

    def __init__(self, width: int) -> None:
        columns = [f"key{number}" for number in range(width)]
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE}")
        self._connection.execute("PRAGMA journal_mode = OFF")
        unique = f"UNIQUE ({', '.join(columns)}, subject)"
        self._connection.execute(f"CREATE TABLE pairs ({', '.join(columns)}, subject, {unique})")
        marks = ", ".join(repeat("?", width + 1))
        self._insert = f"INSERT OR IGNORE INTO pairs VALUES ({marks})"
        where = " AND ".join(f"{column} = ?" for column in columns)
        self._select = f"SELECT subject FROM pairs WHERE {where} ORDER BY rowid"

    def take(self, pairs: Iterable[tuple[Key, str]]) -> None:
        """Add pairs; those that are there already stay as they are."""
        self._connection.execute("BEGIN")
        rows = (tuple(map(_bytes, (*key, subject))) for key, subject in pairs)
        self._connection.executemany(self._insert, rows)
        self._connection.execute("COMMIT")

    def find(self, key: Key) -> tuple[str, ...]:
        """Return the subjects of a key."""
        rows = self._connection.execute(self._select, tuple(map(_bytes, key)))
        return tuple(row[0].decode("utf-8", "surrogatepass") for row in rows)


@dataclass(slots=True)
class _Indexes:
    """The indexes of one table of the parent, one for each subject; filled when first used."""

    table: Opened
    keys: Sequence[Compiled]
    subjects: Sequence[Term]
    findings: FindingLog
    _filled: list[JoinIndex] = field(default_factory=list)

    def filled(self) -> list[JoinIndex]:
        """Return the indexes, with all rows in them."""
        if not self._filled:
            self._filled = [JoinIndex(KEPT) for _ in self.subjects]
            for batch in self.table.batches:
                self._take(Frame(batch, self.table.file, self.findings))
        return self._filled

    def _take(self, frame: Frame) -> None:
        found = list(_keys(self.keys, frame))
        for index, subject in zip(self._filled, self.subjects, strict=True):
            if not subject.never:
                index.take(found, _subjects(subject, frame))


@dataclass(frozen=True, slots=True)
class _Side:
    """A subject of the parent, as its table compiles it, and where its index is."""

    subject: Term
    indexes: _Indexes
    number: int

    def find(self, keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
        """Return the subjects of each of the keys."""
        return self.indexes.filled()[self.number].find(keys)


def _looked_up(terms: Terms, reference: RefObjectMap, side: _Side) -> Term:
    """Return the term of the parent's subjects that fit a row of the child."""
    keys = [terms.expressions.plain(join.child) for join in reference.joins]

    def column(frame: Frame) -> Values:
        rows = list(_keys(keys, frame))
        found = side.find({key for row in rows for key in row})
        return [_subjects_of(row, found) for row in rows]

    memos = frozenset(memo for key in keys for memo in key.memos)
    cached = terms.expressions.slots.cached(column)
    if side.subject.column is None:
        return Term("", cached, many=True, memos=memos)
    return Term(side.subject.prefix, cached, side.subject.suffix, many=True, memos=memos)


def _subjects_of(keys: Sequence[Key], found: dict[Key, tuple[str, ...]]) -> tuple[str, ...]:
    if len(keys) == 1:
        return found[keys[0]]
    return tuple(dict.fromkeys(subject for key in keys for subject in found[key]))


def _subjects(subject: Term, frame: Frame) -> Iterator[Sequence[str]]:
    if subject.column is None:
        return iter([(subject.prefix,)] * len(frame.batch))
    return iter([made if subject.many else (made,) for made in subject.column(frame)])


def _keys(parts: Sequence[Compiled], frame: Frame) -> Iterator[Sequence[Key]]:
    """Give the combinations of values that each row is joined on, mostly one."""
    columns = [_column(part)(frame) for part in parts]
    if not any(part.many for part in parts):
        return ((row,) for row in zip(*columns, strict=True))
    many = [part.many for part in parts]
    return (
        tuple(product(*(value if m else (value,) for value, m in zip(row, many, strict=True))))
        for row in zip(*columns, strict=True)
    )


def _column(found: Compiled) -> Column:
    """Return the values of an expression as a column, also where they are all the same."""
    if found.column is not None:
        return found.column
    return lambda frame: [found.constant or ""] * len(frame.batch)


def _each(found: str | dict[str, None]) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
