"""Term maps compiled to columns of N-Quads terms, what is the same in every row kept apart.

A term is ``prefix + value + suffix``: ``<https://…/id/aed/`` + ``131016-1`` + ``#address>``. Values
that are nothing make no term. RML: https://rml.io/specs/rml/#term-map.
"""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from loader.errors import ConfigurationError
from loader.functions import FUNCTIONS, Gives, ValueProblem
from loader.mapping.expressions import Expressions, escape
from loader.mapping.frame import Column, Compiled, Frame, Values
from loader.mapping.memo import Memo
from loader.mapping.model import Call, Constant, Expression, Template, TermMap, TermType
from vocab import lines
from vocab.iris import encode
from vocab.lines import XSD

LANGUAGE = re.compile(r"([A-Za-z]{2,3}|[xi])(-[A-Za-z0-9]{1,8})*")
"""A language tag of an ISO 639 code (RFC 5646, 2.1); longer primary subtags are not in use."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LABEL = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the same for all rows where there is no ``column``, nowhere where ``never``."""

    prefix: str
    column: Column | None = None
    suffix: str = ""
    many: bool = False
    never: bool = False
    memos: frozenset[Hashable] = frozenset()
    """The computations whose problems are problems of the term."""


NEVER = Term("", never=True)
"""The term of a map that no row can have, because the table lacks the column."""


