"""The sets of links from datasets: VoID (https://www.w3.org/TR/void/, 5)."""

from collections.abc import Iterable

from loader.published import Linkset
from vocab.iris import IriPolicy
from vocab.lines import literal
from vocab.namespaces import DCTERMS, TSD, VOID, XSD
from vocab.statements import Statements


def linksets(policy: IriPolicy, about: Statements, found: Iterable[Linkset]) -> None:
    """Describe sets of links; one between two datasets is the graph that holds its links."""
    for linkset in found:
        dataset = policy.dataset(linkset.dataset)
        about.link(dataset, VOID["subset"], linkset.iri)
        about.a(linkset.iri, VOID["Linkset"])
        about.link(linkset.iri, VOID["subjectsTarget"], dataset)
        about.link(linkset.iri, VOID["objectsTarget"], _target(policy, about, linkset))
        about.link(linkset.iri, VOID["linkPredicate"], linkset.predicate)
        about.value(linkset.iri, VOID["triples"], linkset.triples, "integer")
        about.text(linkset.iri, DCTERMS["description"], linkset.text)
        if linkset.confidence is not None:
            sure = literal(f"{linkset.confidence:.4f}".rstrip("0"), datatype=XSD["decimal"])
            about.add(linkset.iri, TSD["linkConfidence"], sure)


def _target(policy: IriPolicy, about: Statements, linkset: Linkset) -> str:
    """Return what the links lead to; an authority file is described here."""
    if not linkset.uri_space:
        return policy.dataset(linkset.target)
    authority = f"{policy.catalog()}#authority-{linkset.target}"
    about.a(authority, VOID["Dataset"])
    about.text(authority, DCTERMS["title"], linkset.text)
    about.value(authority, VOID["uriSpace"], linkset.uri_space)
    return authority
