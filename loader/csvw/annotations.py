"""Common properties and notes: what a description says beyond CSVW's own terms, as RDF.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.8 and 6.1;
Generating RDF from Tabular Data (https://www.w3.org/TR/csv2rdf/), 4.6.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from loader.csvw.context import RDF, XSD, expand, expand_type
from loader.csvw.datatypes import builtin, builtin_iri
from loader.csvw.model import UNDETERMINED
from loader.csvw.problems import Scope
from vocab import lines

LANGUAGE = re.compile(r"([A-Za-z]{2,8}|[xi])(-[A-Za-z0-9]{1,8})*", re.ASCII)
"""A well-formed language tag (BCP 47), roughly."""

_PRIMARY = re.compile(r"([A-Za-z]{2,3}|[xi])(-.+)?|[A-Za-z]{4,8}", re.ASCII)
_KEYWORDS = ("@value", "@type", "@language", "@id")


def is_language(text: object) -> bool:
    """Whether something is a language tag."""
    if not isinstance(text, str):
        return False
    return bool(LANGUAGE.fullmatch(text) and _PRIMARY.fullmatch(text))


def is_common(key: str) -> bool:
    """Whether a key is that of a common property: a prefixed name or an absolute URL."""
    return expand(key) is not None


def common_properties(content: Mapping[str, Any], scope: Scope) -> dict[str, object]:
    """Return the common properties of an object, their values in normal form (6.1)."""
    return {
        expand(key) or key: normal(value, scope.at(key))
        for key, value in content.items()
        if is_common(key)
    }


def notes(content: object, scope: Scope) -> tuple[object, ...]:
    """Return the notes of a table or a group of tables."""
    if content is None:
        return ()
    if not isinstance(content, list):
        scope.warn(content)
        return ()
    return tuple(normal(note, scope.at(number)) for number, note in enumerate(content))


def normal(value: Any, scope: Scope) -> object:
    """Return a value in normal form; raises MetadataError for what is not allowed in JSON-LD."""
    if isinstance(value, list):
        return [normal(item, scope.at(number)) for number, item in enumerate(value)]
    if isinstance(value, str):
        if scope.language == UNDETERMINED:
            return {"@value": value}
        return {"@value": value, "@language": scope.language}
    if not isinstance(value, Mapping):
        return {"@value": value}
    if "@value" in value:
        return _literal(value, scope)
    return {_key(key, scope): _member(key, item, scope.at(key)) for key, item in value.items()}


def _key(key: str, scope: Scope) -> str:
    if key in ("@id", "@type"):
        return key
    if key.startswith("@"):
        raise scope.at(key).error()
    return expand(key) or key


def _member(key: str, value: Any, scope: Scope) -> object:
    if key == "@id":
        return node_id(value, scope)
    if key == "@type":
        return [_type(name, scope) for name in (value if isinstance(value, list) else [value])]
    return normal(value, scope)


def node_id(value: object, scope: Scope) -> str:
    """Return an ``@id`` as an absolute URL; raises MetadataError for a blank node."""
    if not isinstance(value, str) or value.startswith("_:"):
        raise scope.error(value)
    return expand(value) or urljoin(scope.base, value)


def _type(name: object, scope: Scope) -> str:
    found = None
    if isinstance(name, str) and not name.startswith("_:"):
        known = builtin(name)
        found = builtin_iri(known) if known else expand_type(name)
    if found is None:
        raise scope.error(name)
    return found


def _literal(value: Mapping[str, Any], scope: Scope) -> dict[str, object]:
    """Check an object with ``@value``: beside it only a type, or only a language."""
    others = sorted(value.keys() - {"@value"})
    if len(others) > 1 or not set(others) <= {"@type", "@language"}:
        raise scope.error(", ".join(others))
    if isinstance(value["@value"], list | Mapping):
        raise scope.at("@value").error(value["@value"])
    found: dict[str, object] = {"@value": value["@value"]}
    if "@type" in value:
        found["@type"] = _type(value["@type"], scope.at("@type"))
    if "@language" in value:
        if not is_language(value["@language"]):
            raise scope.at("@language").error(value["@language"])
        found["@language"] = value["@language"]
    return found


# --- RDF ----------------------------------------------------------------------------------------

NewNode = Callable[[], str]
Triple = tuple[str, str, str]


def triples(subject: str, properties: Mapping[str, object], node: NewNode) -> Iterator[Triple]:
    """Give the triples of common properties in normal form; ``node`` makes a blank node."""
    for key, value in properties.items():
        if not is_common(key):
            continue
        for item in value if isinstance(value, list) else [value]:
            yield from value_triples(subject, lines.iri(key), item, node)


def value_triples(subject: str, predicate: str, value: object, node: NewNode) -> Iterator[Triple]:
    """Give the triples that say a value in normal form of a subject."""
    if isinstance(value, list):
        for item in value:
            yield from value_triples(subject, predicate, item, node)
        return
    assert isinstance(value, Mapping)
    if "@value" in value:
        if value["@value"] is not None:
            yield subject, predicate, _term(value)
        return
    identified = value.get("@id")
    object_ = lines.iri(identified) if identified else node()
    yield subject, predicate, object_
    for type_ in value.get("@type", ()):
        yield object_, lines.iri(RDF + "type"), lines.iri(type_)
    rest = {key: item for key, item in value.items() if key not in _KEYWORDS}
    yield from triples(object_, rest, node)


def _term(value: Mapping[str, Any]) -> str:
    plain, language, datatype = value["@value"], value.get("@language"), value.get("@type")
    if isinstance(plain, str):
        return lines.literal(plain, language, None if language else datatype)
    native = {bool: "boolean", int: "integer", float: "double"}[type(plain)]
    return lines.literal(json.dumps(plain), None, datatype or XSD + native)
