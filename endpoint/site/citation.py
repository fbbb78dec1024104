"""What is cited: a dataset as a release has it, or a whole release; and how that is offered.

The version is the release, so that who reads the citation finds the very data
(``/release/{id}/sparql``, ``/release/{id}/dumps/…``). The year is that of the release, in UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from loader.release import Release
from vocab.identifiers import IdentifierError, doi
from vocab.iris import IriPolicy

Texts = Mapping[str, str]
"""Texts by language."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What any style of citation needs. ``key`` is ASCII; ``related`` are (relation, IRI)."""

    key: str
    creator: Texts
    publisher: Texts
    title: Texts
    year: str
    version: str
    iri: str
    available: str
    """The day of the release (ISO 8601)."""
    doi: str | None = None
    description: Texts = field(default_factory=dict)
    keywords: Sequence[str] = ()
    licence: str | None = None
    issued: str | None = None
    modified: str | None = None
    language: str | None = None
    formats: Sequence[str] = ()
    related: Sequence[tuple[str, str]] = ()
    collection: bool = False
    sample: bool = False


def cite_release(release: Release) -> Citation:
    """Say what a citation of a whole release says."""
    policy, manifest = IriPolicy(release.base_iri), release.manifest
    publisher = _texts(manifest.get("publisher")) or _texts(manifest.get("title"))
    return Citation(
        key=f"release-{release.id}",
        creator=publisher,
        publisher=publisher,
        title=_texts(manifest.get("title")) or {"ja": release.base_iri},
        description=_texts(manifest.get("description")),
        iri=policy.release(release.id),
        related=[("HasPart", policy.dataset(name)) for name in release.datasets],
        collection=True,
        sample=all(entry.get("sample") for entry in release.datasets.values()),
        **_version(release),
    )


def cite_dataset(release: Release, name: str) -> Citation:
    """Say what a citation of a dataset, as the release has it, says."""
    policy, entry = IriPolicy(release.base_iri), release.datasets[name]
    package = release.package(name)
    site = _texts(release.manifest.get("publisher"))
    publisher = _texts(entry.get("publisher")) or site or {"ja": release.base_iri}
    creator = package.get("creator")
    named = not creator or creator in publisher.values()
    return Citation(
        key=f"{_ascii(name)}-{release.id}",
        creator=publisher if named else {"": str(creator)},
        publisher=publisher,
        title=_texts(entry.get("title")) or {"ja": name},
        description=_texts(entry.get("description")),
        iri=policy.dataset(name),
        doi=_doi(package),
        keywords=entry.get("keywords") or (),
        licence=entry.get("licence"),
        issued=entry.get("issued"),
        modified=entry.get("modified"),
        language=next(iter(package.get("languages") or ()), None),
        formats=_formats(entry),
        related=[("IsPartOf", policy.release(release.id))],
        sample=bool(entry.get("sample")),
        **_version(release),
    )


class _Version(TypedDict):
    version: str
    year: str
    available: str


def _version(release: Release) -> _Version:
    created = str(release.manifest.get("created") or release.id)
    day = created[:10] if created[4:5] == "-" else f"{created[:4]}-{created[4:6]}-{created[6:8]}"
    return {"version": release.id, "year": day[:4], "available": day}


def _texts(texts: Any) -> dict[str, str]:
    """Return the texts that there are, the one in Japanese before its translations."""
    stated = sorted((texts or {}).items(), key=lambda entry: entry[0] != "ja")
    return {str(key): str(text) for key, text in stated if text}


def _doi(package: Mapping[str, Any]) -> str | None:
    """The DOI that the descriptor states as the identifier of the dataset."""
    stated = (package.get("descriptor") or {}).get("id")
    try:
        return doi(str(stated)) if stated else None
    except IdentifierError:
        return None


def _formats(entry: Mapping[str, Any]) -> list[str]:
    stated = [file.get("media_type") for file in (entry.get("files") or {}).values()]
    return sorted({str(media_type) for media_type in stated if media_type})


def _ascii(name: str) -> str:
    """A name of which only ASCII is left: what keys of BibTeX may have."""
    kept = "".join(
        letter for letter in name if letter.isascii() and (letter.isalnum() or letter == "-")
    )
    return kept or "dataset"
