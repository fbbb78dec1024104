"""Content negotiation: one function for every table of formats and for languages.

RFC 9110, 12.5: ranges, their precedence and q-values.
"""

from collections.abc import Iterable, Sequence

from endpoint.errors import NotAcceptable
from vocab.formats import Format

HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"), "html", "")
"""Not RDF and no query result, yet what browsers ask for."""

Range = tuple[str, float]


def parse(header: str) -> list[Range]:
    """Read Accept or Accept-Language: ranges in lower case with their q-values.

    A q-value that is no number counts as 0; other parameters of a range are not looked at.
    """
    ranges = []
    for item in header.split(","):
        name, *parameters = [part.strip().lower() for part in item.split(";")]
        if name:
            ranges.append((name, _quality(parameters)))
    return ranges


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _quality_of(media_type: str, ranges: dict[str, float]) -> float:
    """The q-value of the most specific range that the media type is in; 0 where there is none."""
    main, _, _ = media_type.partition("/")
    for candidate in (media_type, f"{main}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the offer that the client likes best, among equals the first; None for none of them.

    Without a header everything is acceptable. HTML is offered last: a tool that takes anything
    gets data, and only a client that likes HTML better than all data gets a page.
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = dict(parse(accept))

    def liking(offer: Format) -> float:
        # Other names of a format count where they are named, not where text/* happens to fit.
        named = [ranges[name] for name in offer.media_types if name in ranges]
        return max(named) if named else _quality_of(offer.media_type, ranges)

    best = max(offers, key=liking)
    return best if liking(best) > 0 else None


def not_acceptable(offers: Sequence[Format]) -> NotAcceptable:
    """The error that tells a client what it could have."""
    return NotAcceptable("format.none", offered=", ".join(offer.media_type for offer in offers))


def choose_language(header: str | None, offers: Sequence[str]) -> str:
    """Return the language that Accept-Language likes best (basic filtering, RFC 4647, 3.3.1)."""
    liked: dict[str, float] = {}
    for tag, quality in parse(header or ""):
        language = tag.partition("-")[0]
        if language in offers:
            liked[language] = max(liked.get(language, 0.0), quality)
    best = max(offers, key=lambda language: liked.get(language, 0.0))
    return best if liked.get(best) else offers[0]
