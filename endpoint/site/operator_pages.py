"""For the operator: metrics, the queries at work, and a way to end one.

Seen only from the machine itself, or with the key of an operator. No cookie says who somebody is,
so that no page elsewhere can make a browser do anything here: to end a query, the key is in the
form itself.
"""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from endpoint.clients import find_key, is_local, presented_key
from endpoint.errors import Forbidden, NotFound
from endpoint.language import say
from endpoint.links import here
from endpoint.metrics import MEDIA_TYPE, exposition
from endpoint.replies import page
from endpoint.state import release, site
from loader.release import releases

blueprint = Blueprint("operator", __name__)


def _require_operator() -> None:
    key = presented_key(request, site().settings)
    if not (key.operator if key else is_local(request)):
        raise Forbidden("operator.only")


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus."""
    _require_operator()
    text = exposition(site())
    return _private(Response(text, content_type=MEDIA_TYPE))


@blueprint.get("/operator")
def dashboard() -> Response:
    """What runs, what was slow, what failed, what is published."""
    _require_operator()
    journal = site().journal
    return _private(
        page(
            "operator.html",
            served=release(),
            releases=[found.id for found in reversed(releases(site().home))],
            running=site().workers.register.all(),
            can_kill=any(key.operator for key in site().settings.keys),
            lists=[
                (say("operator.slow"), list(journal.slow)),
                (say("operator.failed"), list(journal.failed)),
            ],
        )
    )


@blueprint.post("/operator/kill")
def kill() -> AnyResponse:
    """End a query; the form brings the key of an operator."""
    key = find_key(request.form.get("key", ""), site().settings.keys)
    if key is None or not key.operator:
        raise Forbidden("operator.only")
    number = request.form.get("number", "")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise NotFound("operator.not-running")
    if not site().workers.register.kill(int(number)):
        raise NotFound("operator.not-running")
    return redirect(here("/operator"), 303)
