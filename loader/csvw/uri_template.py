"""URI templates (RFC 6570, all four levels), of which descriptions make the URLs of cells."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

Value = str | Sequence[str] | None
"""What a variable stands for: text, a list, or nothing."""

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_VARIABLE = re.compile(r"((?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+)(?::([1-9][0-9]{0,3})|(\*))?")
_UNRESERVED = "-._~"
_RESERVED = _UNRESERVED + ":/?#[]@!$&'()*+,;="
_PERCENT = re.compile("%25([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class _Operator:
    """A line of the table of RFC 6570, appendix A."""

    first: str
    separator: str
    named: bool
    if_empty: str
    reserved: bool


OPERATORS = {
    "": _Operator("", ",", False, "", False),
    "+": _Operator("", ",", False, "", True),
    "#": _Operator("#", ",", False, "", True),
    ".": _Operator(".", ".", False, "", False),
    "/": _Operator("/", "/", False, "", False),
    ";": _Operator(";", ";", True, "", False),
    "?": _Operator("?", "&", True, "=", False),
    "&": _Operator("&", "&", True, "=", False),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an expression, with its modifiers (``:3``, ``*``)."""

    name: str
    prefix: int | None = None
    explode: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """``{+a,b}``: an operator and variables."""

    operator: str
    variables: tuple[Variable, ...]

    def expand(self, values: Mapping[str, Value]) -> str:
        """Return the expression with the values of its variables; without any, nothing."""
        operator = OPERATORS[self.operator]
        parts = [
            part
            for variable in self.variables
            for part in _expanded(operator, variable, values.get(variable.name))
        ]
        return operator.first + operator.separator.join(parts) if parts else ""


@lru_cache(maxsize=1024)
def parse(template: str) -> tuple[str | Expression, ...]:
    """Return the literals and expressions of a template; one that is malformed is a literal."""
    parts: list[str | Expression] = []
    end = 0
    for match in _EXPRESSION.finditer(template):
        if match.start() > end:
            parts.append(template[end : match.start()])
        parts.append(_expression(match.group(1)) or match.group())
        end = match.end()
    if end < len(template):
        parts.append(template[end:])
    return tuple(parts)


def expand(template: str, values: Mapping[str, Value]) -> str:
    """Return a template with the values of its variables."""
    return "".join(
        part if isinstance(part, str) else part.expand(values) for part in parse(template)
    )


def variables(template: str) -> list[str]:
    """Return the names of the variables of a template."""
    return [
        variable.name
        for part in parse(template)
        if isinstance(part, Expression)
        for variable in part.variables
    ]


def _expression(text: str) -> Expression | None:
    operator = text[:1] if text[:1] in OPERATORS else ""
    matches = [_VARIABLE.fullmatch(word) for word in text[len(operator) :].split(",")]
    found = [
        Variable(match[1], int(match[2]) if match[2] else None, bool(match[3]))
        for match in matches
        if match
    ]
    return Expression(operator, tuple(found)) if len(found) == len(matches) else None


def _expanded(operator: _Operator, variable: Variable, value: Value) -> Iterator[str]:
    """Give the parts that a variable contributes (RFC 6570, 3.2.1)."""
    if value is None or (not isinstance(value, str) and not value):
        return
    encode = _encode_reserved if operator.reserved else _encode
    if isinstance(value, str):
        cut = value[: variable.prefix] if variable.prefix else value
        yield _named(operator, variable.name, encode(cut))
    elif variable.explode:
        for item in value:
            yield _named(operator, variable.name, encode(item))
    else:
        yield _named(operator, variable.name, _joined(value, encode))


def _joined(values: Sequence[str], encode: Callable[[str], str]) -> str:
    return ",".join(map(encode, values))


def _named(operator: _Operator, name: str, text: str) -> str:
    if not operator.named:
        return text
    return f"{name}={text}" if text else f"{name}{operator.if_empty}"


def _encode(text: str) -> str:
    return quote(text, safe=_UNRESERVED, errors="replace")


def _encode_reserved(text: str) -> str:
    return _PERCENT.sub(r"%\1", quote(text, safe=_RESERVED, errors="replace"))
