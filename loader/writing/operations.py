"""The operations of a SPARQL update, and the graphs that each changes (SPARQL 1.1 Update, 3).

Read by tokens, not by a grammar: the engine checks that. Each operation is given to the engine by
itself, behind the declarations before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from loader.writing.tokens import (
    Malformed,
    Token,
    closing,
    only,
    require_own_labels,
    statements,
    tokens_of,
)

_PROLOGUE = {"prefix": 3, "base": 2, "version": 2}
"""The words that begin a declaration, and its length in tokens."""


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
        return only(whole, [*self.declared, (self.start, self.start + len(self.body))])

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


def operations(text: str, depth: int) -> Iterator[Operation]:
    """Give the operations of an update in their order.

    Raises Refused for what may not be tried, before the first one: SERVICE, brackets nested deeper
    than ``depth``, words that are written by code points. Raises Malformed.
    """
    prologue: list[tuple[int, int]] = []
    labels: set[str] = set()
    for tokens in statements(tokens_of(text, depth)):
        rest = _without_prologue(tokens, prologue)
        if rest:
            require_own_labels(rest, labels)
            yield _operation(text, rest, prologue)


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
        self.at = closing(self.tokens, start) + 1
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
            at = closing(inside, at) + 1 if inside[at].kind == "open" else at + 1
            continue
        if at + 2 >= len(inside):
            raise Malformed
        found = variables if inside[at + 1].kind == "variable" else terms
        found[inside[at + 1].text] = None
        at = closing(inside, at + 2) + 1
    return tuple(terms), tuple(variables)


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
