"""Watches whether the addresses of a table lie in the municipalities that its codes name."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from loader.check.subjects import Columns, Subject, looks_like_area_code
from loader.functions.address_areas import stated_municipality
from loader.model import Batch, Finding
from vocab.area_history import LAST_CHANGE, area_history
from vocab.headers import normalize_header
from vocab.identifiers import PREFECTURES, IdentifierError, municipality_code
from vocab.municipalities import Municipality, by_code

MOST_KEPT = 10_000
"""Rows that are remembered until the end of the table."""

_ADDRESS = re.compile(r".*(住所|所在地)(_連結表記)?(\(.*\))?|(full_?)?address")
_PLACE = re.compile(r"所在地|住所|設置")


@dataclass(slots=True)
class AddressWatch:
    """Reports addresses in another municipality than the code of their row.

    Only what an address says itself counts. Where half of the rows disagree or more, the code is
    not of the address but of something else, such as who publishes the table, and nothing is told.
    """

    columns: Columns
    _address: int | None = field(init=False)
    _compared: int = field(default=0, init=False)
    _other: list[tuple[int, str, str, str]] = field(default_factory=list, init=False)
    _others: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        names = [normalize_header(name) for name in self.columns.header]
        found = (at for at, name in enumerate(names) if _ADDRESS.fullmatch(name))
        self._address = next(found, None)

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Check the next rows."""
        code = self._code_column()
        if self._address is not None and code is not None:
            addresses, codes = batch.columns[self._address], batch.columns[code]
            for row, address, cell in zip(batch.rows, addresses, codes, strict=True):
                if address and cell:
                    self._compare(row, address, cell)
        yield from ()

    def finish(self) -> Iterator[Finding]:
        """Report the rows, where they are the lesser part."""
        if self._address is None or self._others * 2 >= self._compared:
            return
        column = self.columns.header[self._address]
        for row, address, cell, name in self._other:
            details = {"code": cell.strip(), "area": name}
            code = "check.address-elsewhere"
            yield Finding(code, self.columns.file, row, column, address, details)

    def _code_column(self) -> int | None:
        """The column of the code: that of the address, where there are several."""
        found = [
            at for at, subject in enumerate(self.columns.subjects) if subject is Subject.AREA_CODE
        ]
        of_place = [at for at in found if _PLACE.search(self.columns.header[at])]
        return next(iter(of_place or found), None)

    def _compare(self, row: int, address: str, cell: str) -> None:
        known = _area_of(cell)
        if known is None:
            return
        stated = stated_municipality(address)
        if stated is None:
            return
        self._compared += 1
        if not _is_in(stated, known):
            self._others += 1
            if len(self._other) < MOST_KEPT:
                name = f"{stated.prefecture}{stated.name}"
                self._other.append((row, address, cell, name))


@lru_cache(maxsize=4096)
def _area_of(cell: str) -> str | None:
    """Return the five digits of a code that an area of Japan has; None for anything else."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not looks_like_area_code(plain):
        return None
    try:
        five = municipality_code(plain)[:5]
    except IdentifierError:
        return None
    return five if int(five[:2]) in PREFECTURES and area_history().versions(five) else None


@lru_cache(maxsize=4096)
def _is_in(stated: Municipality, five: str) -> bool:
    """Whether a municipality is that of a code, a part of it, the whole, or before or after it."""
    if five.endswith("000"):
        return stated.code5[:2] == five[:2]
    codes = {five, *_later(five)}
    if codes & {stated.code5, *_later(stated.code5)}:
        return True
    cities = {(known.prefecture, known.city) for code in codes if (known := by_code().get(code))}
    return (stated.prefecture, stated.city) in cities


def _later(five: str) -> set[str]:
    history = area_history()
    return {
        found.code
        for version in history.versions(five)
        for found in history.on(version, LAST_CHANGE)
    }
