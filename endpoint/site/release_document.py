"""A release as RDF: what it holds, when it was made, by which software (PROV-O, DCTERMS)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from loader.release import Release
from vocab.iris import IriPolicy
from vocab.namespaces import DCTERMS, PROV, RDF, TSD, XSD


def release_quads(release: Release) -> Iterator[Quad]:
    """Describe a release by its manifest."""
    policy = IriPolicy(release.base_iri)
    about = NamedNode(policy.release(release.id))
    for class_ in (PROV["Entity"], TSD["Release"]):
        yield Quad(about, NamedNode(RDF["type"]), NamedNode(class_))
    yield Quad(about, NamedNode(DCTERMS["identifier"]), Literal(release.id))
    created = release.manifest.get("created")
    if created:
        when = Literal(str(created), datatype=NamedNode(XSD["dateTime"]))
        yield Quad(about, NamedNode(PROV["generatedAtTime"]), when)
    for name in release.datasets:
        dataset = NamedNode(policy.dataset(name))
        yield Quad(about, NamedNode(DCTERMS["hasPart"]), dataset)
