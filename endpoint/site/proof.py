"""The files of a release, so that anyone can verify a copy of it (docs/proof.md)."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from endpoint.errors import NotFound
from endpoint.replies import etag
from endpoint.state import site
from loader.release import MANIFEST, find

blueprint = Blueprint("proof", __name__)

_TYPES = {
    ".json": "application/json",
    ".nq": "application/n-quads",
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".pem": "application/x-pem-file",
    ".p7s": "application/pkcs7-signature",
    ".tsr": "application/timestamp-reply",
}
"""Any other is sent as bytes, so that no page or script of a source runs under our name."""


@blueprint.get("/release/<name>/<path:file>")
def release_file(name: str, file: str) -> Response:
    """A file of a release as it lies on the disk: of the manifest, itself, or of its proof."""
    found = find(site().home, name)
    path = found.public_file(file) if found else None
    if path is None:
        raise NotFound("release.no-file", name=name, file=file)
    response = send_file(
        path,
        mimetype=_TYPES.get(Path(file).suffix, "application/octet-stream"),
        as_attachment=file != MANIFEST,
        download_name=path.name,
        conditional=True,
        etag=etag(request.path),
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
