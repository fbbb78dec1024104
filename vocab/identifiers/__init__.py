"""Japanese and international identifiers: read as files hold them, checked, written one way.

Each reader gives the canonical notation or raises IdentifierError with a code of
``vocab/findings/identifier.toml``; each ``…_iri`` gives the IRI of the same. ``SCHEMES`` is the
table of all of them. docs/identifiers.md lists the notations that are read and the sources of the
rules.
"""

from vocab.area_history import area_codes
from vocab.check_digits import municipality_check_digit
from vocab.identifiers.areas import (
    AREA,
    PREFECTURES,
    area_iri,
    municipality_code,
    postal_code,
    prefecture_code,
    town_id,
)
from vocab.identifiers.organisations import (
    CORPORATE_NUMBER,
    corporate_number,
    corporate_number_iri,
)
from vocab.identifiers.publications import (
    DOI,
    doi,
    doi_iri,
    isbn13,
    isbn_iri,
    issn,
    issn_iri,
    jpno,
    ndc,
    ndc_iri,
)
from vocab.identifiers.reading import CHECK_DIGIT, MALFORMED, NOT_A_CODE, IdentifierError
from vocab.identifiers.table import (
    READERS,
    SCHEMES,
    Fit,
    Scheme,
    find_scheme,
    fits,
    scheme_iri,
)
from vocab.identifiers.things import UCODE, epc_iri, oid_iri, ucode, ucode_iri, uuid, uuid_iri

__all__ = [
    "AREA",
    "CHECK_DIGIT",
    "CORPORATE_NUMBER",
    "DOI",
    "MALFORMED",
    "NOT_A_CODE",
    "PREFECTURES",
    "READERS",
    "SCHEMES",
    "UCODE",
    "Fit",
    "IdentifierError",
    "Scheme",
    "area_codes",
    "area_iri",
    "corporate_number",
    "corporate_number_iri",
    "doi",
    "doi_iri",
    "epc_iri",
    "find_scheme",
    "fits",
    "isbn13",
    "isbn_iri",
    "issn",
    "issn_iri",
    "jpno",
    "municipality_check_digit",
    "municipality_code",
    "ndc",
    "ndc_iri",
    "oid_iri",
    "postal_code",
    "prefecture_code",
    "scheme_iri",
    "town_id",
    "ucode",
    "ucode_iri",
    "uuid",
    "uuid_iri",
]
