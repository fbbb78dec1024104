"""From a chosen mapping and a header to a plan, which writes the lines of a batch of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from loader.errors import ConfigurationError
from loader.mapping.columns import ColumnsOf, columns_of
from loader.mapping.context import COLUMN, Choice, Columns, Context, GenericColumn, unknown_column
from loader.mapping.emission import Emit, Quad, emission
from loader.mapping.expressions import Expressions
from loader.mapping.frame import Frame
from loader.mapping.generic import (
    column_maps,
    generic_columns,
    generic_mapping,
    row_iri,
    told_columns,
)
from loader.mapping.geometry import with_geometry
from loader.mapping.kept import kept_map, strict_columns
from loader.mapping.model import (
    RDF_TYPE,
    Constant,
    Expression,
    Mapping,
    PredicateObjectMap,
    Reference,
    TermMap,
    TermType,
    TriplesMap,
    references_of,
    term_maps,
)
from loader.mapping.packages import PackageTables, of_this_table
from loader.mapping.quads import Quads
from loader.mapping.terms import Term, Terms
from loader.mapping.unpivot import LongTable, lengthened, long_table
from loader.mapping.watches import Watch, report, watches
from loader.model import Batch, Finding, FindingLog

__all__ = ["Context", "GenericColumn", "Plan", "compile_plan"]

_WKT = "#wktLiteral>"
_SOURCE = TermMap(Constant("http://purl.org/dc/terms/source"), TermType.IRI)


@dataclass(frozen=True, slots=True)
class Plan:
    """Writes lines of N-Quads; ``classes`` are those that it says things are of.

    ``long`` is the plan of the table's long form, where columns become rows.
    """

    file: str
    emissions: Sequence[Emit]
    watches: Sequence[Watch] = ()
    classes: Sequence[str] = ()
    generic_columns: Sequence[GenericColumn] = ()
    long: "tuple[LongTable, Plan] | None" = None
    has_shapes: bool = False
    """Whether there may be geometries (geo:wktLiteral) among the lines."""
    columns: ColumnsOf = field(default_factory=dict)
    """Which columns feed which predicate of which part."""

    def rows_at_once(self, most: int) -> int:
        """Return how many rows a batch should have: ``most``, fewer where columns become rows."""
        return most if self.long is None else min(most, self.long[0].rows_at_once)

    def lines(self, batch: Batch, findings: FindingLog) -> list[str]:
        """Map a batch of rows. The same line may come more than once."""
        return list(chain.from_iterable(self.runs(batch, findings)))

    def runs(self, batch: Batch, findings: FindingLog) -> list[list[str]]:
        """Map a batch of rows to runs of lines, mostly of one predicate each."""
        runs = self._runs(Frame(batch, self.file, findings))
        if self.long is not None:
            table, plan = self.long
            for rows in table.batches(batch):
                runs += plan._runs(table.frame(rows, self.file, findings))
        return runs

    def _runs(self, frame: Frame) -> list[list[str]]:
        runs = [emit(frame) for emit in self.emissions]
        report(self.watches, frame)
        return runs


def compile_plan(
    choice: Choice, header: Sequence[str], context: Context, findings: FindingLog
) -> Plan:
    """Compile a mapping for a table; raises ConfigurationError for an error in the mapping.

    Main things get a source (their row), and columns that the mapping does not use become
    predicates of their own.
    """
    choice = replace(choice, mapping=of_this_table(choice.mapping, context))
    table = long_table(choice.unpivot, header, choice.aliases) if choice.unpivot else None
    mapping, generic = _completed(choice, header, context, findings, table)
    mapping = with_geometry(mapping, header)
    made = partial(_quads, mapping, choice, context)
    fed = columns_of(mapping.triples_maps, header, choice.aliases)
    if table is None:
        return replace(
            _plan(context.file, made(header, mapping.triples_maps), generic), columns=fed
        )
    wide = [found for found in mapping.triples_maps if not table.is_long(found)]
    long = [found for found in mapping.triples_maps if table.is_long(found)]
    long_plan = _plan(context.file, made(table.header, long), ())
    plan = _plan(context.file, made(header, wide), generic)
    shapes = plan.has_shapes or long_plan.has_shapes
    classes_ = list(dict.fromkeys((*plan.classes, *long_plan.classes)))
    return replace(plan, classes=classes_, long=(table, long_plan), has_shapes=shapes, columns=fed)


def _plan(file: str, quads: Sequence[Quad], generic: Sequence[GenericColumn]) -> Plan:
    shapes = any(_may_be_shape(quad.object) for quad in quads)
    made = emissions(quads)
    return Plan(file, made, watches(quads), classes(quads), tuple(generic), has_shapes=shapes)


def _may_be_shape(term: Term) -> bool:
    """Whether a term may be a geometry: by its datatype, or because that differs by row."""
    by_row = term.prefix == '"' and not term.suffix.startswith('"')
    return by_row or _WKT in term.prefix + term.suffix


def _quads(
    mapping: Mapping,
    choice: Choice,
    context: Context,
    header: Sequence[str],
    maps: Sequence[TriplesMap],
) -> list[Quad]:
    """Compile triples maps of a mapping for a header."""
    file = str(mapping.path or context.file)

    def missing(reference: Reference) -> str:
        if choice.lenient:
            return ""
        raise unknown_column(file, reference, header)

    externals = {**context.externals, **mapping.externals}
    expressions = Expressions(header, Columns(header, choice.aliases, externals, missing).resolve)
    terms = Terms(expressions, context.policy.base, file)
    joined = PackageTables(mapping, choice, context).joins().over(terms)
    quads = Quads(mapping.triples_maps, expressions, terms, joined, Term(f"<{context.graph}>"))
    return [quad for found in maps for quad in quads.quads(found)]


def _completed(
    choice: Choice,
    header: Sequence[str],
    context: Context,
    findings: FindingLog,
    table: LongTable | None,
) -> tuple[Mapping, list[GenericColumn]]:
    """Return the mapping, extended by what it does not say itself, and its unknown columns."""
    if choice.generic:
        findings.add(Finding("mapping.generic", context.file))
        header, context = lengthened(table, header, context)
        names = [name for name in header if table is None or name != COLUMN]
        mapping = generic_mapping(choice, names, context)
        extra = [_source_map(context)] if choice.primary_key else []
        return _extended(mapping, extra), generic_columns(names, context)
    _check(choice.mapping, context, findings)
    if table is not None and table.is_long(choice.mapping.triples_maps[0]):
        header, context = lengthened(table, header, context)
    reshaped = table.reshaped if table else frozenset()
    unused = generic_columns(
        [name for name in _unused(choice, header) if name not in reshaped], context
    )
    for column in unused:
        findings.add(Finding("mapping.unmapped-column", context.file, column=column.name))
    extra = [_source_map(context)] if context.row_iri else []
    extra += [made for column in unused for made in column_maps(column)]
    readings = _strict_columns(choice, header)
    kept = generic_columns([name for name in readings if name not in reshaped], context)
    extra += [kept_map(column, readings[column.name]) for column in kept]
    told = told_columns(choice.mapping, header, context)
    return _extended(choice.mapping, extra), unused + kept + told


def _strict_columns(choice: Choice, header: Sequence[str]) -> dict[str, tuple[Expression, ...]]:
    """Return the columns of a standard dataset of which a cell may give nothing."""
    if not choice.lenient:
        return {}
    columns = Columns(header, choice.aliases, {}, lambda _: "")
    return strict_columns(choice.mapping, columns, header)


def _source_map(context: Context) -> PredicateObjectMap:
    """Return the map that leads from a thing to its row."""
    return PredicateObjectMap((_SOURCE,), (TermMap(row_iri(context), TermType.IRI),))


def _extended(mapping: Mapping, extra: Sequence[PredicateObjectMap]) -> Mapping:
    """Say something more of the main thing."""
    main, *others = mapping.triples_maps
    main = replace(main, predicate_objects=(*main.predicate_objects, *extra))
    return replace(mapping, triples_maps=(main, *others))


def _check(mapping: Mapping, context: Context, findings: FindingLog) -> None:
    """Refuse what a publication cannot have: blank nodes, and no triples map at all."""
    if not mapping.triples_maps:
        raise ConfigurationError(
            "mapping.malformed", file=mapping.path, place=1, expected="mappings:"
        )
    for triples_map in mapping.triples_maps:
        if triples_map.graphs or any(made.graphs for made in triples_map.predicate_objects):
            findings.add(Finding("mapping.graph-ignored", context.file))
        for term_map in term_maps(triples_map):
            if term_map.term_type is TermType.BLANK_NODE:
                raise ConfigurationError(
                    "mapping.unsupported",
                    file=mapping.path,
                    place=triples_map.name,
                    feature="blank node",
                )


def _unused(choice: Choice, header: Sequence[str]) -> list[str]:
    """Return the headers that the mapping refers to nowhere."""
    columns = Columns(header, choice.aliases, {}, lambda _: "")
    used = {columns.find(reference.name) for reference in used_references(choice.mapping)}
    return [name for number, name in enumerate(header) if number not in used]


def used_references(mapping: Mapping) -> Iterator[Reference]:
    """Give every reference of a document."""
    for triples_map in mapping.triples_maps:
        yield from references_of(triples_map)


def emissions(quads: Sequence[Quad]) -> list[Emit]:
    """Compile quads; equal ones once, those that no row can have not at all."""
    found = (emission(quad) for quad in dict.fromkeys(quads))
    return [emit for emit in found if emit is not None]


def classes(quads: Sequence[Quad]) -> list[str]:
    """Return the classes that quads say things are of, in their order."""
    types = [
        quad.object.prefix[1:-1]
        for quad in quads
        if quad.predicate.prefix == f"<{RDF_TYPE}>" and quad.object.column is None
    ]
    return list(dict.fromkeys(filter(None, types)))
