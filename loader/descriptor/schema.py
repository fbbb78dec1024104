"""Compares a descriptor with descriptor.schema.json: what is wrong in it, and what is unknown."""

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from loader.descriptor.document import Document, Place
from loader.model import Finding

SCHEMA = Path(__file__).parent / "schema.json"

_SHOWN = 80
"""Characters of a wrong value that a message shows."""


@cache
def schema() -> dict[str, Any]:
    """Return the schema."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return read


def wrong_values(document: Document, file: str) -> Iterator[Finding]:
    """Give a violation for each value that is not what its key asks for."""
    validator = Draft202012Validator(schema())
    for error in sorted(validator.iter_errors(document.value), key=lambda error: error.json_path):
        yield _missing(error, document, file) or _wrong(error, document, file)


def _missing(error: ValidationError, document: Document, file: str) -> Finding | None:
    if error.validator != "required" or not isinstance(error.instance, Mapping):
        return None
    required: Any = error.validator_value
    key = next(key for key in required if key not in error.instance)
    place = (*error.absolute_path, key)
    details = {"key": spell(place), **_meaning(place)}
    row = document.lines.get(tuple(error.absolute_path))
    return Finding("descriptor.key-missing", file, row, details=details)


def _wrong(error: ValidationError, document: Document, file: str) -> Finding:
    place = tuple(error.absolute_path)
    value = json.dumps(error.instance, ensure_ascii=False, default=str)[:_SHOWN]
    details = {"key": spell(place) or ".", **_meaning(place)}
    return Finding("descriptor.invalid", file, document.lines.get(place), None, value, details)


def unknown_keys(document: Document, file: str) -> Iterator[Finding]:
    """Give a finding for each key that is not known, with the known one that is nearest to it."""
    for place, known in _unknown(document.value, schema(), ()):
        near = difflib.get_close_matches(str(place[-1]), known, 1)
        details = {"key": spell(place), "near": near[0] if near else None}
        code = "descriptor.unknown-key" if near else "descriptor.extra-key"
        yield Finding(code, file, document.lines.get(place), details=details)


def _unknown(
    value: Any, part: Mapping[str, Any], place: Place
) -> Iterator[tuple[Place, list[str]]]:
    part = _object_of(part)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, part.get("items", {}), (*place, index))
    known = part.get("properties")
    if not isinstance(value, Mapping) or known is None or _is_text(value, part):
        return
    for key, inner in value.items():
        if key in known:
            yield from _unknown(inner, known[key], (*place, key))
        elif not key.startswith(("x-", "_")):
            yield (*place, key), list(known)


def _is_text(value: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether an object is texts by language where another object, with a name, could be."""
    return "required" in part and not any(key in value for key in part["required"])


def _object_of(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return, of a schema that allows a text or an object, the part about the object."""
    choices = [choice for choice in part.get("oneOf", ()) if "properties" in choice]
    return choices[0] if choices else part


def _meaning(place: Place) -> dict[str, object]:
    """Return what the key at a place is for, and an example, from the schema."""
    part: Mapping[str, Any] = schema()
    found: Mapping[str, Any] = part
    for step in place:
        inner = _object_of(part)
        part = inner.get("items", {}) if isinstance(step, int) else _property(inner, step)
        found = part if "x-ja" in part else found
    example = json.dumps(found.get("examples", [""])[0], ensure_ascii=False)
    meaning = {"ja": found.get("x-ja", ""), "en": found["description"]}
    return {"meaning": meaning, "example": example}


def _property(part: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    properties: Mapping[str, Mapping[str, Any]] = part.get("properties", {})
    return properties.get(key, {})


def spell(place: Place) -> str:
    """Return a place as people write it: ``resources[0].path``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")
