"""The operations of a SPARQL update, and the graphs that each changes (SPARQL 1.1 Update, 3).

Read by tokens, not by a grammar: the engine checks that. Each operation is given to the engine by
itself, behind the declarations before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vocab.sparql_tokens import TOKEN

_SCAN = re.compile(TOKEN.pattern + r"| (?P<end>;)", TOKEN.flags)
_ESCAPED = re.compile(r"\\[uU][0-9A-Fa-f]{4}")
_PROLOGUE = {"prefix": 3, "base": 2, "version": 2}
"""The words that begin a declaration, and its length in tokens."""
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


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. Terms of graphs are as written: ``<…>``, ``ex:a``; ``""`` the default graph.

    ``words`` are ``default``, ``named`` or ``all`` where CLEAR and DROP name graphs so.
    """

    kind: str
    body: str
    start: int
    """Where the body begins in the text of the request."""
    declared: tuple[tuple[int, int], ...]
    prologue: str
    silent: bool = False
    words: str = ""
    targets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    """Variables of GRAPH in the templates, whose values are targets as well."""
    with_graph: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    where: str = ""
    """The group behind WHERE."""
    template: str = ""
    """The group of DELETE WHERE, which is a template as well."""
    before_where: int = 0
    """The place of WHERE in the body."""

    @property
    def text(self) -> str:
        """What the engine is given."""
        return f"{self.prologue} {self.body}"

    def alone(self, whole: str) -> str:
        """The text of the request with blanks for all the rest, so that positions are right."""
        return _only(whole, [*self.declared, (self.start, self.start + len(self.body))])

    @property
    def names_dataset(self) -> bool:
        """Whether it says itself what WHERE sees."""
        return bool(self.with_graph is not None or self.using or self.using_named)

    def on(self, using: Sequence[str], using_named: Sequence[str]) -> "Operation":
        """Return it with the dataset of the request (SPARQL 1.1 Protocol, 2.2.3)."""
        if self.kind != "modify":
            return self
        clauses = "".join(f" USING <{iri}>" for iri in using)
        clauses += "".join(f" USING NAMED <{iri}>" for iri in using_named) + " "
        at, body = self.before_where, self.body
        # DELETE WHERE has no dataset of its own in the grammar (rule 40): DELETE {…} WHERE has.
        body = f"{body[:at]}{self.template}{clauses}{body[at:]}"
        named = tuple(f"<{iri}>" for iri in using_named)
        using_terms = tuple(f"<{iri}>" for iri in using)
        return replace(self, body=body, using=using_terms, using_named=named)


def operations(text: str) -> Iterator[Operation]:
    """Give the operations of an update in their order; raises Malformed."""
    prologue: list[tuple[int, int]] = []
    for tokens in _statements(text):
        rest = _without_prologue(tokens, prologue)
        if rest:
            yield _operation(text, rest, prologue)


def _statements(text: str) -> Iterator[list[Token]]:
    depth = 0
    found: list[Token] = []
    for match in _SCAN.finditer(text):
        kind = match.lastgroup or ""
        depth += (kind == "open") - (kind == "close")
        if kind == "end" and depth == 0:
            yield found
            found = []
        elif kind not in ("comment", "end"):
            found.append(Token(kind, match.group(), match.start(), match.end()))
    yield found


def _without_prologue(tokens: list[Token], prologue: list[tuple[int, int]]) -> list[Token]:
    at = 0
    while at < len(tokens) and tokens[at].word in _PROLOGUE:
        after = at + _PROLOGUE[tokens[at].word]
        if after > len(tokens):
            raise Malformed
        prologue.append((tokens[at].start, tokens[after - 1].end))
        at = after
    return tokens[at:]


def _operation(text: str, tokens: list[Token], prologue: Sequence[tuple[int, int]]) -> Operation:
    start = tokens[0].start
    declarations = " ".join(text[begin:end] for begin, end in prologue)
    base = Operation("", text[start : tokens[-1].end], start, tuple(prologue), declarations)
    reader = _READERS.get(tokens[0].word)
    if reader is None:
        raise Malformed
    return reader(_Reader(tokens, base))


