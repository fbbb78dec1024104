"""Resources: ``/id`` answers 303 to ``/doc`` or ``/data``; vocabularies, graphs, activities.

Cool URIs for the Semantic Web (W3C Interest Group Note 2008-12-03), 4.2: 303 URIs.
"""

from flask import Blueprint, Response
from pyoxigraph import NamedNode, Quad

from endpoint.errors import NotFound
from endpoint.http.negotiation import HTML
from endpoint.language import language
from endpoint.links import FUNCTION_DOCUMENT, OWN_VOCABULARY, with_language
from endpoint.replies import DOCUMENT_FORMATS, acceptable, keepable, page, split_suffix, tagged
from endpoint.site.descriptions import describe, exists, vocabularies, vocabulary
from endpoint.site.documents import (
    alternates,
    data,
    link_header,
    local_path,
    thing_page,
    with_metadata,
)
from endpoint.site.function_document import DOCUMENT, functions, heading
from endpoint.site.things import title
from endpoint.state import policy
from vocab.formats import Format
from vocab.iris import OWN_TERMS

blueprint = Blueprint("resources", __name__)


@blueprint.get("/id/<kind>/<path:local>")
def identifier(kind: str, local: str) -> Response:
    """Lead from a thing, which cannot be sent, to a document about it."""
    iri = _known(kind, local)
    page_address, stem = _addresses(iri)
    chosen = acceptable(DOCUMENT_FORMATS)
    target = with_language(page_address) if chosen is HTML else f"{stem}.{chosen.suffix}"
    response = Response(status=303, headers={"Location": target})
    response.headers["Link"] = link_header(alternates(stem), page_address)
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<kind>/<path:local>")
def document(kind: str, local: str) -> Response:
    """The readable page about a thing."""
    iri = _known(kind, local)
    return thing_page(iri, describe(iri), _addresses(iri)[1])


@blueprint.get("/data/<kind>/<path:local>")
def rdf_document(kind: str, local: str) -> Response:
    """The document about a thing in the format of the suffix, else as Accept says."""
    stem, format_ = split_suffix(local)
    if format_ is HTML:
        raise NotFound("http.404")
    iri = _known(kind, stem)
    chosen = format_ or acceptable(DOCUMENT_FORMATS[:-1])
    page_address, address = _addresses(iri)
    quads = with_metadata(iri, _document_of(iri), describe(iri))
    return data(quads, chosen.name, address, page_address)


def _known(kind: str, local: str) -> str:
    """The IRI that is asked for, whichever way its slashes were encoded; raises NotFound."""
    minted = policy().thing(kind, local)
    spelt = policy().from_path(f"id/{kind}/{local}")
    for iri in dict.fromkeys((minted, spelt)):
        if exists(iri):
            return iri
    raise NotFound("resource.unknown", iri=minted)


def _document_of(iri: str) -> str:
    base = policy().base
    return f"{base}doc/{iri.removeprefix(f'{base}id/')}"


def _addresses(iri: str) -> tuple[str, str]:
    """The paths of the page about a thing, and of its data without the suffix."""
    base = policy().base
    rest = iri.removeprefix(f"{base}id/")
    return local_path(f"{base}doc/{rest}"), local_path(f"{base}data/{rest}")


@blueprint.get("/def/<path:name>")
def definition(name: str) -> Response:
    """A vocabulary, whose terms are fragments of this document."""
    stem, format_ = split_suffix(name)
    local = policy().from_path(f"def/{stem}")
    if f"def/{stem}" == FUNCTION_DOCUMENT:
        return _answer(DOCUMENT, functions(), format_, local_path(local), is_vocabulary=True)
    iri = OWN_TERMS.rstrip("#") if f"def/{stem}" == OWN_VOCABULARY else local
    return _answer(iri, vocabulary(iri), format_, local_path(local), is_vocabulary=True)


@blueprint.get("/def")
@blueprint.get("/def/")
@blueprint.get("/def.<suffix>")
def definitions(suffix: str | None = None) -> Response:
    """All vocabularies of the release: our own, and those that datasets bring."""
    _, format_ = split_suffix(f"def.{suffix}") if suffix else ("def", None)
    if suffix and format_ is None:
        raise NotFound("http.404")
    chosen = format_ or acceptable(DOCUMENT_FORMATS)
    stem = local_path(f"{policy().base}def")
    quads = [*vocabularies(), *heading()]
    if chosen is HTML:
        response = _vocabularies_page(quads, stem)
    else:
        response = data(quads, chosen.name, stem, f"{stem}/")
    response.vary.add("Accept")
    return response


def _vocabularies_page(quads: list[Quad], stem: str) -> Response:
    found = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})
    addresses = alternates(stem)
    response = page(
        "vocabularies.html",
        vocabularies=[(iri, *title(iri, quads)) for iri in found],
        alternates=addresses,
    )
    response.headers["Link"] = link_header(addresses)
    return keepable(tagged(response, "page", language()))


@blueprint.get("/.well-known/genid/<path:local>")
def unnamed(local: str) -> Response:
    """What had no name in the RDF file that it is from (RDF 1.1 Concepts, 3.5)."""
    return described(".well-known/genid", local)


@blueprint.get("/<any(activity, graph, report):kind>/<path:local>")
def described(kind: str, local: str) -> Response:
    """What the release says of a graph, of an activity that made one, of a validation report."""
    stem, format_ = split_suffix(local)
    iri = policy().from_path(f"{kind}/{stem}")
    return _answer(iri, describe(iri), format_, local_path(iri))


def _answer(
    iri: str, quads: list[Quad], format_: Format | None, stem: str, is_vocabulary: bool = False
) -> Response:
    chosen = format_ or acceptable(DOCUMENT_FORMATS)
    if chosen is HTML:
        response = thing_page(iri, quads, stem, is_vocabulary)
    else:
        response = data(quads, chosen.name, stem, f"{stem}.html")
    response.vary.add("Accept")
    return response
