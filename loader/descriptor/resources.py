"""The files that a descriptor names: inside its folder, or at an address of the web."""

import errno
import mimetypes
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin

from loader.descriptor.naming import file_name, free_name, is_url, slug
from loader.encoding import find_codec
from loader.model import Field, Finding, FindingLog, Identifiers, Resource, Unpivot

MAPPING_SUFFIXES = (".yaml", ".yml", ".ttl", ".json")
"""A ``mapping`` that ends so is a document; anything else is the name of a standard dataset."""

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".geojson": "application/geo+json",
    ".topojson": "application/topo+json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".gml": "application/gml+xml",
    ".shp": "application/vnd.shp",
    ".zip": "application/zip",
    ".kmz": "application/vnd.google-earth.kmz",
    ".gz": "application/gzip",
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}
"""Data, by suffix."""

DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ppt": "application/vnd.ms-powerpoint",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
"""Documents, by suffix: they are listed and served, nothing is read from them."""

LEDGER = ".identifiers.csv"
"""What the name of a ledger of identifiers ends with; it is no data to publish."""

UNKNOWN = "application/octet-stream"
"""The media type of a file that says nothing about what it is."""

_FOREIGN = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:|/|~|\\)|\\|\x00")


@dataclass(frozen=True, slots=True)
class Resources:
    """Reads the resources of one descriptor.

    ``address`` is where the descriptor was fetched from: what it names is there too.
    """

    folder: Path
    file: str
    findings: FindingLog
    address: str | None = None

    def read(self, entries: Sequence[Mapping[str, Any]]) -> tuple[Resource, ...]:
        """Return the resources whose files can be used; the others are reported."""
        found: list[Resource] = []
        for index, entry in enumerate(entries):
            key, stated = f"resources[{index}].path", entry["path"]
            url = self._url(stated)
            path = _remote(url, found) if url else self._path(key, stated)
            if path is None:
                continue
            resource = self._resource(index, path, entry, url)
            if not _is_another(resource, found):
                self._report("descriptor.duplicate-file", key, path.name)
                continue
            found.append(resource)
        return tuple(found)

    def _url(self, stated: str) -> str | None:
        """Return the address of a file that is to be fetched."""
        if is_url(stated):
            return stated
        return urljoin(self.address, stated) if self.address else None

    def _resource(
        self, index: int, path: Path, entry: Mapping[str, Any], url: str | None
    ) -> Resource:
        dialect, schema = entry.get("dialect", {}), entry.get("schema", {})
        key = schema.get("primaryKey", ())
        title = entry.get("title", {})
        return Resource(
            name=entry.get("name") or slug(path.stem),
            path=path,
            title={"ja": title} if isinstance(title, str) else title,
            encoding=self._encoding(f"resources[{index}].encoding", entry.get("encoding")),
            delimiter=dialect.get("delimiter"),
            header_row=_header_row(entry, dialect),
            fields=tuple(map(_field, schema.get("fields", ()))),
            primary_key=(key,) if isinstance(key, str) else tuple(key),
            mapping=self._mapping(f"resources[{index}].mapping", entry.get("mapping")),
            unpivot=_unpivot(entry.get("unpivot")),
            media_type=_media_type(path, entry),
            url=url,
            sheet=dialect.get("sheetName", dialect.get("sheetNumber")),
            cells=dialect.get("range"),
            records=dialect.get("property"),
            identifiers=self._identifiers(index, path, entry.get("identifiers")),
        )

    def _identifiers(
        self, index: int, path: Path, entry: Mapping[str, str] | None
    ) -> Identifiers | None:
        """Return which identifiers things are given; the ledger lies beside the table or below."""
        if entry is None:
            return None
        stated = entry.get("ledger", f"{path.stem}{LEDGER}")
        if not self._is_inside(stated):
            self._report("descriptor.unsafe-path", f"resources[{index}].identifiers.ledger", stated)
            return None
        first, _, last = entry.get("block", "").upper().partition("-")
        return Identifiers(entry["scheme"], self.folder / stated, (first, last) if first else None)

    def _path(self, key: str, stated: str) -> Path | None:
        """Return the file that a path of the descriptor names, if it is one of its folder."""
        path = self.folder / stated
        if not self._is_inside(stated):
            self._report("descriptor.unsafe-path", key, stated)
        elif not path.exists():
            self._report("descriptor.file-missing", key, stated)
        elif not path.is_file():
            details = {"reason": os.strerror(errno.EISDIR)}
            self.findings.add(Finding("source.unreadable", stated, details=details))
        else:
            return path
        return None

    def _is_inside(self, stated: str) -> bool:
        if _FOREIGN.search(stated) or ".." in PurePosixPath(stated).parts:
            return False
        folder = self.folder.resolve()
        return (folder / stated).resolve().is_relative_to(folder)

    def _report(self, code: str, key: str, value: str) -> None:
        self.findings.add(Finding(code, self.file, None, None, value, {"key": key}))

    def _encoding(self, key: str, stated: str | None) -> str | None:
        if stated is None or find_codec(stated):
            return stated
        self._report("descriptor.value-left-out", key, stated)
        return None

    def _mapping(self, key: str, stated: str | None) -> str | None:
        if stated is None or not stated.endswith(MAPPING_SUFFIXES):
            return stated
        path = self._path(key, stated)
        return str(path.resolve()) if path else None


def _remote(url: str, others: Sequence[Resource]) -> Path:
    """Return the name that a file to fetch will have: one for each address."""
    known = {other.url: other.path for other in others}
    taken = {other.path.name for other in others}
    return known.get(url) or Path(free_name(file_name(url), taken))


def _is_another(resource: Resource, others: Sequence[Resource]) -> bool:
    """Whether it is another file than the others, or another sheet of the same file."""
    return all(
        other.path == resource.path
        and None not in (other.sheet, resource.sheet)
        and other.sheet != resource.sheet
        for other in others
        if other.path.name == resource.path.name
    )


def _header_row(entry: Mapping[str, Any], dialect: Mapping[str, Any]) -> int | None:
    """Return the record of the header where it is stated; 0 says that there is none."""
    if dialect.get("header") is False:
        return 0
    row: int | None = entry.get("headerRow", dialect.get("headerRow"))
    return row


def _unpivot(entry: Mapping[str, Any] | None) -> Unpivot | None:
    """Return how columns become rows (docs/statistics.md)."""
    if entry is None:
        return None
    columns = {
        name: {fact: str(value) for fact, value in facts.items()}
        for name, facts in entry.get("columns", {}).items()
    }
    return Unpivot(entry["name"], entry["value"], columns, entry.get("pattern"))


def _field(entry: Mapping[str, Any]) -> Field:
    return Field(
        name=entry["name"],
        title=entry.get("title"),
        type=entry.get("type", "string"),
        unit=entry.get("unit"),
    )


def _media_type(path: Path, entry: Mapping[str, Any]) -> str:
    types = MEDIA_TYPES | DOCUMENT_TYPES
    stated = entry.get("mediatype") or types.get("." + str(entry.get("format", "")).lower())
    known = stated or types.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    return known or UNKNOWN
