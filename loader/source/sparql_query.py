"""Makes a CONSTRUCT query that can be asked page by page.

Pages are slices of the solutions (SPARQL 1.1 Query Language, 15.4 and 15.5), which have an order
only where the query states one. So one that states none is ordered by all its variables.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# The rest of the loader does not need rdflib's parser, which takes half a second to load.
from pyparsing import ParseBaseException
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class QueryError(Exception):
    """What is wrong with a query."""


@dataclass(frozen=True, slots=True)
class PagedQuery:
    """A query whose solutions are in a fixed order."""

    text: str

    def page(self, size: int, offset: int) -> str:
        """Return the query for so many solutions from that one on."""
        return f"{self.text}\nLIMIT {size}\nOFFSET {offset}"


def paged(text: str) -> PagedQuery:
    """Return the query, ordered; raises QueryError for one that cannot be asked in pages."""
    query = _parsed(text)
    if query.name != "ConstructQuery":
        raise QueryError(query.name)
    for key, word in (("limitoffset", "LIMIT, OFFSET"), ("valuesClause", "VALUES { } at the end")):
        if key in query:
            raise QueryError(word)
    if "orderby" in query:
        return PagedQuery(text)
    shown = query.template if "template" in query else query.where
    names = sorted(set(_variables(shown)))
    if not names:
        return PagedQuery(text)
    ordered = f"{text}\nORDER BY {' '.join(f'?{name}' for name in names)}"
    _parsed(ordered)
    return PagedQuery(ordered)


def _parsed(text: str) -> Any:
    try:
        return parseQuery(text)[1]
    except (ParseBaseException, RecursionError) as error:
        raise QueryError(str(error).splitlines()[0]) from error


def _variables(part: Any) -> Iterator[str]:
    """Give the names of the variables in a part of a parsed query."""
    if isinstance(part, Variable):
        yield str(part)
    elif isinstance(part, str):
        return
    elif isinstance(part, CompValue):
        for value in part.values():
            yield from _variables(value)
    elif isinstance(part, Iterable):
        for value in part:
            yield from _variables(value)
