"""Finds what there is to publish below the paths that a person names.

A folder with a descriptor is a package; so is a folder of GTFS tables. Every other file of data is
a package of its own, or, where it is a container with a descriptor in it, that one's. Hidden files,
those whose name begins with ``_`` and ledgers of identifiers are passed over, links out of the
folder are not followed. The order is that of the names, so the same input always gives the same
packages.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.config import RemoteSource
from loader.descriptor import FILE_NAMES, read_package
from loader.descriptor.naming import RESERVED, may_be_shapes, slug
from loader.descriptor.resources import LEDGER
from loader.errors import SourceError
from loader.fetch import Fetcher
from loader.model import Finding, FindingLog, Package, Resource
from loader.source.archives import Unpacker
from loader.source.contents import Contents, stem
from loader.source.feeds import feed_package, feeds
from loader.source.kinds import document_type_of, media_type_of
from loader.source.remote import Remote

SILENT = frozenset(
    (".md", ".rst", ".html", ".yaml", ".yml", ".json", ".toml", ".py", ".log", ".txt", "")
    + (".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx")
)
"""Suffixes of files that nobody expects to be published as data, or that are part of another."""

SHOWN = 10
"""How many files a message names."""


@dataclass(slots=True)
class Discovery:
    """What was found: packages in the order of their folders and names, and findings."""

    packages: list[Package] = field(default_factory=list)
    findings: FindingLog = field(default_factory=FindingLog)


def discover(
    places: Sequence[Path | RemoteSource], fetcher: Fetcher, documents: bool = False
) -> Discovery:
    """Find the packages of folders, files and sources elsewhere; ``documents`` alone too.

    Raises SourceError (source.missing, source.nothing) for a path that is not there, or below
    which there is nothing to publish.
    """
    findings = FindingLog()
    search = _Search(findings, Remote(fetcher, findings), documents)
    for place in places:
        if isinstance(place, Path):
            search.look(place)
        else:
            search.ask(place)
    return search.result()


@dataclass(slots=True)
class _Search:
    """A walk over the paths; ``_seen`` is what is published already, ``_walked`` every folder,
    ``_broken`` those whose descriptor cannot be used."""

    findings: FindingLog
    remote: Remote
    documents: bool
    _fetched: list[Package] = field(default_factory=list)
    _packages: list[Package] = field(default_factory=list)
    _bare: list[Path] = field(default_factory=list)
    _seen: set[Path] = field(default_factory=set)
    _walked: set[Path] = field(default_factory=set)
    _broken: set[Path] = field(default_factory=set)
    _others: list[str] = field(default_factory=list)
    _fruitful: bool = False

    def look(self, path: Path) -> None:
        """Look at one path that a person named."""
        if not path.exists():
            raise SourceError("source.missing", path=path)
        self._fruitful = False
        self._others.clear()
        self._walked.clear()
        if path.is_dir():
            self._folder(path, path.resolve())
        elif path.name in FILE_NAMES:
            self._package(path)
        else:
            self._file(path)
        if not self._fruitful:
            others = ", ".join(self._others[:SHOWN]) or "-"
            raise SourceError("source.nothing", path=path, others=others)

    def ask(self, source: RemoteSource) -> None:
        """Ask a source elsewhere for its packages."""
        for package in self.remote.packages(source):
            (self._packages if package.stated else self._fetched).append(package)

    def result(self) -> Discovery:
        """Return what was found, without the packages whose name is taken."""
        discovery = Discovery(findings=self.findings)
        contents = Contents(self.findings, Unpacker(self.findings))
        found = feeds(self._bare)
        bare = map(contents.of_bare, [*self._bare_packages(found), *self._fetched])
        feed = (feed_package(folder, tables) for folder, tables in found.items())
        stated = map(contents.of, self.remote.completed(self._packages))
        taken: dict[str, str] = {}
        for package in [*stated, *feed, *self.remote.completed(filter(None, bare))]:
            if package.name in taken:
                details = {"name": package.name, "other": taken[package.name]}
                code = "source.duplicate-name"
                self.findings.add(Finding(code, _shown(package), details=details))
                continue
            taken[package.name] = _shown(package)
            discovery.packages.append(package)
        return discovery

    def _folder(self, folder: Path, root: Path) -> None:
        """Take a folder and what is below it; in a package, only other packages below it."""
        self._walked.add(folder.resolve())
        descriptor = self._descriptor(folder)
        if descriptor:
            self._package(descriptor)
        for entry in self._entries(folder, root):
            if entry.is_dir():
                self._subfolder(entry, root, descriptor is not None)
            elif descriptor is None:
                self._file(entry)
            else:
                self._report_unlisted(entry)

    def _subfolder(self, folder: Path, root: Path, in_package: bool) -> None:
        if folder.resolve() in self._walked:
            return
        if not in_package or self._descriptor(folder):
            self._folder(folder, root)
            return
        self._walked.add(folder.resolve())
        for entry in self._entries(folder, root):
            if entry.is_dir():
                self._subfolder(entry, root, in_package)
            else:
                self._report_unlisted(entry)

    def _entries(self, folder: Path, root: Path) -> Iterator[Path]:
        """Give the entries of a folder that are looked at."""
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            self.findings.add(Finding("source.unreadable", folder.name, details=details))
            self._fruitful = True
            return
        for entry in entries:
            passed_over = entry.name.startswith((".", "_")) or entry.name.endswith(LEDGER)
            if not passed_over and self._is_inside(entry, root):
                yield entry

    def _is_inside(self, entry: Path, root: Path) -> bool:
        if not entry.is_symlink() or entry.resolve().is_relative_to(root):
            return True
        self.findings.add(Finding("source.link-outside", entry.name))
        return False

    def _descriptor(self, folder: Path) -> Path | None:
        found = [folder / name for name in FILE_NAMES if (folder / name).is_file()]
        return found[0] if found else None

    def _package(self, descriptor: Path) -> None:
        """Take a package, unless it has been; its files are not published once more."""
        self._fruitful = True
        if descriptor.resolve() in self._seen:
            return
        self._seen.add(descriptor.resolve())
        self._report_second(descriptor)
        package = read_package(descriptor, self.findings)
        if package is None:
            self._broken.add(descriptor.parent)
            return
        self._packages.append(package)
        self._seen.update(resource.path.resolve() for resource in package.resources)

    def _report_second(self, used: Path) -> None:
        for name in FILE_NAMES:
            other = used.parent / name
            if other != used and other.is_file():
                details = {"used": used.name, "other": name}
                file = f"{used.parent.name}/{name}"
                self.findings.add(Finding("source.two-descriptors", file, details=details))

    def _report_unlisted(self, path: Path) -> None:
        in_broken = not self._broken.isdisjoint(path.parents)
        if not in_broken and path.resolve() not in self._seen and media_type_of(path):
            self.findings.add(Finding("source.file-not-listed", path.name))

    def _file(self, path: Path) -> None:
        if may_be_shapes(path):
            return
        if media_type_of(path) or (self.documents and document_type_of(path)):
            self._fruitful = True
            if path.resolve() not in self._seen:
                self._seen.add(path.resolve())
                self._bare.append(path)
            return
        self._others.append(path.name)
        if path.suffix.lower() not in SILENT:
            self.findings.add(Finding("source.unsupported", path.name))

    def _bare_packages(self, grouped: Mapping[Path, Sequence[Path]]) -> Iterator[Package]:
        """Give a package for each file without a descriptor that is of no group.

        Files of the same name in different folders have their folder's name before theirs.
        """
        taken = {path for paths in grouped.values() for path in paths}
        alone = [path for path in self._bare if path not in taken]
        counts = Counter(slug(stem(path)) for path in alone)
        for path in alone:
            name = slug(stem(path))
            if counts[name] > 1 or name in RESERVED or not name:
                name = slug(f"{path.resolve().parent.name}-{stem(path)}")
            yield _bare_package(path, name or "data")


def _bare_package(path: Path, name: str) -> Package:
    media_type = media_type_of(path) or document_type_of(path) or "text/csv"
    resource = Resource(name=name, path=path, media_type=media_type)
    return Package(name=name, folder=path.parent, resources=(resource,), title={"ja": stem(path)})


def _shown(package: Package) -> str:
    """Return how messages name a package: by its folder, and by its file where that is all."""
    if package.stated:
        return package.folder.name
    return f"{package.folder.name}/{package.resources[0].file.name}"
