"""Lines of N-Quads from columns of terms, by comprehensions: no call is made for a triple."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from loader.mapping.frame import Column, Compiled, Frame, Values
from loader.mapping.terms import Term
from loader.runs import Columns, Run

Emit: TypeAlias = Callable[[Frame], list[str]]
_Describe: TypeAlias = Callable[[Frame, Sequence[str]], Columns]


@dataclass(frozen=True, slots=True)
class Quad:
    """The four terms of a quad (``graph`` None: the default graph) and when it is made."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term | None = None
    masks: tuple[Column, ...] = ()
    """The quad is made in rows where all of these columns have a value."""
    conditions: tuple[Compiled, ...] = ()
    """Those of the masks that are conditions of the document."""
    main: bool = False
    """The subject is the main thing of the table."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that there are, in the order of the line."""
        spo = (self.subject, self.predicate, self.object)
        return spo if self.graph is None else (*spo, self.graph)


def emission(quad: Quad) -> Emit | None:
    """Compile a quad to a function that writes its lines; None where it can have none.

    The same line comes once of a batch: lines are compared only where subjects repeat.
    """
    if any(term.never for term in quad.terms):
        return None
    return _once(_emission(quad), quad.subject.column, _description(quad))


def _once(emit: Emit, subject: Column | None, describe: _Describe | None) -> Emit:
    if subject is None:
        return lambda frame: list(dict.fromkeys(emit(frame)))

    def once(frame: Frame) -> list[str]:
        lines = emit(frame)
        if frame.has_repeats(subject):
            return list(dict.fromkeys(lines))
        return Run(lines, describe(frame, lines)) if lines and describe else lines

    return once


def _description(quad: Quad) -> _Describe | None:
    """Compile what tells of which columns lines are made; None where it is not that simple."""
    subject, predicate, object_, *graph = quad.terms
    simple = predicate.column is None and not any(term.column for term in graph)
    if subject.column is None or subject.many or object_.many or not simple:
        return None
    subjects, objects, mask = subject.column, object_.column, both(quad.masks)
    after = " ".join([object_.suffix if objects else "", *(term.prefix for term in graph), ".\n"])
    before = object_.prefix

    def describe(frame: Frame, lines: Sequence[str]) -> Columns:
        found = subjects(frame)
        return Columns(
            subject.prefix,
            found,
            subject.suffix,
            predicate.prefix,
            before,
            objects(frame) if objects else None,
            after,
            mask(frame) if mask and len(lines) < len(found) else None,
        )

    return describe


def _emission(quad: Quad) -> Emit:
    consts, columns = _pieces(quad)
    mask = both(quad.masks)
    many = [term.many for term in quad.terms if term.column is not None]
    if quad.subject.column is None or any(many[:1]) or len(columns) > 2:
        return _any(consts, columns, many, mask)
    if len(columns) == 1:
        return _subjects(columns[0], consts, mask)
    if many[1]:
        return _several(columns, consts, mask)
    return _pairs(columns, consts, mask)


def constant_lines(quads: Iterable[Quad]) -> frozenset[str]:
    """Return the lines of quads that are the same for all rows."""
    constant = [quad for quad in quads if not any(term.never or term.column for term in quad.terms)]
    return frozenset("".join(_pieces(quad)[0]) for quad in constant)


def _pieces(quad: Quad) -> tuple[list[str], list[Column]]:
    """Return the columns of a line, and what stands before, between and after them."""
    consts, columns = [""], []
    for term in quad.terms:
        consts[-1] += term.prefix
        if term.column is not None:
            columns.append(term.column)
            consts.append(term.suffix)
        consts[-1] += " "
    consts[-1] += ".\n"
    return consts, columns


def both(masks: Sequence[Column]) -> Column | None:
    """Return the column that has a value where all columns have one."""
    if len(masks) < 2:
        return masks[0] if masks else None
    first, *rest = masks

    def column(frame: Frame) -> Values:
        found = first(frame)
        for mask in rest:
            found = [one and other for one, other in zip(found, mask(frame), strict=True)]
        return found

    return column


def either(masks: Sequence[Column]) -> Column:
    """Return the column that has a value where any column has one."""
    first, *rest = masks

    def column(frame: Frame) -> Values:
        found = first(frame)
        for mask in rest:
            found = [one or other for one, other in zip(found, mask(frame), strict=True)]
        return found

    return column


def _subjects(subject: Column, consts: Sequence[str], mask: Column | None) -> Emit:
    """Lines of which only the subject differs."""
    head, tail = consts
    if mask is None:
        return lambda frame: [f"{head}{s}{tail}" for s in subject(frame) if s]
    wanted = mask
    return lambda frame: [
        f"{head}{s}{tail}" for s, m in zip(subject(frame), wanted(frame), strict=True) if m and s
    ]


def _pairs(columns: Sequence[Column], consts: Sequence[str], mask: Column | None) -> Emit:
    """Lines of which two terms differ, mostly subject and object."""
    subject, other = columns
    head, middle, tail = consts
    if mask is None:
        return lambda frame: [
            f"{head}{s}{middle}{o}{tail}"
            for s, o in zip(subject(frame), other(frame), strict=True)
            if o and s
        ]
    wanted = mask
    return lambda frame: [
        f"{head}{s}{middle}{o}{tail}"
        for s, o, m in zip(subject(frame), other(frame), wanted(frame), strict=True)
        if m and o and s
    ]


def _several(columns: Sequence[Column], consts: Sequence[str], mask: Column | None) -> Emit:
    """Lines with several objects for a subject."""
    subject, other = columns
    head, middle, tail = consts
    wanted = mask or subject
    return lambda frame: [
        f"{head}{s}{middle}{o}{tail}"
        for s, many, m in zip(subject(frame), other(frame), wanted(frame), strict=True)
        if m and s
        for o in many
        if o
    ]


def _any(
    consts: Sequence[str], columns: Sequence[Column], many: Sequence[bool], mask: Column | None
) -> Emit:
    """Lines of any terms."""
    pattern = "%s".join(const.replace("%", "%%") for const in consts)

    def emit(frame: Frame) -> list[str]:
        size = len(frame.batch)
        wanted = mask(frame) if mask else [True] * size
        if not columns:
            return [pattern % ()] if any(wanted) else []
        rows = zip(*(column(frame) for column in columns), strict=True)
        return [
            pattern % values
            for row, m in zip(rows, wanted, strict=True)
            if m
            for values in _combinations(row, many)
            if all(values)
        ]

    return emit


def _combinations(row: Sequence[str], many: Sequence[bool]) -> Iterable[tuple[str, ...]]:
    choices = [value if several else (value,) for value, several in zip(row, many, strict=True)]
    return product(*choices)
