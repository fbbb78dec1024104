"""Attributes as GDAL gives them, written as text."""

from collections.abc import Iterator
from typing import Any

import numpy as np

EXACT = 1 << 53
"""Up to here a binary number of 64 bits holds every whole number (IEEE 754)."""

Column = np.ndarray[tuple[int], np.dtype[Any]]


def texts(column: Column, subtype: str) -> list[str]:
    """Write a column: nothing for null, whole numbers without a point.

    ``subtype`` is OGR's: booleans come as numbers where some are null.
    """
    if subtype == "OFSTBoolean":
        return [{"1": "true", "0": "false"}.get(text, text) for text in map(_text, column.tolist())]
    return list(map(_text, column.tolist()))


def inexact(column: Column, type_: str) -> Iterator[int]:
    """Give the places of whole numbers that lost digits: where some are null, GDAL's integers
    come as floating-point numbers."""
    if type_ == "OFTInteger64" and column.dtype.kind == "f":
        yield from map(int, np.flatnonzero(np.abs(column) >= EXACT))


def _text(value: Any) -> str:
    if value is None or value != value:  # NaN is the only value that is not itself
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | np.ndarray):
        return ";".join(map(_text, value))
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
