"""The sources that a mapping document names, when it is run by itself: CSV, TSV and JSON files."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from loader.errors import ConfigurationError, SourceError
from loader.mapping.model import LogicalSource
from loader.model import Batch

BATCH_ROWS = 2_000
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_STEP = re.compile(r"\.([^.\[\]]+)|\[\*\]|\['([^']+)'\]")
csv.field_size_limit(1 << 24)


class Source:
    """An open source: its header and its rows, in batches."""

    def __init__(self, path: Path, source: LogicalSource) -> None:
        self.path = path
        self._source = source
        reader = _json_rows if source.formulation in {"json", "jsonpath"} else _csv_rows
        if source.formulation not in {*_DELIMITERS, "json", "jsonpath"}:
            raise ConfigurationError(
                "mapping.unsupported-source", source=f"{source.path} ({source.formulation})"
            )
        self._rows = reader(path, source)
        try:
            self.header = next(self._rows, [])
        except (OSError, ValueError, csv.Error) as error:
            raise _unreadable(path, error) from error

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Give the rows, which are filled up or cut to the width of the header."""
        width, first = len(self.header), 2
        padding = [""] * width
        try:
            while rows := list(islice(self._rows, size)):
                fitted = [(row + padding)[:width] for row in rows]
                numbers = range(first, first + len(rows))
                first += len(rows)
                yield Batch(numbers, list(zip(*fitted, strict=True)))
        except (OSError, ValueError, csv.Error) as error:
            raise _unreadable(self.path, error) from error


def _unreadable(path: Path, error: Exception) -> SourceError:
    reason = " ".join(str(error).split())
    return SourceError("mapping.source-unreadable", source=path, reason=reason)


def _csv_rows(path: Path, source: LogicalSource) -> Iterator[list[str]]:
    """Read RFC 4180; rows without any cell are passed over."""
    stated = source.delimiter
    delimiter = _DELIMITERS[source.formulation] if stated == "," else stated
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.reader(stream, delimiter=delimiter):
            if row:
                yield row


def _json_rows(path: Path, source: LogicalSource) -> Iterator[list[str]]:
    """Read the objects that the iterator (``$.a.b[*]``) leads to; their keys are the header."""
    steps = _steps(source)
    with path.open(encoding="utf-8-sig") as stream:
        items = _walk(json.load(stream), steps)
    rows = [_flat(item) for item in items if isinstance(item, dict)]
    header = list(dict.fromkeys(key for row in rows for key in row))
    yield header
    for row in rows:
        yield [row.get(key, "") for key in header]


def _steps(source: LogicalSource) -> list[str]:
    """Read a JSONPath of names and ``[*]``; ``*`` stands for all items."""
    path = (source.iterator or "$[*]").removeprefix("$")
    if _STEP.sub("", path):
        raise ConfigurationError(
            "mapping.unsupported-source", source=f"{source.path} ({source.iterator})"
        )
    return [found.group(1) or found.group(2) or "*" for found in _STEP.finditer(path)]


def _walk(value: Any, steps: list[str]) -> list[Any]:
    found = [value]
    for step in steps:
        if step == "*":
            found = [item for one in found if isinstance(one, list) for item in one]
        else:
            found = [one[step] for one in found if isinstance(one, dict) and step in one]
    return found


def _flat(item: dict[str, Any], before: str = "") -> dict[str, str]:
    """Return the values of an object by their path (``a.b``); arrays have none."""
    flat: dict[str, str] = {}
    for key, value in item.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{key}.")
        elif not isinstance(value, list):
            flat[before + key] = _scalar(value)
    return flat


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
