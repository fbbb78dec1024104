"""What the catalogue and the provenance say of a published dataset, and of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loader.model import Package


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes the catalogue; texts by language, ``publisher_id`` as in a descriptor."""

    title: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)
    publisher_name: Mapping[str, str] = field(default_factory=dict)
    publisher_id: str | None = None
    homepage: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A source file as it was published; ``encoding`` where text was read from it."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    encoding: str | None = None
    url: str | None = None
    """The address that it was fetched from."""


@dataclass(frozen=True, slots=True)
class Published:
    """A dataset with what became of it. ``bbox``: west, south, east, north (CRS84)."""

    package: Package
    rows: int
    triples: int
    mapping: str
    files: Sequence[PublishedFile]
    dump_bytes: int
    dump_sha256: str
    bbox: tuple[float, float, float, float] | None = None
    classes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Linkset:
    """Links of one kind from a dataset to another, or to an authority file (void:Linkset).

    ``target`` is the name of a dataset of the release; where ``uri_space`` says how the IRIs of an
    authority file begin it is the name of that. ``text`` says by what rule, or to what, by
    language; ``confidence`` (0 to 1) is that of a rule.
    """

    iri: str
    dataset: str
    target: str
    predicate: str
    triples: int
    text: Mapping[str, str]
    confidence: float | None = None
    uri_space: str = ""
