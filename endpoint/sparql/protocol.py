"""Reads a query or an update from a request: SPARQL 1.1 Protocol, 2.1 and 2.2.

Values are decoded once, as UTF-8 without repair, by our own hand: the framework would replace
what is not UTF-8.
"""

import re
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl

from flask import Request
from pyoxigraph import NamedNode

from endpoint.errors import (
    BadRequest,
    EndpointError,
    TooLarge,
    UnsupportedMedia,
    UriTooLong,
)
from endpoint.http.negotiation import HTML
from endpoint.settings import Settings
from endpoint.sparql.guard import Inspection, admit
from vocab.formats import Format, find

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_DIRECT = {QUERY: "query", UPDATE: "update"}
_OUTPUT = ("format", "output", "results")
_MOST_FIELDS = 1000

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_ROWS = re.compile(r"\d{1,18}", re.ASCII)
_Number = TypeVar("_Number", int, float)

Parameters = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was asked."""

    query: str
    default_graphs: list[str] | None
    named_graphs: list[str] | None
    output: Format | None
    """What ``format``, ``output`` or ``results`` names; overrides Accept."""
    seen: Inspection
    seconds: float | None
    """What ``timeout`` says; None where the request leaves the time to us."""
    rows: int | None
    """What ``limit`` says: so many solutions at most."""
    hints: bool
    """Whether ``hints`` asks only why the query may be slow."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update as it was asked for (2.2)."""

    text: str
    using: list[str]
    using_named: list[str]


def read(request: Request, settings: Settings) -> Asked | Update | None:
    """Return what is asked; None where a GET asks nothing. Raises an EndpointError."""
    parameters = decode(request.query_string)
    if request.method == "POST":
        parameters = _read_post(request, parameters)
    elif "update" in parameters:
        raise BadRequest("protocol.update-by-get")
    if "update" in parameters:
        return _update(parameters)
    queries = parameters.get("query", [])
    if not queries and request.method != "POST":
        return None
    if len(queries) != 1:
        raise BadRequest("protocol.one-query", count=len(queries))
    return Asked(
        query=queries[0],
        **_dataset(parameters),
        output=_output(parameters),
        seen=_admit(request, queries[0], settings),
        seconds=seconds_of(parameters),
        rows=rows_of(parameters),
        hints=any(parameters.get("hints", [])),
    )


def _update(parameters: Parameters) -> Update:
    """Read an update and its dataset (2.2.3)."""
    updates = parameters["update"]
    if len(updates) != 1 or "query" in parameters:
        raise BadRequest("protocol.one-update", count=len(updates))
    for name in ("default-graph-uri", "named-graph-uri"):
        if name in parameters:
            raise BadRequest("protocol.not-using", name=name)
    using = parameters.get("using-graph-uri", [])
    named = parameters.get("using-named-graph-uri", [])
    for iri in (*using, *named):
        require_iri(iri)
    return Update(updates[0], using, named)


def require_iri(iri: str) -> None:
    """Raise BadRequest for the name of a graph that is no IRI."""
    try:
        NamedNode(iri)
    except ValueError:
        raise BadRequest("protocol.graph-iri", iri=iri) from None


def seconds_of(parameters: Parameters) -> float | None:
    """What ``timeout`` says; None where the request leaves the time to us. Raises BadRequest."""
    return _number(parameters, "timeout", _SECONDS, float) or None


def rows_of(parameters: Parameters) -> int | None:
    """What ``limit`` says: so many solutions at most. Raises BadRequest."""
    return _number(parameters, "limit", _ROWS, int)


def _read_post(request: Request, parameters: Parameters) -> Parameters:
    media_type = request.mimetype
    if media_type not in (FORM, QUERY, UPDATE):
        raise UnsupportedMedia("protocol.media-type", given=media_type[:100] or "-")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("protocol.encoding")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("protocol.charset")
    body = request.get_data()
    if media_type in (QUERY, UPDATE):
        return _merge(parameters, {_DIRECT[media_type]: [_utf8(body)]})
    return _merge(parameters, decode(body))


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("protocol.utf-8", position=error.start) from None


def decode(encoded: bytes) -> Parameters:
    """Read ``a=b&a=c``; percent-encoded UTF-8, decoded once."""
    try:
        pairs = parse_qsl(
            encoded.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise BadRequest("protocol.utf-8", position=error.start) from None
    except ValueError:
        raise BadRequest("protocol.too-many-fields", limit=_MOST_FIELDS) from None
    return _merge(*({name: [value]} for name, value in pairs))


def _merge(*several: Parameters) -> Parameters:
    merged: Parameters = {}
    for parameters in several:
        for name, values in parameters.items():
            merged.setdefault(name, []).extend(values)
    return merged


def _dataset(parameters: Parameters) -> dict[str, list[str] | None]:
    """The dataset that the request names (2.1.4); None where it leaves that to the query."""
    for name in ("using-graph-uri", "using-named-graph-uri"):
        if name in parameters:
            raise BadRequest("protocol.using", name=name)
    default = parameters.get("default-graph-uri")
    named = parameters.get("named-graph-uri")
    for iri in [*(default or []), *(named or [])]:
        require_iri(iri)
    if default is None and named is None:
        return {"default_graphs": None, "named_graphs": None}
    # Where only one of the two is given, the other part of the dataset is empty.
    return {"default_graphs": default or [], "named_graphs": named or []}


def _number(
    parameters: Parameters, name: str, form: re.Pattern[str], kind: type[_Number]
) -> _Number | None:
    """A parameter that lowers a limit of ours; no protocol has these."""
    given = parameters.get(name, [])
    if not given:
        return None
    if len(given) > 1 or not form.fullmatch(given[0]):
        raise BadRequest("protocol.number", name=name, given=", ".join(given)[:100])
    return kind(given[0])


def _output(parameters: Parameters) -> Format | None:
    given = [value for name in _OUTPUT for value in parameters.get(name, [])]
    words = [word for value in given for word in value.split(",") if word.strip()]
    if not words:
        return None
    asked = {HTML if word.lower() in ("html", *HTML.media_types) else find(word) for word in words}
    # SPARQLWrapper sends every spelling that any endpoint knows, some of them as a list:
    # "json-ld", "application/ld+json,application/x-json+ld".
    asked.discard(None)
    if len(asked) != 1:
        raise BadRequest("format.unknown", given=", ".join(words)[:100])
    return asked.pop()


def _admit(request: Request, query: str, settings: Settings) -> Inspection:
    try:
        federation = bool(settings.service_endpoints)
        return admit(query, settings.query_bytes, settings.query_depth, federation)
    except TooLarge as error:
        too_large: type[EndpointError] = TooLarge if request.method == "POST" else UriTooLong
        raise too_large(error.code, **error.values) from None
