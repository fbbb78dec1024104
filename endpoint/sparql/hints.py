"""Why a query may be slow, as far as its text shows: hints for people, not rules.

Only tokens are looked at (guard.py), in one pass without recursion: no parser stands between the
public and the web process. What is missed costs nothing, and a hint too many is read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from endpoint.language import say
from endpoint.sparql.guard import TOKEN

_TOKENS = re.compile(
    TOKEN.pattern + r"| (?P<number>[-+]?\d[\d.]*+(?:[eE][-+]?\d++)?) | (?P<mark>[.;,/|^*+!?])",
    TOKEN.flags,
)
Token = re.Match[str]

_APART = frozenset(("filter", "bind", "values", "having"))
"""Words whose parentheses or braces are no pattern."""
_JOINED = frozenset(("optional", "graph", "minus", "service"))
_MOST = 8
"""Hints that are given of one query."""


_MOST_UNITS = 200
"""Of a group; what follows is not looked at, since units are compared with each other."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A message ``hint.<code>`` about a place in a query; ``detail`` is what is written there."""

    code: str
    line: int
    detail: str = ""


@dataclass(slots=True)
class Unit:
    """What is joined as one: a subject with its statements, a group, VALUES or BIND."""

    tokens: list[Token] = field(default_factory=list)
    variables: set[str] = field(default_factory=set)
    is_pattern: bool = False


@dataclass(slots=True)
class Group:
    """A group graph pattern: its units, and what is known of it before."""

    start: Token
    word: str = ""
    units: list[Unit] = field(default_factory=list)
    first: str = ""
    """``optional`` where it begins with that, else anything else."""
    is_data: bool = False
    """Whether it is the table of VALUES, or the template of CONSTRUCT."""
    is_one_graph: bool = False
    """Whether it reads graphs that the pattern before it names."""

    def variables(self) -> set[str]:
        """All variables of its units."""
        return set().union(*(unit.variables for unit in self.units))


def hints(query: str) -> list[Hint]:
    """What could make a query slow, in the order of its text."""
    tokens = [token for token in _TOKENS.finditer(query) if not token["comment"]]
    groups = _groups(tokens)
    found = [
        *_of_modifiers(tokens, query),
        *_of_text_search(tokens, query),
        *(hint for group in groups for hint in _of_group(group, query)),
        *_of_paths(groups, tokens, query),
    ]
    ordered = sorted(dict.fromkeys(found), key=lambda hint: hint.line)
    return ordered[:_MOST]


def hint_texts(query: str) -> list[str]:
    """The hints in the language of the request."""
    return [say(f"hint.{hint.code}", line=hint.line, detail=hint.detail) for hint in hints(query)]


def _line(query: str, token: Token) -> int:
    return query.count("\n", 0, token.start()) + 1


def _word(token: Token) -> str:
    return (token["word"] or "").lower()


# --- groups ---------------------------------------------------------------------------------------


class _Reader:
    """Divides the tokens of a query into groups and these into units."""

    def __init__(self) -> None:
        self.done: list[Group] = []
        self._open: list[Group] = []
        self._unit = Unit()
        self._round = 0
        self._word = ""

    def see(self, token: Token) -> None:
        """Take the next token."""
        if self._round or token["open"] in ("(", "["):
            self._inside(token)
        elif token["open"]:
            self._begin(token)
        elif token["close"]:
            self._end()
        elif self._open:
            self._plain(token)
        elif token["word"]:
            self._word = _word(token)  # CONSTRUCT, before its template

    def _inside(self, token: Token) -> None:
        """Within parentheses or brackets; a group in there is that of EXISTS, and is left out."""
        self._round += bool(token["open"]) - bool(token["close"])
        self._add(token)
        if not self._round and self._word in _APART:
            self._finish()

    def _begin(self, token: Token) -> None:
        word = self._word
        variables = self._unit.variables if word in (*_APART, *_JOINED) else set()
        if word not in (*_APART, *_JOINED):
            self._finish()
        group = Group(token, word, is_data=word in ("values", "construct"))
        group.units += [Unit(variables=variables)] if variables else []
        group.is_one_graph = word == "graph" and self._is_named(variables)
        self._open.append(group)
        self._unit, self._word = Unit(), ""

    def _is_named(self, variables: set[str]) -> bool:
        return bool(self._open) and bool(variables & self._open[-1].variables())

    def _end(self) -> None:
        self._finish()
        if not self._open:
            return
        group = self._open.pop()
        if group.is_data is False:
            self.done.append(group)
        if self._open and group.word not in ("minus", "filter") and not self._is_full():
            patterns = any(unit.is_pattern for unit in group.units)
            whole = Unit(variables=group.variables(), is_pattern=patterns and not group.is_data)
            self._open[-1].units.append(whole)

    def _plain(self, token: Token) -> None:
        if token["mark"] == ".":
            self._finish()
            return
        word = _word(token)
        if word in _APART or word in _JOINED or word == "union":
            self._finish()
            self._word = word
            self._open[-1].first = self._open[-1].first or word
        else:
            self._add(token)

    def _add(self, token: Token) -> None:
        if not self._open:
            return
        self._open[-1].first = self._open[-1].first or "pattern"
        self._unit.tokens.append(token)
        if token["variable"]:
            self._unit.variables.add(token["variable"][1:])

    def _is_full(self) -> bool:
        return len(self._open[-1].units) >= _MOST_UNITS

    def _finish(self) -> None:
        unit, word = self._unit, self._word
        self._unit, self._word = Unit(), ""
        if not self._open or self._is_full() or not unit.tokens or word == "filter":
            return
        unit.is_pattern = not word and not self._open[-1].is_data
        self._open[-1].units.append(unit)


