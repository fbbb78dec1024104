"""The value functions as custom functions of SPARQL queries (SPARQL 1.1 Query Language, 17.6).

A function answers with a literal of its datatype, or an IRI; nothing and every problem leave the
result unbound. Arguments are bounded, and no function reads files of the public, opens a
connection or uses a regular expression that takes more than linear time on them.
"""

from collections.abc import Callable
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from loader.functions.registry import FUNCTIONS, Function, Gives, ValueProblem
from vocab.iris import OWN_FUNCTIONS

LONGEST_ARGUMENT = 2_000
"""Characters of an argument; a longer one leaves the result unbound."""

XSD = "http://www.w3.org/2001/XMLSchema#"

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Custom: TypeAlias = Callable[..., Term | None]


def _is_callable(function: Function) -> bool:
    own = function.iri.startswith(OWN_FUNCTIONS)
    return own and function.pure and not function.many and function.gives != Gives.RELATIVE_IRI


def custom(function: Function) -> Custom:
    """Make a custom function of a value function."""
    least, most = function.required, len(function.parameters)

    def call(*terms: Term) -> NamedNode | Literal | None:
        arguments = [_text(term) for term in terms]
        if not least <= len(arguments) <= most or None in arguments:
            return None
        try:
            found = function.body(*arguments)
        except ValueProblem as problem:
            found = problem.gives
        return _term(function, found) if found else None

    return call


def _text(term: Term) -> str | None:
    if not isinstance(term, Literal | NamedNode) or len(term.value) > LONGEST_ARGUMENT:
        return None
    return term.value


def _term(function: Function, found: str) -> NamedNode | Literal:
    if function.gives == Gives.IRI:
        return NamedNode(found)
    if function.datatype:
        return Literal(found, datatype=NamedNode(XSD + function.datatype))
    return Literal(found)


def sparql_functions() -> tuple[Function, ...]:
    """Return the functions that queries may call."""
    return tuple(filter(_is_callable, FUNCTIONS.values()))


def custom_functions() -> dict[NamedNode, Custom]:
    """Return what ``pyoxigraph.Store.query(custom_functions=…)`` takes."""
    return {NamedNode(function.iri): custom(function) for function in sparql_functions()}
