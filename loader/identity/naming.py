"""Gives the things of a dataset, their parts and references to them the IRIs of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.identity.ledger import LedgerError, read_ledger
from loader.identity.minting import local_part, same_as
from loader.model import Finding, FindingLog, Identifiers, Package, Resource
from vocab.iris import IriPolicy, encode, read_row
from vocab.lines import iri, line, literal
from vocab.namespaces import DCTERMS, OWL

_SOURCE = iri(DCTERMS["source"])


@dataclass(frozen=True, slots=True)
class _Name:
    """The assigned IRI of a thing, its identifier, and the IRI that its scheme gives that."""

    iri: str
    identifier: str
    same_as: str | None


@dataclass(slots=True)
class Names:
    """The IRIs of the things of a dataset that has ledgers, by their natural IRIs."""

    things: str
    """What the IRIs of all things begin with."""
    findings: FindingLog
    _names: dict[str, _Name] = field(default_factory=dict)
    _tables: dict[str, str] = field(default_factory=dict)
    """Tables with a ledger: how messages name them, by what the IRIs of their rows begin with."""

    @classmethod
    def of(cls, package: Package, policy: IriPolicy, findings: FindingLog) -> "Names | None":
        """Read the ledgers of a package; None where it has none."""
        kept = [resource for resource in package.resources if resource.identifiers]
        if not kept:
            return None
        names = cls(policy.base + "id/", findings)
        for resource in kept:
            names._read(package, resource, policy)
        return names

    def _read(self, package: Package, resource: Resource, policy: IriPolicy) -> None:
        stated = resource.identifiers
        if stated is None:
            return
        try:
            entries = read_ledger(stated.ledger)
        except LedgerError as error:
            details = {"reason": error.reason}
            code = "identifier.ledger-broken"
            self.findings.add(Finding(code, stated.ledger.name, error.row, details=details))
            return
        for entry in entries:
            if entry.is_active:
                self._names[self.things + entry.key] = self._name(
                    stated, entry.kind, entry.identifier, policy
                )
        rows = policy.row(package.name, resource.file.name, "", resource.part)
        self._tables[f"<{rows}"] = resource.label

    @staticmethod
    def _name(stated: Identifiers, kind: str, identifier: str, policy: IriPolicy) -> _Name:
        # The kind of a key is encoded already, as in every natural IRI.
        whole = f"{policy.base}id/{kind}/" + encode(local_part(stated, identifier))
        return _Name(whole, identifier, same_as(stated, identifier))

    def renamed(self, lines: Sequence[str]) -> list[str]:
        """Return lines under the assigned IRIs, and what is said of the identifiers."""
        return [renamed for line_ in lines for renamed in self._renamed(line_)]

    def _renamed(self, line_: str) -> list[str]:
        subject, predicate, rest = line_.split(" ", 2)
        if rest.startswith("<"):
            object_, rest = rest.split(" ", 1)
            rest = f"{self._term(object_)} {rest}"
            if predicate == _SOURCE:
                return [f"{self._term(subject)} {predicate} {rest}", *self._said(subject, rest)]
        return [f"{self._term(subject)} {predicate} {rest}"]

    def _term(self, term: str) -> str:
        stem, mark, part = term[1:-1].partition("#")
        name = self._names.get(stem)
        return f"<{name.iri}{mark}{part}>" if name else term

    def _said(self, subject: str, rest: str) -> list[str]:
        """Return what is said of the identifier of the main thing of a row."""
        row, graph, _ = rest.split(" ", 2)
        thing = subject[1:-1].partition("#")[0]
        name = self._names.get(thing)
        if name is None:
            self._report(thing, row)
            return []
        about = iri(name.iri)
        said = [line(about, iri(DCTERMS["identifier"]), literal(name.identifier), graph)]
        if name.same_as:
            said.append(line(about, iri(OWL["sameAs"]), iri(name.same_as), graph))
        return said

    def _report(self, thing: str, row: str) -> None:
        for rows, file in self._tables.items():
            if row.startswith(rows) and thing.startswith(self.things):
                key = thing.removeprefix(self.things)
                number = read_row(row[1:-1])[1]
                self.findings.add(Finding("identifier.not-in-ledger", file, number, value=key))
