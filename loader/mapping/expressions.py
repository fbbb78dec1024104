"""Expressions compiled to functions that compute a whole column of values at once.

Equal expressions are compiled once, so that a batch computes them once (the key of a thing that
ten triples maps use). Checks that are rarely needed look at the joined text of a column first.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import product, repeat
from typing import Any

from loader.functions import FUNCTIONS, Function, ValueProblem
from loader.mapping.frame import Column, Compiled, Frame, Slots, Values, memos_of
from loader.mapping.memo import Memo
from loader.mapping.model import Call, Constant, Expression, Reference, Template
from vocab.iris import encode
from vocab.lines import escape as escape_text

ROW = "_row"
"""The external reference that stands for the number of the row."""

Resolve = Callable[[Reference], int | str]
"""Says what a reference stands for: the number of a column, or a value that is always the same."""

_NOT_SEGMENT = re.compile(r"[^\w.~-]")
_TO_CHECK = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
"""What a literal may not hold as it is, and what it may not hold at all (vocab/lines.py)."""


class Expressions:
    """Compiles the expressions of one mapping for one header.

    Where ``several``, a cell of the table is a tuple of values (JSON).
    """

    def __init__(self, header: Sequence[str], resolve: Resolve, several: bool = False) -> None:
        self.header = header
        self.slots = Slots()
        self._several = several
        self._resolve = resolve
        self._compiled: dict[tuple[str, Expression], Compiled] = {}

    def plain(self, expression: Expression) -> Compiled:
        """The values as they are."""
        return self._once("plain", expression, self._plain)

    def escaped(self, expression: Expression) -> Compiled:
        """The values as they stand inside a literal of N-Quads."""
        return self._once("escaped", expression, self._escaped)

    def encoded(self, expression: Expression) -> Compiled:
        """The values as they stand in a template of an IRI (RML: IRI-safe)."""
        return self._once("encoded", expression, self._encoded)

    def _once(
        self, kind: str, expression: Expression, compile_: Callable[[Any], Compiled]
    ) -> Compiled:
        key = (kind, expression)
        if key not in self._compiled:
            self._compiled[key] = compile_(expression)
        return self._compiled[key]

    # --- values ----------------------------------------------------------------------------

    def _plain(self, expression: Expression) -> Compiled:
        match expression:
            case Constant(value):
                return Compiled(value)
            case Reference():
                return self._reference(expression)
            case Template(parts):
                return self.joined([self.plain(part) for part in parts])
            case Call():
                return self._call(expression)

    def _reference(self, reference: Reference) -> Compiled:
        if reference.name == ROW and not reference.column:
            return Compiled(column=lambda frame: list(map(str, frame.batch.rows)))
        found = self._resolve(reference)
        if isinstance(found, str):
            return Compiled(found)
        if self._several:
            return Compiled(
                column=lambda frame: frame.batch.columns[found],
                many=True,
                header=self.header[found],
            )
        column = self.slots.cached(lambda frame: _cells(frame.batch.columns[found]))
        return Compiled(column=column, header=self.header[found])

    def joined(self, parts: Sequence[Compiled]) -> Compiled:
        """Join values one after the other; nothing where one of them is nothing."""
        if any(part.constant == "" for part in parts):
            return Compiled("")
        if all(part.constant for part in parts):
            return Compiled("".join(part.constant or "" for part in parts))
        if len(parts) == 1:
            return parts[0]
        if any(part.many for part in parts):
            return self._apply(_concatenated, parts)
        pattern = "".join("%s" if part.column else _percent(part.constant) for part in parts)
        columns = [part.column for part in parts if part.column]
        return Compiled(
            column=self.slots.cached(_formatted(pattern, columns)),
            header=_header(parts),
            memos=memos_of(parts),
        )

    # --- calls -----------------------------------------------------------------------------

    def _call(self, call: Call) -> Compiled:
        function = FUNCTIONS[call.function]
        given = dict(call.arguments)
        arguments = [self.plain(given.get(name, Constant(""))) for name in function.parameters]
        constants = [argument.constant for argument in arguments]
        if None not in constants and not function.many:
            try:
                return Compiled(function.body(*constants))
            except ValueProblem as problem:
                # What is the same in every row is no cell, which a finding could point at.
                if not problem.row_wide:
                    return Compiled(problem.gives)
        return self._function(function, arguments)

    def _function(self, function: Function, arguments: Sequence[Compiled]) -> Compiled:
        if len(arguments) == 1 and arguments[0].column and not arguments[0].many:
            return self._unary(function, arguments[0])
        return self._apply(function.body, arguments, function.many)

    def _unary(self, function: Function, argument: Compiled) -> Compiled:
        source, fast = argument.column, function.column
        assert source is not None
        memo = Memo(function.body, argument.header)

        def compute(frame: Frame) -> Values:
            values = source(frame)
            done = fast(values) if fast else None
            return memo.values(frame, values) if done is None else done

        return Compiled(
            column=self.slots.cached(compute),
            many=function.many,
            header=argument.header,
            memos=argument.memos | {memo},
        )

    def _apply(
        self, body: Callable[..., Any], arguments: Sequence[Compiled], many: bool = False
    ) -> Compiled:
        """Call ``body`` for each row; where arguments are many, with every combination."""
        header = _header(arguments)
        several = any(argument.many for argument in arguments)
        call = _for_each(body, [argument.many for argument in arguments]) if several else body
        memo = Memo(call, header, spread=True)
        sources = [argument.column or _repeated(argument.constant or "") for argument in arguments]

        def compute(frame: Frame) -> Values:
            return memo.values(
                frame, list(zip(*(source(frame) for source in sources), strict=True))
            )

        return Compiled(
            column=self.slots.cached(compute),
            many=many or several,
            header=header,
            memos=memos_of(arguments) | {memo},
        )

    # --- spellings -------------------------------------------------------------------------

    def _escaped(self, expression: Expression) -> Compiled:
        return self._spelt(self.plain(expression), escape, _is_escaped)

    def _encoded(self, expression: Expression) -> Compiled:
        return self._spelt(self.plain(expression), encode, _is_encoded)

    def _spelt(
        self, plain: Compiled, spell: Callable[[str], str], is_spelt: Callable[[str], bool]
    ) -> Compiled:
        if plain.column is None:
            return Compiled(spell(plain.constant or ""))
        source = plain.column
        memo = Memo(_of_each(spell) if plain.many else spell, plain.header)

        def compute(frame: Frame) -> Values:
            values = source(frame)
            if not plain.many and is_spelt("".join(values)):
                return values
            return memo.values(frame, values)

        return Compiled(
            column=self.slots.cached(compute),
            many=plain.many,
            header=plain.header,
            memos=plain.memos | {memo},
        )


def _cells(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells; those of white space only are empty."""
    if not any(map(str.isspace, cells)):
        return cells
    return ["" if cell.isspace() else cell for cell in cells]


