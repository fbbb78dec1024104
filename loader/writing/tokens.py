"""The words of an update: what tells its operations and their graphs apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loader.writing.request import Refused
from vocab.sparql_tokens import TOKEN

_SCAN = re.compile(TOKEN.pattern + r"| (?P<end>;)", TOKEN.flags)
_NOT_NEWLINE = re.compile(r"[^\r\n]")


class Malformed(Exception):
    """The text is no update; the engine can say better where and why."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text. ``kind`` is a group of ``TOKEN``, or ``end`` for a semicolon."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The word in lower case; empty for what is none."""
        return self.text.lower() if self.kind == "word" else ""


def tokens_of(text: str, most: int) -> list[Token]:
    """Return the words that tell operations and graphs apart: within inner brackets, only labels of
    blank nodes. Raises Refused.
    """
    depth = at = 0
    found: list[Token] = []
    for match in _SCAN.finditer(text):
        kind = match.lastgroup or ""
        _require_plain(text, at, match)
        at = match.end()
        depth += (kind == "open") - (kind == "close")
        if depth > most:
            raise Refused("query.too-deep", depth=depth, limit=most)
        needed = (
            kind in ("open", "close")
            or match["prefix"] == "_"
            or depth < (1 if kind == "end" else 2)
        )
        if kind != "comment" and needed:
            found.append(Token(kind, match.group(), match.start(), match.end()))
    return found


def _require_plain(text: str, at: int, match: re.Match[str]) -> None:
    """Raise Refused for SERVICE, and for a character between words that may be any other.

    The engine takes ``SERVICEa:b`` for a federated query, too (endpoint/sparql/guard.py); code
    points may stand for letters of words (SPARQL 1.1 Query Language, 19.2).
    """
    if "\\" in text[at : match.start()]:
        raise Refused("write.escape")
    if "service" in (match["word"] or match["prefix"] or "").lower():
        raise Refused("query.service")


def statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Give the words between the semicolons outside of all brackets."""
    found: list[Token] = []
    for token in tokens:
        if token.kind == "end":
            yield found
            found = []
        else:
            found.append(token)
    yield found


def require_own_labels(tokens: Sequence[Token], before: set[str]) -> None:
    """Raise Refused where two INSERT DATA use one label of a blank node (19.6 of the query
    language, note 10), which the engine does not mind."""
    if [token.word for token in tokens[:2]] == ["insert", "data"]:
        labels = {token.text for token in tokens if token.text.startswith("_:")}
        for label in sorted(labels & before):
            raise Refused("write.label", label=label)
        before |= labels


def closing(tokens: Sequence[Token], at: int) -> int:
    """Return where the bracket at a place is closed."""
    depth = 0
    for number in range(at, len(tokens)):
        depth += (tokens[number].kind == "open") - (tokens[number].kind == "close")
        if depth == 0:
            return number
    raise Malformed


def only(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text with blanks for all that is not in the spans, which are in order."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [_NOT_NEWLINE.sub(" ", text[at:start]), text[start:end]]
        at = end
    return "".join([*pieces, _NOT_NEWLINE.sub(" ", text[at:])])
