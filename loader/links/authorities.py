"""Whose data a link leads to: authority files and code lists, by the beginning of their IRIs."""

from collections.abc import Mapping

from vocab.identifiers import SCHEMES
from vocab.identifiers.areas import AREA
from vocab.identifiers.authorities import JAPAN_SEARCH, NDL
from vocab.identifiers.organisations import CORPORATE_NUMBER

AUTHORITIES: Mapping[str, str] = {
    "municipality": AREA,
    "corporate-number": CORPORATE_NUMBER,
    "isbn": "urn:isbn:",
    "issn": "urn:issn:",
    "doi": "https://doi.org/",
    "ndl-authority": NDL,
    "ndc": "http://id.ndl.go.jp/class/",
    "japan-search": JAPAN_SEARCH,
    "viaf": "http://viaf.org/viaf/",
    "wikidata": "http://www.wikidata.org/entity/",
    "orcid": "https://orcid.org/",
    "isni": "https://isni.org/isni/",
    "ror": "https://ror.org/",
}
"""The beginning of IRIs by scheme (vocab.identifiers), as its ``iri`` writes them."""

PREFIXES = tuple(f"<{prefix}" for prefix in AUTHORITIES.values())

_CLASSES = {"ja": "日本十進分類法（NDC）", "en": "Nippon Decimal Classification"}


def authority_of(iri: str) -> str:
    """Return the scheme that an IRI belongs to; nothing for another IRI."""
    return next((name for name, prefix in AUTHORITIES.items() if iri.startswith(prefix)), "")


def authority_title(name: str) -> Mapping[str, str]:
    """Return what an authority file is called, by language."""
    return SCHEMES[name].title if name in SCHEMES else _CLASSES
