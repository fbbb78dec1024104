"""Files and addresses that are the same for every release: styles, robots.txt, healthz."""

from flask import Blueprint, Response, jsonify

from endpoint.evaluation.task import Task
from endpoint.state import release, site

blueprint = Blueprint("public", "endpoint", static_folder="static", static_url_path="/static")

_ROBOTS = "User-agent: *\nDisallow: /sparql?\nDisallow: /release/*/sparql?\n"
"""Pages may be indexed; queries are work for people and tools."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers are asked to leave alone (RFC 9309)."""
    return Response(_ROBOTS, content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def ready() -> Response:
    """200 where a query is answered, 503 where none can be: for what sends requests here."""
    site().workers.pages.run(release(), Task("ASK {}")).read()
    return health()


@blueprint.get("/healthz")
def health() -> Response:
    """200 where a release is served, 503 where there is none."""
    response = jsonify(status="ok", release=release().id)
    response.headers["Cache-Control"] = "no-store"
    return response
