"""Answers to queries of the public: who asks, and how the result is sent."""

from flask import Request, Response, g, request

from endpoint.clients import client_of
from endpoint.evaluation.running import Asking
from endpoint.evaluation.task import Answer
from endpoint.http.connection import connection
from endpoint.journal import query_hash
from endpoint.replies import content_type
from endpoint.state import Site, site
from vocab.formats import Format


def asking(request: Request, site: Site, seconds: float | None, is_page: bool) -> Asking:
    """Who asks; raises TooManyRequests where the client has had its share.

    ``seconds`` is the time that the request allows, which may be less than the client has; a page
    needs the whole result, so that nothing is sent before.
    """
    client = client_of(request, site.settings)
    site.workers.budgets.require(client)
    found = connection(request)
    streams = found.streams and request.method != "HEAD" and not is_page
    allowed = min(client.seconds, seconds or client.seconds)
    return Asking(client, found, allowed, streams)


def note(query: str) -> None:
    """Remember what is asked: for the journal, and for hints where it takes too long."""
    connection(request).notes["query"] = query_hash(query)
    g.query = query


def respond(answer: Answer, format_: Format) -> Response:
    """The result, with its length where it is whole; else in chunks, as it comes.

    A transfer that breaks off is seen to be broken either way (endpoint/http/connection.py).
    """
    whole = answer.body.whole
    headers = _headers(format_)
    if whole:
        headers.append(("Content-Length", str(answer.size)))
    if whole and answer.size <= site().settings.spool_bytes:
        return Response(answer.read(), headers=headers)
    response = Response(iter(answer.body), headers=headers)
    response.call_on_close(answer.body.close)
    return response


def promise(format_: Format) -> Response:
    """An answer without its bytes and their length, which are not there yet."""
    response = Response(headers=_headers(format_))
    response.automatically_set_content_length = False
    return response


def _headers(format_: Format) -> list[tuple[str, str]]:
    return [("Content-Type", content_type(format_)), ("Vary", "Accept")]
