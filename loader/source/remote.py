"""What lies elsewhere: fetched into the home, it goes on as if it had always been a local file."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from loader.config import Kind, RemoteSource
from loader.descriptor import FILE_NAMES, read_package
from loader.descriptor.naming import DEFAULT_FILE, RESERVED, file_name, free_name, slug
from loader.descriptor.resources import MEDIA_TYPES, UNKNOWN
from loader.fetch import Fetcher
from loader.model import FindingLog, Package, Resource
from loader.source.ckan import write_descriptors
from loader.source.contents import stem

CONTAINERS = ("application/zip", "application/gzip")


@dataclass(slots=True)
class Remote:
    """Fetches what sources and descriptors name. A failure is told, and takes out one package."""

    fetcher: Fetcher
    findings: FindingLog

    def packages(self, source: RemoteSource) -> Iterator[Package]:
        """Give the packages of a source."""
        if source.kind is Kind.CKAN:
            for path in write_descriptors(source, self.fetcher, self.findings):
                yield from self._package(path)
        elif source.kind is Kind.SPARQL:
            yield from self._constructed(source)
        elif file_name(source.url) in FILE_NAMES:
            yield from self._described(source)
        elif source.name:
            content = {**source.metadata, "resources": [{"path": source.url}]}
            yield from self._package(self._write(source, content))
        else:
            yield from self._bare(source.url)

    def complete(self, package: Package) -> Package | None:
        """Return the package with the files that it names at addresses; None where one fails."""
        resources: list[Resource] = []
        failed = False
        for resource in package.resources:
            if not _is_awaited(resource):
                resources.append(resource)
                continue
            fetched = self._fetched(resource, {other.path.name for other in resources})
            if fetched is None:
                failed = True
            else:
                resources.append(fetched)
        return None if failed else replace(package, resources=tuple(resources))

    def completed(self, packages: Iterable[Package]) -> Iterator[Package]:
        """Give the packages of which all files could be fetched."""
        yield from filter(None, map(self.complete, packages))

    def _package(self, descriptor: Path, address: str | None = None) -> Iterator[Package]:
        package = read_package(descriptor, self.findings, address)
        if package:
            yield package

    def _described(self, source: RemoteSource) -> Iterator[Package]:
        """Give the package whose descriptor is at an address; its files are near it."""
        fetched = self.fetcher.fetch(source.url, self.findings)
        if fetched:
            yield from self._package(fetched.path, source.url)

    def _constructed(self, source: RemoteSource) -> Iterator[Package]:
        # Imported late: it brings rdflib, which only this has a use for.
        from loader.source.sparql_endpoint import fetch_triples

        path = fetch_triples(source, self.fetcher, self.findings)
        if path is None:
            return
        content = {**source.metadata, "resources": [{"path": path.name}]}
        for package in self._package(self._write(source, content, path.parent)):
            resources = [replace(resource, url=source.url) for resource in package.resources]
            yield replace(package, resources=tuple(resources))

    def _write(
        self, source: RemoteSource, content: Mapping[str, Any], folder: Path | None = None
    ) -> Path:
        """Write the descriptor of a source of the configuration."""
        place = folder or self.fetcher.folder(source.name, "http")
        path = place / FILE_NAMES[0]
        text = json.dumps({"name": source.name, **content}, ensure_ascii=False, default=str)
        path.write_text(text, encoding="utf-8")
        return path

    def _bare(self, url: str) -> Iterator[Package]:
        """Give the package of a file at an address."""
        name = file_name(url)
        resource = Resource(slug(name), Path(name), media_type=_by_suffix(name), url=url)
        fetched = self._fetched(resource, ())
        if fetched is None:
            return
        title = stem(fetched.path)
        name = slug(title)
        if name in ("", DEFAULT_FILE, *RESERVED):
            name = slug(f"{urlsplit(url).hostname}-{title}")
        fetched = replace(fetched, name=name)
        yield Package(name, fetched.path.parent, (fetched,), title={"ja": title})

    def _fetched(self, resource: Resource, taken: Collection[str]) -> Resource | None:
        """Return a resource with its file; one that is only listed stays where it is."""
        if resource.media_type == UNKNOWN:
            return self._explored(resource, taken)
        if not _is_read(resource):
            return resource
        fetched = self.fetcher.fetch(resource.url or "", self.findings, resource.path.name)
        return replace(resource, path=fetched.path) if fetched else None

    def _explored(self, resource: Resource, taken: Collection[str]) -> Resource | None:
        """Fetch a file whose address does not show what it is; the server's answer does."""
        fetched = self.fetcher.fetch(resource.url or "", self.findings)
        if fetched is None:
            return None
        name = fetched.path.name
        media_type = _by_suffix(name)
        if media_type == UNKNOWN:
            media_type = fetched.media_type or UNKNOWN
        known = replace(resource, media_type=media_type)
        if name not in taken:
            return replace(known, path=fetched.path)
        named = replace(known, path=Path(free_name(name, taken)))
        return self._fetched(named, taken) if known.media_type != UNKNOWN else named


def _is_awaited(resource: Resource) -> bool:
    """Whether only the name of the file is known yet; what was fetched lies in a folder."""
    return resource.url is not None and len(resource.path.parts) == 1


def _is_read(resource: Resource) -> bool:
    return resource.is_table or resource.is_graph or resource.media_type in CONTAINERS


def _by_suffix(name: str) -> str:
    return MEDIA_TYPES.get(Path(name).suffix.lower(), UNKNOWN)