def _only(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text with blanks for all that is not in the spans, which are in order."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [_NOT_NEWLINE.sub(" ", text[at:start]), text[start:end]]
        at = end
    return "".join([*pieces, _NOT_NEWLINE.sub(" ", text[at:])])


@dataclass(slots=True)
class _Reader:
    """Reads the tokens of one operation from left to right."""

    tokens: list[Token]
    base: Operation
    at: int = 0

    def next(self, *words: str) -> bool:
        """Take one of these words, if it comes next."""
        taken = self.at < len(self.tokens) and self.tokens[self.at].word in words
        self.at += taken
        return taken

    def term(self) -> str:
        """Take an IRI, whole or prefixed."""
        if self.at >= len(self.tokens) or self.tokens[self.at].kind not in ("iri", "name"):
            raise Malformed
        self.at += 1
        return self.tokens[self.at - 1].text

    def group(self) -> list[Token]:
        """Take what is in braces, with them."""
        start = self.at
        if start >= len(self.tokens) or self.tokens[start].text != "{":
            raise Malformed
        self.at = _closing(self.tokens, start) + 1
        return self.tokens[start : self.at]

    def written(self, tokens: Sequence[Token]) -> str:
        """Return how tokens that follow each other are written."""
        first = self.base.start
        return self.base.body[tokens[0].start - first : tokens[-1].end - first]

    def done(self, operation: Operation) -> Operation:
        """Return the operation, of which nothing may be left."""
        if self.at != len(self.tokens):
            raise Malformed
        return operation

    def graph(self) -> str:
        """Take ``DEFAULT`` or a graph (GraphOrDefault)."""
        if self.next("default"):
            return ""
        self.next("graph")
        return self.term()


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Return where the bracket at a place is closed."""
    depth = 0
    for number in range(at, len(tokens)):
        depth += (tokens[number].kind == "open") - (tokens[number].kind == "close")
        if depth == 0:
            return number
    raise Malformed


def _load(reader: _Reader) -> Operation:
    return replace(reader.base, kind="load")


def _clear(reader: _Reader) -> Operation:
    reader.next("clear", "drop")
    silent = reader.next("silent")
    base = replace(reader.base, kind="clear", silent=silent)
    if reader.next("graph"):
        return reader.done(replace(base, targets=(reader.term(),)))
    word = reader.tokens[reader.at].word if reader.at < len(reader.tokens) else ""
    if not reader.next("default", "named", "all"):
        raise Malformed
    return reader.done(replace(base, words=word))


def _create(reader: _Reader) -> Operation:
    reader.next("create")
    silent = reader.next("silent")
    if not reader.next("graph"):
        raise Malformed
    base = replace(reader.base, kind="create", silent=silent)
    return reader.done(replace(base, targets=(reader.term(),)))


def _transfer(reader: _Reader) -> Operation:
    """ADD, COPY, MOVE: the last graph changes; of MOVE the first as well."""
    moves = reader.next("move")
    if not moves:
        reader.next("add", "copy")
    silent = reader.next("silent")
    source = reader.graph()
    if not reader.next("to"):
        raise Malformed
    target = reader.graph()
    targets = (source, target) if moves else (target,)
    return reader.done(replace(reader.base, kind="transfer", silent=silent, targets=targets))


def _insert(reader: _Reader) -> Operation:
    if len(reader.tokens) > 1 and reader.tokens[1].word == "data":
        return _data(reader)
    return _modify(reader)


def _delete(reader: _Reader) -> Operation:
    second = reader.tokens[1].word if len(reader.tokens) > 1 else ""
    if second == "data":
        return _data(reader)
    return _delete_where(reader) if second == "where" else _modify(reader)


def _data(reader: _Reader) -> Operation:
    reader.at = 2
    targets, _ = _graphs(reader.group(), "")
    return reader.done(replace(reader.base, kind="data", targets=targets))


def _delete_where(reader: _Reader) -> Operation:
    reader.at = 1
    before = reader.tokens[1].start - reader.base.start
    reader.next("where")
    group = reader.group()
    targets, variables = _graphs(group, "")
    made = replace(reader.base, kind="modify", targets=targets, variables=variables)
    where = reader.written(group)
    return reader.done(replace(made, where=where, template=where, before_where=before))


def _modify(reader: _Reader) -> Operation:
    with_graph = reader.term() if reader.next("with") else None
    targets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    for word in ("delete", "insert"):
        if reader.next(word):
            more, named = _graphs(reader.group(), with_graph or "")
            targets, variables = (*targets, *more), (*variables, *named)
    using: dict[bool, list[str]] = {False: [], True: []}
    while reader.next("using"):
        using[reader.next("named")].append(reader.term())
    if not reader.next("where"):
        raise Malformed
    before = reader.tokens[reader.at - 1].start - reader.base.start
    where = reader.written(reader.group())
    return reader.done(
        replace(
            reader.base,
            kind="modify",
            targets=targets,
            variables=variables,
            with_graph=with_graph,
            using=tuple(using[False]),
            using_named=tuple(using[True]),
            where=where,
            before_where=before,
        )
    )


def _graphs(group: Sequence[Token], outside: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs of a template, and the variables that stand for some.

    ``outside`` is the graph of what is in no GRAPH.
    """
    inside = group[1:-1]
    terms: dict[str, None] = {}
    variables: dict[str, None] = {}
    at = 0
    while at < len(inside):
        if inside[at].word != "graph":
            terms[outside] = None
            at = _closing(inside, at) + 1 if inside[at].kind == "open" else at + 1
            continue
        if at + 2 >= len(inside):
            raise Malformed
        found = variables if inside[at + 1].kind == "variable" else terms
        found[inside[at + 1].text] = None
        at = _closing(inside, at + 2) + 1
    return tuple(terms), tuple(variables)


def hides_words(text: str) -> bool:
    """Whether a word may be written by code points (SPARQL 1.1 Query Language, 19.2)."""
    shown = list(_SCAN.finditer(text))
    spans = [(m.start(), m.end()) for m in shown if m.lastgroup in ("iri", "text", "comment")]
    return bool(_ESCAPED.search(_outside(text, spans)))


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    return " ".join([*pieces, text[at:]])


_READERS = {
    "load": _load,
    "clear": _clear,
    "drop": _clear,
    "create": _create,
    "add": _transfer,
    "copy": _transfer,
    "move": _transfer,
    "insert": _insert,
    "delete": _delete,
    "with": _modify,
}
