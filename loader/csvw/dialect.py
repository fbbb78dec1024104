"""Reads dialect descriptions (https://www.w3.org/TR/tabular-metadata/, 5.9)."""

from collections.abc import Callable, Mapping
from typing import Any

from loader.csvw.model import Dialect
from loader.csvw.problems import Scope
from loader.csvw.properties import boolean, check_type, known, number, read_id
from loader.encoding import find_codec

_DEFAULT = Dialect()
_KEYS = frozenset(
    ("@id", "@type", "commentPrefix", "delimiter", "doubleQuote", "encoding", "header")
    + ("headerRowCount", "lineTerminators", "quoteChar", "skipBlankRows", "skipColumns")
    + ("skipInitialSpace", "skipRows", "trim")
)
_NONE: Any = object()


def read_dialect(content: Any, scope: Scope) -> Dialect:
    """Return a dialect; a value that is not permitted gives way to the default, with a warning."""
    if content is None:
        return _DEFAULT
    if not isinstance(content, Mapping):
        scope.warn(content)
        return _DEFAULT
    check_type(content, "Dialect", scope)
    read_id(content, scope)
    stated = known(content, _KEYS, scope)
    found: dict[str, Any] = {"comment": "#"}
    for key, (name, reader) in _READERS.items():
        if key not in stated:
            continue
        value = reader(stated[key], scope.at(key))
        if value is not _NONE:
            found[name] = value
    header = found.pop("header", True)
    found.setdefault("header_rows", int(header))
    if "skip_initial_space" in found and "trim" not in found:
        found["trim"] = "start" if found["skip_initial_space"] else "false"
    return Dialect(stated=frozenset(stated), **found)


def _character(value: Any, scope: Scope) -> Any:
    if isinstance(value, str) and len(value) == 1:
        return value
    scope.warn(value)
    return _NONE


def _quote(value: Any, scope: Scope) -> Any:
    return None if value is None else _character(value, scope)


def _comment(value: Any, scope: Scope) -> Any:
    if value is None or isinstance(value, str):
        return value or None
    scope.warn(value)
    return _NONE


def _encoding(value: Any, scope: Scope) -> Any:
    if isinstance(value, str) and find_codec(value):
        return value
    scope.warn(value)
    return _NONE


def _flag(value: Any, scope: Scope) -> Any:
    return boolean(value, scope, _NONE)


def _count(value: Any, scope: Scope) -> Any:
    return number(value, scope, _NONE)


def _trim(value: Any, scope: Scope) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if value in ("true", "false", "start", "end"):
        return value
    scope.warn(value)
    return _NONE


def _terminators(value: Any, scope: Scope) -> Any:
    items = value if isinstance(value, list) else [value]
    if not all(item in ("\r\n", "\n", "\r") for item in items):
        scope.warn(value)
    return _NONE


_READERS: dict[str, tuple[str, Callable[[Any, Scope], Any]]] = {
    "commentPrefix": ("comment", _comment),
    "delimiter": ("delimiter", _character),
    "doubleQuote": ("double_quote", _flag),
    "encoding": ("encoding", _encoding),
    "header": ("header", _flag),
    "headerRowCount": ("header_rows", _count),
    "lineTerminators": ("", _terminators),
    "quoteChar": ("quote", _quote),
    "skipBlankRows": ("skip_blank_rows", _flag),
    "skipColumns": ("skip_columns", _count),
    "skipInitialSpace": ("skip_initial_space", _flag),
    "skipRows": ("skip_rows", _count),
    "trim": ("trim", _trim),
}
