"""Which IRIs of a dataset's things are others today, as its ledgers tell it."""

from collections.abc import Mapping
from contextlib import suppress

from loader.identity.ledger import Entry, LedgerError, read_ledger
from loader.identity.minting import local_part
from loader.model import Identifiers, Package
from vocab.iris import encode


def moves(package: Package) -> Mapping[str, str]:
    """Return the IRIs that ledgers give things, by those that the things had; below the base IRI.

    What has an identifier of a ledger had its natural IRI before there was one; what is merged
    into another thing (``replaced_by``) is found there. Broken ledgers tell nothing.
    """
    found: dict[str, str] = {}
    for resource in package.resources:
        if resource.identifiers is not None:
            with suppress(LedgerError):
                found |= _moves(resource.identifiers, read_ledger(resource.identifiers.ledger))
    return found


def _moves(stated: Identifiers, entries: list[Entry]) -> dict[str, str]:
    assigned = {entry.identifier: _path(stated, entry) for entry in entries}
    found = {}
    for entry in sorted(entries, key=lambda entry: entry.is_active):
        target = assigned.get(entry.replaced_by, assigned[entry.identifier])
        found[f"id/{entry.key}"] = target
        if target != assigned[entry.identifier]:
            found[assigned[entry.identifier]] = target
    return found


def _path(stated: Identifiers, entry: Entry) -> str:
    return f"id/{entry.kind}/" + encode(local_part(stated, entry.identifier))
