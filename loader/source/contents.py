"""What is inside the files of a package: the tables of a container, the sheets of a workbook.

Each becomes a resource of its own, which remembers the file as it was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from loader.descriptor import FILE_NAMES, read_package
from loader.descriptor.naming import slug
from loader.encoding import NotATableError
from loader.model import Finding, FindingLog, Package, Resource
from loader.source.archives import Unpacker
from loader.source.kinds import CONTAINERS, media_type_of
from loader.table.formats.workbook import WORKBOOKS, sheets


@dataclass(slots=True)
class Contents:
    """Puts what is inside in the place of containers and workbooks."""

    findings: FindingLog
    unpacker: Unpacker

    def of(self, package: Package) -> Package:
        """Return the package with the tables that its files hold."""
        resources = tuple(
            table for resource in package.resources for table in self._tables(resource)
        )
        return replace(package, resources=resources)

    def of_bare(self, package: Package) -> Package | None:
        """Return a package that is one file; where a descriptor is inside, it is that one's.

        None, which has been reported, where there is nothing in it to publish.
        """
        (resource,) = package.resources
        if resource.media_type not in CONTAINERS.values():
            return self.of(package)
        folder = self.unpacker.unpack(resource.path)
        descriptor = folder and _descriptor(folder)
        if folder and descriptor:
            return self._stated(resource, folder, descriptor)
        inside = list(self._inside(resource, folder)) if folder else []
        return replace(package, resources=tuple(inside)) if inside else None

    def _stated(self, resource: Resource, folder: Path, descriptor: Path) -> Package | None:
        package = read_package(descriptor, self.findings)
        if package is None:
            return None
        name = package.name if package.descriptor.get("name") else slug(stem(resource.path))
        packed = tuple(
            inner if inner.url else _packed(replace(inner, url=resource.url), resource.path, folder)
            for inner in package.resources
        )
        return self.of(replace(package, name=name, resources=packed))

    def _tables(self, resource: Resource) -> Iterator[Resource]:
        if resource.media_type in CONTAINERS.values():
            folder = self.unpacker.unpack(resource.path)
            yield from self._inside(resource, folder) if folder else ()
        elif resource.media_type in WORKBOOKS and resource.sheet is None:
            yield from self._sheets(resource)
        else:
            yield resource

    def _inside(self, resource: Resource, folder: Path) -> Iterator[Resource]:
        """Give a resource for each table in a container."""
        found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        tables = [(path, kind) for path in found if (kind := media_type_of(path))]
        if not tables:
            names = ", ".join(path.name for path in found[:10]) or "-"
            details = {"names": names}
            self.findings.add(
                Finding("source.archive-nothing", resource.path.name, details=details)
            )
        for path, kind in tables:
            inner = replace(resource, path=path, media_type=kind)
            if len(tables) > 1:
                inner = replace(inner, name=f"{resource.name}-{slug(path.stem)}")
            yield from self._tables(_packed(inner, resource.path, folder, len(tables) > 1))

    def _sheets(self, resource: Resource) -> Iterator[Resource]:
        """Give a resource for each sheet that is neither hidden nor empty."""
        try:
            found = sheets(resource.path)
        except (NotATableError, OSError):
            # Reported where the table is opened.
            found = []
        for sheet in found:
            if sheet.hidden and not sheet.empty:
                self.findings.add(Finding("source.hidden-sheet", resource.label, value=sheet.name))
        usable = [sheet for sheet in found if not sheet.hidden and not sheet.empty]
        if len(usable) < 2:
            yield resource
            return
        for sheet in usable:
            name = f"{resource.name}-{slug(sheet.name) or sheet.number}"
            yield replace(resource, name=name, sheet=sheet.name)


def _packed(inner: Resource, container: Path, folder: Path, several: bool = True) -> Resource:
    member = inner.path.relative_to(folder).as_posix() if several else None
    return replace(inner, container=container, member=member)


def _descriptor(folder: Path) -> Path | None:
    """Return the descriptor in a folder, or in the only folder in it."""
    entries = sorted(folder.iterdir())
    places = [folder, *entries] if len(entries) == 1 and entries[0].is_dir() else [folder]
    found = [place / name for place in places for name in FILE_NAMES if (place / name).is_file()]
    return found[0] if found else None


def stem(path: Path) -> str:
    """Return a file's name without its suffix, ``.csv.gz`` being one."""
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem
