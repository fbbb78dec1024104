"""Lines of one predicate, and the columns that they were made of."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Columns(NamedTuple):
    """What lines were made of, a value for each row.

    A line is ``head + subject + suffix + " " + predicate + " " + before + object + after``. A row
    has one where subject and object are not empty and the mask has a value. No subject is there
    twice.
    """

    head: str
    subjects: Sequence[str]
    suffix: str
    predicate: str
    before: str
    objects: Sequence[str] | None
    """None where the object is the same in all rows; ``before`` has all of it then."""
    after: str
    """All that follows the value, up to the end of the line."""
    mask: Sequence[object] | None

    def rest(self, row: int) -> str:
        """The line of a row from the object on."""
        return f"{self.before}{self.objects[row] if self.objects else ''}{self.after}"

    def present(self) -> list[bool]:
        """Which rows have a line."""
        subjects, objects = self.subjects, self.objects or self.subjects
        if self.mask is None:
            return [bool(s and o) for s, o in zip(subjects, objects, strict=True)]
        return [bool(s and o and m) for s, o, m in zip(subjects, objects, self.mask, strict=True)]


class Run(list[str]):
    """Lines of canonical N-Quads; ``columns`` where it is known what they were made of."""

    __slots__ = ("columns",)

    def __init__(self, lines: Iterable[str] = (), columns: Columns | None = None) -> None:
        super().__init__(lines)
        self.columns = columns


def packed(run: list[str]) -> tuple[list[str], tuple[Any, ...] | None]:
    """Return a run in plain types, for another process; the same list stays the same."""
    columns = run.columns if isinstance(run, Run) else None
    return list(run), columns and tuple(columns)


def unpacked(lines: list[str], columns: tuple[Any, ...] | None) -> list[str]:
    """Return what was ``packed``."""
    return Run(lines, Columns(*columns)) if columns else lines
