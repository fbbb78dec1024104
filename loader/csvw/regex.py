"""Regular expressions of strangers, in time and memory that are bounded.

They are run by the store's engine (Rust ``regex``: linear time, a limit to the size of the
compiled expression), since Python's ``re`` can be made to run for years. Look-around and references
back, which it does not have, count as a bad format.
"""

from functools import lru_cache

from pyoxigraph import Literal, QuerySolutions, Store, Variable

LONGEST = 1000
"""Characters of the longest expression."""

_VALUE = Variable("v")


@lru_cache(maxsize=1)
def _store() -> Store:
    return Store()


def matches(pattern: str, text: str) -> bool:
    """Whether an expression matches the whole of a text (tabular data model, 6.4.5)."""
    return bool(_evaluated(pattern, text))


@lru_cache(maxsize=256)
def is_valid(pattern: str) -> bool:
    """Whether an expression can be used."""
    return len(pattern) <= LONGEST and _evaluated(pattern, "") is not None


def _evaluated(pattern: str, text: str) -> bool | None:
    whole = str(Literal(f"^(?:{pattern})$"))
    query = f"SELECT ?v (REGEX(?v, {whole}) AS ?x) WHERE {{}}"
    rows = _store().query(query, substitutions={_VALUE: Literal(text)})
    assert isinstance(rows, QuerySolutions)
    found = next(rows)["x"]
    return found.value == "true" if isinstance(found, Literal) else None
