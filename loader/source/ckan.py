"""Reads the packages of an organisation from a CKAN site, as descriptors.

https://docs.ckan.org/en/latest/api/ (package_search). What CKAN states of a package is written as
a descriptor, so it is read and checked by the same rules as any other; the files stay at their
addresses until they are fetched.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from loader.config import RemoteSource
from loader.descriptor import FILE_NAMES
from loader.descriptor.naming import file_name, is_url, slug
from loader.descriptor.resources import MEDIA_TYPES
from loader.fetch import Fetcher
from loader.model import Finding, FindingLog

PAGE = 100
"""Packages that are asked for at once."""

MOST_PAGES = 1_000
LARGEST_PAGE = 50_000_000
"""Bytes of an answer; it is read into memory."""

_Ckan = Mapping[str, Any]


def write_descriptors(
    source: RemoteSource, fetcher: Fetcher, findings: FindingLog
) -> Iterator[Path]:
    """Give the descriptor of each package of the organisation, in the order of their names."""
    folder = fetcher.folder(source.name, f"ckan\n{source.url}\n{source.organisation}")
    shutil.rmtree(folder)
    for package in _packages(source, fetcher, findings):
        descriptor = _descriptor(source.url, package, findings)
        if descriptor is not None:
            place = folder / slug(descriptor["name"]) / FILE_NAMES[0]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(descriptor, ensure_ascii=False, indent=1), encoding="utf-8")
            yield place


def _packages(source: RemoteSource, fetcher: Fetcher, findings: FindingLog) -> Iterator[_Ckan]:
    """Give the packages page by page; an answer that cannot be used is told and ends it."""
    for page in range(MOST_PAGES):
        fetched = fetcher.fetch(_search(source, page * PAGE), findings, "packages.json")
        if fetched is None:
            return
        try:
            count, packages = _result(fetched.path)
        except ValueError as error:
            details = {"reason": str(error)}
            findings.add(Finding("source.ckan-answer", source.url, details=details))
            return
        if not count:
            details = {"organisation": source.organisation}
            findings.add(Finding("source.ckan-nothing", source.url, details=details))
        yield from packages
        if not packages or (page + 1) * PAGE >= count:
            return


def _search(source: RemoteSource, start: int) -> str:
    organisation = quote(source.organisation, safe="")
    return (
        f"{source.url.rstrip('/')}/api/3/action/package_search"
        f"?fq=organization:%22{organisation}%22&sort=name%20asc&rows={PAGE}&start={start}"
    )


def _result(path: Path) -> tuple[int, Sequence[_Ckan]]:
    """Return how many packages there are, and those of a page; raises ValueError."""
    if path.stat().st_size > LARGEST_PAGE:
        raise ValueError(f"> {LARGEST_PAGE // 1_000_000} MB")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"JSON: {error}") from error
    if not isinstance(content, dict) or content.get("success") is not True:
        raise ValueError("success")
    result = content.get("result")
    if not isinstance(result, dict) or not isinstance(result.get("results"), list):
        raise ValueError("result.results")
    if not isinstance(result.get("count"), int):
        raise ValueError("result.count")
    return result["count"], [package for package in result["results"] if isinstance(package, dict)]


def _descriptor(site: str, package: _Ckan, findings: FindingLog) -> dict[str, Any] | None:
    """Return a package as a descriptor; None where it has no file."""
    name = _text(package, "name") or _text(package, "id")
    resources = [
        resource for entry in _entries(package, "resources") if (resource := _resource(entry))
    ]
    if not slug(name) or not resources:
        details = {"name": name or "?"}
        findings.add(Finding("source.ckan-empty", site, details=details))
        return None
    stated = {
        "name": name,
        "title": _text(package, "title"),
        "description": _text(package, "notes"),
        "keywords": _names(package, "tags"),
        "themes": _names(package, "groups"),
        "publisher": _publisher(package),
        "creator": _text(package, "author"),
        "licenses": _licence(package),
        "issued": _text(package, "metadata_created")[:10],
        "modified": _text(package, "metadata_modified")[:10],
        "homepage": f"{site.rstrip('/')}/dataset/{quote(name)}",
        "resources": resources,
    }
    return {key: value for key, value in stated.items() if value}


def _publisher(package: _Ckan) -> dict[str, str]:
    organisation = package.get("organization")
    if not isinstance(organisation, dict):
        return {}
    name = _text(organisation, "title") or _text(organisation, "name")
    return {"name": name} if name else {}


def _licence(package: _Ckan) -> list[dict[str, str]]:
    keys = {"name": "license_id", "title": "license_title", "path": "license_url"}
    stated = {ours: _text(package, theirs) for ours, theirs in keys.items()}
    known = {key: value for key, value in stated.items() if value}
    return [known] if known else []


def _resource(entry: _Ckan) -> dict[str, str] | None:
    """Return a resource; what CKAN says of its form counts where the address does not show it."""
    url = _text(entry, "url").replace(" ", "%20")
    if not is_url(url):
        return None
    stated = {
        "path": url,
        "title": _text(entry, "name"),
        "description": _text(entry, "description"),
    }
    if PurePosixPath(file_name(url)).suffix.lower() not in MEDIA_TYPES:
        stated["format"] = _text(entry, "format")
        stated["mediatype"] = _media_type(entry)
    return {key: value for key, value in stated.items() if value}


def _media_type(entry: _Ckan) -> str:
    """Return the media type by CKAN's name for the format, which people choose, else as stated."""
    by_format = MEDIA_TYPES.get("." + _text(entry, "format").lower().lstrip("."))
    return by_format or _text(entry, "mimetype")


def _names(package: _Ckan, key: str) -> list[str]:
    names = [
        _text(entry, "display_name") or _text(entry, "title") or _text(entry, "name")
        for entry in _entries(package, key)
    ]
    return list(dict.fromkeys(filter(None, names)))


def _entries(package: _Ckan, key: str) -> list[_Ckan]:
    found = package.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _text(entry: _Ckan, key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""
