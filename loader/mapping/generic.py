"""The mapping of a table that no document describes: each row a thing, each column a predicate.

In the manner of https://www.w3.org/TR/csv2rdf/ (minimal mode): what is there is told, nothing is
guessed. A value is typed only where the descriptor states a type and the value fits it.
"""

from collections.abc import Sequence

from loader.mapping.context import COLUMN, Choice, Context, GenericColumn
from loader.mapping.expressions import ROW
from loader.mapping.geometry import shape_columns
from loader.mapping.model import (
    Call,
    Constant,
    Expression,
    Mapping,
    PredicateObjectMap,
    Reference,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    class_map,
)
from loader.model import Field
from vocab.iris import OWN_FUNCTIONS
from vocab.lines import XSD

DATATYPES = {"integer": "integer", "number": "decimal", "boolean": "boolean", "date": "date"}
"""Field types of Table Schema whose values are typed, and their XSD datatypes."""


def generic_columns(names: Sequence[str], context: Context) -> list[GenericColumn]:
    """Name the predicates of columns; a column without a header has none, nor has a shape."""
    shapes = shape_columns(names)
    return [
        GenericColumn(name, context.policy.term(context.dataset, name))
        for name in names
        if name.strip() and name not in shapes
    ]


def told_columns(mapping: Mapping, names: Sequence[str], context: Context) -> list[GenericColumn]:
    """Return the columns whose own predicates a document names: ``def/$(_dataset)#column``."""
    made = (made for found in mapping.triples_maps for made in found.predicate_objects)
    predicates = {
        context.policy.base + _written(predicate.expression, context)
        for found in made
        for predicate in found.predicates
    }
    return [column for column in generic_columns(names, context) if column.iri in predicates]


def _written(expression: Expression, context: Context) -> str:
    """Return a predicate as it is written, its external references filled in."""
    if isinstance(expression, Template):
        return "".join(_written(part, context) for part in expression.parts)
    if isinstance(expression, Reference):
        return context.externals.get(expression.name, "")
    return expression.value if isinstance(expression, Constant) else ""


def generic_mapping(choice: Choice, header: Sequence[str], context: Context) -> Mapping:
    """Make the mapping of a table from its header and its descriptor."""
    fields = {field.name: field for field in choice.fields}
    made = [
        predicate_object
        for column in generic_columns(header, context)
        for predicate_object in column_maps(column, fields.get(column.name))
    ]
    kind = class_map(context.policy.term(context.dataset, "Row"))
    subject = TermMap(_subject(choice, context), TermType.IRI)
    return Mapping(None, (TriplesMap("row", (), (subject,), (kind, *made)),))


def row_iri(context: Context) -> Template:
    """Return the expression of the IRI of a row, or of a cell (RFC 7111)."""
    base = context.row_iri or context.policy.row(context.dataset, context.file, "")
    row = (Constant(base), Reference(ROW))
    return Template((*row, Constant(","), Reference(COLUMN)) if context.cells else row)


def column_maps(column: GenericColumn, field: Field | None = None) -> list[PredicateObjectMap]:
    """Return what is said of a row by a column."""
    cell = Reference(column.name)
    type_ = field.type if field else "string"
    if type_ not in DATATYPES:
        return [_said(column, TermMap(_call("text", value=cell), TermType.LITERAL))]
    stated = Constant(type_)
    typed = _call("ifType", value=cell, type=stated)
    plain = _call("unlessType", value=cell, type=stated)
    datatype = Constant(XSD + DATATYPES[type_])
    return [
        _said(column, TermMap(typed, TermType.LITERAL, datatype)),
        _said(column, TermMap(plain, TermType.LITERAL)),
    ]


def _subject(choice: Choice, context: Context) -> Expression:
    if not choice.primary_key:
        return row_iri(context)
    cells: list[Expression] = [Reference(choice.primary_key[0])]
    for name in choice.primary_key[1:]:
        cells += [Constant("-"), Reference(name)]
    return _call("thingIri", kind=Constant(context.dataset), local=Template(tuple(cells)))


def _said(column: GenericColumn, made: TermMap) -> PredicateObjectMap:
    return PredicateObjectMap((TermMap(Constant(column.iri), TermType.IRI),), (made,))


def _call(name: str, **arguments: Expression) -> Call:
    return Call(OWN_FUNCTIONS + name, tuple(arguments.items()))
