"""Plain queries are begun before the application is asked, so that both are at work at once.

What Flask does for each request takes about as long as the evaluation of a short query. So the
application first promises an answer: all of it but the bytes. Whatever is not plain, would have to
wait or is refused is left to the application, which reads it again; and where the answer is not as
it was promised, it is asked once more.
"""

from dataclasses import dataclass
from typing import Any

from flask import Request, g, request

from endpoint.errors import EndpointError
from endpoint.evaluation.begun import Begun
from endpoint.sparql.answering import asking
from endpoint.sparql.planning import Plan, plan
from endpoint.sparql.protocol import Asked, read
from endpoint.state import Site
from loader.errors import ReleaseError
from loader.release import Release
from vocab.formats import Format

_ENVIRON = "tsunagu.head-start"
"""Where it is left in the WSGI environment."""
_MOST_ASKED = 4096
"""Bytes of the query string: reading a longer one would keep others waiting for the event loop."""
_MOST_ANSWERED = 16 << 10
"""Bytes of an answer that is sent as it was promised: compressing more would keep others waiting,
too."""


@dataclass(slots=True)
class HeadStart:
    """A query that is at work already."""

    plan: Plan
    format: Format
    """What the answer will be in, if the query has the form that it seems to have."""
    release: Release
    begun: Begun
    promised: bool = False
    """Whether the application has said all of the answer but its bytes."""

    @property
    def is_there(self) -> bool:
        """Whether all of a short answer has come."""
        return self.begun.worker.has_all(_MOST_ANSWERED)

    def body(self) -> bytes | None:
        """The bytes of an answer that is there, and as it was promised; None for any other."""
        answer = self.begun.take()
        if answer is None or answer.format != self.format.name:
            return None
        return answer.read()


def start(site: Site, environ: dict[str, Any]) -> HeadStart | None:
    """Begin the query of a request, if it is a plain one and nothing has to wait for it."""
    release = site.releases.known()
    if release is None or not _may_be_plain(environ):
        return None
    early = Request(environ)
    try:
        asked = None if release.earlier_bases else read(early, site.settings)
        if not isinstance(asked, Asked) or asked.hints or asked.seen.federated:
            return None
        planned = plan(asked, early.headers.get("Accept"))
        likely = planned.likely
        if planned.is_page or likely is None:
            return None
        task = planned.task(release, site.base_iri or release.base_iri)
        place = asking(early, site, asked.seconds, is_page=False)
        begun = site.workers.queries.begin_at_once(release, task, place)
    except (EndpointError, ReleaseError):
        return None
    if begun is None:
        return None
    found = HeadStart(planned, likely, release, begun)
    environ[_ENVIRON] = found
    return found


def _may_be_plain(environ: dict[str, Any]) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["PATH_INFO"] == "/sparql"
        and len(environ["QUERY_STRING"]) <= _MOST_ASKED
        and "HTTP_IF_NONE_MATCH" not in environ
    )


def take_up() -> None:
    """Answer this request from the release of what was begun: its worker keeps that in place."""
    early = started(request)
    if early is not None:
        g.release = early.release


def started(request: Request) -> HeadStart | None:
    """What was begun of a request."""
    found: HeadStart | None = request.environ.get(_ENVIRON)
    return found
