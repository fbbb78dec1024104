"""The checklists of the open data guide as data (9.3.6, tables 9-3 to 9-6): checklists.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from vocab.language import Catalogue

WORDS = Catalogue(Path(__file__).parent / "checklists.toml")
"""Items, and the levels and stars in words."""


class Mark(StrEnum):
    """What an item is needed for (9.3.6): level 2, level 3 grade 1, grade 2; level 4; the stars."""

    LEVEL_2 = "◎"
    GRADE_1 = "○"
    GRADE_2 = ""
    LEVEL_4 = "RDF"
    STAR = "★"


class Status(StrEnum):
    """What was found out about an item. ``NOT_JUDGED``: only a person can tell."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist; ``id`` is the table's number and the line's (``9-3.1``)."""

    id: str
    mark: Mark
    judge: str
    """The name of the rule in loader/check/judging.py."""
    codes: frozenset[str]
    """The findings that speak against it."""

    def text(self, language: str) -> str:
        """What the item asks for."""
        return WORDS.text(self.id, language)

    def advice(self, language: str) -> str:
        """What to do where it is not met."""
        return WORDS.text(self.id, language, "do")


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with what was found out, and the findings that spoke against it."""

    item: Item
    status: Status
    codes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the item stands between the file and the next grade."""
        return self.status in (Status.NOT_MET, Status.NOT_JUDGED)


@cache
def checklist(table: str) -> Sequence[Item]:
    """Return the items of a table (``9-3`` … ``9-6``, or ``star``) in its order."""
    return tuple(
        Item(id_, Mark(entry["mark"]), entry["judge"], frozenset(entry["codes"]))
        for id_, entry in WORDS.entries.items()
        if id_.split(".")[0] == table
    )
