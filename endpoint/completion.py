"""What the query editor completes: prefixes, and the classes and properties that really occur.

Made once per release. Classes are those that the VoID of the release counts; properties are looked
up at the first things of each class, so that the work does not grow with the data.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)

from endpoint.descriptions import LABELS
from endpoint.language import MESSAGES
from endpoint.replies import keepable, tagged
from endpoint.state import release, site
from endpoint.worker import Task
from loader.release import Release
from vocab.language import LANGUAGES
from vocab.namespaces import PREFIXES, VOID

blueprint = Blueprint("completion", __name__)

_FUNCTIONS = {
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
}
"""Prefixes of functions and units, which have no terms of their own in ``vocab.namespaces``."""
_MOST_CLASSES = 200
_THINGS = 50
"""At how many things of each class its properties are looked up."""
_MOST_TERMS = 2000

_CLASSES = f"""SELECT DISTINCT ?term WHERE {{ ?part <{VOID["class"]}> ?term }}
ORDER BY ?term LIMIT {_MOST_CLASSES}"""


@blueprint.get("/completion.json")
def completion() -> Response:
    """The terms of the release with their names, for editors."""
    response = Response(_made(release()), content_type="application/json")
    return keepable(tagged(response, "completion"))


@lru_cache(maxsize=4)
def _made(served: Release) -> str:
    classes = [row["term"].value for row in _select(_CLASSES)]
    properties = [row["term"].value for row in _select(_properties(classes))] if classes else []
    names = _names([*classes, *properties])
    content = {
        "release": served.id,
        "prefixes": PREFIXES | _FUNCTIONS,
        "classes": [[iri, names.get(iri, {})] for iri in classes],
        "properties": [[iri, names.get(iri, {})] for iri in sorted(properties)],
    }
    return json.dumps(content, ensure_ascii=False)


def _properties(classes: list[str]) -> str:
    things = " UNION ".join(
        f"{{ SELECT ?thing WHERE {{ ?thing a {NamedNode(iri)} }} LIMIT {_THINGS} }}"
        for iri in classes
    )
    return f"SELECT DISTINCT ?term WHERE {{ {things} ?thing ?term ?value }} LIMIT {_MOST_TERMS}"


def _names(iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """What terms are called, by language: our own words for known ones, else their labels."""
    wanted = list(dict.fromkeys(iris))
    found: dict[str, dict[str, str]] = {}
    things = " ".join(str(NamedNode(iri)) for iri in wanted)
    how = " ".join(str(NamedNode(iri)) for iri in LABELS)
    query = f"""SELECT ?term ?label WHERE {{
      VALUES ?term {{ {things} }} VALUES ?how {{ {how} }} ?term ?how ?label }}"""
    for row in _select(query) if wanted else ():
        label = row["label"]
        if isinstance(label, Literal) and (label.language or "ja") in LANGUAGES:
            found.setdefault(row["term"].value, {})[label.language or "ja"] = label.value
    return found | {iri: own for iri in wanted if (own := _own_name(iri))}


def _own_name(iri: str) -> dict[str, str]:
    prefix, namespace = next(
        ((key, space) for key, space in PREFIXES.items() if iri.startswith(space)), ("", "")
    )
    entry: dict[str, Any] = MESSAGES.entries.get(f"term.{prefix}:{iri.removeprefix(namespace)}", {})
    return {language: entry[language] for language in LANGUAGES if language in entry}


def _select(query: str) -> Iterator[QuerySolution]:
    body = site().workers.pages.run(release(), Task(query)).read()
    solutions = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    return iter(solutions)
