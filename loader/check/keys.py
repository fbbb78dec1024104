"""Watches the primary key that a descriptor states: no two rows may have the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.model import Batch, Finding, FindingLog

KEPT = 200_000
"""How many keys are remembered, about 30 MB; a longer table is checked so far, and says so."""


@dataclass(slots=True)
class KeyWatch:
    """Reports rows whose key an earlier row has, and keys that are columns of no table."""

    file: str
    header: Sequence[str]
    key: Sequence[str]
    findings: FindingLog
    _columns: list[int] = field(default_factory=list)
    _rows: dict[int, int] = field(default_factory=dict)
    _full: bool = False

    def __post_init__(self) -> None:
        names = list(self.header)
        for name in self.key:
            if name not in names:
                self.findings.add(Finding("check.key-not-a-column", self.file, None, name))
        if all(name in names for name in self.key):
            self._columns = [names.index(name) for name in self.key]

    def look(self, batch: Batch) -> None:
        """Check the next rows."""
        if not self._columns or self._full:
            return
        keys = zip(*(batch.columns[index] for index in self._columns), strict=True)
        for row, key in zip(batch.rows, keys, strict=True):
            earlier = self._rows.setdefault(hash(key), row)
            if earlier != row:
                details = {"earlier": earlier}
                value = " / ".join(key)
                column = " / ".join(self.key)
                finding = Finding("check.duplicate-key", self.file, row, column, value, details)
                self.findings.add(finding)
        if len(self._rows) > KEPT:
            self._stop(batch.rows[-1])

    def _stop(self, row: int) -> None:
        self._full = True
        self._rows.clear()
        self.findings.add(Finding("check.keys-not-all-checked", self.file, row))
