"""Assigns identifiers to the things of a table, and keeps them in its ledger.

docs/identifiers.md explains it. The natural key of a thing is what its IRI would be without a
ledger, so every mapping that names the thing of a row can be used.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from loader.errors import ConfigurationError, SourceError
from loader.identity.ledger import Entry, LedgerError, State, read_ledger, write_ledger
from loader.identity.matching import Matches, Seen, match
from loader.identity.minting import minter
from loader.mapping.plan import compile_plan
from loader.mapping.trial import Opening, open_mapped
from loader.model import Finding, FindingLog, Identifiers, Package, Resource
from vocab.headers import normalize_header
from vocab.iris import IriPolicy, read_row
from vocab.lines import iri
from vocab.namespaces import DCTERMS

ROWS_AT_ONCE = 500

_COLUMNS = {
    "name": r"(.*_)?(名称|名前|施設名|設備名|題名|タイトル|name|title)",
    "address": r".*(住所|所在地)(_連結表記|\(.*\))?|address",
    "latitude": r"(.*_)?緯度(\(.*\))?|lat(itude)?",
    "longitude": r"(.*_)?経度(\(.*\))?|(lng|lon|longitude)",
    "telephone": r".*電話番号(\(.*\))?|tel|phone",
}
"""The columns by which a thing is known again: the first whose header is one of these."""

_SOURCE = iri(DCTERMS["source"])


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of the things of one table: how many were known, are new, came back, are gone."""

    resource: Resource
    ledger: Identifiers
    known: int
    new: int
    back: int
    gone: int
    recognised: int


def assign(
    package: Package, policy: IriPolicy, date: str, findings: FindingLog
) -> Iterator[Assigned]:
    """Assign identifiers to the tables of a package that have a ledger, and write the ledgers.

    ``date`` (ISO 8601) is noted as the day they were seen. Raises ConfigurationError for a block
    of ucodes that is missing or used up and for a ledger of two tables, SourceError for a ledger
    that cannot be relied on; no ledger is changed then.
    """
    kept = [(found, found.identifiers) for found in package.resources if found.identifiers]
    paths = [stated.ledger for _, stated in kept]
    for path in paths:
        if paths.count(path) > 1:
            raise ConfigurationError("identifiers.ledger-twice", ledger=path.name)
    for resource, stated in kept:
        done = _assign(package, resource, stated, policy, date, findings)
        if done:
            yield done


def _assign(
    package: Package,
    resource: Resource,
    stated: Identifiers,
    policy: IriPolicy,
    date: str,
    findings: FindingLog,
) -> Assigned | None:
    ledger = _read(stated)
    opening = open_mapped(package, resource, policy, findings)
    if opening is None:
        return None
    things = list(_things(opening, policy))
    if not things:
        findings.add(Finding("identifier.nothing-to-name", resource.label))
        return None
    matches = match(things, ledger, package.spatial or "")
    mint = minter(package, stated, (entry.identifier for entry in ledger), date)
    entries: dict[str, Entry] = {}
    for index, thing in enumerate(things):
        old = matches.entries.get(index)
        identifier = old.identifier if old else mint(thing.key)
        entries[identifier] = _entry(identifier, thing, old.first_seen if old else date, date)
    gone = [entry for entry in ledger if entry.identifier not in entries]
    write_ledger(
        stated.ledger, [*entries.values(), *(replace(e, state=State.DELETED.value) for e in gone)]
    )
    _report(resource, things, matches, findings)
    return Assigned(
        resource,
        stated,
        known=len(matches.entries),
        new=len(things) - len(matches.entries),
        back=sum(not entry.is_active for entry in matches.entries.values()),
        gone=sum(entry.is_active for entry in gone),
        recognised=len(matches.recognised),
    )


def _read(stated: Identifiers) -> list[Entry]:
    try:
        return read_ledger(stated.ledger)
    except LedgerError as error:
        raise SourceError(
            "identifiers.ledger-broken",
            ledger=stated.ledger.name,
            row=error.row or "-",
            reason=error.reason,
        ) from error


def _entry(identifier: str, thing: Seen, first_seen: str, date: str) -> Entry:
    return Entry(
        identifier,
        thing.key,
        thing.name,
        thing.address,
        thing.latitude,
        thing.longitude,
        thing.telephone,
        first_seen,
        date,
    )


def _things(opening: Opening, policy: IriPolicy) -> Iterator[Seen]:
    """Give the main thing of each row, each once; what a row is about is told by its lines."""
    chosen, own = opening.chosen, FindingLog()
    plan = compile_plan(chosen.choice, chosen.header, chosen.context, own)
    columns = _known_columns(opening.table.header)
    seen: set[str] = set()
    for batch in opening.table.batches(ROWS_AT_ONCE):
        keys = _keys(plan.lines(chosen.shape(batch), own), f"<{policy.base}id/")
        for at, row in enumerate(batch.rows):
            key = keys.get(row)
            if key is None or key in seen:
                continue
            seen.add(key)
            yield Seen(
                key, row, **{what: batch.columns[i][at].strip() for what, i in columns.items()}
            )


def _keys(lines: Sequence[str], things: str) -> Mapping[int | None, str]:
    """Return the natural keys of main things by the number of the row they came from first."""
    keys: dict[int | None, str] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if predicate == _SOURCE and subject.startswith(things):
            source = rest.partition(" ")[0]
            key = subject[len(things) : -1].partition("#")[0]
            keys.setdefault(read_row(source[1:-1])[1], key)
    return keys


def _known_columns(header: Sequence[str]) -> Mapping[str, int]:
    normal = [normalize_header(name) for name in header]
    found: dict[str, int] = {}
    for what, pattern in _COLUMNS.items():
        for index, name in enumerate(normal):
            if what not in found and re.fullmatch(pattern, name):
                found[what] = index
    return found


def _report(
    resource: Resource, things: Sequence[Seen], matches: Matches, findings: FindingLog
) -> None:
    told = {
        "identifier.recognised": matches.recognised,
        "identifier.key-reused": matches.doubtful,
        "identifier.ambiguous": matches.ambiguous,
    }
    for code, places in told.items():
        for place in places:
            thing = things[place]
            old = matches.entries.get(place)
            details = {"name": thing.name or "-", "old": old.key if old else "-"}
            findings.add(Finding(code, resource.label, thing.row, None, thing.key, details))
