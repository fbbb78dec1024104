"""The catalogue of all published datasets, in DCAT (DCAT-AP 3.0.1) and VoID.

Everything has an IRI, and nothing depends on the clock, so that harvesters, which find changes by
hash, see a change only where there is one.
"""

from collections.abc import Sequence

from loader.catalog.agents import agent
from loader.catalog.dataset import describe
from loader.catalog.documents import catalog_documents
from loader.catalog.linksets import linksets
from loader.published import Linkset, Published, PublishedFile, Site
from vocab.authorities import AUTHORITY
from vocab.iris import IriPolicy
from vocab.namespaces import DCAT, DCTERMS, FOAF
from vocab.statements import Statements

__all__ = ["Published", "PublishedFile", "Site", "catalog_documents", "catalog_lines"]

_LANGUAGES = (AUTHORITY + "language/JPN", AUTHORITY + "language/ENG")


def catalog_lines(
    policy: IriPolicy, site: Site, datasets: Sequence[Published], links: Sequence[Linkset] = ()
) -> list[str]:
    """Return the catalogue graph as lines of N-Quads, sorted and each once."""
    about = Statements(policy.system_graph("catalog"))
    publisher = agent(policy, about, site.publisher_name, site.publisher_id)
    _catalog(policy, about, site, publisher)
    _service(policy, about, publisher)
    for dataset in datasets:
        describe(policy, about, dataset, publisher)
    linksets(policy, about, links)
    modified = [dataset.package.modified for dataset in datasets if dataset.package.modified]
    about.date(policy.catalog(), DCTERMS["modified"], max(modified, default=None))
    return about.lines()


def _catalog(policy: IriPolicy, about: Statements, site: Site, publisher: str) -> None:
    catalog = policy.catalog()
    about.a(catalog, DCAT["Catalog"])
    about.text(catalog, DCTERMS["title"], site.title)
    about.text(catalog, DCTERMS["description"], site.description or site.title)
    about.link(catalog, DCTERMS["publisher"], publisher)
    about.links(catalog, DCTERMS["language"], _LANGUAGES)
    for language in _LANGUAGES:
        about.a(language, DCTERMS["LinguisticSystem"])
    homepage = site.homepage or policy.base
    about.link(catalog, FOAF["homepage"], homepage)
    about.a(homepage, FOAF["Document"])


def _service(policy: IriPolicy, about: Statements, publisher: str) -> None:
    service = policy.service()
    about.link(policy.catalog(), DCAT["service"], service)
    about.a(service, DCAT["DataService"])
    about.text(service, DCTERMS["title"], {"ja": "SPARQLエンドポイント", "en": "SPARQL endpoint"})
    about.link(service, DCTERMS["publisher"], publisher)
    about.link(service, DCAT["endpointURL"], policy.sparql())
    about.link(service, DCAT["endpointDescription"], policy.sparql())
    about.link(service, DCTERMS["conformsTo"], "http://www.w3.org/TR/sparql11-protocol/")
    about.a("http://www.w3.org/TR/sparql11-protocol/", DCTERMS["Standard"])
