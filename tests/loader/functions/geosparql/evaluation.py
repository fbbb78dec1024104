"""Evaluates an expression in the engine, with the GeoSPARQL functions."""

from pyoxigraph import Store

from loader.functions.geosparql import custom_aggregates, custom_geo_functions

PREFIXES = """
PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def value(expression: str, where: str = "") -> object:
    """The term that an expression gives; None where it is unbound."""
    query = f"{PREFIXES} SELECT ({expression} AS ?found) {{ {where} }}"
    rows = Store().query(
        query,
        custom_functions=custom_geo_functions(),
        custom_aggregate_functions=custom_aggregates(),
    )
    return next(iter(rows))["found"]
