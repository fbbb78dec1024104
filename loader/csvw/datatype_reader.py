"""Reads datatype descriptions: base, format and constraints that fit together.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.11.
"""

from collections.abc import Mapping
from typing import Any

from loader.csvw import regex
from loader.csvw.annotations import is_common, node_id
from loader.csvw.cells import comparable
from loader.csvw.datatypes import (
    BINARY,
    BUILTIN_IRIS,
    DATES,
    NUMERIC,
    STRING,
    Datatype,
    NumberFormat,
    builtin,
    is_a,
)
from loader.csvw.dates import compile_format
from loader.csvw.numbers import compile_pattern
from loader.csvw.problems import Scope

_LENGTHS = ("length", "minLength", "maxLength")
_LIMITS = {
    "minimum": "minInclusive",
    "maximum": "maxInclusive",
    "minInclusive": "minInclusive",
    "maxInclusive": "maxInclusive",
    "minExclusive": "minExclusive",
    "maxExclusive": "maxExclusive",
}
_KEYS = {"@id", "@type", "base", "format", *_LENGTHS, *_LIMITS}


def read_datatype(value: Any, scope: Scope) -> Datatype:
    """Return a datatype; raises MetadataError for constraints that contradict each other."""
    if isinstance(value, str):
        return Datatype(_base(value, scope))
    if not isinstance(value, Mapping):
        scope.warn(value)
        return STRING
    for key in value:
        if key not in _KEYS and not is_common(key):
            scope.at(key).warn(key, "csvw.unknown-property")
    base = _base(value.get("base", "string"), scope.at("base"))
    return Datatype(
        base,
        _id(value, scope),
        _format(value["format"], base, scope.at("format")) if "format" in value else None,
        _lengths(value, base, scope),
        _limits(value, base, scope),
    )


def _base(value: Any, scope: Scope) -> str:
    known = builtin(value) if isinstance(value, str) else None
    if known is None:
        scope.warn(value)
        return "string"
    return known


def _id(value: Mapping[str, Any], scope: Scope) -> str | None:
    if "@id" not in value:
        return None
    found = node_id(value["@id"], scope.at("@id"))
    if found in BUILTIN_IRIS:
        raise scope.at("@id").error(found)
    return found


# --- formats ------------------------------------------------------------------------------------


def _format(value: Any, base: str, scope: Scope) -> str | NumberFormat | None:
    """Return a format that can be used; else None, with a warning."""
    try:
        if is_a(base, *NUMERIC):
            return _number_format(value, scope)
        if not isinstance(value, str):
            raise ValueError(value)
        _check_format(value, base)
    except ValueError:
        scope.warn(value, "csvw.bad-format")
        return None
    return value


def _check_format(value: str, base: str) -> None:
    if is_a(base, *DATES):
        compile_format(value, base)
    elif base == "boolean":
        words = value.split("|")
        if len(words) != 2 or not all(words) or words[0] == words[1]:
            raise ValueError(value)
    elif not regex.is_valid(value):
        raise ValueError(value)


def _number_format(value: Any, scope: Scope) -> NumberFormat:
    if isinstance(value, str):
        found = NumberFormat(value)
    elif isinstance(value, Mapping):
        found = NumberFormat(
            _text(value, "pattern", scope),
            _text(value, "decimalChar", scope) or ".",
            _text(value, "groupChar", scope),
        )
    else:
        raise ValueError(value)
    if found.pattern is not None:
        compile_pattern(found)
    return found


def _text(value: Mapping[str, Any], key: str, scope: Scope) -> str | None:
    found = value.get(key)
    if found is None or (isinstance(found, str) and found):
        return found
    scope.at(key).warn(found)
    return None


# --- constraints --------------------------------------------------------------------------------


def _lengths(value: Mapping[str, Any], base: str, scope: Scope) -> dict[str, int]:
    stated = [key for key in _LENGTHS if key in value]
    if stated and not is_a(base, "string", "anyURI", *BINARY):
        raise scope.at(stated[0]).error(value[stated[0]], "csvw.contradiction")
    found = {}
    for key in stated:
        if type(value[key]) is int and value[key] >= 0:
            found[key] = value[key]
        else:
            scope.at(key).warn(value[key])
    exact, least, most = (found.get(key) for key in _LENGTHS)
    pairs = ((least, exact), (exact, most), (least, most))
    if any(low is not None and high is not None and low > high for low, high in pairs):
        raise scope.error(found, "csvw.contradiction")
    return found


def _limits(value: Mapping[str, Any], base: str, scope: Scope) -> dict[str, str]:
    stated = [key for key in _LIMITS if key in value]
    if stated and not is_a(base, "duration", *NUMERIC, *DATES):
        raise scope.at(stated[0]).error(value[stated[0]], "csvw.contradiction")
    found = {}
    for key in stated:
        try:
            comparable(str(value[key]), base)
        except ValueError:
            scope.at(key).warn(value[key])
        else:
            found[_LIMITS[key]] = str(value[key])
    _check_limits(found, base, scope)
    return found


def _check_limits(found: Mapping[str, str], base: str, scope: Scope) -> None:
    limits = {key: comparable(text, base) for key, text in found.items()}
    for inclusive, exclusive in (
        ("minInclusive", "minExclusive"),
        ("maxInclusive", "maxExclusive"),
    ):
        if inclusive in limits and exclusive in limits:
            raise scope.error(found, "csvw.contradiction")
    for low in ("minInclusive", "minExclusive"):
        for high in ("maxInclusive", "maxExclusive"):
            if low not in limits or high not in limits:
                continue
            strict = "Exclusive" in low + high and low[3:] != high[3:]
            if limits[low] > limits[high] or (strict and limits[low] == limits[high]):
                raise scope.error(found, "csvw.contradiction")
