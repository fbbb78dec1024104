"""The columns of ``SELECT *`` in the order in which the query names them.

SPARQL 1.1 (18.2.4.4) leaves that order open and the engine takes the alphabet. People expect the
order of their text, as other stores give it.
"""

import re
from collections.abc import Callable

from pyoxigraph import QuerySolutions

from endpoint.sparql.guard import TOKEN

_STAR = re.compile(r"\s*+\*")
_AFTER_SELECT = frozenset(("distinct", "reduced"))


def _tokens(query: str) -> list[re.Match[str]]:
    return [token for token in TOKEN.finditer(query) if not token["comment"]]


def _star(query: str, tokens: list[re.Match[str]]) -> int | None:
    """Where the star of the outermost SELECT is; None where the query has none."""
    for place, token in enumerate(tokens):
        word = (token["word"] or "").lower()
        if word == "select":
            following = tokens[place + 1 :]
            modifier = bool(following) and (following[0]["word"] or "").lower() in _AFTER_SELECT
            last = following[0] if modifier else token
            found = _STAR.match(query, last.end())
            return found.end() - 1 if found else None
        if token["open"]:
            return None
    return None


def _in_order(tokens: list[re.Match[str]]) -> list[str]:
    names = (token["variable"][1:] for token in tokens if token["variable"])
    return list(dict.fromkeys(names))


def _body(query: str, tokens: list[re.Match[str]], star: int) -> str | None:
    """The query as the one group of another, without its dataset clauses (19.8, rule SubSelect)."""
    opening = next((token.start() for token in tokens if token["open"] == "{"), None)
    select = next(token.start() for token in tokens if (token["word"] or "").lower() == "select")
    if opening is None or opening < star:
        return None
    head, choice = query[:select], query[select : star + 1]
    return f"{head}SELECT * WHERE {{ {{ {choice} {query[opening:]}\n}} FILTER(false) }}"


def written_order(ask: Callable[[str], object], query: str) -> str:
    """Name the columns of ``SELECT *``; any other query is returned as it is.

    Which variables are in scope (18.2.1) the engine tells: it is asked for nothing, so that it
    reads the query and evaluates none of it. ``ask`` puts a query to it.
    """
    if "*" not in query:
        return query
    tokens = _tokens(query)
    star = _star(query, tokens)
    body = _body(query, tokens, star) if star is not None else None
    if star is None or body is None:
        return query
    try:
        found = ask(body)
    except (SyntaxError, ValueError, RuntimeError):
        return query  # the engine says of the query itself what is wrong with it
    assert isinstance(found, QuerySolutions)
    known = {variable.value for variable in found.variables}
    ordered = [name for name in _in_order(tokens) if name in known]
    if set(ordered) != known or not ordered:
        return query
    return query[:star] + " ".join(f"?{name}" for name in ordered) + query[star + 1 :]
