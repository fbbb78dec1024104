"""SPARQL 1.1 Protocol at ``/sparql``, with a page for people."""

import time
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, request

from endpoint.errors import Forbidden, NotAcceptable
from endpoint.evaluation.begun import Begun
from endpoint.evaluation.running import Asking
from endpoint.evaluation.task import Answer
from endpoint.http.headers import allow_inline_styles
from endpoint.http.negotiation import HTML, not_acceptable
from endpoint.queries.binding import example_text
from endpoint.replies import acceptable, etag, keepable, page, rdf
from endpoint.sparql.answering import asking, note, promise, respond
from endpoint.sparql.head_start import HeadStart, started
from endpoint.sparql.hints import hint_texts
from endpoint.sparql.planning import Plan, plan
from endpoint.sparql.presentation import Presented, present, query_downloads, read_result
from endpoint.sparql.protocol import Asked, Update, read
from endpoint.sparql.service_description import describe
from endpoint.sparql.writing import nothing, write, writing_key
from endpoint.state import library, pin, public_base, release, site
from vocab.formats import RDF_FORMATS, RESULT_FORMATS, TABLE_FORMATS, find

blueprint = Blueprint("sparql", __name__)

_EDITOR = Path(__file__).parents[1] / "static" / "vendor" / "yasgui.min.js"
"""The query editor, where endpoint/frontend/install.py could get it; the page works without."""


@blueprint.route("/release/<name>/sparql", methods=["GET", "POST"])
def pinned(name: str) -> Response:
    """Answer a query from a release that stays the same, so that a figure can be made again."""
    pin(name)
    return sparql()


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, describe the service."""
    early = started(request)
    if early is not None:
        return _begun(early)
    asked = read(request, site().settings)
    if asked is None:
        return _without_query()
    if isinstance(asked, Update):
        return _write(asked)
    note(asked.query)
    if asked.hints:
        return _query_page(asked.query, None)
    return _answered(plan(asked, request.headers.get("Accept")))


def _begun(early: HeadStart) -> Response:
    """At first all of the answer but its bytes; asked again, the answer."""
    note(early.plan.asked.query)
    if early.promised:
        return _answered(early.plan, early.begun)
    early.promised = True
    return _described(promise(early.format), early.plan, _tag(early.plan))


def _answered(planned: Plan, begun: Begun | None = None) -> Response:
    tag = _tag(planned)
    if _is_fixed(planned) and request.if_none_match.contains_weak(tag):
        return _told(Response(status=304, headers=[("Vary", "Accept")]), tag)
    answer = begun.answer() if begun else _run(planned)
    if planned.format_of(answer) is HTML:
        return _result_page(planned.asked, answer)
    return _described(_respond(answer), planned, tag)


def _described(response: Response, planned: Plan, tag: str) -> Response:
    """An answer with what is told of it."""
    if planned.is_limited:
        response.headers["Tsunagu-Limit"] = f"rows={planned.asked.rows}"
    if not planned.asked.seen.volatile:
        keepable(response)
    return _told(response, tag) if _is_fixed(planned) else response


def _tag(planned: Plan) -> str:
    asked = planned.asked
    return etag(planned.text, asked.default_graphs, asked.named_graphs, *planned.format_names)


def _is_fixed(planned: Plan) -> bool:
    """Whether asking again gives the same answer, so that a client may keep it."""
    return request.method != "POST" and not planned.asked.seen.volatile


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


def _run(plan: Plan) -> Answer:
    asked = plan.asked
    place = asking(request, site(), asked.seconds, is_page=plan.is_page)
    task = plan.task(release(), public_base())
    if asked.seen.federated:
        resolved, place = _federated(plan.text, place)
        task = replace(task, query=resolved)
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


def _respond(answer: Answer) -> Response:
    format_ = find(answer.format) if answer.format else None
    if format_ is None:
        answer.body.close()
        raise not_acceptable(RDF_FORMATS if answer.form == "graph" else RESULT_FORMATS)
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
