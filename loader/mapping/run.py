"""Runs a mapping document on the sources that it names, relative to the document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from loader.mapping.emission import constant_lines
from loader.mapping.joins import Joins, Opened
from loader.mapping.model import (
    Constant,
    LogicalSource,
    Mapping,
    TermType,
    TriplesMap,
)
from loader.mapping.plan import Plan, emissions
from loader.mapping.quads import Quads
from loader.mapping.registry import read_document
from loader.mapping.rml import DEFAULT_BASE
from loader.mapping.sources import Source, batches, expressions_over, open_source
from loader.mapping.terms import Terms
from loader.mapping.watches import watches
from loader.mapping.workers import WORTH_PROCESSES, Compile, mapped
from loader.model import Finding, FindingLog


def run_document(
    path: Path, base: str = DEFAULT_BASE, findings: FindingLog | None = None, jobs: int = 1
) -> Iterator[list[str]]:
    """Give the lines of N-Quads that a document makes, batch by batch.

    ``base`` is put before relative IRIs where the document states none; ``jobs`` processes map
    large sources. Raises ConfigurationError for an error in the document, SourceError for one in
    a source.
    """
    log = FindingLog() if findings is None else findings
    run = _Run.of(path, base, log)
    for number, triples_map in enumerate(run.mapping.triples_maps):
        for place, source in enumerate(triples_map.sources):
            if run.has_graphs(triples_map, source):
                again = partial(_plan_again, path, base, number, place)
                yield from run.lines(triples_map, source, again, jobs)


def _plan_again(path: Path, base: str, number: int, place: int) -> Plan:
    """Compile the plan of a triples map and a source in another process."""
    run = _Run.of(path, base, FindingLog())
    triples_map = run.mapping.triples_maps[number]
    return run.plan(triples_map, open_source(path.parent, triples_map.sources[place]))[0]


@dataclass(frozen=True, slots=True)
class _Run:
    """The execution of one document."""

    mapping: Mapping
    document: Path
    base: str
    findings: FindingLog
    _joins: list[Joins] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, base: str, findings: FindingLog) -> "_Run":
        """Read a document."""
        mapping = read_document(path)
        return cls(mapping, path, mapping.base or base, findings)

    def lines(
        self, triples_map: TriplesMap, stated: LogicalSource, again: Compile, jobs: int
    ) -> Iterator[list[str]]:
        """Run a triples map on one of its sources."""
        source = open_source(self.document.parent, stated)
        plan, constants = self.plan(triples_map, source)
        rows = batches(source, self.document)
        processes = jobs if source.path.stat().st_size >= WORTH_PROCESSES else 1
        written: set[str] = set()
        for _, runs in mapped(plan, again, rows, self.findings, processes):
            lines = list(chain.from_iterable(runs))
            fresh = [line for line in lines if line not in written] if written else lines
            written |= constants.intersection(fresh)
            yield fresh

    def plan(self, triples_map: TriplesMap, source: Source) -> tuple[Plan, frozenset[str]]:
        """Compile a triples map for a source; with the lines that are the same for all rows."""
        if not self._joins:
            maps = self.mapping.triples_maps
            self._joins.append(Joins(maps, self.parent, str(self.document), self.findings))
        terms = self._terms(source)
        joined = self._joins[0].over(terms)
        quads = Quads(self.mapping.triples_maps, terms.expressions, terms, joined)
        made = list(quads.quads(triples_map))
        return Plan(source.path.name, emissions(made), watches(made)), constant_lines(made)

    def parent(self, triples_map: TriplesMap) -> Iterator[Opened]:
        """Open the sources of a triples map that others refer to."""
        for stated in triples_map.sources:
            source = open_source(self.document.parent, stated)
            rows = batches(source, self.document)
            yield Opened(self._terms(source), rows, source.path.name)

    def _terms(self, source: Source) -> Terms:
        expressions = expressions_over(source, self.mapping.externals, self.document)
        return Terms(expressions, self.base, str(self.document))

    def has_graphs(self, triples_map: TriplesMap, source: LogicalSource) -> bool:
        """Whether all graphs of a triples map can be named; a blank node or a text names none."""
        for graph in triples_map.graphs:
            if graph.term_type is TermType.LITERAL or graph.term_type is TermType.BLANK_NODE:
                value = graph.expression.value if isinstance(graph.expression, Constant) else "-"
                self.findings.add(
                    Finding("mapping.invalid-iri", source.path, row=1, value=f"graph {value}")
                )
                return False
        return True