def _groups(tokens: list[Token]) -> list[Group]:
    reader = _Reader()
    for token in tokens:
        reader.see(token)
    return reader.done


# --- what each hint looks for ---------------------------------------------------------------------


def _of_group(group: Group, query: str) -> Iterator[Hint]:
    if group.first == "optional":
        yield Hint("leading-optional", _line(query, group.start))
    apart = _unconnected(group)
    if len(apart) > 1:
        named = " × ".join(", ".join(f"?{name}" for name in sorted(part)[:3]) for part in apart[:3])
        yield Hint("cross-product", _line(query, group.start), named)
    for unit in group.units:
        if unit.is_pattern and not group.is_one_graph and _is_open(unit, group):
            text = " ".join(token[0] for token in unit.tokens)
            yield Hint("everything", _line(query, unit.tokens[0]), text)


def _unconnected(group: Group) -> list[set[str]]:
    """The variables of the parts of a group that share none."""
    parts: list[tuple[set[str], bool]] = []
    for unit in group.units:
        if not unit.variables:
            continue
        joined, pattern = set(unit.variables), unit.is_pattern
        apart = []
        for variables, is_pattern in parts:
            if variables & joined:
                joined |= variables
                pattern |= is_pattern
            else:
                apart.append((variables, is_pattern))
        parts = [*apart, (joined, pattern)]
    return [variables for variables, pattern in parts if pattern]


def _is_open(unit: Unit, group: Group) -> bool:
    """Whether subject, property and object are variables that nothing else of the group holds."""
    if len(unit.tokens) != 3 or not all(token["variable"] for token in unit.tokens):
        return False
    others = (other.variables for other in group.units if other is not unit)
    return not any(unit.variables & variables for variables in others)


def _of_paths(groups: list[Group], tokens: list[Token], query: str) -> Iterator[Hint]:
    """Paths of any length between variables that nothing else holds."""
    times: dict[str, int] = {}
    for token in tokens:
        if token["variable"]:
            times[token[0]] = times.get(token[0], 0) + 1
    for unit in (unit for group in groups for unit in group.units if unit.is_pattern):
        ends = [token for token in unit.tokens if token["variable"]]
        long = any(token["mark"] in ("*", "+") for token in unit.tokens)
        alone = sum(times[token[0]] <= 2 for token in ends)
        if long and len(ends) == 2 == alone and len(groups) == 1 and len(groups[0].units) == 1:
            yield Hint("open-path", _line(query, unit.tokens[0]))


def _of_modifiers(tokens: list[Token], query: str) -> Iterator[Hint]:
    words = {_word(token): token for token in tokens if token["word"]}
    if "limit" in words or "select" not in words and "construct" not in words:
        return
    if "order" in words:
        yield Hint("order-without-limit", _line(query, words["order"]))
    elif "group" not in words and not words.keys() & {"count", "sum", "avg", "min", "max"}:
        yield Hint("no-limit", query.count("\n") + 1)


_SEARCHES: dict[str, Callable[[str], bool]] = {
    "contains": lambda _: True,
    "regex": lambda pattern: not pattern.strip("'\"").startswith("^"),
}


def _of_text_search(tokens: list[Token], query: str) -> Iterator[Hint]:
    for place, token in enumerate(tokens):
        is_slow = _SEARCHES.get(_word(token))
        if is_slow is not None:
            texts = (following["text"] for following in tokens[place : place + 12])
            pattern = next((text for text in texts if text), "")
            if is_slow(pattern):
                yield Hint("text-search", _line(query, token), token[0].upper())
