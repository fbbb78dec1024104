"""What every kind of table gives: its records as lists of strings, from wherever they come.

A reader opens one resource. It is found by the resource's media type (loader/table/formats);
layout, header and rows are then the same for all (loader/table/__init__.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from loader.encoding import NotATableError
from loader.model import FindingLog, Resource

SAMPLE = 200
"""How many records are looked at before the table is read."""

MOST_COLUMNS = 20_000

Record = list[str]


class Reader(Protocol):
    """The records of one table, which can be read from the start as often as wanted.

    ``header`` names the columns where the format itself has names for them (JSON, geographic
    files); where it is None the header is one of the records. ``encoding`` is an IANA name and
    ``delimiter`` a character; both are empty where the file is not text. ``size`` and
    ``bytes_read`` are for a progress bar.
    """

    @property
    def header(self) -> Sequence[str] | None:
        """The names of the columns, where the format has them."""

    @property
    def encoding(self) -> str:
        """The encoding's name in the IANA registry, or nothing."""

    @property
    def delimiter(self) -> str:
        """The character between cells, or nothing."""

    @property
    def size(self) -> int:
        """Bytes of the file."""

    @property
    def bytes_read(self) -> int:
        """How many of them have been read."""

    @property
    def may_have_lost(self) -> bool:
        """Whether characters may have been lost (U+FFFD) before the file came here."""

    def sample(self) -> list[Record]:
        """Return the first records, ``SAMPLE`` at most; raises NotATableError."""

    def records(self, first: int, size: int) -> Iterator[list[Record]]:
        """Give the records from number ``first`` (from 1) on, ``size`` at a time."""


Opener = Callable[[Resource, FindingLog], Reader]
"""Opens a resource; raises NotATableError or OSError. Findings come while records are read."""


@dataclass(slots=True)
class NamedRecords:
    """A reader of a format whose records have names of their own for the columns.

    ``rows`` starts to give the records anew each time it is called, each as wide as the header;
    what it cannot read it raises as NotATableError, which is reported with the records read so
    far kept. ``done`` tells how many bytes have been read.
    """

    resource: Resource
    findings: FindingLog
    header: Sequence[str]
    rows: Callable[[], Iterator[Record]]
    size: int
    encoding: str = "UTF-8"
    delimiter: str = ""
    may_have_lost: bool = False
    bytes_read: int = field(default=0, init=False)
    done: Callable[[], int] | None = None

    def sample(self) -> list[Record]:
        """Return the first records."""
        return list(islice(self.rows(), SAMPLE))

    def records(self, first: int, size: int) -> Iterator[list[Record]]:
        """Give the records in lists of ``size``; what breaks off is reported."""
        rows = islice(self.rows(), first - 1, None)
        number = first
        while batch := self._next(rows, size, number):
            number += len(batch)
            self.bytes_read = self.done() if self.done else self.bytes_read
            yield batch
        self.bytes_read = self.size

    def _next(self, rows: Iterator[Record], size: int, number: int) -> list[Record]:
        batch: list[Record] = []
        try:
            batch.extend(islice(rows, size))
        except NotATableError as refusal:
            finding = replace(refusal.finding, file=self.resource.label, row=number + len(batch))
            self.findings.add(finding)
        return batch


def refuse_wide(path: Path, columns: int) -> None:
    """Raise NotATableError for more columns than a table has."""
    if columns > MOST_COLUMNS:
        raise NotATableError("table.too-wide", path, limit=f"{MOST_COLUMNS:,} columns")
