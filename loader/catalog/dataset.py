"""One dataset in the catalogue: what the descriptor states and what publishing it found out."""

import re

from loader.catalog.agents import agent
from loader.catalog.distributions import distributions
from loader.model import Package
from loader.published import Published
from vocab import authorities
from vocab.identifiers import IdentifierError, area_iri, municipality_code
from vocab.iris import IriPolicy, encode
from vocab.lines import literal
from vocab.namespaces import DCAT, DCTERMS, FOAF, GEO, SKOS, VCARD, VOID
from vocab.statements import Statements

_SAMPLE_NOTE = {"ja": "（サンプルデータです）", "en": " (This is sample data.)"}
_SAMPLE_KEYWORDS = {"ja": "サンプル", "en": "sample"}
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def describe(policy: IriPolicy, about: Statements, dataset: Published, site: str) -> None:
    """Describe a dataset; ``site`` publishes it where its descriptor names no publisher."""
    package = dataset.package
    iri = policy.dataset(package.name)
    about.link(policy.catalog(), DCAT["dataset"], iri)
    about.link(policy.service(), DCAT["servesDataset"], iri)
    about.a(iri, DCAT["Dataset"], VOID["Dataset"])
    about.value(iri, DCTERMS["identifier"], package.name)
    _texts(about, iri, package)
    _agents(policy, about, package, site)
    _classified(policy, about, iri, package)
    _dates(policy, about, iri, package)
    _places(about, iri, dataset)
    _pages(about, iri, package)
    distributions(policy, about, dataset)
    _void(policy, about, iri, dataset)


def titles(package: Package) -> dict[str, str]:
    """Return the titles of a dataset by language; its name where it has none."""
    return dict(package.title) or {"ja": package.name}


def _texts(about: Statements, iri: str, package: Package) -> None:
    descriptions = dict(package.description) or titles(package)
    if package.sample:
        descriptions = {
            language: text + _SAMPLE_NOTE.get(language, _SAMPLE_NOTE["en"])
            for language, text in descriptions.items()
        }
        about.text(iri, DCAT["keyword"], _SAMPLE_KEYWORDS)
    about.text(iri, DCTERMS["title"], titles(package))
    about.text(iri, DCTERMS["description"], descriptions)
    for keyword in package.keywords:
        about.text(iri, DCAT["keyword"], {"ja": keyword})


def _agents(policy: IriPolicy, about: Statements, package: Package, site: str) -> None:
    iri = policy.dataset(package.name)
    names = package.publisher_name
    publisher = site
    if names or package.publisher_id:
        publisher = agent(policy, about, names, package.publisher_id)
    about.link(iri, DCTERMS["publisher"], publisher)
    if package.creator in names.values():
        about.link(iri, DCTERMS["creator"], publisher)
    elif package.creator:
        creator = agent(policy, about, {"ja": package.creator}, None)
        about.link(iri, DCTERMS["creator"], creator)
    _contact(about, iri, package)


def _contact(about: Statements, iri: str, package: Package) -> None:
    publisher = package.descriptor.get("publisher")
    email = publisher.get("email") if isinstance(publisher, dict) else None
    if not email or not re.fullmatch(r"[\w.+-]+@[\w.-]+", str(email)):
        return
    contact = f"{iri}#contact"
    about.link(iri, DCAT["contactPoint"], contact)
    about.a(contact, VCARD["Kind"], VCARD["Organization"])
    about.text(contact, VCARD["fn"], package.publisher_name)
    about.link(contact, VCARD["hasEmail"], f"mailto:{email}")


def _classified(policy: IriPolicy, about: Statements, iri: str, package: Package) -> None:
    for text in package.themes:
        about.link(iri, DCAT["theme"], _theme(policy, about, text))
    for tag in package.languages:
        language = authorities.language(tag)
        about.link(iri, DCTERMS["language"], language)
        if language:
            about.a(language, DCTERMS["LinguisticSystem"])


def _theme(policy: IriPolicy, about: Statements, text: str) -> str:
    known = authorities.theme(text)
    stated = text if _IRI.fullmatch(text) else None
    theme = known or stated or policy.term("theme", text)
    label = re.split("[/#]", theme.rstrip("/"))[-1] if known or stated else text
    about.a(theme, SKOS["Concept"])
    about.add(theme, SKOS["prefLabel"], literal(label, None if known or stated else "ja"))
    return theme


def _dates(policy: IriPolicy, about: Statements, iri: str, package: Package) -> None:
    about.date(iri, DCTERMS["issued"], package.issued)
    about.date(iri, DCTERMS["modified"], package.modified)
    frequency = authorities.frequency(package.frequency) if package.frequency else None
    about.link(iri, DCTERMS["accrualPeriodicity"], frequency)
    if frequency:
        about.a(frequency, DCTERMS["Frequency"])
    if package.temporal:
        period = f"{iri}#temporal"
        about.link(iri, DCTERMS["temporal"], period)
        about.a(period, DCTERMS["PeriodOfTime"])
        about.date(period, DCAT["startDate"], package.temporal[0])
        about.date(period, DCAT["endDate"], package.temporal[1])
    _record(policy, about, iri, package)


def _record(policy: IriPolicy, about: Statements, iri: str, package: Package) -> None:
    """Describe the catalogue's entry; DCAT-AP allows none without a date of modification."""
    modified = package.modified or package.issued
    if not modified:
        return
    record = f"{iri}#record"
    about.link(policy.catalog(), DCAT["record"], record)
    about.a(record, DCAT["CatalogRecord"])
    about.link(record, FOAF["primaryTopic"], iri)
    about.date(record, DCTERMS["modified"], modified)


def _places(about: Statements, iri: str, dataset: Published) -> None:
    area = _area(dataset.package.spatial)
    if area:
        about.a(area, DCTERMS["Location"])
        about.link(iri, DCTERMS["spatial"], area)
    if dataset.bbox:
        # Imported late: it brings NumPy, 20 MB which commands that map have no use for.
        from shapely.geometry import box

        extent = f"{iri}#extent"
        wkt = box(*dataset.bbox).normalize().wkt
        about.link(iri, DCTERMS["spatial"], extent)
        about.a(extent, DCTERMS["Location"])
        about.add(extent, DCAT["bbox"], literal(wkt, datatype=GEO["wktLiteral"]))


def _area(spatial: str | None) -> str | None:
    if not spatial or _IRI.fullmatch(spatial):
        return spatial
    try:
        return area_iri(municipality_code(spatial))
    except IdentifierError:
        return None


def _pages(about: Statements, iri: str, package: Package) -> None:
    stated = package.homepage if package.homepage and _IRI.fullmatch(package.homepage) else None
    for page in (iri, stated):
        about.link(iri, DCAT["landingPage"], page)
        if page:
            about.a(page, FOAF["Document"])


def _void(policy: IriPolicy, about: Statements, iri: str, dataset: Published) -> None:
    """Describe the triples (https://www.w3.org/TR/void/, 3 and 4)."""
    about.link(iri, VOID["sparqlEndpoint"], policy.sparql())
    about.link(iri, VOID["dataDump"], policy.dump(dataset.package.name))
    about.value(iri, VOID["triples"], dataset.triples, "integer")
    about.value(iri, VOID["uriSpace"], f"{policy.base}id/")
    for class_ in dataset.classes:
        partition = f"{iri}#class={encode(class_)}"
        about.link(iri, VOID["classPartition"], partition)
        about.a(partition, VOID["Dataset"])
        about.link(partition, VOID["class"], class_)
