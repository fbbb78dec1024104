"""What took the place of an IRI that is gone: by the ledger of identifiers, or a change of codes.

That an IRI means the same thing as another is only said where it is certain: the ledger says so,
or the municipality's code changed and the thing under the new code has the same number and name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from loader.history.changes import labels, texts
from loader.history.comparison import Change, is_label
from loader.tombstones import lines_beginning
from vocab.area_history import Version, area_history

_CODED = re.compile(r"id/(?P<kind>[^/]+)/(?P<code>\d{6})(?P<rest>-.+)?")
_MUNICIPALITY = "municipality"
"""The kind of thing whose local part is the code itself."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """The same thing under another IRI (``moved``), or what came in its place."""

    moved: str | None = None
    replaced_by: tuple[str, ...] = ()


NOTHING = Replacement()


@dataclass(frozen=True, slots=True)
class Replacements:
    """Finds replacements for the things of a dataset; IRIs below ``base`` are relative to it.

    ``ledger`` leads from IRIs to those that the ledger gives the same things; ``dump`` is the new
    dump of the dataset: what is not in it replaces nothing.
    """

    base: str
    dump: Path | None
    ledger: Mapping[str, str] = field(default_factory=dict)

    def of(self, path: str, change: Change) -> Replacement:
        """Return what replaces the thing at a path, which is gone."""
        assigned = self.ledger.get(path)
        if assigned and self._lines(assigned):
            return Replacement(assigned)
        coded = _CODED.fullmatch(path)
        if coded is None:
            return NOTHING
        later = successors(coded["code"])
        if coded["kind"] == _MUNICIPALITY and coded["rest"] is None:
            return Replacement(replaced_by=tuple(self._municipality(version) for version in later))
        places = [f"id/{coded['kind']}/{version.full_code}{coded['rest']}" for version in later]
        same = [place for place in places if self._is_called_like(place, change)]
        return Replacement(same[0]) if len(same) == 1 and coded["rest"] else NOTHING

    def _municipality(self, version: Version) -> str:
        own = f"id/{_MUNICIPALITY}/{version.full_code}"
        return own if self._lines(own) else version.iri

    def _is_called_like(self, path: str, change: Change) -> bool:
        called = texts(line for line in self._lines(path) if is_label(line))
        return not set(labels(change)).isdisjoint(called)

    def _lines(self, path: str) -> list[bytes]:
        if self.dump is None:
            return []
        return list(lines_beginning(self.dump, f"<{self.base}{path}> ".encode()))


@cache
def successors(code: str) -> tuple[Version, ...]:
    """Return what an abolished code (six digits) became, as far as that goes on; else nothing."""
    versions = area_history().versions(code[:5])
    if not versions or versions[-1].until is None or versions[-1].full_code != code:
        return ()
    return tuple(_living(versions[-1]))


def _living(version: Version) -> list[Version]:
    living: list[Version] = []
    waiting, seen = [version], {version.key}
    while waiting:
        for found in waiting.pop().successors:
            if found.key not in seen:
                seen.add(found.key)
                (waiting if found.until else living).append(found)
    return sorted(living, key=lambda found: found.key)
