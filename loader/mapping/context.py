"""What a plan has to know beside the mapping: publication, dataset, file, columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from loader.errors import ConfigurationError
from loader.mapping.model import Mapping as MappingDocument
from loader.mapping.model import Reference
from loader.model import Field, Package, Resource, Unpivot
from vocab.headers import normalize_header
from vocab.iris import IriPolicy

COLUMNS_SHOWN = 10
"""How many columns of a table an error shows where none is like the one that was meant."""

COLUMN = "_column"
"""The column of a long table that has the number of the column in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Context:
    """The publication, the dataset and the file.

    ``scope`` is what local numbers are unique in, ``area`` the 全国地方公共団体コード that the
    dataset covers, ``row_iri`` the IRI of a row without its number: the source of a main thing;
    where ``cells``, that of a cell without row and column (loader/mapping/unpivot.py).
    """

    policy: IriPolicy
    graph: str
    dataset: str
    scope: str
    file: str
    row_iri: str | None
    area: str = ""
    cells: bool = False
    resource: Resource | None = None
    resources: tuple[Resource, ...] = ()
    """The table itself, and all tables of its package, which a document may join."""

    @property
    def externals(self) -> dict[str, str]:
        """The external references that a document may use: ``$(_dataset)`` and others."""
        return {"_dataset": self.dataset, "_scope": self.scope, "_area": self.area}


def context_of(package: Package, resource: Resource, policy: IriPolicy) -> Context:
    """Return the context of a table of a package."""
    return Context(
        policy=policy,
        graph=policy.graph(package.name),
        dataset=package.name,
        scope=package.identifier_scope,
        area=package.spatial or "",
        file=resource.label,
        row_iri=policy.row(package.name, resource.file.name, "", resource.part),
        resource=resource,
        resources=tuple(found for found in package.resources if found.is_table),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The mapping that was chosen for a table.

    ``aliases`` leads from the canonical column to the header of the file. Of a standard dataset a
    file need not have all columns (``lenient``); a publisher's own document may name no column
    that is not there. A generic choice has no document: it is made from header, ``fields`` and
    ``primary_key``.
    """

    mapping: MappingDocument
    name: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    generic: bool = False
    score: float = 0.0
    sha256: str = ""
    lenient: bool = False
    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    unpivot: Unpivot | None = None


@dataclass(frozen=True, slots=True)
class GenericColumn:
    """A column that the mapping does not know, and the IRI of the predicate that is made of it."""

    name: str
    iri: str


class Columns:
    """Finds what the references of a mapping stand for: columns of a header, or constants."""

    def __init__(
        self,
        header: Sequence[str],
        aliases: Mapping[str, str],
        externals: Mapping[str, str],
        missing: Callable[[Reference], str],
    ) -> None:
        self._numbers = {name: number for number, name in reversed(list(enumerate(header)))}
        self._normal = {normalize_header(name): number for name, number in self._numbers.items()}
        self._aliases = aliases
        self._externals = externals
        self._missing = missing

    def find(self, name: str) -> int | None:
        """Return the number of a column, by canonical name, header or a spelling of it."""
        header = self._aliases.get(name, name)
        found = self._numbers.get(header)
        return self._normal.get(normalize_header(header)) if found is None else found

    def resolve(self, reference: Reference) -> int | str:
        """Return the number of a column, or the value of an external reference."""
        if reference.name in self._externals and not reference.column:
            return self._externals[reference.name]
        found = self.find(reference.name)
        return self._missing(reference) if found is None else found


def unknown_column(file: Path | str, reference: Reference, header: Sequence[str]) -> Exception:
    """Return the error about a column that a document names and a table does not have."""
    near = get_close_matches(reference.name, header, 3, 0.5)
    return ConfigurationError(
        "mapping.unknown-column",
        file=file,
        place=reference.line or "-",
        column=reference.name,
        nearest="、".join(near or header[:COLUMNS_SHOWN]),
    )
