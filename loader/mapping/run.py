"""Runs a mapping document on the sources that it names, relative to the document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loader.errors import ConfigurationError, SourceError
from loader.functions.registry import nearest
from loader.mapping.context import Columns, unknown_column
from loader.mapping.expressions import Expressions
from loader.mapping.frame import Column, Compiled, Frame, Values
from loader.mapping.model import (
    Constant,
    LogicalSource,
    Mapping,
    Reference,
    RefObjectMap,
    TermType,
    TriplesMap,
)
from loader.mapping.plan import Plan, emissions
from loader.mapping.quads import JoinedTerm, Quads
from loader.mapping.registry import read_document
from loader.mapping.rml import DEFAULT_BASE
from loader.mapping.sources import Source
from loader.mapping.terms import Term, Terms
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
    run = _Run(mapping, path.parent, mapping.base or base, log)
    for triples_map in mapping.triples_maps:
        for source in triples_map.sources:
            yield from run.lines(triples_map, source)


@dataclass(slots=True)
class _Run:
    """The execution of one document."""

    mapping: Mapping
    folder: Path
    base: str
    findings: FindingLog
    _indexes: dict[RefObjectMap, "_Index"] = field(default_factory=dict)

    def lines(self, triples_map: TriplesMap, stated: LogicalSource) -> Iterator[list[str]]:
        """Run a triples map on one of its sources."""
        if not self._has_graphs(triples_map, stated):
            return
        source = self.open(stated)
        terms = self.compiler(source)
        quads = Quads(self.mapping.triples_maps, terms.expressions, terms)
        quads.joined = self._joiner(terms)
        made = list(quads.quads(triples_map))
        plan = Plan(source.path.name, emissions(made), watches(made))
        for batch in source.batches():
            yield plan.lines(batch, self.findings)

    def open(self, stated: LogicalSource) -> Source:
        """Open a source; raises SourceError where the file is not there."""
        path = self.folder / stated.path
        if not path.is_file():
            near = nearest(stated.path, (found.name for found in self.folder.iterdir()))
            raise SourceError("mapping.no-source", source=path, nearest=near)
        return Source(path, stated)

    def compiler(self, source: Source) -> Terms:
        """Return a compiler of term maps for a source."""

        def missing(reference: Reference) -> str:
            raise unknown_column(self.mapping.path or "-", reference, source.header)

        columns = Columns(source.header, {}, self.mapping.externals, missing)
        expressions = Expressions(source.header, columns.resolve)
        return Terms(expressions, self.base, str(self.mapping.path))

    def _has_graphs(self, triples_map: TriplesMap, source: LogicalSource) -> bool:
        """Whether all graphs of a triples map can be named; a blank node or a text names none."""
        for graph in triples_map.graphs:
            if graph.term_type is not TermType.IRI:
                value = graph.expression.value if isinstance(graph.expression, Constant) else "-"
                self.findings.add(
                    Finding("mapping.invalid-iri", source.path, row=1, value=f"graph {value}")
                )
                return False
        return True

    # --- joins -----------------------------------------------------------------------------

    def _joiner(self, terms: Terms) -> JoinedTerm:
        def joined(triples_map: TriplesMap, reference: RefObjectMap) -> Term:
            parent = self.mapping.named(reference.parent)
            if parent is None or not reference.joins:
                raise ConfigurationError(
                    "mapping.unsupported",
                    file=self.mapping.path,
                    place=reference.line or triples_map.name,
                    feature=f"{reference.parent}: ?",
                )
            if reference not in self._indexes:
                self._indexes[reference] = self._index(parent, reference)
            return _looked_up(terms, reference, self._indexes[reference])

        return joined

    def _index(self, parent: TriplesMap, reference: RefObjectMap) -> "_Index":
        """Read the parent's sources into memory: its subjects by the values that are joined on."""
        index = _Index()
        for stated in parent.sources:
            source = self.open(stated)
            terms = self.compiler(source)
            subject = terms.term(parent.subjects[0])
            if subject.column:
                index.prefix, index.suffix = subject.prefix, subject.suffix
            keys = [_column(terms.expressions.plain(join.parent)) for join in reference.joins]
            for batch in source.batches():
                frame = Frame(batch, source.path.name, self.findings)
                found = subject.column(frame) if subject.column else [subject.prefix] * len(batch)
                index.take(zip(*(key(frame) for key in keys), strict=True), found)
        return index


@dataclass(slots=True)
class _Index:
    """Subjects of a triples map by the values that are joined on."""

    prefix: str = ""
    suffix: str = ""
    values: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)

    def take(self, keys: Iterable[tuple[str, ...]], subjects: Values) -> None:
        """Add the rows of a batch; where a value is nothing, nothing is joined (SQL's NULL)."""
        for key, subject in zip(keys, subjects, strict=True):
            if all(key):
                self.values.setdefault(key, {})[subject] = None


def _looked_up(terms: Terms, reference: RefObjectMap, index: _Index) -> Term:
    keys = [_column(terms.expressions.plain(join.child)) for join in reference.joins]

    def column(frame: Frame) -> Values:
        rows = zip(*(key(frame) for key in keys), strict=True)
        return [tuple(index.values.get(row, ())) for row in rows]

    return Term(index.prefix, terms.expressions.slots.cached(column), index.suffix, many=True)


def _column(found: Compiled) -> Column:
    """Return the values of an expression as a column, also where they are all the same."""
    constant = found.constant
    if found.column is not None:
        return found.column
    return lambda frame: [constant or ""] * len(frame.batch)
