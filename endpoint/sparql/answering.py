"""Answers to queries of the public: who asks, and how the result is sent."""

from flask import Response, g, request

from endpoint.clients import client_of_request
from endpoint.evaluation.running import Asking
from endpoint.evaluation.task import Answer
from endpoint.http.connection import connection
from endpoint.journal import query_hash
from endpoint.replies import content_type
from endpoint.state import site
from vocab.formats import Format


def asking(seconds: float | None, is_page: bool) -> Asking:
    """Who asks; raises TooManyRequests where the client has had its share.

    ``seconds`` is the time that the request allows, which may be less than the client has; a page
    needs the whole result, so that nothing is sent before.
    """
    client = client_of_request()
    site().workers.budgets.require(client)
    found = connection()
    streams = found.streams and request.method != "HEAD" and not is_page
    allowed = min(client.seconds, seconds or client.seconds)
    return Asking(client, found, allowed, streams)


def note(query: str) -> None:
    """Remember what is asked: for the journal, and for hints where it takes too long."""
    connection().notes["query"] = query_hash(query)
    g.query = query


def respond(answer: Answer, format_: Format) -> Response:
    """The result, with its length where it is whole; else in chunks, as it comes.

    A transfer that breaks off is seen to be broken either way (endpoint/http/connection.py).
    """
    whole = answer.body.whole
    headers = [("Content-Type", content_type(format_)), ("Vary", "Accept")]
    if whole:
        headers.append(("Content-Length", str(answer.size)))
    if whole and answer.size <= site().settings.spool_bytes:
        return Response(answer.read(), headers=headers)
    response = Response(iter(answer.body), headers=headers)
    response.call_on_close(answer.body.close)
    return response
