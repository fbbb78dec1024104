"""Citations of datasets and releases, to be downloaded."""

from flask import Blueprint, Response

from endpoint.errors import NotFound
from endpoint.site.citation import cite_dataset, cite_release
from endpoint.site.citation_formats import FORMATS, reply
from endpoint.state import release, site
from loader.release import find
from vocab.formats import Format

blueprint = Blueprint("citations", __name__)


@blueprint.get("/dataset/<name>/citation.<suffix>")
def dataset(name: str, suffix: str) -> Response:
    """How to cite a dataset as it is served now."""
    if name not in release().datasets:
        raise NotFound("dataset.unknown", name=name)
    return reply(cite_dataset(release(), name), _format(suffix))


@blueprint.get("/release/<name>/citation.<suffix>")
def whole(name: str, suffix: str) -> Response:
    """How to cite a release."""
    found = find(site().home, name)
    if found is None:
        raise NotFound("release.unknown", name=name)
    return reply(cite_release(found), _format(suffix))


def _format(suffix: str) -> Format:
    for format_ in FORMATS:
        if format_.suffix == suffix:
            return format_
    raise NotFound("http.404")
