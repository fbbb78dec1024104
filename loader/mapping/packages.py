"""Documents about several tables of one package: which triples maps are about which table.

A triples map whose sources all name other files or resources of the package is not made from this
table; where another one joins it, its rows are read from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from loader.errors import SourceError
from loader.functions.registry import nearest
from loader.mapping.context import Choice, Columns, Context, unknown_column
from loader.mapping.expressions import Expressions
from loader.mapping.joins import Joins, Opened
from loader.mapping.model import Mapping, Reference, TriplesMap
from loader.mapping.terms import Terms
from loader.model import FindingLog, Resource
from loader.table import open_table

ROWS_AT_ONCE = 500


def of_this_table(mapping: Mapping, context: Context) -> Mapping:
    """Return the mapping with the triples maps about other tables set apart.

    Where no source of the document is this table or another one of the package, all of it is
    about this table, whatever its sources are called.
    """
    own = names(context.resource) if context.resource else frozenset({context.file})
    others = frozenset[str]().union(*map(names, context.resources)) - own
    stated = {found.name: _tables(found) for found in mapping.triples_maps}
    about_this = any(own & tables for tables in stated.values())
    apart = [
        found
        for found in mapping.triples_maps
        if (tables := stated[found.name])
        and not own & tables
        and (about_this or others.issuperset(tables))
    ]
    if len(apart) == len(mapping.triples_maps):
        return mapping
    here = tuple(found for found in mapping.triples_maps if found not in apart)
    return replace(mapping, triples_maps=here, elsewhere=tuple(apart))


def _tables(triples_map: TriplesMap) -> frozenset[str]:
    return frozenset(PurePath(source.path).name for source in triples_map.sources)


def names(resource: Resource) -> frozenset[str]:
    """Return what a document may call a resource: its file, with and without suffix, its name."""
    path = PurePath(resource.path.name)
    return frozenset({path.name, path.stem, resource.name})


@dataclass(frozen=True, slots=True)
class PackageTables:
    """Opens the tables of a package that triples maps of a document are about."""

    mapping: Mapping
    choice: Choice
    context: Context

    def joins(self) -> Joins:
        """Return what compiles the joins of the document."""
        maps = (*self.mapping.triples_maps, *self.mapping.elsewhere)
        # Findings about the other table are told when that one is mapped.
        return Joins(maps, self.opened, str(self.mapping.path), FindingLog())

    def opened(self, parent: TriplesMap) -> Iterator[Opened]:
        """Open the tables of a parent; raises SourceError where one is not in the package."""
        for resource in self._resources(parent):
            table = open_table(resource, FindingLog())
            if table is not None:
                terms = self._terms(table.header, resource)
                yield Opened(terms, table.batches(ROWS_AT_ONCE), resource.path.name)

    def _resources(self, parent: TriplesMap) -> Sequence[Resource]:
        if parent not in self.mapping.elsewhere and self.context.resource is not None:
            return (self.context.resource,)
        return [self._named(PurePath(source.path).name) for source in parent.sources]

    def _named(self, name: str) -> Resource:
        for resource in self.context.resources:
            if name in names(resource):
                return resource
        near = nearest(name, (found.path.name for found in self.context.resources))
        raise SourceError("mapping.no-source", source=name, nearest=near)

    def _terms(self, header: Sequence[str], resource: Resource) -> Terms:
        def missing(reference: Reference) -> str:
            if self.choice.lenient:
                return ""
            raise unknown_column(str(self.mapping.path), reference, header)

        externals = {**self.context.externals, **self.mapping.externals}
        aliases = self.choice.aliases if resource == self.context.resource else {}
        columns = Columns(header, aliases, externals, missing)
        expressions = Expressions(header, columns.resolve)
        return Terms(expressions, self.context.policy.base, str(self.mapping.path))
