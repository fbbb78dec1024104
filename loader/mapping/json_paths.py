"""JSONPath in mappings (RFC 9535): the iterator of a source, and references into its records.

References are also read in the ways that documents in use write them: ``Country Code`` and
``a.b`` without ``$``, ``$.['ISO 3166']``. A reference that leads to several values, or to an
array, gives all of them; ``null``, objects and blank texts are no values.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError
from jsonpath.segments import JSONPathChildSegment
from jsonpath.selectors import IndexSelector, NameSelector, WildcardSelector

_STEP = re.compile(r"(\.\.)?\*|(\.\.)?\[(?:'[^']*'|\"[^\"]*\"|[^\]'\"]*)+\]|(\.\.)?[^.\[\]]+")
_PATHS = JSONPathEnvironment()
_PLACES = 40
"""Numbers with more digits than this before or after the point keep their exponent."""

Find = Callable[[Any], Sequence[str]]


class InvalidPath(ValueError):
    """A text that is no JSONPath."""


class JsonPath:
    """A path, compiled. ``steps`` are its names, indexes and ``*`` where it has nothing else."""

    def __init__(self, text: str) -> None:
        self._compiled = _compiled(text)
        self.steps = _steps(self._compiled)
        self.singular = self.steps is not None and "*" not in self.steps

    def find(self, value: Any) -> list[Any]:
        """Return what the path leads to."""
        if self.singular:
            return _walk(value, self.steps or ())
        return list(self._compiled.findall(value))

    def values(self, record: Any) -> tuple[str, ...]:
        """Return the values that the path leads to, each once, as they stand in literals."""
        texts = (text for found in self.find(record) for text in _texts(found))
        return tuple(dict.fromkeys(texts))

    def exists(self, record: Any) -> bool:
        """Whether the path leads to anything, ``null`` included; only asked of simple paths."""
        return not self.singular or bool(_walk(record, self.steps or ()))


def _compiled(text: str) -> Any:
    for spelling in _spellings(text):
        try:
            return _PATHS.compile(spelling)
        except JSONPathError:
            continue
    raise InvalidPath(text)


def _spellings(text: str) -> Iterator[str]:
    """Give the ways in which a text may be meant, the standard one first."""
    path = "$" + text[1:] if text.startswith(("$", "@")) else "$." + text
    yield path.replace(".[", "[")
    rest = path[1:].replace(".[", "[").removeprefix(".")
    steps = list(_STEP.finditer(rest))
    if "".join(rest.split(".")) == "".join("".join(found.group().split(".")) for found in steps):
        yield "$" + "".join(_quoted(found.group()) for found in steps)


def _quoted(step: str) -> str:
    """Write a step in brackets, where nothing but the name can be meant."""
    deep, name = (".." if step.startswith("..") else ""), step.removeprefix("..")
    if name == "*" or name.startswith("["):
        return deep + name.replace("*", "[*]", 1) if name == "*" else deep + name
    return f"{deep}[{json.dumps(name, ensure_ascii=False)}]"


def _steps(compiled: Any) -> tuple[str | int, ...] | None:
    steps: list[str | int] = []
    # A union or intersection of paths, which the library has too, has no segments of its own.
    for segment in getattr(compiled, "segments", (None,)):
        selectors: Sequence[object] = getattr(segment, "selectors", ())
        if not isinstance(segment, JSONPathChildSegment) or len(selectors) != 1:
            return None
        step = _step(selectors[0])
        if step is None:
            return None
        steps.append(step)
    return tuple(steps)


def _step(selector: object) -> str | int | None:
    match selector:
        case NameSelector():
            return str(selector.name)
        case IndexSelector():
            return int(selector.index)
        case WildcardSelector():
            return "*"
    return None


def _walk(value: Any, steps: Sequence[str | int]) -> list[Any]:
    """Follow names and indexes; a name is asked of objects only, an index of arrays only."""
    for step in steps:
        if isinstance(value, str):
            return []
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return []
    return [value]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value and not value.isspace():
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int | Decimal):
        yield _number(value)


def _number(value: int | Decimal) -> str:
    """Write a number without an exponent, as XSD's decimals are, unless it is very long."""
    if isinstance(value, Decimal) and abs(value.adjusted()) < _PLACES:
        return f"{value:f}"
    return str(value)
