"""Watches the primary key that a descriptor states: no two rows may have the same.

Of each key a number of 64 bits is kept (its hash), as loader/check/repeats.py does of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.check.repeats import Repeats
from loader.model import Batch, Finding, FindingLog

KEPT = 5_000_000
"""How many keys are remembered, 80 MB; a longer table is checked so far, and says so."""


@dataclass(slots=True)
class KeyWatch:
    """Reports rows whose key an earlier row has, and keys that are columns of no table."""

    file: str
    header: Sequence[str]
    key: Sequence[str]
    findings: FindingLog
    _columns: list[int] = field(default_factory=list)
    _repeats: Repeats = field(default_factory=Repeats)
    _full: bool = False

    def __post_init__(self) -> None:
        names = list(self.header)
        for name in self.key:
            if name not in names:
                self.findings.add(Finding("check.key-not-a-column", self.file, None, name))
        if all(name in names for name in self.key):
            self._columns = [names.index(name) for name in self.key]

    def look(self, batch: Batch) -> None:
        """Remember the keys of the next rows."""
        if not self._columns or self._full:
            return
        keys = zip(*(batch.columns[index] for index in self._columns), strict=True)
        self._repeats.add(batch.rows, keys)
        if len(self._repeats.rows) > KEPT:
            self._full = True
            row = batch.rows[-1]
            self.findings.add(Finding("check.keys-not-all-checked", self.file, row))

    def finish(self) -> None:
        """Report the keys that were there twice."""
        column = " / ".join(self.key)
        for row, earlier in self._repeats.found(all_of_them=True):
            details = {"earlier": earlier}
            finding = Finding("check.duplicate-key", self.file, row, column, None, details)
            self.findings.add(finding)
