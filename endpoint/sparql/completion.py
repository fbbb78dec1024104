"""What the query editor completes: prefixes, and the classes and properties that really occur.

Made once per release.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from endpoint.language import MESSAGES
from endpoint.replies import keepable, tagged
from endpoint.site.descriptions import LABELS
from endpoint.site.terms import select, terms_of
from endpoint.state import release
from loader.release import Release
from vocab.language import LANGUAGES
from vocab.namespaces import PREFIXES

blueprint = Blueprint("completion", __name__)

_FUNCTIONS = {
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
}
"""Prefixes of functions and units, which have no terms of their own in ``vocab.namespaces``."""


@blueprint.get("/completion.json")
def completion() -> Response:
    """The terms of the release with their names, for editors."""
    response = Response(_made(release()), content_type="application/json")
    return keepable(tagged(response, "completion"))


@lru_cache(maxsize=4)
def _made(served: Release) -> str:
    terms = terms_of(served)
    names = _names([*terms.classes, *terms.properties])
    content = {
        "release": served.id,
        "prefixes": PREFIXES | _FUNCTIONS,
        "classes": [[iri, names.get(iri, {})] for iri in terms.classes],
        "properties": [[iri, names.get(iri, {})] for iri in terms.properties],
    }
    return json.dumps(content, ensure_ascii=False)


def _names(iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """What terms are called, by language: our own words for known ones, else their labels."""
    wanted = list(dict.fromkeys(iris))
    found: dict[str, dict[str, str]] = {}
    things = " ".join(str(NamedNode(iri)) for iri in wanted)
    how = " ".join(str(NamedNode(iri)) for iri in LABELS)
    query = f"""SELECT ?term ?label WHERE {{
      VALUES ?term {{ {things} }} VALUES ?how {{ {how} }} ?term ?how ?label }}"""
    for row in select(query) if wanted else ():
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
