"""Finds the dialect of a table: which character separates cells, and which record is the header.

Records are numbered from 1 as RFC 7111 does. RFC 4180 allows one header line, the first; what
stands above it in practice (titles, comments, LinkData's ``#`` lines) is passed over and reported.
"""

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vocab.headers import normalize_header

DELIMITERS = (",", "\t", ";")
LONGEST_CELL = 1 << 20
"""Characters of the longest cell that is read; a longer one is an open quotation mark."""

SEARCHED = 15
"""How many records the header is looked for in."""

_NUMERIC = re.compile(r"(?=.*\d)[\s\d.,:/+%年月日時分年度平成令和昭和()-]*")
_LINKDATA = "#property"
_LINKDATA_START = "#link"
_LIKELY = 0.6
"""A header has at least this share of the names that the best candidate has."""

Record = Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where header and data are: numbers of records. ``header_row`` 0 means that there is none."""

    header_row: int
    first_data_row: int
    lines_above: int = 0


def parse(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the records that whole lines hold; raises csv.Error for a cell that is too long."""
    csv.field_size_limit(LONGEST_CELL)
    return list(csv.reader(lines, delimiter=delimiter))


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that gives the most records of one and the same width above one."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(len(record) for record in parse(lines, delimiter) if len(record) > 1)
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    width, count = widths.most_common(1)[0]
    return (count, width)


def find_layout(
    records: Sequence[Record], known: Collection[str], stated: int | None = None
) -> Layout:
    """Return where the header is: as stated, else LinkData's, else by known words, else by shape.

    ``known`` are headers of standard datasets in their normal form.
    """
    if stated is not None:
        return Layout(stated, stated + 1)
    head = records[:SEARCHED]
    row = _linkdata_header(records) or _by_words(head, known) or _by_shape(head)
    first = row + 1
    while is_linkdata(records) and first <= len(records) and is_comment(records[first - 1]):
        first += 1
    return Layout(row, first, (row - 1) + (first - row - 1))


def is_comment(record: Record) -> bool:
    """Whether a record is a comment line, as LinkData's table format has them."""
    return bool(record) and record[0].startswith("#")


def is_blank(record: Record) -> bool:
    """Whether a record has nothing but white space."""
    return not any(cell.strip() for cell in record)


def is_linkdata(records: Sequence[Record]) -> bool:
    """Whether records begin as LinkData's table format does, with ``#LINK``."""
    return is_comment(records[0]) and records[0][0].lower() == _LINKDATA_START


def _linkdata_header(records: Sequence[Record]) -> int | None:
    if not is_linkdata(records):
        return None
    for number, record in enumerate(records, start=1):
        if record and record[0].lower() == _LINKDATA:
            return number
    return None


def _by_words(records: Sequence[Record], known: Collection[str]) -> int | None:
    words = set(known)
    hits = [len({normalize_header(cell) for cell in record} & words) for record in records]
    best = max(hits, default=0)
    return hits.index(best) + 1 if best >= 2 else None


def _by_shape(records: Sequence[Record]) -> int:
    names = [len(_names(record)) for record in records]
    best = max(names, default=0)
    return next(
        (number for number, count in enumerate(names, 1) if count and count >= best * _LIKELY), 1
    )


def _names(record: Record) -> set[str]:
    cells = (cell.strip() for cell in record)
    return {cell for cell in cells if cell and not _NUMERIC.fullmatch(cell)}
