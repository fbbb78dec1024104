"""A result on a page: as table, chart or map, with the addresses of the same in other shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from endpoint.drawing.chart import Chart, draw_chart
from endpoint.drawing.map import Map, draw_map
from endpoint.evaluation.task import Answer
from endpoint.links import here, rooted
from endpoint.sparql.results import Shown, shown
from endpoint.state import site
from vocab.formats import RDF_FORMATS, RESULT_FORMATS, TABLE_FORMATS

MAP_ROWS = 2000
"""Rows of a result that a map shows; tables and charts show fewer."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Presented:
    """A result as a page shows it."""

    result: Shown
    view: str
    """``table``, ``chart`` or ``map``."""
    missing: str
    """The view that was asked for, where the result has nothing for it."""
    views: Mapping[str, str]
    """Addresses of the views that the result has."""
    chart: Chart | None
    map: Map | None
    attribution: str
    """Whose images are behind the map."""
    downloads: Sequence[tuple[str, str]]
    """Names of formats and addresses."""


def wanted_view() -> str:
    """The view that the request asks for."""
    return request.values.get("view") or "table"


def read_result(answer: Answer) -> Shown:
    """The rows that the wanted view shows."""
    limit = site().settings.table_rows
    return shown(answer, max(limit, MAP_ROWS) if wanted_view() == "map" else limit)


def present(
    result: Shown, page: str, pairs: Pairs, downloads: Sequence[tuple[str, str]]
) -> Presented:
    """Prepare a result whose page has the address ``page`` with the parameters ``pairs``."""
    table = result.form == "select"
    chart = draw_chart(result) if table else None
    drawn = draw_map(result, site().settings.map_tiles) if table else None
    found = {"table": True, "chart": chart is not None, "map": drawn is not None}
    addresses = {
        view: here(f"{page}?{urlencode([*pairs, ('view', view)])}")
        for view, there in found.items()
        if there
    }
    asked = wanted_view()
    return Presented(
        result=result,
        view=asked if asked in addresses else "table",
        missing=asked if table and asked in found and asked not in addresses else "",
        views=addresses if len(addresses) > 1 else {},
        chart=chart,
        map=drawn,
        attribution=site().settings.map_attribution,
        downloads=downloads,
    )


def query_downloads(result: Shown, query: str) -> list[tuple[str, str]]:
    """The formats in which the address of the request gives a result."""
    formats = RDF_FORMATS if result.form == "graph" else RESULT_FORMATS
    if result.form == "select":
        formats = (*formats, *TABLE_FORMATS)
    address = rooted(request.path)
    return [
        (format_.label, f"{address}?{urlencode({'query': query, 'format': format_.suffix})}")
        for format_ in formats
    ]
