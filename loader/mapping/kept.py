"""Cells that no function of a mapping could take are kept as they are written.

A standard's mapping reads 収容定員 as a number; ``約30人`` is none. The cell then becomes a text of
the column's own predicate (the one that the generic mapping would make), so that nothing is lost.
"""

from collections.abc import Collection, Iterator, Sequence

from loader.functions.registry import IDLAB
from loader.mapping.context import Columns, GenericColumn
from loader.mapping.model import (
    Call,
    Constant,
    Expression,
    Mapping,
    PredicateObjectMap,
    Reference,
    TermMap,
    TermType,
    references,
)
from vocab.iris import OWN_FUNCTIONS

_TAKES_ALL = {OWN_FUNCTIONS + name for name in ("text", "normalize", "kana", "split")}
"""Functions that give something for every cell that is not blank."""

_COMPARISONS = {IDLAB + "equal", IDLAB + "notEqual", OWN_FUNCTIONS + "present"}


def strict_columns(
    mapping: Mapping, columns: Columns, header: Sequence[str]
) -> dict[str, tuple[Expression, ...]]:
    """Return the headers that only functions read which may give nothing, and those readings."""
    readings: dict[int, dict[Expression, None]] = {}
    for expression, needed in _readings(mapping):
        for reference in references(expression):
            number = columns.find(reference.name)
            if number is not None:
                readings.setdefault(number, {})[needed] = None
    return {
        header[number]: tuple(found)
        for number, found in sorted(readings.items())
        if header[number].strip() and not any(map(_takes_all, found))
    }


def kept_map(column: GenericColumn, readings: Sequence[Expression]) -> PredicateObjectMap:
    """Return what is said by a cell of which no reading gives anything."""
    cell = Call(OWN_FUNCTIONS + "stated", (("value", Reference(column.name)),))
    nothing = Constant("")
    return PredicateObjectMap(
        (TermMap(Constant(column.iri), TermType.IRI),),
        (TermMap(cell, TermType.LITERAL),),
        conditions=tuple(
            Call(IDLAB + "equal", (("str1", reading), ("str2", nothing))) for reading in readings
        ),
    )


def _takes_all(expression: Expression) -> bool:
    return isinstance(expression, Reference) or (
        isinstance(expression, Call) and expression.function in _TAKES_ALL
    )


def _readings(mapping: Mapping) -> Iterator[tuple[Expression, Expression]]:
    """Give the expressions that read cells, and what has to give something for that to be said.

    What is said where a condition holds is no reading: it may not be said. Where a constant is
    said, the condition reads the cell. The names of things and of their parts are no readings.
    """
    names = {subject.expression for map_ in mapping.triples_maps for subject in map_.subjects}
    for triples_map in mapping.triples_maps:
        subject = triples_map.subjects[0].expression
        named = subject == mapping.triples_maps[0].subjects[0].expression or _is_thing(subject)
        for made in triples_map.predicate_objects:
            for object_ in made.objects:
                if isinstance(object_, TermMap) and not _is_name(object_.expression, names):
                    for reading in _read(object_.expression, made.conditions):
                        yield reading, reading if named else subject


def _is_name(expression: Expression, names: Collection[Expression]) -> bool:
    """Whether an expression names a thing of the document, or a part of one."""
    parts = dict(expression.arguments) if isinstance(expression, Call) else {}
    return expression in names or (_is_thing(expression) and "part" in parts)


def _is_thing(expression: Expression) -> bool:
    """Whether an IRI is that of a thing, which each row has, or of a part of it."""
    return isinstance(expression, Call) and expression.function == OWN_FUNCTIONS + "thingIri"


def _read(expression: Expression, conditions: Sequence[Call]) -> Iterator[Expression]:
    if isinstance(expression, Constant):
        for condition in conditions:
            yield from _compared(condition)
    elif not conditions:
        yield expression


def _compared(call: Call) -> Iterator[Expression]:
    """Give the calls that a condition compares."""
    for _, argument in call.arguments:
        if isinstance(argument, Call):
            compares = argument.function in _COMPARISONS
            yield from _compared(argument) if compares else (argument,)
