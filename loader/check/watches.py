"""What watches a whole table while it streams by, and which of its findings a mapping tells too."""

from collections.abc import Iterable
from typing import Protocol

from loader.check.addresses import AddressWatch
from loader.check.area_dates import AreaDateWatch
from loader.check.coordinates import CoordinateWatch, states_datum
from loader.check.eras import EraWatch
from loader.check.groups import GroupWatch
from loader.check.repeats import RepeatWatch
from loader.check.subjects import Columns, Subject, is_called
from loader.check.tables import TablesWatch
from loader.model import Batch, Finding, FindingLog, Package, Resource

SHARED = ("value.", "identifier.", "check.coordinates-identical")
"""Areas of codes that functions of mappings tell as well."""

_POSITIONS = ("value.coordinates-", "check.coordinates-identical")


class Watch(Protocol):
    """Looks at every batch of a table and tells at the end what only the whole shows."""

    def look(self, batch: Batch) -> Iterable[Finding]:
        """Check the next rows."""

    def finish(self) -> Iterable[Finding]:
        """Report what only the whole table shows."""


def watches(
    package: Package, resource: Resource, columns: Columns, standard: bool
) -> tuple[Watch, ...]:
    """Give the watches of a table."""
    texts = [*package.description.values(), str(resource.title)]
    datum = standard or "geometry_crs" in columns.header or any(map(states_datum, texts))
    numbered = is_called(columns.header[0], Subject.LOCAL_NUMBER)
    return (
        EraWatch(columns),
        GroupWatch(columns.file, columns.header, 1 if numbered else 0),
        TablesWatch(columns),
        CoordinateWatch(columns, package.spatial or "", datum),
        AreaDateWatch(columns, package.temporal),
        AddressWatch(columns),
        RepeatWatch(columns, keyed=bool(resource.primary_key)),
    )


def untold(shared: FindingLog, told: FindingLog, package: Package) -> FindingLog:
    """Return the findings that are not in another log for the same file, column and code.

    Of positions a mapping tells the column of the latitude or none, so only the code counts. A
    sample may be of a city that does not exist.
    """
    left_out = {"identifier.no-such-area"} if package.sample else set()
    known = {_place(group.examples[0]) for group in told.groups()}
    left = FindingLog()
    for group in shared.groups():
        first = group.examples[0]
        if _place(first) not in known and first.code not in left_out:
            for finding in group.examples:
                left.add(finding)
            if group.count > len(group.examples):
                left.add(group.examples[-1], group.count - len(group.examples))
    return left


def _place(finding: Finding) -> tuple[str, str, str | None]:
    column = None if finding.code.startswith(_POSITIONS) else finding.column
    return finding.file, finding.code, column
