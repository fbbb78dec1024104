"""What the cells of a column show: units, forms of codes, eras, a hierarchy told by blanks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.check.columns import Kind
from loader.check.subjects import Subject
from loader.fix.codes import area_forms
from loader.fix.dates import is_era
from loader.fix.numbers import unit_of

_INDENTED = ("\u3000", "  ")
_MUCH_INDENTED = 0.1


@dataclass(slots=True)
class Evidence:
    """What the cells of one column show."""

    units: dict[str | None, str] = field(default_factory=dict)
    """The units of the numbers, each with the first cell that has it."""
    several: bool = False
    """Whether there are two different numbers: one alone shows no habit."""
    areas: Counter[str] = field(default_factory=Counter)
    has_eras: bool = False
    filled: int = 0
    indented: int = 0

    @property
    def unit(self) -> str | None:
        """The unit that all numbers of the column have."""
        return next(iter(self.units)) if len(self.units) == 1 and self.several else None

    @property
    def is_indented(self) -> bool:
        """Whether blanks in front of the cells tell what belongs to what."""
        return self.indented >= 2 and self.filled * _MUCH_INDENTED <= self.indented < self.filled

    def look(self, cells: Sequence[str], kind: Kind | None, subject: Subject | None) -> None:
        """Take the next cells of the column."""
        if kind is Kind.NUMBER:
            self._units(cells)
        if kind is Kind.DATE or subject is Subject.DAY:
            self.has_eras = self.has_eras or any(map(is_era, set(cells)))
        if subject is Subject.AREA_CODE:
            self.areas.update(area_forms(set(cells)))
        elif kind is Kind.OTHER:
            self._indents(cells)

    def _units(self, cells: Sequence[str]) -> None:
        if len(self.units) > 1:
            return
        for cell in set(cells):
            bare = cell.strip()
            if any(map(str.isdigit, bare)):
                known = self.units.setdefault(unit_of(bare), bare)
                self.several = self.several or known != bare

    def _indents(self, cells: Sequence[str]) -> None:
        self.filled += sum(map(bool, map(str.strip, cells)))
        self.indented += sum(1 for cell in cells if cell.startswith(_INDENTED) and cell.strip())
