"""Looks at a query before the engine does: what is forbidden, and what would exhaust the stack.

The engine's parser knows no tokens: it takes ``SERVICESILENT<…>`` and ``SERVICEa:b`` for a
federated query. So a forbidden word is sought within words and prefixes, not only as a word. The
workers have no network besides (loader/sandbox.py); this gives the clear message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from endpoint.errors import BadRequest, Forbidden, TooLarge
from vocab.sparql_tokens import TOKEN as TOKEN

_BETWEEN = re.compile("[.-]")
"""What ends a word of the grammar and may stand within a prefix."""
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_UPDATES = frozenset(
    ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")
)
_VOLATILE = frozenset(("now", "rand", "uuid", "struuid", "bnode"))
_SUSPICIOUS = ("service", "from", *_UPDATES, *_VOLATILE, "'", '"', "\\")
"""Without any of these, in whatever place, there is nothing in a query to be found but brackets."""


@dataclass(slots=True)
class Inspection:
    """What was seen in a query."""

    depth: int = 0
    federated: bool = False
    update: str | None = None
    volatile: bool = False
    """Whether asking twice may give two answers, so that the answer has no ETag."""
    dataset: bool = False
    """Whether the query names its dataset itself (FROM, FROM NAMED)."""


def outer_tokens(query: str) -> Iterator[re.Match[str]]:
    """The tokens of a query that are outside of all brackets."""
    depth = 0
    for match in TOKEN.finditer(query):
        depth += bool(match["open"]) - bool(match["close"])
        if depth == 0 and not match["close"]:
            yield match


def inspect(query: str) -> Inspection:
    """Read the tokens of a query."""
    seen = Inspection()
    depth = 0
    for match in TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            seen.depth = max(seen.depth, depth)
        elif kind == "close":
            depth -= 1
        elif kind == "word":
            _look_at_word(seen, match["word"].lower())
        elif kind == "name":
            seen.federated |= "service" in (match["prefix"] or "").lower()
        elif kind == "unclosed":
            _look_at_rest(seen, match["unclosed"], depth)
    return seen


def _look_at_rest(seen: Inspection, text: str, depth: int) -> None:
    """A string without an end, or two strings where the engine takes the quotes otherwise."""
    seen.federated |= "service" in text.lower()
    seen.volatile = True
    seen.depth = max(seen.depth, depth + sum(map(text.count, "([{")))


def _look_at_word(seen: Inspection, text: str) -> None:
    seen.federated |= "service" in text
    for word in _BETWEEN.split(text):
        seen.volatile |= word in _VOLATILE
        seen.dataset |= word.startswith("from")
        if word in _UPDATES:
            seen.update = seen.update or word.upper()


def admit(query: str, size: int, depth: int, federation: bool = False) -> Inspection:
    """Return what was seen in a query that may be run; raise for one that may not.

    ``federation`` lets SERVICE pass, for endpoint/sparql/federation.py to look at.
    """
    if len(query.encode("utf-8", "surrogatepass")) > size:
        raise TooLarge("query.too-long", limit=size)
    if _is_harmless(query, depth):
        return Inspection()
    seen = inspect(query)
    if _ESCAPED.search(query):
        # Codepoint escapes may stand for any character (SPARQL 1.1, 19.2), whether the engine
        # undoes them before parsing or not: both readings have to be harmless.
        other = inspect(_unescape(query))
        seen.federated |= other.federated
        seen.depth = max(seen.depth, other.depth)
    if seen.depth > depth:
        raise BadRequest("query.too-deep", depth=seen.depth, limit=depth)
    if seen.federated and not federation:
        raise Forbidden("query.service")
    seen.volatile |= seen.federated
    if seen.update:
        raise Forbidden("query.update", word=seen.update)
    return seen


def _is_harmless(query: str, depth: int) -> bool:
    """Whether that can be told without reading the tokens, as of most short queries."""
    text = query.lower()
    brackets = sum(map(text.count, "([{"))
    return brackets <= depth and not any(map(text.__contains__, _SUSPICIOUS))


def _unescape(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        return chr(number) if number < 0x110000 else ""

    return _ESCAPED.sub(character, query)
