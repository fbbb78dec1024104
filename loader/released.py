"""The datasets of a release, validated once more: each by itself, as it was when it was published.

The dump is read and not the store, so that literals are as written. The report tells which columns
feed what, the sources have the cells, and the shapes that the publisher has added.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from loader.describe import read_published
from loader.errors import ReleaseError
from loader.mapping import registry
from loader.model import FindingLog, Package, Resource
from loader.progress import Progress
from loader.release import Release
from loader.source.archives import Unpacker
from loader.source.kinds import CONTAINERS, media_type_of
from loader.table import Table, open_table
from loader.validate import Validator
from loader.validate.findings import ColumnsOf
from loader.validate.own_shapes import own_shapes
from loader.validate.rdf_files import feed_files
from shapes import texts


@dataclass(frozen=True, slots=True)
class ReleasedDataset:
    """A dataset of a release."""

    release: Release
    name: str

    def validate(
        self, shapes: Sequence[str], findings: FindingLog, progress: Progress
    ) -> Validator:
        """Validate it with ``shapes``, else with ours and its publisher's; it is finished then.

        Raises ReleaseError ``release.unreadable`` where the release lacks what it should have.
        """
        try:
            package = self._package()
            used = shapes or [*texts(), *own_shapes(package, findings)]
            validator = Validator(used, findings, name=f"{self.name}.nq")
            for file, columns in self._columns():
                validator.know_columns(file, columns)
        except (OSError, ValueError, LookupError, TypeError) as error:
            path = self.release.path
            raise ReleaseError("release.unreadable", path=path, reason=error) from error
        for resource in package.resources:
            validator.cells.know_table(resource.label, partial(self._table, resource))
        feed_files(validator, [self.release.dump(self.name)], progress)
        return validator

    def _package(self) -> Package:
        """The package as its publisher described it, its files those that the release keeps."""
        folder = self.release.path / "sources" / self.name
        described = self.release.path / "packages" / f"{self.name}.json"
        package = read_published(json.loads(described.read_bytes())).package
        resources = tuple(
            replace(resource, path=folder / resource.path.name) for resource in package.resources
        )
        return replace(package, folder=folder, resources=resources)

    def _columns(self) -> Iterator[tuple[str, ColumnsOf]]:
        """Give the columns of each table; releases made by earlier versions do not tell them."""
        for table in self.release.report(self.name)["tables"]:
            if "columns" in table:
                fed = {(c["predicate"], c["part"]): tuple(c["columns"]) for c in table["columns"]}
                yield table["file"], fed

    @staticmethod
    def _table(resource: Resource) -> Table | None:
        """Open a table; None where what is needed to read it as it was is not in the release."""
        found = None if resource.path.is_symlink() else _unpacked(resource)
        if found is None or found.description is not None or not found.is_table:
            return None
        return open_table(found, FindingLog(), registry.known_columns())


def _unpacked(resource: Resource) -> Resource | None:
    """Return the table that was in a container; None where it is not found there any more."""
    if resource.path.suffix.lower() not in CONTAINERS:
        return resource
    folder = Unpacker(FindingLog()).unpack(resource.path)
    for path in sorted(folder.rglob("*")) if folder else ():
        member = path.relative_to(folder).as_posix() if folder else ""
        if media_type_of(path) == resource.media_type and resource.member in (None, member):
            return replace(resource, path=path, container=resource.path)
    return None
