"""Addresses of stored queries: pages and RDF at ``/query/``, the plain API at ``/api/``."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlencode

from flask import Blueprint, Response, request

from endpoint.errors import BadRequest, NotFound
from endpoint.http.negotiation import HTML
from endpoint.language import language, pick, say
from endpoint.links import here, rooted
from endpoint.queries.api import FORMATS, WORDS, Bound, choose, prepare, run
from endpoint.queries.binding import example_text
from endpoint.queries.model import IRI, Parameter, StoredQuery
from endpoint.queries.openapi import document
from endpoint.queries.values import NUMBERS
from endpoint.replies import (
    DOCUMENT_FORMATS,
    acceptable,
    etag,
    keepable,
    page,
    rdf,
    split_suffix,
    tagged,
)
from endpoint.site.documents import alternates
from endpoint.sparql.answering import respond
from endpoint.sparql.presentation import Presented, present, read_result
from endpoint.sparql.protocol import Parameters, decode
from endpoint.state import library, public_base, release, site
from vocab.namespaces import XSD

blueprint = Blueprint("queries", __name__)

_OWN_WORDS = frozenset(("run", "view"))
"""Words of the form that are no parameters of the query."""


@blueprint.get("/query")
@blueprint.get("/query/")
@blueprint.get("/query.<suffix>")
def all_queries(suffix: str | None = None) -> Response:
    """All stored queries: a page with their descriptions, or the RDF that they are stored as."""
    _, format_ = split_suffix(f"query.{suffix}") if suffix else ("query", None)
    if suffix and format_ is None:
        raise NotFound("http.404")
    chosen = format_ or acceptable(DOCUMENT_FORMATS)
    if chosen is not HTML:
        response = rdf(library().quads, chosen)
        response.vary.add("Accept")
        return response
    known = library()
    return page(
        "queries.html",
        groups=known.grouped(),
        problems=known.problems,
        alternates=alternates(rooted("/query")),
    )


@blueprint.get("/query/<name>")
def query_page(name: str) -> Response:
    """One stored query: a form for its parameters, its result, how it is asked by programs."""
    stem, format_ = (name, None) if name in library().queries else split_suffix(name)
    query = library().get(stem)
    chosen = format_ or acceptable(DOCUMENT_FORMATS)
    if chosen is not HTML:
        response = rdf(library().statements_about(query), chosen)
        response.vary.add("Accept")
        return response
    return _form(query, _given(), stem)


def _form(query: StoredQuery, given: Parameters, stem: str) -> Response:
    """The page, where a value that is wrong stays in its field to be mended."""
    problem, wrong, text, presented = "", None, example_text(query), None
    try:
        bound = prepare(query, given, site().settings)
        text = bound.text
        presented = _presented(bound, given) if request.args.get("run") else None
    except BadRequest as error:
        problem, wrong = say(error.code, **error.values), error.values.get("name")
    response = page(
        "stored.html",
        query=query,
        given=given,
        problem=problem,
        wrong=wrong,
        text=text,
        presented=presented,
        addresses=_addresses(query, given if given and not problem else _example(query)),
        numbers=NUMBERS,
        input_type=_input_type,
        readable=unquote,
        type_name=_type_name,
        alternates=alternates(rooted(f"/query/{stem}")),
    )
    response.status_code = 400 if problem else 200
    return response


def _given() -> Parameters:
    found = decode(request.query_string)
    return {name: values for name, values in found.items() if name not in _OWN_WORDS | WORDS}


def _presented(bound: Bound, given: Parameters) -> Presented:
    result = read_result(
        run(bound, "turtle" if bound.query.form == "construct" else "json", is_page=True)
    )
    pairs = [*_pairs(given), ("run", "1")]
    addresses = _addresses(bound.query, given)
    return present(result, f"/query/{bound.query.name}", pairs, addresses)


def _pairs(given: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in given.items() for value in values if value]


def _addresses(query: StoredQuery, given: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Names of formats, and addresses of the API that give the answer in them."""
    asked = f"?{urlencode(_pairs(given))}" if given else ""
    return [
        (format_.label, rooted(f"/api/{query.name}.{format_.suffix}{asked}"))
        for format_ in FORMATS[query.form]
    ]


def _input_type(parameter: Parameter) -> str:
    """The kind of field of a form (HTML, 4.10.5); numbers are text, for their full-width digits."""
    return "date" if parameter.datatype == XSD["date"] else "text"


def _type_name(parameter: Parameter) -> str:
    return "IRI" if parameter.datatype == IRI else f"xsd:{parameter.datatype.rpartition('#')[2]}"


def _example(query: StoredQuery) -> dict[str, list[str]]:
    """Values with which the query may be tried."""
    return {
        parameter.name: [parameter.default.value]
        for parameter in query.parameters
        if parameter.default is not None
    }


@blueprint.get("/api")
@blueprint.get("/api/")
def api() -> Response:
    """Lead to the page that documents the API."""
    return Response(status=303, headers={"Location": here("/query/")})


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """The API, described for programs."""
    manifest = release().manifest
    title = pick(manifest.get("title")) or say("home.title")
    described = document(library(), public_base(), release().id, title, pick, say)
    content = json.dumps(described, ensure_ascii=False, indent=1)
    response = Response(content, content_type="application/json")
    response.vary.add("Accept-Language")
    return tagged(response, "openapi", language(), content)


@blueprint.get("/api/<name>")
def ask(name: str) -> Response:
    """The answer of a stored query, in a plain format."""
    stem, suffix = _divided(name)
    query = library().get(stem)
    asked = decode(request.query_string)
    chosen = choose(query, suffix, asked.get("format", []), request.headers.get("Accept"))
    bound = prepare(query, asked, site().settings)
    tag = etag(bound.text, chosen.suffix)
    if not bound.seen.volatile and request.if_none_match.contains(tag):
        return _described(Response(status=304), tag)
    response = respond(run(bound, chosen.name), chosen)
    if bound.rows is not None:
        response.headers["Tsunagu-Limit"] = f"rows={bound.rows}"
    if not bound.seen.volatile:
        _described(response, tag)
        if stem in library().own:
            keepable(response)
    return response


def _divided(name: str) -> tuple[str, str | None]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot else (name, None)


def _described(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-cache"
    response.headers.add("Link", '</api/openapi.json>; rel="service-desc"')
    return response
