"""SPARQL 1.1 Protocol at ``/sparql``, with a page for people."""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request

from endpoint.errors import Forbidden, NotAcceptable
from endpoint.evaluation.rows import limited
from endpoint.evaluation.running import Asking
from endpoint.evaluation.task import Answer, Task
from endpoint.http.headers import allow_inline_styles
from endpoint.http.negotiation import HTML, negotiate
from endpoint.queries.binding import example_text
from endpoint.replies import acceptable, etag, keepable, page, rdf
from endpoint.sparql.answering import asking, note, respond
from endpoint.sparql.hints import hint_texts
from endpoint.sparql.presentation import Presented, present, query_downloads, read_result
from endpoint.sparql.protocol import Asked, Update, read
from endpoint.sparql.service_description import describe
from endpoint.sparql.writing import nothing, write, writing_key
from endpoint.state import library, pin, public_base, release, site
from vocab.formats import GEOJSON, RDF_FORMATS, RESULT_FORMATS, TABLE_FORMATS, Format, find

blueprint = Blueprint("sparql", __name__)

_EDITOR = Path(__file__).parents[1] / "static" / "vendor" / "yasgui.min.js"
"""The query editor, where endpoint/frontend/install.py could get it; the page works without."""
_SAME_IN_RDF = {"json": "jsonld", "xml": "rdfxml"}
"""What ``format=json`` means where the result is a graph."""


@blueprint.route("/release/<name>/sparql", methods=["GET", "POST"])
def pinned(name: str) -> Response:
    """Answer a query from a release that stays the same, so that a figure can be made again."""
    pin(name)
    return sparql()


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, describe the service."""
    asked = read(request, site().settings)
    if asked is None:
        return _without_query()
    if isinstance(asked, Update):
        return _write(asked)
    note(asked.query)
    if asked.hints:
        return _query_page(asked.query, None)
    table, graph = _formats(asked)
    text = asked.query if asked.rows is None else limited(asked.query, asked.rows)
    names = [format_ and format_.name for format_ in (table, graph)]
    tag = etag(text, asked.default_graphs, asked.named_graphs, *names)
    fixed = request.method != "POST" and not asked.seen.volatile
    if fixed and request.if_none_match.contains_weak(tag):
        return _told(Response(status=304, headers=[("Vary", "Accept")]), tag)
    answer = _run(asked, text, table, graph)
    if (graph if answer.form == "graph" else table) is HTML:
        return _result_page(asked, answer)
    response = _respond(answer)
    if text != asked.query:
        response.headers["Tsunagu-Limit"] = f"rows={asked.rows}"
    if not asked.seen.volatile:
        keepable(response)
    return _told(response, tag) if fixed else response


def _write(update: Update) -> Response:
    """Carry out an update; the answer is sent when queries see what it did."""
    key = writing_key()
    if request.view_args:
        raise Forbidden("write.pinned")
    request_ = {
        "kind": "update",
        "text": update.text,
        "base": f"{public_base()}sparql",
        "using": update.using,
        "using_named": update.using_named,
    }
    write(key, request_)
    return nothing()


def _told(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _without_query() -> Response:
    chosen = acceptable((*RDF_FORMATS, HTML))
    if chosen is HTML:
        return _query_page("", None)
    address = public_base() + request.path[1:]
    described = describe(release(), address, _takes_updates(), _federates())
    stored = [] if request.view_args else library().quads  # they are for the release that is served
    response = rdf([*described, *stored], chosen)
    response.vary.add("Accept")
    return response


def _takes_updates() -> bool:
    return site().settings.write and not request.view_args


def _federates() -> bool:
    return bool(site().settings.service_endpoints)


def _formats(asked: Asked) -> tuple[Format | None, Format | None]:
    """The formats for a table or a truth value, and for a graph; None for what is not taken."""
    if asked.output is HTML:
        return HTML, HTML
    if asked.output is not None:
        same = find(_SAME_IN_RDF.get(asked.output.name, asked.output.name))
        return _if_in(asked.output, (*RESULT_FORMATS, *TABLE_FORMATS)), _if_in(same, RDF_FORMATS)
    table, graph = _liked(request.headers.get("Accept"))
    if table is None and graph is None:
        raise _not_acceptable((*RESULT_FORMATS, *RDF_FORMATS))
    return table, graph


@lru_cache(256)
def _liked(accept: str | None) -> tuple[Format | None, Format | None]:
    """The formats that a client likes best for a table and for a graph."""
    table = negotiate(accept, (*RESULT_FORMATS, GEOJSON, HTML))
    return table, negotiate(accept, (*RDF_FORMATS, HTML))


def _if_in(format_: Format | None, table: Sequence[Format]) -> Format | None:
    return format_ if format_ in table else None


def _not_acceptable(offers: Sequence[Format]) -> NotAcceptable:
    return NotAcceptable("format.none", offered=", ".join(offer.media_type for offer in offers))


def _run(asked: Asked, text: str, table: Format | None, graph: Format | None) -> Answer:
    limits = [] if text == asked.query else [f"rows={asked.rows}"]
    place = asking(asked.seconds, is_page=HTML in (table, graph))
    if asked.seen.federated:
        text, place = _federated(text, place)
    task = Task(
        query=text,
        result_format=_name(table, shown_as="json"),
        graph_format=_name(graph, shown_as="turtle"),
        base=f"{public_base()}sparql",
        union=asked.default_graphs is None and not asked.seen.dataset,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        links=["#".join([f"{release().base_iri}release/{release().id}", *limits])],
    )
    workers = site().workers
    earlier = "name" in (request.view_args or {}) and release() != site().releases.current()
    lane = workers.pinned if earlier else workers.queries
    return lane.run(release(), task, place)


def _federated(text: str, place: Asking) -> tuple[str, Asking]:
    """The query with what other endpoints say, and the time that is left for it."""
    begun = time.monotonic()
    try:
        resolved = site().federation.resolve(text, f"{public_base()}sparql", place)
    finally:
        taken = time.monotonic() - begun
        site().workers.budgets.charge(place.client, taken)
    return resolved, replace(place, seconds=max(place.seconds - taken, 0.1))


def _name(format_: Format | None, shown_as: str) -> str | None:
    """What the worker shall write; a page is made from ``shown_as``."""
    if format_ is HTML:
        return shown_as
    return format_.name if format_ else None


def _respond(answer: Answer) -> Response:
    format_ = find(answer.format) if answer.format else None
    if format_ is None:
        answer.body.close()
        raise _not_acceptable(RDF_FORMATS if answer.form == "graph" else RESULT_FORMATS)
    return respond(answer, format_)


def _result_page(asked: Asked, answer: Answer) -> Response:
    settings = site().settings
    if answer.size > settings.page_bytes:
        answer.body.close()
        raise NotAcceptable("query.page-too-large", limit=settings.page_bytes)
    result = read_result(answer)
    pairs = [("query", asked.query), ("format", "html")]
    downloads = query_downloads(result, asked.query)
    return _query_page(asked.query, present(result, request.path, pairs, downloads))


def _query_page(query: str, presented: Presented | None) -> Response:
    allow_inline_styles()
    known = library()
    first = next(iter(known.queries.values()))
    return page(
        "query.html",
        editor=_EDITOR.is_file(),
        address=request.path,
        asked_release=release().id,
        query=query or example_text(first),
        presented=presented,
        hints=hint_texts(query),
        hints_asked=bool(query) and presented is None,
        groups=known.grouped(),
        example_text=example_text,
        result_formats=(*RESULT_FORMATS, *TABLE_FORMATS),
        rdf_formats=RDF_FORMATS,
    )
