"""Answers of stored queries, in the formats of the plain API."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from endpoint.errors import BadRequest, NotFound
from endpoint.evaluation.rows import limited
from endpoint.evaluation.task import Answer, Task
from endpoint.http.negotiation import negotiate, not_acceptable
from endpoint.queries.binding import bound_text
from endpoint.queries.model import StoredQuery
from endpoint.queries.values import bind
from endpoint.settings import Settings
from endpoint.sparql.answering import asking, note
from endpoint.sparql.guard import Inspection, admit
from endpoint.sparql.protocol import Parameters, rows_of, seconds_of
from endpoint.state import release, site
from vocab.formats import EXCEL, GEOJSON, RDF_FORMATS, RESULT_FORMATS, Format

ROWS = Format("rows", "JSON", ("application/json",), "json", "")
"""An object for each row, with plain values."""
_XML, _CSV, _TSV = (format_ for format_ in RESULT_FORMATS if format_.name != "json")
_TRUTH = Format("json", "JSON", ("application/json",), "json", "")

FORMATS: dict[str, tuple[Format, ...]] = {
    "select": (ROWS, _CSV, GEOJSON, EXCEL, _TSV, _XML),
    "ask": (_TRUTH, _CSV, _TSV, _XML),
    "construct": RDF_FORMATS,
}
"""What the API gives for each form of query; the first where a client does not say."""
WORDS = frozenset(("format", "lang", "limit", "timeout"))
"""What the API itself understands."""
_SAME_IN_RDF = {"json": "jsonld", "xml": "rdf"}


@dataclass(frozen=True, slots=True)
class Bound:
    """A stored query with values: what is asked of the store."""

    query: StoredQuery
    text: str
    seen: Inspection
    rows: int | None
    """What the request limits the rows to, where that is fewer than the query's own limit."""
    seconds: float | None


def prepare(query: StoredQuery, given: Parameters, settings: Settings) -> Bound:
    """Put values into a query; raises BadRequest that names the parameter."""
    own = {name: values for name, values in given.items() if name not in WORDS}
    whole = bound_text(query, bind(query, own))
    rows = rows_of(given) if query.form != "ask" else None
    text = whole if rows is None else limited(whole, rows)
    seen = admit(text, settings.query_bytes, settings.query_depth)
    return Bound(query, text, seen, None if text == whole else rows, seconds_of(given))


def choose(
    query: StoredQuery, suffix: str | None, asked: Sequence[str], accept: str | None
) -> Format:
    """The format of the answer: the suffix before ``format=``, and this before Accept.

    Raises NotFound, BadRequest or NotAcceptable.
    """
    offers = FORMATS[query.form]
    known = {offer.suffix: offer for offer in offers}
    if query.form == "construct":
        known |= {word: known[same] for word, same in _SAME_IN_RDF.items()}
    words = [word for word in asked if word]
    if suffix is not None:
        if suffix not in known:
            raise NotFound("http.404")
        return known[suffix]
    if words:
        if len(set(words)) > 1 or words[0].lower() not in known:
            raise BadRequest("api.no-format", given=", ".join(words), known=", ".join(known))
        return known[words[0].lower()]
    chosen = negotiate(accept, offers)
    if chosen is None:
        raise not_acceptable(offers)
    return chosen


def run(bound: Bound, format_name: str, is_page: bool = False) -> Answer:
    """Evaluate a query with values, as whoever sent the request; a page needs all of the result."""
    note(bound.text)
    graph = bound.query.form == "construct"
    task = Task(
        query=bound.text,
        result_format=None if graph else format_name,
        graph_format=format_name if graph else None,
        union=not bound.seen.dataset,
    )
    place = asking(request, site(), bound.seconds, is_page)
    return site().workers.queries.run(release(), task, place)