class Terms:
    """Compiles term maps; relative IRIs begin with ``base``."""

    def __init__(self, expressions: Expressions, base: str, file: str) -> None:
        self.expressions = expressions
        self._base = base
        self._file = file
        self._compiled: dict[TermMap, Term] = {}

    def term(self, term_map: TermMap) -> Term:
        """Compile a term map, once."""
        if term_map not in self._compiled:
            makers: dict[TermType, Callable[[TermMap], Term]] = {
                TermType.IRI: lambda found: self._iri(found.expression),
                TermType.LITERAL: self._literal,
                TermType.BLANK_NODE: self._blank_node,
                TermType.UNSAFE_IRI: self._unsafe_iri,
            }
            self._compiled[term_map] = makers[term_map.term_type](term_map)
        return self._compiled[term_map]

    # --- IRIs ------------------------------------------------------------------------------

    def _iri(self, expression: Expression) -> Term:
        if isinstance(expression, Constant):
            return Term(self.constant_iri(expression.value, expression.line))
        call, fragment = without_part(expression)
        if call is not None:
            return self._iri_call(call, fragment)
        if isinstance(expression, Template):
            return self._iri_template(expression)
        return self._wrapped("<", self._checked(self.expressions.plain(expression)), ">")

    def _iri_call(self, call: Call, fragment: str) -> Term:
        """Compile a call; what functions give that make IRIs need not be looked at again."""
        gives = FUNCTIONS[call.function].gives
        found = self.expressions.plain(call)
        if gives is Gives.RELATIVE_IRI:
            return self._wrapped(f"<{self._base}", found, f"{fragment}>")
        return self._wrapped("<", found if gives is Gives.IRI else self._checked(found), ">")

    def _unsafe_iri(self, term_map: TermMap) -> Term:
        return self._wrapped("<", self._checked(self.expressions.plain(term_map.expression)), ">")

    def constant_iri(self, value: str, line: int | None = None) -> str:
        """Write a constant as an IRI; raises ConfigurationError where it can be none."""
        absolute = value if _SCHEME.match(value) else self._base + value
        try:
            return lines.iri(absolute)
        except ValueError as error:
            raise self._invalid(value, line) from error

    def _invalid(self, term: str, line: int | None) -> ConfigurationError:
        place = line or "-"
        return ConfigurationError("mapping.invalid-term", file=self._file, place=place, term=term)

    def _iri_template(self, template: Template) -> Term:
        """Compile a template: what stands before and after its values goes to prefix and suffix."""
        parts = list(template.parts)
        before = _constant(parts.pop(0)) if isinstance(parts[0], Constant) else ""
        after = _constant(parts.pop()) if isinstance(parts[-1], Constant) else ""
        compiled = [self._part(part) for part in parts]
        middle = "".join(part.constant or "" for part in compiled)
        self.constant_iri(before + middle + after, template.line)
        prefix = before if _SCHEME.match(before) else self._base + before
        return self._wrapped(f"<{prefix}", self.expressions.joined(compiled), f"{after}>")

    def _part(self, part: Expression) -> Compiled:
        plain = isinstance(part, Constant | Call)
        return self.expressions.plain(part) if plain else self.expressions.encoded(part)

    def _checked(self, found: Compiled) -> Compiled:
        """Make values IRIs: absolute, and of the characters that IRIs have."""
        if found.column is None:
            return Compiled(self.constant_iri(found.constant)[1:-1]) if found.constant else found
        return self._remembered(found, self._absolute)

    def _absolute(self, value: str) -> str:
        """Return an absolute IRI. R2RML 7.4: the base is put before what is relative."""
        if not value:
            return ""
        absolute = value if _SCHEME.match(value) else self._base + value
        try:
            return lines.iri(absolute)[1:-1]
        except ValueError as error:
            raise ValueProblem("mapping.invalid-iri") from error

    # --- literals --------------------------------------------------------------------------

    def _literal(self, term_map: TermMap) -> Term:
        if isinstance(term_map.expression, Constant):
            value = Compiled(escape(term_map.expression.value))
        else:
            value = self.expressions.escaped(term_map.expression)
        suffix = self._suffix(term_map)
        if suffix.never:
            return NEVER
        if suffix.column is None:
            if isinstance(term_map.expression, Constant):
                return Term(f'"{value.constant}"{suffix.prefix}')
            return self._wrapped('"', value, f'"{suffix.prefix}')
        return self._wrapped('"', self._paired(value, suffix), suffix.suffix)

    def _suffix(self, term_map: TermMap) -> Term:
        """Compile what follows the closing quotation mark: nothing, language or datatype."""
        if term_map.language is not None:
            return self._language(term_map.language)
        if term_map.datatype is None or term_map.datatype == Constant(XSD + "string"):
            return Term("")
        datatype = self._iri(term_map.datatype)
        if datatype.column is None:
            return Term(f"^^{datatype.prefix}", never=datatype.never)
        return replace(datatype, prefix=f"^^{datatype.prefix}")

    def _language(self, expression: Expression) -> Term:
        found = self.expressions.plain(expression)
        if found.column is not None:
            return self._wrapped("@", self._remembered(found, _language_tag), "")
        if not found.constant:
            return NEVER
        if not LANGUAGE.fullmatch(found.constant):
            line = expression.line if isinstance(expression, Constant) else None
            raise self._invalid(found.constant, line)
        return Term(f"@{found.constant}")

    def _paired(self, value: Compiled, suffix: Term) -> Compiled:
        """Join each value with its own language or datatype, the quotation mark between them."""
        between = Compiled(f'"{suffix.prefix}')
        return self.expressions.joined(
            [
                value,
                between,
                Compiled(column=suffix.column, many=suffix.many, memos=suffix.memos),
            ]
        )

    # --- blank nodes -----------------------------------------------------------------------

    def _blank_node(self, term_map: TermMap) -> Term:
        found = self.expressions.plain(term_map.expression)
        if found.column is None:
            return Term(f"_:{_label(found.constant or '')}")
        return self._wrapped("_:", self._remembered(found, _label), "")

    # --- both ------------------------------------------------------------------------------

    def _remembered(self, found: Compiled, change: Callable[[str], str]) -> Compiled:
        source = found.column
        assert source is not None
        call: Callable[[Any], Any] = (
            (lambda values: tuple(filter(None, map(change, values)))) if found.many else change
        )
        memo = Memo(call, found.header)

        def compute(frame: Frame) -> Values:
            return memo.values(frame, source(frame))

        column = self.expressions.slots.cached(compute)
        return Compiled(
            column=column, many=found.many, header=found.header, memos=found.memos | {memo}
        )

    def _wrapped(self, prefix: str, found: Compiled, suffix: str) -> Term:
        if found.column is not None:
            return Term(prefix, found.column, suffix, found.many, memos=found.memos)
        return Term(f"{prefix}{found.constant}{suffix}") if found.constant else NEVER


def without_part(expression: Expression) -> tuple[Call | None, str]:
    """Return the call for the whole thing and ``#part``, where an expression names a part.

    So that the key of a thing is computed once, however many parts it has.
    """
    if not isinstance(expression, Call):
        return None, ""
    arguments = dict(expression.arguments)
    part = arguments.pop("part", None)
    if part is None:
        return expression, ""
    if not isinstance(part, Constant) or not part.value:
        return expression, ""
    return Call(expression.function, tuple(arguments.items())), f"#{encode(part.value)}"


def _constant(part: Expression) -> str:
    return part.value if isinstance(part, Constant) else ""


def _language_tag(value: str) -> str:
    if value and not LANGUAGE.fullmatch(value):
        raise ValueProblem("mapping.invalid-language")
    return value


def _label(value: str) -> str:
    """Return a blank node label; different values have different labels (N-Quads, 2.3)."""
    return value and "b" + _LABEL.sub(lambda found: f"_{ord(found.group()):x}_", value)
