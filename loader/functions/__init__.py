"""Value functions: what mappings may call. docs/functions.md describes each."""

from loader.functions import (  # noqa: F401  (declares them)
    comparison,
    dates,
    identifiers,
    keys,
    numbers,
    places,
    text,
)
from loader.functions.registry import FUNCTIONS, Example, Function, Gives, ValueProblem

__all__ = ["FUNCTIONS", "Example", "Function", "Gives", "ValueProblem"]
