"""Reads CSV and TSV (RFC 4180): encoding and delimiter are found where they are not stated."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from loader.encoding import Encoding, NotATableError, find_codec, find_encoding
from loader.model import Finding, FindingLog, Resource
from loader.table.dialect import LONGEST_CELL, find_delimiter
from loader.table.reader import SAMPLE, Record, refuse_wide

READ_AT_ONCE = 1 << 18
"""Bytes."""

LINES_TRIED = 50
TRIED = 1 << 16
"""How many lines, and how many characters of each, the delimiter is found in."""

_END = "\x02end of file\x03"
"""A record of our own behind the last: inside an open quotation mark it becomes part of a cell."""

_LONGEST = {"limit": LONGEST_CELL}


@dataclass(slots=True)
class TextReader:
    """The records of a text file of known encoding and delimiter."""

    path: Path
    label: str
    codec: str
    encoding: str
    delimiter: str
    may_have_lost: bool
    findings: FindingLog
    size: int
    bytes_read: int = 0
    header: None = None

    def sample(self) -> list[Record]:
        """Return the first records; raises NotATableError."""
        records: list[Record] = []
        with open_text(self.path, self.codec) as text:
            try:
                for record in islice(_reader(text, self.delimiter), SAMPLE):
                    refuse_wide(self.path, len(record))
                    records.append(record)
            except csv.Error as error:
                row = len(records) + 1
                raise NotATableError("table.cell-too-long", self.path, row, **_LONGEST) from error
        if records[-1] == [_END]:
            records.pop()
        return records

    def records(self, first: int, size: int) -> Iterator[list[Record]]:
        """Give the records from number ``first`` on; a damaged end is reported."""
        with open_text(self.path, self.codec) as text:
            reader = _reader(text, self.delimiter)
            for _ in islice(reader, first - 1):
                pass
            number, going_on = first, True
            while going_on:
                records, going_on = self._next(reader, size, number)
                self.bytes_read = os.lseek(text.fileno(), 0, os.SEEK_CUR)
                number += len(records)
                yield records

    def _next(self, reader: Iterator[Record], size: int, number: int) -> tuple[list[Record], bool]:
        """Return the next records and whether more may follow.

        The last record of a damaged file is reported and left out.
        """
        records: list[Record] = []
        try:
            records.extend(islice(reader, size))
        except csv.Error:
            row = number + len(records)
            self.findings.add(Finding("table.cell-too-long", self.label, row, details=_LONGEST))
            return records, False
        if not records or not records[-1] or not records[-1][-1].endswith(_END):
            return records, True
        last = records.pop()
        if last != [_END]:
            row, value = number + len(records), "".join(last).removesuffix(_END)
            self.findings.add(Finding("table.open-quote", self.label, row, value=value[:80]))
        return records, False


def open_text_table(resource: Resource, findings: FindingLog) -> TextReader:
    """Open a CSV or TSV file; raises NotATableError for what is none."""
    path = resource.path
    encoding = find_encoding(path, resource.encoding)
    with open_text(path, encoding.codec) as text:
        lines = [line[:TRIED] for line in islice(text, LINES_TRIED)]
    _report_encoding(resource, encoding, findings)
    return TextReader(
        path=path,
        label=resource.label,
        codec=encoding.codec,
        encoding=encoding.name,
        delimiter=resource.delimiter or find_delimiter(lines),
        may_have_lost=encoding.may_have_lost,
        findings=findings,
        size=path.stat().st_size,
    )


def open_text(path: Path, codec: str) -> io.TextIOWrapper:
    """Open a file of text, its line breaks left as they are."""
    return path.open(encoding=codec, newline="", buffering=READ_AT_ONCE)


def _reader(text: io.TextIOWrapper, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(chain(text, [_END]), delimiter=delimiter)


def _report_encoding(resource: Resource, encoding: Encoding, findings: FindingLog) -> None:
    stated = resource.encoding
    if encoding.ascii_only:
        return
    details = {"encoding": encoding.name, "stated": stated}
    if stated and _family(find_codec(stated)) != _family(encoding.codec):
        code = "table.encoding-mismatch"
    elif not stated and _family(encoding.codec) != "utf-8":
        code = "table.encoding-inferred"
    else:
        return
    findings.add(Finding(code, resource.label, details=details))


def _family(codec: str | None) -> str | None:
    return "utf-8" if codec == "utf-8-sig" else codec
