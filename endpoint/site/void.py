"""What a release holds, in VoID: its datasets, and the classes and properties that occur.

https://www.w3.org/TR/void/, 4.1 (partitions) and 6.2 (``/.well-known/void``).
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.site.terms import Terms
from loader.release import Release
from vocab.iris import IriPolicy, encode
from vocab.namespaces import FOAF, RDF, RDFS, VOID, XSD

PATH = ".well-known/void"


def describe(release: Release, terms: Terms) -> Iterator[Quad]:
    """The release as one dataset; what each dataset of it holds stands in the catalogue.

    Properties are those that were found at some things of each class, so that their numbers are
    not told.
    """
    for subject, predicate, value in _statements(release, terms):
        yield Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value))
    if "quads" in release.manifest:
        count = Literal(str(release.manifest["quads"]), datatype=NamedNode(XSD["integer"]))
        yield Quad(NamedNode(_dataset(release)), NamedNode(VOID["triples"]), count)


def _dataset(release: Release) -> str:
    return f"{release.base_iri}{PATH}#release"


def _statements(release: Release, terms: Terms) -> Iterator[tuple[str, str, str]]:
    document, dataset = f"{release.base_iri}{PATH}", _dataset(release)
    policy = IriPolicy(release.base_iri)
    yield document, RDF["type"], VOID["DatasetDescription"]
    yield document, FOAF["primaryTopic"], dataset
    yield dataset, RDF["type"], VOID["Dataset"]
    yield dataset, VOID["sparqlEndpoint"], policy.sparql()
    for name in release.datasets:
        yield dataset, VOID["subset"], policy.dataset(name)
    yield dataset, RDFS["seeAlso"], f"{release.base_iri}query/"
    for kind, iris in (("class", terms.classes), ("property", terms.properties)):
        for iri in iris:
            part = f"{document}#{kind}={encode(iri)}"
            yield dataset, VOID[f"{kind}Partition"], part
            yield part, RDF["type"], VOID["Dataset"]
            yield part, VOID[kind], iri
