"""What the engine said of one thing, said of others that look like it to every shape.

Things that look alike get the same results, but for the thing itself and the values: a value stands
in the only statement of its predicate about the same part. Before results of one thing are passed
on, they must foretell what the engine says of another one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import shacl

from loader.validate.index import object_of

Place = tuple[str, str]
"""The part (empty: the thing itself) and the predicate of a statement."""

Only = Callable[[Place], str | None]
"""The object of the only statement of a place about a thing; None where there is not just one."""


class Echo(NamedTuple):
    """A result, as the engine would have given it (``shacl.Result``)."""

    focus_node: str
    value: str | None
    value_plain: str | None
    path: str | None
    component: str
    component_iri: str
    severity: str
    severity_iri: str
    source_shape: str | None
    root_shape: str | None
    messages: Sequence[str]


AnyResult = shacl.Result | Echo


class _Told(NamedTuple):
    """A result about a thing, without what is the thing's own."""

    shared: tuple[Any, ...]
    """What an ``Echo`` has after its value."""
    end: str
    """What follows the thing in the focus node: ``>``, or ``#part>``."""
    own: str | None
    """What follows the thing in the value, where that is the thing or a part of it."""
    place: Place | None
    """Where the value stands, where it is another."""


class Pattern:
    """The results about a thing, ready to be said of others."""

    def __init__(self, told: Sequence[_Told]) -> None:
        self._told = told

    @classmethod
    def of(cls, thing: str, results: Sequence[AnyResult], only: Only) -> "Pattern | None":
        """Read results about a thing (``<`` and its IRI); None where one cannot be passed on."""
        told = [_read(thing, result, only) for result in results]
        known = [one for one in told if one is not None]
        return cls(known) if len(known) == len(told) else None

    def about(self, thing: str, only: Only) -> list[Echo] | None:
        """The results about another thing; None where a value is not there to be found."""
        echoes = []
        for shared, end, own, place in self._told:
            value = f"{thing}{own}" if own else only(place) if place else None
            if place and (value is None or "\\" in value or value.startswith("_")):
                return None
            echoes.append(Echo(f"{thing}{end}", value, value and _plain(value), *shared))
        return echoes

    def foretells(self, thing: str, results: Sequence[AnyResult], only: Only) -> bool:
        """Whether it says of a thing what the engine said."""
        echoes = self.about(thing, only)
        return echoes is not None and sorted(map(_all_of, echoes)) == sorted(map(_all_of, results))


def _read(thing: str, result: AnyResult, only: Only) -> _Told | None:
    end = _rest(result.focus_node, thing)
    if end is None:
        return None
    shared = tuple(getattr(result, name) for name in Echo._fields[3:])
    if result.value is None:
        return _Told(shared, end, None, None)
    own = _rest(result.value, thing)
    if own is not None:
        return _Told(shared, end, own, None)
    place = (end[1:-1], result.path or "")
    return _Told(shared, end, None, place) if only(place) == result.value else None


def _rest(term: str, thing: str) -> str | None:
    rest = term[len(thing) :]
    return rest if term.startswith(thing) and rest[:1] in ("#", ">") else None


def _all_of(result: AnyResult) -> tuple[str, ...]:
    return tuple(repr(getattr(result, name)) for name in Echo._fields)


def _plain(term: str) -> str:
    """The text of an IRI or a literal in N-Triples syntax, without escapes."""
    return term[1:-1] if term.startswith("<") else term[1 : term.rindex('"')]


def statements_about(
    things: Collection[str], lines: Iterable[str]
) -> dict[str, dict[Place, list[str]]]:
    """The objects of statements about some things, by thing and place."""
    found: dict[str, dict[Place, list[str]]] = {thing: defaultdict(list) for thing in things}
    for line in lines if found else ():
        subject, predicate, rest = line.split(" ", 2)
        thing, _, part = subject[:-1].partition("#")
        if thing in found:
            found[thing][part, predicate].append(object_of(rest))
    return found


def only_of(statements: Mapping[Place, Sequence[str]]) -> Only:
    """Look among the objects of statements, by their places."""

    def only(place: Place) -> str | None:
        found = statements.get(place, ())
        return found[0] if len(found) == 1 else None

    return only
