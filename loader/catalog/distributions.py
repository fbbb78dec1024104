"""The distributions of a dataset: its source files, and its graph as canonical N-Quads."""

from dataclasses import dataclass

from loader.model import Package, Resource
from loader.published import Published
from vocab import authorities, licences
from vocab.iris import IriPolicy
from vocab.language import LANGUAGES
from vocab.namespaces import DCAT, DCTERMS, RDFS, SPDX
from vocab.statements import Statements

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_SHA256 = SPDX["checksumAlgorithm_sha256"]
_DUMP_TITLE = {"ja": "RDF（N-Quads）", "en": "RDF (N-Quads)"}


@dataclass(frozen=True, slots=True)
class _File:
    """A file to download: what its distribution says.

    ``origin`` is the address that it was fetched from.
    """

    iri: str
    url: str
    title: dict[str, str]
    media_type: str
    bytes: int
    sha256: str
    origin: str | None = None


def distributions(policy: IriPolicy, about: Statements, dataset: Published) -> None:
    """Describe the source files and the dump of a dataset."""
    name = dataset.package.name
    files = _sources(policy, dataset)
    dump = _File(
        policy.distribution(name, f"{name}.nq"),
        policy.dump(name),
        _DUMP_TITLE,
        "application/n-quads",
        dataset.dump_bytes,
        dataset.dump_sha256,
    )
    about.link(dump.iri, DCAT["accessService"], policy.service())
    for file in (*files, dump):
        about.link(policy.dataset(name), DCAT["distribution"], file.iri)
        _describe(about, file)
        _terms_of_use(policy, about, file.iri, dataset.package)
    for resource in dataset.package.resources:
        if resource.is_elsewhere:
            _describe_elsewhere(policy, about, dataset.package, resource)


def _sources(policy: IriPolicy, dataset: Published) -> list[_File]:
    name = dataset.package.name
    titles = {resource.file.name: resource.title for resource in dataset.package.resources}
    return [
        _File(
            policy.distribution(name, file.name),
            policy.file(name, file.name),
            dict(titles.get(file.name) or {"ja": file.name}),
            file.media_type,
            file.bytes,
            file.sha256,
            file.url,
        )
        for file in dataset.files
    ]


def _describe(about: Statements, file: _File) -> None:
    about.a(file.iri, DCAT["Distribution"])
    about.text(file.iri, DCTERMS["title"], file.title)
    about.link(file.iri, DCAT["accessURL"], file.origin or file.url)
    about.link(file.iri, DCAT["downloadURL"], file.url)
    about.value(file.iri, DCAT["byteSize"], file.bytes, "nonNegativeInteger")
    _formats(about, file.iri, file.media_type)
    checksum = f"{file.iri}#checksum"
    about.link(file.iri, SPDX["checksum"], checksum)
    about.a(checksum, SPDX["Checksum"])
    about.link(checksum, SPDX["algorithm"], _SHA256)
    about.a(_SHA256, SPDX["ChecksumAlgorithm"])
    about.value(checksum, SPDX["checksumValue"], file.sha256, "hexBinary")


def _describe_elsewhere(
    policy: IriPolicy, about: Statements, package: Package, resource: Resource
) -> None:
    """Describe a document of which only the address is published."""
    name = resource.path.name
    iri = policy.distribution(package.name, name)
    about.link(policy.dataset(package.name), DCAT["distribution"], iri)
    about.a(iri, DCAT["Distribution"])
    about.text(iri, DCTERMS["title"], dict(resource.title) or {"ja": name})
    about.link(iri, DCAT["accessURL"], resource.url)
    about.link(iri, DCAT["downloadURL"], resource.url)
    _formats(about, iri, resource.media_type)
    _terms_of_use(policy, about, iri, package)


def _formats(about: Statements, iri: str, stated: str) -> None:
    media_type = _MEDIA_TYPES + stated
    about.link(iri, DCAT["mediaType"], media_type)
    about.a(media_type, DCTERMS["MediaType"])
    file_type = authorities.file_type(stated)
    about.link(iri, DCTERMS["format"], file_type)
    if file_type:
        about.a(file_type, DCTERMS["MediaTypeOrExtent"])


def _terms_of_use(policy: IriPolicy, about: Statements, iri: str, package: Package) -> None:
    """State the licence, and the attribution that it asks for; on the dataset as well."""
    dataset = policy.dataset(package.name)
    if package.licence:
        names = {language: licences.label(package.licence, language) for language in LANGUAGES}
        about.links(iri, DCTERMS["license"], [package.licence])
        about.links(dataset, DCTERMS["license"], [package.licence])
        about.a(package.licence, DCTERMS["LicenseDocument"])
        about.text(package.licence, DCTERMS["title"], names)
    if package.attribution:
        rights = f"{dataset}#rights"
        about.link(iri, DCTERMS["rights"], rights)
        about.a(rights, DCTERMS["RightsStatement"])
        about.text(rights, RDFS["label"], {"ja": package.attribution})
