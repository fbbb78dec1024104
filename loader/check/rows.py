"""Checks of rows (the guide's table 9-3, items 2, 3 and 5): what is in the table but is no data."""

import unicodedata
from collections.abc import Iterator, Sequence

from loader.check.columns import Kind, is_number
from loader.model import Batch, Finding

TOTALS = frozenset(
    {"合計", "総計", "計", "小計", "総合計", "total", "合計:", "県計", "市計", "累計"}
)
OF_ALL = frozenset({"全国", "総数", "全体", "全市", "全県"})
"""What may also be the name of a thing, but sums up where it begins a row of numbers."""

_PARTS = ("計", "総", "全", "otal", "OTAL")
LONGEST = 16
"""Characters of such a word, with the blanks that people put between its letters."""

NOTES = ("※", "注", "(注", "*", "出典", "資料:", "備考:")


def totals_rows(
    file: str, header: Sequence[str], batch: Batch, kinds: Sequence[Kind | None]
) -> Iterator[Finding]:
    """Give rows that sum up others: the first cell, or a word before numbers, says so."""
    numeric = [index for index, kind in enumerate(kinds) if kind is Kind.NUMBER]
    told: set[int] = set()
    for index, cells in enumerate(batch.columns):
        if index and (kinds[index] is Kind.NUMBER or not any(at > index for at in numeric)):
            continue
        for position in _totals(cells):
            of_all = index > 0 or _plain(cells[position]) in OF_ALL
            if position in told or (of_all and not _has_numbers(batch, numeric, position)):
                continue
            told.add(position)
            yield Finding(
                "check.totals-row", file, batch.rows[position], header[index], cells[position]
            )


def _totals(cells: Sequence[str]) -> list[int]:
    text = "".join(cells)
    if not any(part in text for part in _PARTS):
        return []
    short = (cell for cell in set(cells) if len(cell) <= LONGEST)
    words = {cell for cell in short if _plain(cell) in TOTALS | OF_ALL}
    return [at for at, cell in enumerate(cells) if cell in words] if words else []


def _has_numbers(batch: Batch, numeric: Sequence[int], position: int) -> bool:
    cells = [batch.columns[index][position].strip() for index in numeric]
    return any(cells) and all(is_number(cell) for cell in cells if cell)


def note_rows(file: str, header: Sequence[str], batch: Batch) -> Iterator[Finding]:
    """Give rows in which nothing but a note stands."""
    if len(header) < 2:
        return
    for index, (number, cell) in enumerate(zip(batch.rows, batch.columns[0], strict=True)):
        if not _plain(cell).startswith(NOTES):
            continue
        if not any(column[index].strip() for column in batch.columns[1:]):
            yield Finding("check.note-row", file, number, header[0], cell)


def repeated_headers(file: str, header: Sequence[str], batch: Batch) -> Iterator[Finding]:
    """Give rows that repeat the header, as files put together from several have them."""
    if len(header) < 2:
        return
    for index, number in enumerate(batch.rows):
        if batch.columns[0][index] == header[0] and batch.columns[1][index] == header[1]:
            yield Finding("check.repeated-header", file, number)


def second_headers(
    file: str, header: Sequence[str], batch: Batch, kinds: Sequence[Kind | None]
) -> Iterator[Finding]:
    """Give the rows after the header that hold words where all further rows hold numbers."""
    numeric = [index for index, kind in enumerate(kinds) if kind is Kind.NUMBER]
    if len(numeric) < 2:
        return
    for position, number in enumerate(batch.rows[:3]):
        cells = [batch.columns[index][position].strip() for index in numeric]
        words = [cell for cell in cells if any(map(str.isalpha, cell)) and not is_number(cell)]
        if len(words) < 2 or len(words) < len([cell for cell in cells if cell]):
            return
        yield Finding("check.second-header", file, number, value=" / ".join(words[:5]))


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).lower().split())
