"""The catalogue and its datasets: descriptions, source files and dumps for download."""

import mimetypes
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_file
from pyoxigraph import RdfFormat, parse

from endpoint.errors import NotFound
from endpoint.http.negotiation import HTML
from endpoint.language import language
from endpoint.links import here, rooted, with_language
from endpoint.replies import (
    DOCUMENT_FORMATS,
    acceptable,
    content_type,
    etag,
    keepable,
    page,
    rdf,
    split_suffix,
    tagged,
)
from endpoint.site import citation_formats as citations
from endpoint.site.citation import cite_dataset
from endpoint.site.descriptions import describe
from endpoint.site.documents import alternates, data, embedded, link_header, local_path
from endpoint.site.findings import read_report
from endpoint.site.stars import stars
from endpoint.site.terms import terms_of
from endpoint.site.things import read
from endpoint.site.void import describe as describe_void
from endpoint.state import policy, release
from vocab.formats import RDF_FORMATS, Format, find

blueprint = Blueprint("catalog", __name__)

_AS_FILES = ("ttl", "rdf", "jsonld")
_CHARSETS = {"utf-8", "utf-16", "utf-16le", "utf-16be", "windows-31j", "euc-jp", "shift_jis"}
"""Names of the IANA registry that are repeated in Content-Type; others are left out."""
_SAFE_TYPES = {"text/csv", "text/tab-separated-values", "application/json", "application/pdf"}
"""Types in which a publisher's file is sent; any other is sent as bytes, so that no page, script
or picture with scripts of a foreign hand becomes part of this site."""


@blueprint.get("/catalog")
def negotiated() -> Response:
    """The catalogue, as Accept says; its page is the home page."""
    chosen = acceptable(DOCUMENT_FORMATS)
    if chosen is HTML:
        response = Response(status=303, headers={"Location": here("/")})
    else:
        response = _catalog(chosen)
    response.vary.add("Accept")
    return response


@blueprint.get("/catalog.<suffix>")
def suffixed(suffix: str) -> Response:
    """The catalogue in the format of the suffix; ``xml`` is what harvesters say for RDF/XML."""
    chosen = find("rdf" if suffix == "xml" else suffix)
    if chosen not in RDF_FORMATS:
        raise NotFound("http.404")
    return _catalog(chosen)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The catalogue graph, which is VoID as well, and what the whole release holds."""
    chosen = acceptable(RDF_FORMATS)
    whole = describe_void(release(), terms_of(release()))
    catalogue = parse(path=release().catalog("ttl"), format=RdfFormat.TURTLE)
    response = rdf([*catalogue, *whole], chosen)
    response.headers["Link"] = link_header(alternates(rooted("/catalog")), rooted("/"))
    response.vary.add("Accept")
    return keepable(response)


def _catalog(format_: Format) -> Response:
    path = release().catalog(format_.suffix)
    if format_.suffix in _AS_FILES and path.is_file():
        response = Response(path.read_bytes(), content_type=content_type(format_))
        response = tagged(response, format_.name)
    else:
        quads = parse(path=release().catalog("ttl"), format=RdfFormat.TURTLE)
        response = rdf(quads, format_)
    response.headers["Link"] = link_header(alternates(rooted("/catalog")), rooted("/"))
    return response


def _entry(name: str) -> dict[str, Any]:
    entry = release().datasets.get(name)
    if entry is None:
        raise NotFound("dataset.unknown", name=name)
    return entry


@blueprint.get("/dataset/<name>")
def dataset(name: str) -> Response:
    """A dataset: its page, or its description in DCAT."""
    stem, format_ = (name, None) if name in release().datasets else split_suffix(name)
    entry = _entry(stem)
    iri = policy().dataset(stem)
    chosen = format_ or acceptable((*RDF_FORMATS, *citations.FORMATS, HTML))
    if chosen is HTML:
        response = _dataset_page(stem, entry, iri)
    elif chosen in citations.FORMATS:
        response = citations.reply(cite_dataset(release(), stem), chosen)
    else:
        response = data(describe(iri), chosen.name, local_path(iri), f"{local_path(iri)}.html")
    response.vary.add("Accept")
    return response


def _dataset_page(name: str, entry: dict[str, Any], iri: str) -> Response:
    quads = describe(iri)
    properties, names = read(iri, quads)
    addresses = alternates(local_path(iri))
    response = page(
        "dataset.html",
        name=name,
        dataset=entry,
        dump=release().manifest["files"].get(entry.get("dump"), {}),
        iri=iri,
        policy=policy(),
        properties=properties,
        names=names,
        report=read_report(release(), name),
        stars=stars(release(), name),
        citation=citations.text(cite_dataset(release(), name)),
        alternates=addresses,
        json_ld=embedded(quads),
    )
    response.headers["Link"] = link_header(addresses)
    return keepable(tagged(response, "page", language()))


@blueprint.get("/dataset/<name>/distribution/<path:distribution>")
def distribution(name: str, distribution: str) -> Response:
    """Lead to the dataset's document, which describes the distribution as well."""
    _entry(name)
    path = local_path(policy().dataset(name))
    chosen = acceptable(DOCUMENT_FORMATS)
    target = with_language(path) if chosen is HTML else f"{path}.{chosen.suffix}"
    response = Response(status=303, headers={"Location": target})
    response.vary.add("Accept")
    return response


@blueprint.get("/file/<name>/<path:file>")
def source(name: str, file: str) -> Response:
    """A source file as it was published; only what the manifest names is sent."""
    path = release().source(name, file)
    if path is None or not path.is_file():
        raise NotFound("file.unknown", name=file)
    entry = _entry(name)["files"][file]
    stated = entry.get("media_type") or mimetypes.guess_type(file)[0]
    response = _download(path, stated if stated in _SAFE_TYPES else "application/octet-stream")
    charset = str(entry.get("encoding")).lower()
    if charset in _CHARSETS and str(response.mimetype).startswith("text/"):
        response.headers["Content-Type"] = f"{response.mimetype}; charset={charset}"
    return response


@blueprint.get("/dump/<name>.nq")
def dump(name: str) -> Response:
    """A dataset's graph in canonical N-Quads."""
    _entry(name)
    path = release().dump(name)
    if not path.is_file():
        raise NotFound("file.unknown", name=f"{name}.nq")
    return _download(path, "application/n-quads")


def _download(path: Path, media_type: str) -> Response:
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=True,
        download_name=path.name,
        conditional=True,
        etag=etag(request.path),
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
