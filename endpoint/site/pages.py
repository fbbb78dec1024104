"""The home page and the page of a release."""

from flask import Blueprint, Response

from endpoint.errors import NotFound
from endpoint.http.negotiation import HTML
from endpoint.language import language
from endpoint.links import rooted
from endpoint.replies import acceptable, keepable, page, rdf, split_suffix, tagged
from endpoint.site import citation_formats as citations
from endpoint.site.citation import cite_release
from endpoint.site.documents import alternates
from endpoint.site.release_document import release_quads
from endpoint.state import policy, public_base, release, site
from loader.release import releases
from vocab.formats import RDF_FORMATS

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """What is published here."""
    served = release()
    response = page(
        "home.html",
        release=served,
        manifest=served.manifest,
        datasets=served.datasets,
        policy=policy(),
        alternates=alternates(rooted("/catalog")),
    )
    return keepable(tagged(response, "page", language()))


@blueprint.get("/release/<name>")
def release_page(name: str) -> Response:
    """A release that this home holds: when it was made, from what, by which software."""
    known = {found.id: found for found in releases(site().home)}
    stem, format_ = (name, None) if name in known else split_suffix(name)
    if stem not in known:
        raise NotFound("release.unknown", name=stem)
    chosen = format_ or acceptable((*RDF_FORMATS, *citations.FORMATS, HTML))
    if chosen in citations.FORMATS:
        response = citations.reply(cite_release(known[stem]), chosen)
        response.vary.add("Accept")
        return response
    if chosen is HTML:
        shown = page(
            "release.html",
            release=known[stem],
            manifest=known[stem].manifest,
            served=known[stem].id == release().id,
            earlier=[found for found in reversed(list(known)) if found != stem],
            citation=citations.text(cite_release(known[stem])),
            policy=policy(),
            address=f"{public_base()}release/{stem}",
            alternates=alternates(rooted(f"/release/{stem}")),
        )
        return tagged(shown, "page", language(), *known)
    response = rdf(release_quads(known[stem]), chosen)
    response.vary.add("Accept")
    return response
