"""Runs a mapping document on the sources that it names, relative to the document."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
from loader.model import Finding, FindingLog


def run_document(
    path: Path, base: str = DEFAULT_BASE, findings: FindingLog | None = None
) -> Iterator[list[str]]:
    """Give the lines of N-Quads that a document makes, batch by batch.

    ``base`` is put before relative IRIs where the document states none. Raises
    ConfigurationError for an error in the document, SourceError for one in a source.
    """
    log = FindingLog() if findings is None else findings
    mapping = read_document(path)
    run = _Run(mapping, path, mapping.base or base, log)
    joins = Joins(mapping.triples_maps, run.parent, str(path), log)
    for triples_map in mapping.triples_maps:
        for source in triples_map.sources:
            yield from run.lines(triples_map, source, joins)


@dataclass(frozen=True, slots=True)
class _Run:
    """The execution of one document."""

    mapping: Mapping
    document: Path
    base: str
    findings: FindingLog

    def lines(
        self, triples_map: TriplesMap, stated: LogicalSource, joins: Joins
    ) -> Iterator[list[str]]:
        """Run a triples map on one of its sources."""
        if not self._has_graphs(triples_map, stated):
            return
        source = open_source(self.document.parent, stated)
        plan = self._plan(triples_map, source, joins)
        for batch in batches(source, self.document):
            yield plan.lines(batch, self.findings)

    def _plan(self, triples_map: TriplesMap, source: Source, joins: Joins) -> Plan:
        terms = self._terms(source)
        quads = Quads(self.mapping.triples_maps, terms.expressions, terms, joins.over(terms))
        made = list(quads.quads(triples_map))
        return Plan(source.path.name, emissions(made), watches(made))

    def parent(self, triples_map: TriplesMap) -> Iterator[Opened]:
        """Open the sources of a triples map that others refer to."""
        for stated in triples_map.sources:
            source = open_source(self.document.parent, stated)
            rows = batches(source, self.document)
            yield Opened(self._terms(source), rows, source.path.name)

    def _terms(self, source: Source) -> Terms:
        expressions = expressions_over(source, self.mapping.externals, self.document)
        return Terms(expressions, self.base, str(self.document))

    def _has_graphs(self, triples_map: TriplesMap, source: LogicalSource) -> bool:
        """Whether all graphs of a triples map can be named; a blank node or a text names none."""
        for graph in triples_map.graphs:
            if graph.term_type is TermType.LITERAL or graph.term_type is TermType.BLANK_NODE:
                value = graph.expression.value if isinstance(graph.expression, Constant) else "-"
                self.findings.add(
                    Finding("mapping.invalid-iri", source.path, row=1, value=f"graph {value}")
                )
                return False
        return True
