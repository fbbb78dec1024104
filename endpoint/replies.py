"""Answers: RDF documents with their headers, pages, errors."""

import hashlib
import io
from collections.abc import Iterable, Sequence

from flask import Response, g, render_template, request
from pyoxigraph import Quad, Triple
from werkzeug.exceptions import HTTPException

from endpoint.errors import EndpointError, NotAcceptable, TimedOut
from endpoint.evaluation.serialisation import CannotSerialise, write
from endpoint.http.connection import connection
from endpoint.http.negotiation import HTML, negotiate, not_acceptable
from endpoint.language import MESSAGES, language, say
from endpoint.sparql.hints import hint_texts
from endpoint.state import release, site
from vocab.formats import RDF_FORMATS, Format, find
from vocab.namespaces import PREFIXES

DOCUMENT_FORMATS = (*RDF_FORMATS, HTML)


def content_type(format_: Format) -> str:
    """The value of Content-Type: text is always UTF-8."""
    media_type = format_.media_type
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def acceptable(offers: Sequence[Format]) -> Format:
    """The format that the client's Accept likes best; raises NotAcceptable."""
    chosen = negotiate(request.headers.get("Accept"), offers)
    if chosen is None:
        raise not_acceptable(offers)
    return chosen


def split_suffix(name: str) -> tuple[str, Format | None]:
    """Divide ``aed.ttl`` into the name and the format that its suffix stands for."""
    stem, dot, suffix = name.rpartition(".")
    format_ = HTML if suffix == HTML.suffix else find(suffix)
    known = format_ in DOCUMENT_FORMATS and suffix == getattr(format_, "suffix", None)
    return (stem, format_) if dot and stem and known else (name, None)


def etag(*parts: object) -> str:
    """A tag from the release and all that the answer depends on."""
    material = "\0".join(map(str, (release().id, request.script_root, *parts)))
    return hashlib.sha256(material.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def tagged(response: Response, *parts: object) -> Response:
    """Give an answer its ETag, and answer 304 where the client has it already (RFC 9110, 13)."""
    response.set_etag(etag(request.path, *parts))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def keepable(response: Response) -> Response:
    """Say of an answer that it depends on nothing but the request and the release."""
    connection(request).keepable = True
    return response


def rdf(quads: Iterable[Quad], format_: Format) -> Response:
    """A document in one of the RDF formats, with its ETag."""
    return tagged(statements(quads, format_), format_.name)


def statements(quads: Iterable[Quad], format_: Format) -> Response:
    """Statements in one of the RDF formats, with only the prefixes that they use.

    They are in the default graph in every format: clients such as Comunica ask for
    N-Quads first, and look for a document's statements there.
    """
    ordered = sorted(set(quads), key=str)
    text = "\n".join(map(str, ordered))
    prefixes = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    output = io.BytesIO()
    try:
        write(_triples(ordered), format_.name, prefixes, output)
    except CannotSerialise as error:
        raise NotAcceptable("format.cannot-say", iri=str(error)) from error
    return Response(output.getvalue(), content_type=content_type(format_))


def _triples(quads: Iterable[Quad]) -> list[Triple]:
    return list(dict.fromkeys(quad.triple for quad in quads))


def page(template: str, **context: object) -> Response:
    """A page in the language of the request."""
    response = Response(render_template(template, **context), content_type="text/html")
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    response.headers["Content-Language"] = language()
    response.vary.update(["Accept", "Accept-Language"])
    return response


def refuse(error: EndpointError) -> Response:
    """The answer to a request that failed."""
    slow = isinstance(error, TimedOut) and "query" in g
    told = hint_texts(g.query) if slow else []
    response = _explanation(error.status, say(error.code, **error.values), told)
    if error.retry:
        seconds = error.retry_after or site().settings.retry_seconds
        response.headers["Retry-After"] = str(seconds)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def refuse_http(error: HTTPException) -> Response:
    """The answer to a request that failed before it came to us: no route, wrong method."""
    status = error.code or 500
    code = f"http.{status}"
    text = say(code) if code in MESSAGES.entries else error.name
    response = _explanation(status, text)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _explanation(status: int, text: str, hints: Sequence[str] = ()) -> Response:
    wanted = negotiate(request.headers.get("Accept"), (TEXT, HTML))
    if wanted is HTML:
        response = page("error.html", status=status, text=text, hints=hints)
    else:
        response = Response("".join(f"{line}\n" for line in (text, *hints)))
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.headers["Content-Language"] = language()
        response.vary.update(["Accept", "Accept-Language"])
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


TEXT = Format("text", "plain text", ("text/plain",), "txt", "")
"""What tools are told errors in."""
