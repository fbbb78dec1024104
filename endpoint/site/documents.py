"""Documents about one thing: as a page or in any format of RDF, with links between them."""

import json
from collections.abc import Iterable

from flask import Response
from markupsafe import Markup
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from endpoint.evaluation.serialisation import compact
from endpoint.language import language
from endpoint.links import as_uri, path_of
from endpoint.replies import content_type, keepable, page, rdf, tagged
from endpoint.site.descriptions import backlinks
from endpoint.site.things import read, terms, title
from endpoint.state import policy, release, site
from vocab.formats import RDF_FORMATS
from vocab.namespaces import DCTERMS, FOAF, PREFIXES, RDF, VOID

Alternates = dict[str, str]
"""Addresses by media type."""


def alternates(stem: str) -> Alternates:
    """The addresses of a document in all formats; ``stem`` is its path without the suffix."""
    return {format_.media_type: f"{stem}.{format_.suffix}" for format_ in RDF_FORMATS}


def link_header(addresses: Alternates, page_address: str | None = None) -> str:
    """The value of Link (RFC 8288): where the same is in other formats."""
    links = [f'<{url}>; rel="alternate"; type="{name}"' for name, url in addresses.items()]
    if page_address:
        links.append(f'<{page_address}>; rel="alternate"; type="text/html"')
    return ", ".join(links)


def with_metadata(iri: str, document: str, quads: Iterable[Quad]) -> list[Quad]:
    """Add what the document itself is: its topic and the datasets that it comes from."""
    own = list(quads)
    about = NamedNode(document)
    added = [
        Quad(about, NamedNode(RDF["type"]), NamedNode(FOAF["Document"])),
        Quad(about, NamedNode(FOAF["primaryTopic"]), NamedNode(iri)),
    ]
    for name in datasets_of(own):
        dataset = NamedNode(policy().dataset(name))
        added.append(Quad(about, NamedNode(VOID["inDataset"]), dataset))
        licence = release().datasets[name].get("licence")
        if licence:
            added.append(Quad(about, NamedNode(DCTERMS["license"]), NamedNode(licence)))
    return own + added


def datasets_of(quads: Iterable[Quad]) -> list[str]:
    """The names of the datasets whose graphs the statements are in."""
    graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
    return [name for name, entry in release().datasets.items() if entry.get("graph") in graphs]


def thing_page(iri: str, quads: list[Quad], stem: str, is_vocabulary: bool = False) -> Response:
    """The readable page about a thing, or about a vocabulary and its terms."""
    limit = site().settings.backlinks
    links = backlinks(iri, limit + 1)
    mentioned = [term for link in links for term in (link.subject, link.predicate)]
    properties, names = read(iri, quads, mentioned)
    name, spoken = title(iri, quads)
    addresses = alternates(stem)
    response = page(
        "resource.html",
        iri=iri,
        title=name,
        title_language=spoken or language(),
        properties=properties,
        terms=terms(iri, quads, names) if is_vocabulary else [],
        names=names,
        backlinks=links[:limit],
        more_backlinks=len(links) > limit,
        policy=policy(),
        datasets={key: release().datasets[key] for key in datasets_of(quads)},
        alternates=addresses,
        json_ld=embedded(quads),
    )
    response.headers["Link"] = link_header(addresses)
    return keepable(tagged(response, "page", language()))


def embedded(quads: Iterable[Quad]) -> Markup:
    """JSON-LD for a script element: no character in it can end the element."""
    triples = {quad.triple for quad in quads}
    expanded = serialize(sorted(triples, key=str), format=RdfFormat.JSON_LD) or b"[]"
    content = json.loads(compact(expanded, PREFIXES))
    text = json.dumps(content, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def data(quads: Iterable[Quad], format_name: str, stem: str, page_address: str | None) -> Response:
    """The document in a format of RDF."""
    chosen = next(format_ for format_ in RDF_FORMATS if format_.name == format_name)
    response = rdf(quads, chosen)
    response.headers["Link"] = link_header(alternates(stem), page_address)
    if response.status_code == 200:
        response.headers["Content-Type"] = content_type(chosen)
    return keepable(response)


def local_path(iri: str) -> str:
    """The path on this host for one of our own IRIs."""
    return path_of(iri) or as_uri(iri)
