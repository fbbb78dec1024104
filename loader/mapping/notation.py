"""The small notations inside strings: templates, prefixes and inline calls.

Templates of YARRRML (``$(column)``) and of RML (``{column}``), with backslash escapes; inline
calls ``f(p = $(x), q = "text")`` of https://rml.io/yarrrml/spec/#functions.
"""

import re
from collections.abc import Mapping

from loader.mapping.model import Constant, Expression, Reference, Template

_NESTED = r"((?:\\.|\([^()]*\)|[^()\\])+|(?:\\.|[^)\\])+)"
_YARRRML = re.compile(rf"\\([$()~{{}}\\])|\$\({_NESTED}\)|([^\\$]+|.)", re.DOTALL)
_RML = re.compile(r"\\([{}\\])|\{((?:\\.|[^}\\])+)\}|([^\\{]+|.)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PREFIX = re.compile(r"([A-Za-z_][\w.-]*|):")
_CALL = re.compile(r"\s*([^\s()$\"]+)\((.*)\)\s*", re.DOTALL)
SCHEMES = frozenset("data doi file ftp geo http https info mailto tag tel urn".split())  # noqa: SIM905
"""Schemes that a name before a colon may be, where it is no prefix (IANA registry)."""


class UnknownPrefix(ValueError):
    """A prefix that the document does not declare."""


class UnclosedReference(ValueError):
    """A template in which a reference does not end."""


def yarrrml_template(text: str, line: int | None = None) -> Expression:
    """Read a template as YARRRML writes it."""
    return _template(_YARRRML, text, line)


def rml_template(text: str, line: int | None = None) -> Expression:
    """Read a template as RML writes it (rr:template, R2RML 7.3).

    One that is but a reference stays a template: its value is percent-encoded in IRIs. Raises
    UnclosedReference where a brace that opens has none that closes.
    """
    if any(plain == "{" for *_, plain in _RML.findall(text)):
        raise UnclosedReference(text)
    found = _template(_RML, text, line)
    return Template((found,), line) if isinstance(found, Reference) else found


def _template(pattern: re.Pattern[str], text: str, line: int | None) -> Expression:
    parts: list[Expression] = []
    for escaped, name, plain in pattern.findall(text):
        if name:
            is_column = name.startswith("\\_")
            parts.append(Reference(_ESCAPE.sub(r"\1", name), line, is_column))
        elif parts and isinstance(parts[-1], Constant):
            parts[-1] = Constant(parts[-1].value + escaped + plain, line)
        else:
            parts.append(Constant(escaped + plain, line))
    if not parts:
        return Constant("", line)
    return parts[0] if len(parts) == 1 else Template(tuple(parts), line)


def expand(text: str, prefixes: Mapping[str, str]) -> str:
    """Write a prefixed name out; what begins with a scheme, or has no colon, stays as it is."""
    found = _PREFIX.match(text)
    if not found:
        return text
    if found.group(1) in prefixes:
        return prefixes[found.group(1)] + text[found.end() :]
    if found.group(1).lower() not in SCHEMES and not text[found.end() :].startswith("//"):
        raise UnknownPrefix(found.group(1))
    return text


def expand_expression(expression: Expression, prefixes: Mapping[str, str]) -> Expression:
    """Write the prefix out that a constant, or a template, begins with."""
    if isinstance(expression, Constant):
        return Constant(expand(expression.value, prefixes), expression.line)
    if isinstance(expression, Template) and isinstance(expression.parts[0], Constant):
        first = expand_expression(expression.parts[0], prefixes)
        return Template((first, *expression.parts[1:]), expression.line)
    return expression


def inline_call(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Read ``f(p = x, q = y)`` as a name and arguments; None where the text is no call."""
    found = _CALL.fullmatch(text)
    if not found:
        return None
    arguments = [piece.partition("=") for piece in _split(found.group(2))]
    return found.group(1), [(name.strip(), value.strip()) for name, _, value in arguments]


def unquoted(text: str) -> str | None:
    """Return what stands between quotation marks, or None where there are none."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('\\"', '"') if quoted else None


def _split(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and no quotation."""
    pieces, depth, quoted = [""], 0, False
    for token in re.findall(r"\\.|.", text, re.DOTALL):
        quoted ^= token == '"'
        depth += 0 if quoted else (token == "(") - (token == ")")
        if token == "," and not depth and not quoted:
            pieces.append("")
        else:
            pieces[-1] += token
    return [piece for piece in pieces if piece.strip()]
