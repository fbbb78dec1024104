"""What is answered for an IRI that was published and is gone: 410 with what is known, or 301.

RFC 9110, 15.5.11 and 15.4.2. An error handler, so that it holds for every kind of address: only
what the release knows nothing of is looked for among its tombstones.
"""

from collections.abc import Iterator

from flask import Response, request
from pyoxigraph import Literal, NamedNode, Quad

from endpoint.errors import NotFound
from endpoint.http.negotiation import HTML, negotiate
from endpoint.language import language
from endpoint.links import with_language
from endpoint.replies import DOCUMENT_FORMATS, page, refuse, split_suffix, statements
from endpoint.site.documents import alternates, link_header, local_path
from endpoint.site.things import best_label, ending
from endpoint.state import policy, release, site
from loader.release import pruned
from loader.tombstones import Tombstone, absolute, find_tombstone, find_withdrawn
from vocab.formats import Format
from vocab.namespaces import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, TSD, VOID, XSD

_ABOUT_THINGS = ("doc", "data")
"""Documents about things lie there; their tombstone is that of the thing."""


def gone_or_unknown(error: NotFound) -> Response:
    """Answer for what is gone, or say that there is nothing."""
    asked = request.path.lstrip("/")
    stem, suffix = split_suffix(asked)
    paths = [path for text in (asked, stem) for path in _paths(text)]
    stone = (
        find_tombstone(release(), paths)
        or find_withdrawn(site().home, release(), paths)
        or _pruned_release(stem)
        or _pruned_release(asked)
    )
    if stone is None:
        return refuse(error)
    wanted = HTML if asked.startswith("doc/") else suffix
    response = _moved(stone, asked) if stone.moved else _gone(stone, wanted)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(["Accept", "Accept-Language"])
    return response


def _pruned_release(asked: str) -> Tombstone | None:
    """Return the tombstone of the release that a path is about, where it was removed."""
    place, _, rest = asked.partition("/")
    identifier = rest.partition("/")[0]
    note = pruned(site().home, identifier) if place == "release" else None
    return Tombstone(f"release/{identifier}", "", "", note["pruned"]) if note else None


def _paths(asked: str) -> Iterator[str]:
    """Give the IRIs, below the base IRI, that a path may ask for: slashes may be encoded or not."""
    place, _, rest = asked.partition("/")
    kind, _, local = rest.partition("/")
    base = policy().base
    if place in ("id", *_ABOUT_THINGS):
        yield policy().thing(kind, local).removeprefix(base)
        yield policy().from_path(f"id/{rest}").removeprefix(base)
    else:
        yield policy().from_path(asked).removeprefix(base)
    if place == "dump":
        yield policy().dataset(rest).removeprefix(base)


def _moved(stone: Tombstone, asked: str) -> Response:
    """Lead to what is asked for, thing or document, under the IRI that the thing has today."""
    target = absolute(policy().base, stone.moved or "")
    place = asked.partition("/")[0]
    if place in _ABOUT_THINGS:
        target = _document(target, place)
    address = local_path(target)
    suffix = split_suffix(asked)[1] if place == "data" else None
    address = f"{address}.{suffix.suffix}" if suffix else with_language(address)
    return Response(status=301, headers={"Location": address})


def _document(iri: str, place: str = "doc") -> str:
    """Return the IRI of the document about a thing; of anything else its own."""
    things = f"{policy().base}id/"
    return f"{policy().base}{place}/{iri.removeprefix(things)}" if iri.startswith(things) else iri


def _gone(stone: Tombstone, wanted: Format | None) -> Response:
    iri = policy().base + stone.path
    addresses = alternates(local_path(_document(iri, "data")))
    chosen = wanted or negotiate(request.headers.get("Accept"), DOCUMENT_FORMATS) or HTML
    if chosen is HTML:
        response = _page(stone, iri, addresses)
    else:
        response = statements(_quads(stone, iri), chosen)
    links = [f'<{local_path(new)}>; rel="successor-version"' for new in _successors(stone)]
    response.headers["Link"] = ", ".join([link_header(addresses), *links])
    response.status_code = 410
    return response


def _successors(stone: Tombstone) -> list[str]:
    return [absolute(policy().base, link) for link in stone.replaced_by]


def _page(stone: Tombstone, iri: str, addresses: dict[str, str]) -> Response:
    labels = [Literal(text, language=tag or None) for text, tag in stone.labels]
    label = best_label(labels)
    return page(
        "gone.html",
        iri=iri,
        title=label.value if label else ending(iri),
        title_language=(label.language if label else None) or language(),
        stone=stone,
        dataset=release().datasets.get(stone.dataset),
        successors=_successors(stone),
        policy=policy(),
        alternates=addresses,
    )


def _quads(stone: Tombstone, iri: str) -> Iterator[Quad]:
    """Say what is known of a thing that is gone (PROV-O, 3.1: invalidation; OWL 2: deprecated)."""
    about, document = NamedNode(iri), NamedNode(_document(iri))
    when = Literal(stone.gone, datatype=NamedNode(XSD["dateTime"]))
    yes = Literal("true", datatype=NamedNode(XSD["boolean"]))
    yield Quad(about, NamedNode(RDF["type"]), NamedNode(PROV["Entity"]))
    yield Quad(about, NamedNode(PROV["invalidatedAtTime"]), when)
    yield Quad(about, NamedNode(OWL["deprecated"]), yes)
    if stone.release:
        seen = NamedNode(policy().release(stone.release))
        yield Quad(about, NamedNode(TSD["lastSeenIn"]), seen)
    for text, tag in stone.labels:
        yield Quad(about, NamedNode(RDFS["label"]), Literal(text, language=tag or None))
    for new in _successors(stone):
        yield Quad(about, NamedNode(DCTERMS["isReplacedBy"]), NamedNode(new))
    if document != about:
        yield Quad(document, NamedNode(RDF["type"]), NamedNode(FOAF["Document"]))
        yield Quad(document, NamedNode(FOAF["primaryTopic"]), about)
    if document != about and stone.dataset:
        dataset = NamedNode(policy().dataset(stone.dataset))
        yield Quad(document, NamedNode(VOID["inDataset"]), dataset)
