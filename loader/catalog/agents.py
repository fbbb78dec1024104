"""Organisations that publish or make data: their IRIs, and what is said of them."""

import re
import unicodedata
from collections.abc import Mapping

from vocab.identifiers import IdentifierError, area_iri, corporate_number, municipality_code
from vocab.identifiers import corporate_number_iri as corporate_iri
from vocab.iris import IriPolicy
from vocab.namespaces import DCTERMS, FOAF
from vocab.statements import Statements

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def agent(
    policy: IriPolicy, about: Statements, names: Mapping[str, str], identifier: str | None
) -> str:
    """Describe an organisation and return its IRI.

    ``identifier`` is an IRI, a 法人番号 or a 全国地方公共団体コード; without one the IRI is made
    from the name.
    """
    place = None
    iri, notation = _by_identifier(policy, identifier)
    if notation and len(notation) == 6:
        place = area_iri(notation)
    iri = iri or policy.agent(_slug(next(iter(names.values()), "publisher")))
    about.a(iri, FOAF["Agent"], FOAF["Organization"])
    about.text(iri, FOAF["name"], names or {"ja": notation or iri})
    if notation:
        about.value(iri, DCTERMS["identifier"], notation)
    if place:
        about.a(place, DCTERMS["Location"])
        about.link(iri, DCTERMS["spatial"], place)
    return iri


def _by_identifier(policy: IriPolicy, identifier: str | None) -> tuple[str | None, str | None]:
    """Return the IRI that an identifier gives, and its notation where it is a number."""
    if not identifier:
        return None, None
    if _IRI.fullmatch(identifier):
        return identifier, None
    try:
        return corporate_iri(identifier), corporate_number(identifier)
    except IdentifierError:
        pass
    try:
        code = municipality_code(identifier)
    except IdentifierError:
        return policy.agent(_slug(identifier)), None
    return policy.agent(code), code


def _slug(text: str) -> str:
    return re.sub(r"[\s/]+", "-", unicodedata.normalize("NFKC", text).strip())