def _percent(text: str | None) -> str:
    return (text or "").replace("%", "%%")


def _formatted(pattern: str, columns: Sequence[Column]) -> Column:
    if len(columns) == 1:
        only = columns[0]
        return lambda frame: [pattern % value if value else "" for value in only(frame)]
    return lambda frame: [
        pattern % values if all(values) else ""
        for values in zip(*(column(frame) for column in columns), strict=True)
    ]


def _repeated(value: str) -> Column:
    return lambda frame: list(repeat(value, len(frame.batch)))


def _header(parts: Sequence[Compiled]) -> str | None:
    return next((part.header for part in parts if part.header), None)


def _for_each(body: Callable[..., Any], many: Sequence[bool]) -> Callable[..., Any]:
    """Return a function that calls ``body`` with every combination of several arguments.

    An argument of no values is the empty text, as a blank cell is.
    """

    def call(*key: Any) -> tuple[str, ...]:
        choices = [
            (value or ("",)) if several else (value,)
            for value, several in zip(key, many, strict=True)
        ]
        results: list[str] = []
        for combination in product(*choices):
            found = body(*combination)
            results.extend(found if isinstance(found, tuple) else (found,))
        return tuple(filter(None, results))

    return call


def escape(text: str) -> str:
    """Write the inside of a literal; raises ValueProblem for what is no character."""
    try:
        return escape_text(text)
    except ValueError as error:
        raise ValueProblem("mapping.invalid-character") from error


def _concatenated(*values: str) -> str:
    return "".join(values) if all(values) else ""


def _of_each(spell: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda values: tuple(map(spell, values))


def _is_escaped(joined: str) -> bool:
    """Whether no value needs escaping; the cheap test is right for most columns."""
    if joined.isprintable() and '"' not in joined and "\\" not in joined:
        return True
    return _TO_CHECK.search(joined) is None


def _is_encoded(joined: str) -> bool:
    normal = joined.isascii() or unicodedata.is_normalized("NFC", joined)
    return normal and (joined.isalnum() or _NOT_SEGMENT.search(joined) is None)
