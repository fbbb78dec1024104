"""The mapping that a W3C CSVW description makes: of its statements, triples maps.

In the manner of csv2rdf's minimal mode (https://www.w3.org/TR/csv2rdf/, 4.6), with our own IRIs
where the description states none: rows without ``aboutUrl`` are named by their file and number,
columns without ``propertyUrl`` by the dataset's vocabulary. Lists lose their order: what is
published has no blank nodes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from loader.csvw.derive import SEPARATOR, Part, Statement
from loader.csvw.model import UNDETERMINED
from loader.csvw.tables import Described
from loader.mapping import registry
from loader.mapping.context import Choice, Context, GenericColumn
from loader.mapping.generic import row_iri
from loader.mapping.model import (
    Call,
    Constant,
    Expression,
    Mapping,
    PredicateObjectMap,
    Reference,
    TermMap,
    TermType,
    TriplesMap,
    class_map,
)
from loader.model import Batch, Package, Resource
from loader.table import Table
from vocab.iris import OWN_FUNCTIONS


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mapping of a table, the header that it is for, and what makes its batches of the file's.

    ``own`` are the predicates that a description leaves to us.
    """

    choice: Choice
    context: Context
    header: Sequence[str]
    shape: Callable[[Batch], Batch]
    own: Sequence[GenericColumn] = ()


def choose(table: Table, described: Described | None, package: Package, context: Context) -> Chosen:
    """Return the mapping of a table, where there is a description with regard to that.

    A description that says what becomes of the cells in RDF, or that the descriptor names, is
    followed; one that tells only the form of the table leaves a standard dataset its mapping, and
    its cells are checked.
    """
    if described is not None and (described.says_rdf or _is_named(table.resource)):
        return _described(described, context)
    choice = registry.choose(table.resource, table.header, package)
    if described is None:
        return Chosen(choice, context, table.header, _same)
    if choice.generic:
        return _described(described, context)
    return Chosen(choice, context, table.header, described.derived.checked)


def _is_named(resource: Resource) -> bool:
    return resource.mapping is not None and Path(resource.mapping) == resource.description


def _same(batch: Batch) -> Batch:
    return batch


def _described(described: Described, context: Context) -> Chosen:
    derived = described.derived
    subjects = dict.fromkeys(statement.subject for statement in derived.statements)
    # The first is the main thing, which is linked to its row: not the row itself.
    ordered = sorted(subjects, key=lambda subject: subject is None)
    maps = [
        _triples_map(number, subject, derived.statements, context)
        for number, subject in enumerate(ordered or [None])
    ]
    path = described.description.path
    choice = Choice(
        Mapping(path, tuple(maps)),
        path.name,
        score=1.0,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        lenient=True,
    )
    own = [
        GenericColumn(statement.header, _own(statement.header, context))
        for statement in derived.statements
        if statement.predicate is None and statement.typed
    ]
    if not ordered or ordered[0] is None:
        context = replace(context, row_iri=None)
    return Chosen(choice, context, derived.header, derived.batch, own)


def _triples_map(
    number: int, subject: Part | None, statements: Iterable[Statement], context: Context
) -> TriplesMap:
    made = [found for found in statements if found.subject == subject]
    maps = [_predicate_object(statement, context) for statement in made]
    if subject is None:
        maps.insert(0, class_map(context.policy.term(context.dataset, "Row")))
        expression: Expression = row_iri(context)
    else:
        expression = _expression(subject)
    return TriplesMap(f"described-{number}", (), (TermMap(expression, TermType.IRI),), tuple(maps))


def _predicate_object(statement: Statement, context: Context) -> PredicateObjectMap:
    if statement.predicate is None:
        predicate: Expression = Constant(_own(statement.header, context))
    else:
        predicate = _expression(statement.predicate)
    if statement.is_iri:
        object_ = TermMap(_expression(statement.object), TermType.IRI)
    else:
        object_ = _literal(statement)
    return PredicateObjectMap((TermMap(predicate, TermType.IRI),), (object_,))


def _literal(statement: Statement) -> TermMap:
    """Return a literal: of its datatype where the value fits that, else text (csv2rdf, 4.5)."""
    cells = statement.column.cells
    expression = _expression(statement.object)
    if statement.many:
        parts = (("value", expression), ("separator", Constant(SEPARATOR)))
        expression = Call(OWN_FUNCTIONS + "split", parts)
    if statement.typed and cells.datatype.base != "string":
        return TermMap(expression, TermType.LITERAL, Constant(cells.datatype.iri))
    if statement.typed and cells.datatype.id:
        return TermMap(expression, TermType.LITERAL, Constant(cells.datatype.id))
    language = None if cells.lang == UNDETERMINED else Constant(cells.lang)
    return TermMap(expression, TermType.LITERAL, None, language)


def _expression(part: Part) -> Expression:
    return Constant(part.constant or "") if part.column is None else Reference(part.column)


def _own(name: str, context: Context) -> str:
    return context.policy.term(context.dataset, name)
