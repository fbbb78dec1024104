"""The description that lies beside a file, and what it says of the dataset as a whole.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 5.3: first
``X.csv-metadata.json``, then ``csv-metadata.json``; one that does not name the file is not used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loader.csvw.context import PREFIXES
from loader.csvw.metadata import read_metadata
from loader.csvw.model import UNDETERMINED, Table, TableGroup
from loader.csvw.place import PATTERNS, Place, read_json
from loader.csvw.problems import MetadataError
from loader.model import Finding, FindingLog, Package, Resource
from vocab import licences

SUFFIX = "-metadata.json"
_NOWHERE = "https://example.invalid/"
"""The URL of a folder where URLs are of no interest."""

_DC, _DC11, _SCHEMA = PREFIXES["dc"], PREFIXES["dc11"], PREFIXES["schema"]
_RDFS, _DCAT = PREFIXES["rdfs"], PREFIXES["dcat"]
_TITLE = (_DC + "title", _DC11 + "title", _SCHEMA + "name", _RDFS + "label")
_DESCRIPTION = (_DC + "description", _DC11 + "description", _SCHEMA + "description")
_LICENCE = (_DC + "license", _SCHEMA + "license", _DC + "rights")
_KEYWORDS = (_DCAT + "keyword", _SCHEMA + "keywords")
_DEFAULT_LANGUAGE = "ja"


@dataclass(frozen=True, slots=True)
class Description:
    """What a description says of one file."""

    path: Path
    group: TableGroup
    table: Table


def is_description(path: Path) -> bool:
    """Whether a file is a description by its name, so that it is no table itself."""
    return path.name.endswith(SUFFIX)


def find(file: Path, findings: FindingLog) -> Path | None:
    """Return the description beside a file that names it; report its own that does not."""
    for pattern in PATTERNS:
        path = file.with_name(pattern.replace("{+url}", file.name))
        if not path.is_file():
            continue
        if _names(path, file):
            return path
        if pattern.startswith("{"):
            findings.add(Finding("csvw.not-about", path.name, value=file.name))
    return None


def _names(path: Path, file: Path) -> bool:
    """Whether a description names a file; one that cannot be read may be meant to."""
    try:
        content = read_json(path)
    except MetadataError:
        return True
    tables = content.get("tables")
    entries: Sequence[Any] = tables if isinstance(tables, list) else [content]
    urls = [entry.get("url") for entry in entries if isinstance(entry, Mapping)]
    place = Place(path.parent, _NOWHERE)
    found = (place.path(_NOWHERE + url.rpartition("/")[2]) for url in urls if isinstance(url, str))
    return not urls or any(near is not None and near.name == file.name for near in found)


def read_description(path: Path, file: Path, url: str, findings: FindingLog) -> Description:
    """Read what a description says of a file; ``url`` is that of their folder.

    Raises MetadataError where it cannot be used, or does not name the file.
    """
    place = Place(path.parent, url)
    group = read_metadata(url + path.name, place.load, findings)
    for table in group.tables:
        found = place.path(table.url)
        if found is not None and found.resolve() == file.resolve():
            return Description(path, group, table)
    raise MetadataError("csvw.other-file", path.name, "url", file.name)


# --- packages -----------------------------------------------------------------------------------


def with_descriptions(package: Package, findings: FindingLog) -> Package:
    """Return a package whose tables have their descriptions, and what these say of it.

    What the package's own descriptor says goes before. Errors in a description are told when the
    table is read, not here.
    """
    resources = tuple(_with_description(found, findings) for found in package.resources)
    if resources == package.resources:
        return package
    package = replace(package, resources=resources)
    described = next(filter(None, map(_quiet, resources)), None)
    return package if described is None else _completed(package, described)


def _with_description(resource: Resource, findings: FindingLog) -> Resource:
    if not resource.is_table or resource.description is not None:
        return resource
    stated = resource.mapping
    if stated and stated.endswith(".json"):
        return replace(resource, description=Path(stated))
    return replace(resource, description=find(resource.path, findings))


def _quiet(resource: Resource) -> Description | None:
    if resource.description is None:
        return None
    try:
        return read_description(resource.description, resource.path, _NOWHERE, FindingLog())
    except MetadataError:
        return None


def _completed(package: Package, described: Description) -> Package:
    title = _texts(described, _TITLE)
    address = next(_values(described, _LICENCE), "")
    found = {
        "description": package.description or _texts(described, _DESCRIPTION),
        "licence": package.licence or licences.iri(address),
        "keywords": package.keywords or tuple(_values(described, _KEYWORDS)),
        "issued": package.issued or next(_values(described, (_DC + "issued",)), None),
        "modified": package.modified or next(_values(described, (_DC + "modified",)), None),
    }
    if title and not package.stated:
        found["title"] = title
    return replace(package, **found)  # type: ignore[arg-type]


def _literals(described: Description, keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for annotations in (described.group.annotations, described.table.annotations):
        for key in keys:
            value = annotations.get(key)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping):
                    yield item


def _values(described: Description, keys: Sequence[str]) -> Iterator[str]:
    for item in _literals(described, keys):
        text = item.get("@value", item.get("@id"))
        if isinstance(text, str) and text:
            yield text


def _texts(described: Description, keys: Sequence[str]) -> dict[str, str]:
    """Return texts by language; one without a language is taken as Japanese."""
    found: dict[str, str] = {}
    for item in _literals(described, keys):
        text, language = item.get("@value"), str(item.get("@language", UNDETERMINED))
        if isinstance(text, str) and text:
            tag = _DEFAULT_LANGUAGE if language == UNDETERMINED else language.partition("-")[0]
            found.setdefault(tag, text)
    return found
