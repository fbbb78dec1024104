"""Puts the values of parameters into a query: as a VALUES block of terms, never as text.

The block stands at the beginning of the query's outermost group, so that a query with its values
is a query like any other: it can be read, changed and sent to ``/sparql``. A term is written by the
engine in the syntax of N-Triples, in which no character of a value has a meaning (RDF 1.1
N-Triples, 2.3 and 2.4).
"""

import re

from pyoxigraph import Literal, NamedNode

from endpoint.queries.model import StoredQuery
from endpoint.queries.reading import Unusable
from endpoint.queries.values import Bound
from endpoint.sparql.guard import TOKEN
from vocab.namespaces import XSD

_SHORT = {
    XSD["integer"]: re.compile(r"-?[0-9]+"),
    XSD["decimal"]: re.compile(r"-?[0-9]+\.[0-9]+"),
}


def bound_text(query: StoredQuery, values: Bound) -> str:
    """The whole query, with its prefixes and with values for its parameters."""
    text = query.prologue + query.text
    if not values:
        return text
    names = " ".join(f"?{name}" for name in values)
    terms = " ".join(_written(term) for term in values.values())
    place = _outermost_group(text)
    return f"{text[:place]}\n  VALUES ({names}) {{ ({terms}) }}{text[place:]}"


def _written(term: NamedNode | Literal | None) -> str:
    """A term as queries have it; plain numbers in their short form (19.8: INTEGER, DECIMAL)."""
    if isinstance(term, Literal):
        short = _SHORT.get(term.datatype.value)
        if short is not None and short.fullmatch(term.value):
            return term.value
    return "UNDEF" if term is None else str(term)


def _outermost_group(text: str) -> int:
    """Where the WHERE clause's group begins (SPARQL 1.1, 19.8): after its brace."""
    depth = 0
    template = False
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").lower()
        if token["open"] == "{" and depth == 0 and not template:
            return token.end()
        depth += bool(token["open"]) - bool(token["close"])
        if word == "construct":
            template = _has_template(text, token.end())
        elif token["close"] and depth == 0:
            template = False
    raise Unusable("WHERE { }")


def _has_template(text: str, after: int) -> bool:
    """Whether a template follows, not WHERE."""
    following = next((token for token in TOKEN.finditer(text, after) if not token["comment"]), None)
    return following is not None and following["open"] == "{"


def example_text(query: StoredQuery) -> str:
    """The query with the values that it has where nobody gives any."""
    return bound_text(query, {entry.name: entry.default for entry in query.parameters})
