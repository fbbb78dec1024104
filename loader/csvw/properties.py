"""The kinds of properties that descriptions have, and the inherited properties.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.1 and 5.7. A
value that is not permitted gives way to the default, with a warning.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin

from loader.csvw.annotations import is_common, is_language, node_id
from loader.csvw.datatype_reader import read_datatype
from loader.csvw.problems import Scope

Reader = Callable[[Any, Scope], Any]
_NONE: Any = object()
"""What a reader gives where the property counts as not stated."""


def known(content: Mapping[str, Any], keys: frozenset[str], scope: Scope) -> dict[str, Any]:
    """Return the properties with one of the keys; warn of others that are not common properties."""
    for key in content:
        if key not in keys and not is_common(key):
            scope.at(key).warn(key, "csvw.unknown-property")
    return {key: value for key, value in content.items() if key in keys}


def check_type(content: Mapping[str, Any], expected: str, scope: Scope) -> None:
    """Raise MetadataError where ``@type`` is there and is another than expected."""
    if content.get("@type", expected) != expected:
        raise scope.at("@type").error(content["@type"])


def read_id(content: Mapping[str, Any], scope: Scope) -> str | None:
    """Return ``@id``; raises MetadataError for a blank node. What is no text is the base URL."""
    stated = content.get("@id")
    if stated is None:
        return None
    if not isinstance(stated, str):
        scope.at("@id").warn(stated)
        return scope.base
    return node_id(stated, scope.at("@id"))


def boolean(value: Any, scope: Scope, default: Any = False) -> Any:
    """Return a truth value."""
    if isinstance(value, bool):
        return value
    scope.warn(value)
    return default


def number(value: Any, scope: Scope, default: Any = 0) -> Any:
    """Return a whole number that is not negative."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    scope.warn(value)
    return default


def text(value: Any, scope: Scope, default: Any = None) -> Any:
    """Return a text."""
    if isinstance(value, str):
        return value
    scope.warn(value)
    return default


def link(value: Any, scope: Scope) -> str:
    """Return a URL, resolved; what is no text is the base URL (5.1.2)."""
    return urljoin(scope.base, str(text(value, scope, "")))


def natural_language(value: Any, scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return texts by language (5.1.6)."""
    if isinstance(value, Mapping):
        return {
            language: found
            for language, item in value.items()
            if (found := _language_texts(language, item, scope.at(language)))
        }
    found = _texts(value, scope)
    return {scope.language: found} if found else {}


def _language_texts(language: str, value: Any, scope: Scope) -> tuple[str, ...]:
    if is_language(language):
        return _texts(value, scope)
    scope.warn(language)
    return ()


def _texts(value: Any, scope: Scope) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, str):
            scope.warn(item)
    return tuple(item for item in items if isinstance(item, str))


# --- inherited properties -----------------------------------------------------------------------


def _template(value: Any, scope: Scope) -> str:
    return str(text(value, scope, ""))


def _lang(value: Any, scope: Scope) -> Any:
    if is_language(value):
        return value
    scope.warn(value)
    return _NONE


def _null(value: Any, scope: Scope) -> Any:
    found = _texts(value, scope)
    return found or ("",)


def _optional_text(value: Any, scope: Scope) -> Any:
    return None if value is None else text(value, scope)


def _default(value: Any, scope: Scope) -> Any:
    return text(value, scope, "")


def _direction(value: Any, scope: Scope) -> Any:
    if value not in ("ltr", "rtl", "auto", "inherit"):
        scope.warn(value)
    return _NONE


_INHERITED: dict[str, tuple[str, Reader]] = {
    "aboutUrl": ("about_url", _template),
    "datatype": ("datatype", read_datatype),
    "default": ("default", _default),
    "lang": ("lang", _lang),
    "null": ("null", _null),
    "ordered": ("ordered", boolean),
    "propertyUrl": ("property_url", _template),
    "required": ("required", boolean),
    "separator": ("separator", _optional_text),
    "textDirection": ("", _direction),
    "valueUrl": ("value_url", _template),
}
INHERITED = frozenset(_INHERITED)


def inherited(content: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Return the inherited properties that an object states, by the names of ``Cells``."""
    found = {}
    for key, (name, reader) in _INHERITED.items():
        value = reader(content[key], scope.at(key)) if key in content else _NONE
        if value is not _NONE:
            found[name] = value
    return found
