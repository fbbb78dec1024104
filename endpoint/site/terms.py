"""The classes and properties that really occur in a release: for completion, and for its VoID.

Looked up once per release. Classes are those that the VoID of the release counts; properties are
looked up at the first things of each class, so that the work does not grow with the data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)

from endpoint.evaluation.task import Task
from endpoint.state import release, site
from loader.release import Release
from vocab.namespaces import VOID

_MOST_CLASSES = 200
_THINGS = 50
"""At how many things of each class its properties are looked up."""
_MOST_TERMS = 2000

_CLASSES = f"""SELECT DISTINCT ?term WHERE {{ ?part <{VOID["class"]}> ?term }}
ORDER BY ?term LIMIT {_MOST_CLASSES}"""


@dataclass(frozen=True, slots=True)
class Terms:
    """IRIs of classes and properties, each in order."""

    classes: tuple[str, ...]
    properties: tuple[str, ...]


@lru_cache(maxsize=4)
def terms_of(served: Release) -> Terms:
    """The terms of the release of this request."""
    classes = tuple(row["term"].value for row in select(_CLASSES))
    found = select(_properties(classes)) if classes else iter(())
    return Terms(classes, tuple(sorted(row["term"].value for row in found)))


def _properties(classes: tuple[str, ...]) -> str:
    things = " UNION ".join(
        f"{{ SELECT ?thing WHERE {{ ?thing a {NamedNode(iri)} }} LIMIT {_THINGS} }}"
        for iri in classes
    )
    return f"SELECT DISTINCT ?term WHERE {{ {things} ?thing ?term ?value }} LIMIT {_MOST_TERMS}"


def select(query: str) -> Iterator[QuerySolution]:
    """Solutions of a query of ours about the release of this request."""
    body = site().workers.pages.run(release(), Task(query)).read()
    solutions = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    return iter(solutions)
