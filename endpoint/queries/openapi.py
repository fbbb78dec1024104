"""The plain API of stored queries, described by OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from endpoint.queries.api import FORMATS, ROWS
from endpoint.queries.library import Library
from endpoint.queries.model import IRI, Parameter, StoredQuery
from endpoint.queries.values import LONGEST
from endpoint.sparql.guard import TOKEN
from vocab.namespaces import XSD

Json: TypeAlias = dict[str, Any]
Pick: TypeAlias = Callable[[Mapping[str, str] | None], str]
Say: TypeAlias = Callable[..., str]

_TYPES: dict[str, Json] = {
    XSD["string"]: {"type": "string", "maxLength": LONGEST},
    XSD["integer"]: {"type": "integer"},
    XSD["decimal"]: {"type": "number"},
    XSD["double"]: {"type": "number"},
    XSD["boolean"]: {"type": "boolean"},
    XSD["date"]: {"type": "string", "format": "date"},
    XSD["dateTime"]: {"type": "string", "format": "date-time"},
    XSD["gYear"]: {"type": "string", "pattern": "^[0-9]{4}$"},
    XSD["gYearMonth"]: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    IRI: {"type": "string", "format": "iri", "maxLength": LONGEST},
}
_ERRORS = ("400", "404", "406", "429", "503", "504")


def document(library: Library, base: str, version: str, title: str, pick: Pick, say: Say) -> Json:
    """The description of all stored queries, in one language.

    ``base`` is the address at which the public finds the site, ``version`` the release.
    """
    groups = [group for group, _ in library.grouped() if group is not None]
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": say("api.about")},
        "servers": [{"url": base.rstrip("/")}],
        "tags": [{"name": group.name, "description": pick(group.label)} for group in groups],
        "paths": {
            f"/api/{query.name}": {"get": _operation(query, base, pick, say)}
            for query in library.queries.values()
        },
        "components": {
            "responses": {status: _error(status, say) for status in _ERRORS},
        },
    }


def _error(status: str, say: Say) -> Json:
    text = {"schema": {"type": "string"}}
    return {"description": say(f"api.status-{status}"), "content": {"text/plain": text}}


def _operation(query: StoredQuery, base: str, pick: Pick, say: Say) -> Json:
    return {
        "operationId": query.name,
        "summary": pick(query.label),
        "description": pick(query.description),
        "tags": [query.group.name] if query.group else [],
        "externalDocs": {"url": f"{base}query/{query.name}"},
        "parameters": [
            *(_parameter(parameter, pick) for parameter in query.parameters),
            _format(query, say),
            {
                "name": "limit",
                "in": "query",
                "description": say("api.limit"),
                "schema": {"type": "integer", "minimum": 0},
            },
        ],
        "responses": {
            "200": {"description": say("api.status-200"), "content": _content(query)},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS},
        },
    }


def _parameter(parameter: Parameter, pick: Pick) -> Json:
    described = ": ".join(filter(None, (pick(parameter.label), pick(parameter.description))))
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.is_required,
        "description": described,
        "schema": _schema(parameter),
    }


def _schema(parameter: Parameter) -> Json:
    """What values a parameter takes, in JSON Schema 2020-12."""
    schema = dict(_TYPES[parameter.datatype])
    if parameter.choices:
        schema["enum"] = [choice.value for choice in parameter.choices]
    if parameter.pattern:
        schema["pattern"] = parameter.pattern
    for word, bound in (("minimum", parameter.least), ("maximum", parameter.most)):
        if bound is not None:
            schema[word] = bound
    if parameter.default is not None:
        schema["default"] = _typed(parameter.default.value, str(schema["type"]))
    return schema


def _typed(text: str, type_: str) -> str | int | float | bool:
    if type_ == "integer":
        return int(text)
    if type_ == "number":
        return float(text)
    return text in ("true", "1") if type_ == "boolean" else text


def _format(query: StoredQuery, say: Say) -> Json:
    words = [format_.suffix for format_ in FORMATS[query.form]]
    return {
        "name": "format",
        "in": "query",
        "description": say("api.format"),
        "schema": {"type": "string", "enum": words, "default": words[0]},
    }


def _content(query: StoredQuery) -> Json:
    content: Json = {}
    for format_ in FORMATS[query.form]:
        schema: Json = {"type": "string"}
        if format_ is ROWS:
            schema = _rows(columns(query.text))
        elif "json" in format_.media_type:
            schema = {"type": "object"}
        content.setdefault(format_.media_type, {"schema": schema})
    return content


def _rows(names: list[str]) -> Json:
    value = {"type": ["string", "number", "boolean", "null"]}
    row = {"type": "object", "properties": {name: value for name in names}}
    return {
        "type": "object",
        "required": ["columns", "rows"],
        "properties": {
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": row},
        },
    }


def columns(text: str) -> list[str]:
    """The columns of a SELECT query, as its first line names them; none for ``SELECT *``."""
    names: list[str] = []
    depth = 0
    last = ""
    for token in TOKEN.finditer(text):
        if token["open"] == "{" and depth == 0:
            break
        depth += bool(token["open"]) - bool(token["close"])
        if token["variable"]:
            last = token["variable"][1:]
        if last and depth == 0:
            names.append(last)
            last = ""
    return names
