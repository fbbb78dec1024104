"""Value functions: what mappings and queries may call. docs/functions.md describes each."""

from loader.functions import (  # noqa: F401  (declares them)
    addresses,
    area_versions,
    authorities,
    catalogues,
    comparison,
    dates,
    hours,
    identifiers,
    keys,
    lists,
    moments,
    numbers,
    periods,
    places,
    quantities,
    readings,
    surveys,
    text,
    things,
)
from loader.functions.registry import FUNCTIONS, Example, Function, Gives, ValueProblem

__all__ = ["FUNCTIONS", "Example", "Function", "Gives", "ValueProblem"]
