"""JSON files as sources of a mapping document: records by an iterator, values by JSONPath.

A file of a few megabytes is read whole. Of a larger one the records are streamed, which needs an
iterator of names and ``[*]`` only; another one on a large file is refused, because what it holds
would have to be in memory at once. NDJSON is read line by line.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn

import ijson

from loader.encoding import NotATableError
from loader.errors import ConfigurationError, SourceError
from loader.json_bytes import LARGEST
from loader.mapping.json_paths import InvalidPath, JsonPath
from loader.mapping.model import LogicalSource, Reference
from loader.model import Batch
from loader.table.formats.json_records import LIMIT, walk

READ_WHOLE = 2 << 20
"""Bytes up to which a file is read whole; in memory it takes about ten times as much."""

LINES = frozenset({".ndjson", ".jsonl"})
_BOM = b"\xef\xbb\xbf"
FAULTS = (OSError, ValueError, RecursionError, ijson.JSONError)
"""What reading broken JSON raises."""


class JsonSource:
    """An open JSON source; its columns are the references that were asked for."""

    several = True
    """A reference may give several values: a cell is a tuple of them."""

    def __init__(self, path: Path, stated: LogicalSource) -> None:
        self.path = path
        self.header: list[str] = []
        self._stated = stated
        self._paths: list[JsonPath] = []
        self._references: list[Reference] = []

    def resolve(self, reference: Reference, file: Path | str) -> int:
        """Return the number of the column that a reference is; raises ConfigurationError."""
        if reference.name not in self.header:
            self._paths.append(_path(reference.name, file, reference.line))
            self._references.append(reference)
            self.header.append(reference.name)
        return self.header.index(reference.name)

    def batches(self, size: int) -> Iterator[Batch]:
        """Give the records, numbered from 1; references that were met nowhere are an error."""
        records, first = self._records(), 1
        missing = {number for number, path in enumerate(self._paths) if path.singular}
        while found := self._next(records, size):
            missing -= {number for number in missing if self._occurs(number, found)}
            columns = [list(map(path.values, found)) for path in self._paths]
            yield Batch(range(first, first + len(found)), columns)  # type: ignore[arg-type]
            first += len(found)
        if missing and first > 1:
            raise UnknownReference(self._references[min(missing)])

    def _occurs(self, number: int, records: list[Any]) -> bool:
        return any(map(self._paths[number].exists, records))

    def _next(self, records: Iterator[Any], size: int) -> list[Any]:
        try:
            return list(islice(records, size))
        except FAULTS as error:
            raise unreadable(self.path, error) from error

    def _records(self) -> Iterator[Any]:
        if self.path.suffix.lower() in LINES:
            yield from self._of_lines()
        elif self.path.stat().st_size <= READ_WHOLE:
            text = self.path.read_text(encoding="utf-8-sig")
            yield from self._of(_loads(text))
        else:
            yield from self._streamed()

    def _of(self, root: Any) -> list[Any]:
        iterator = self._stated.iterator
        if iterator is None:
            return root if isinstance(root, list) else [root]
        return self._iterator(iterator).find(root)

    def _of_lines(self) -> Iterator[Any]:
        with self.path.open(encoding="utf-8-sig") as stream:
            for line in stream:
                if not line.isspace():
                    yield from self._of(_loads(line))

    def _streamed(self) -> Iterator[Any]:
        with self.path.open("rb") as stream:
            if stream.read(3) != _BOM:
                stream.seek(0)
            iterator = self._stated.iterator or ("$[*]" if _is_array(stream) else "$")
            prefix = _prefix(self._iterator(iterator).steps)
            if prefix is None:
                raise self._too_large(iterator)
            _refuse_monsters(self.path, prefix.count(".") + 1)
            nothing = object()
            items = ijson.items(stream, prefix)
            first = next(items, nothing)
            if first is nothing:
                # ``[*]`` of an object, which JSONPath has and the streaming reader has not.
                raise self._too_large(iterator)
            yield first
            yield from items

    def _too_large(self, iterator: str) -> ConfigurationError:
        return ConfigurationError(
            "mapping.iterator-too-large",
            source=self.path,
            iterator=iterator,
            limit=READ_WHOLE >> 20,
        )

    def _iterator(self, text: str) -> JsonPath:
        return _path(text, self._stated.path, self._stated.line)


class UnknownReference(LookupError):
    """A reference that no record of a source has."""

    def __init__(self, reference: Reference) -> None:
        super().__init__(reference.name)
        self.reference = reference


def unreadable(path: Path, error: Exception) -> SourceError:
    """Return the error about a source that cannot be read."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return SourceError("mapping.source-unreadable", source=path, reason=reason)


def _path(text: str, file: Path | str, line: int | None) -> JsonPath:
    try:
        return JsonPath(text)
    except InvalidPath as error:
        raise ConfigurationError(
            "mapping.invalid-path", file=file, place=line or "-", path=text
        ) from error


def _loads(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word}: no JSON (RFC 8259)")


def _refuse_monsters(path: Path, level: int) -> None:
    """Raise ValueError for a document that is too deep, or a record too large, to be built.

    ``level`` is that of the records. The streaming reader itself would take any memory for them.
    """
    size = 0
    try:
        for around, _, value in walk(path):
            size = size + 1 + (len(value) if isinstance(value, str) else 0)
            if len(around) <= level:
                size = 0
            elif size > LARGEST:
                raise ValueError(f"> {LIMIT}")
    except NotATableError as refusal:
        raise ValueError(f"> {LIMIT}") from refusal


def _is_array(stream: IO[bytes]) -> bool:
    start = stream.tell()
    head = stream.read(4096).lstrip()
    stream.seek(start)
    return head.startswith(b"[")


def _prefix(steps: tuple[str | int, ...] | None) -> str | None:
    """Return the path in the notation of ijson; None where that cannot say it, or means all."""
    if not steps:
        return None
    names = ["item" if step == "*" else step for step in steps]
    if "item" in steps or any(not isinstance(name, str) or "." in name for name in names):
        return None
    return ".".join(map(str, names))
