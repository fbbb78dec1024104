"""Reads a descriptor's JSON or YAML as plain values, and remembers on which line a key stands.

YAML is read by the core schema of YAML 1.2 (10.3), except that what a number's notation would lose
stays text: 011002 is a code, not eleven thousand and two, and dates stay as they are written.
A key without a value (null) counts as absent. Aliases are refused, so a small file cannot stand
for a large one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml
from yaml import (
    AliasEvent,
    MappingNode,
    MarkedYAMLError,
    Node,
    ScalarNode,
    SequenceNode,
    YAMLError,
)

LARGEST = 1_000_000
"""Bytes."""

Place = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{1,15}")
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}


class _Mark(Protocol):
    """A place that PyYAML tells, counted from 0."""

    line: int
    column: int


class DocumentError(Exception):
    """A document that cannot be read; ``line`` and ``column`` count from 1."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, and the lines of its keys (YAML only)."""

    value: Any
    lines: Mapping[Place, int] = field(default_factory=dict)


def read_document(path: Path) -> Document:
    """Read a document; raises DocumentError, and OSError where there is no file to read."""
    if path.stat().st_size > LARGEST:
        raise DocumentError(f"> {LARGEST:,} bytes")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("not UTF-8") from error
    try:
        return Document(_json(text)) if path.suffix == ".json" else _yaml(text)
    except RecursionError as error:
        raise DocumentError("nested too deeply") from error


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_key_twice)
    except json.JSONDecodeError as error:
        raise DocumentError(error.msg, error.lineno, error.colno) from error
    except ValueError as error:
        raise DocumentError(str(error)) from error


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    for key in found:
        if sum(1 for name, _ in pairs if name == key) > 1:
            raise DocumentError(f"duplicate key {key!r}")
    return {key: value for key, value in found.items() if value is not None}


def _yaml(text: str) -> Document:
    lines: dict[Place, int] = {}
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        return Document(_value(node, (), lines), lines)
    except MarkedYAMLError as error:
        line, column = _after(error.problem_mark or error.context_mark)
        raise DocumentError(error.problem or error.context or "YAML", line, column) from error
    except YAMLError as error:
        raise DocumentError(" ".join(str(error).split())) from error


def _after(mark: _Mark | None) -> tuple[int | None, int | None]:
    """Return line and column of a mark, from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (None, None)


def _refuse_aliases(text: str) -> None:
    if "*" not in text:
        return
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, AliasEvent):
            line, column = _after(event.start_mark)
            raise DocumentError(f"alias *{event.anchor}", line, column)


def _value(node: Node | None, place: Place, lines: dict[Place, int]) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, SequenceNode):
        return [_value(item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node) if isinstance(node, ScalarNode) else None


def _mapping(node: MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key, ScalarNode):
            raise DocumentError("a key that is no text", line, column)
        if (*place, key.value) in lines:
            raise DocumentError(f"duplicate key {key.value!r}", line, column)
        lines[(*place, key.value)] = line
        found[key.value] = _value(value, (*place, key.value), lines)
    return {key: value for key, value in found.items() if value is not None}


def _scalar(node: ScalarNode) -> Any:
    """Return the value of a scalar; only plain ones (without quotation marks) are no text."""
    text: str = node.value
    if node.style:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
