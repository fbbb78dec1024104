"""Functions of identifiers: each is checked before it is used (vocab/identifiers/)."""

from collections.abc import Callable

from loader.functions.registry import Gives, ValueProblem, function
from vocab import identifiers
from vocab.identifiers import IdentifierError, Scheme

_CHECK = "!identifier.check-digit"
_MALFORMED = "!identifier.malformed"


def checked(reader: Callable[[str], str], value: str) -> str:
    """Return what a reader of identifiers gives; its complaint becomes a finding."""
    if not value.strip():
        return ""
    try:
        return reader(value)
    except IdentifierError as error:
        raise ValueProblem(error.code) from error


@function(
    "municipalityCode",
    [
        ("131016", "131016"),
        ("１３１０１", "131016"),
        ("131017", "", _CHECK),
        ("東京都", "", "!identifier.not-a-code"),
    ],
)
def municipality_code(value: str) -> str:
    """The 全国地方公共団体コード with six digits, check digit included."""
    return checked(identifiers.municipality_code, value)


@function("standardAreaCode", [("131016", "13101")])
def standard_area_code(value: str) -> str:
    """The 全国地方公共団体コード with five digits, as statistics use it."""
    return municipality_code(value)[:5]


@function("prefectureCode", [("131016", "130001"), ("", "")])
def prefecture_code(value: str) -> str:
    """The 全国地方公共団体コード of the prefecture that a code lies in."""
    code = municipality_code(value)
    return identifiers.prefecture_code(code) if code else ""


@function(
    "areaIri",
    [
        ("131016", "http://data.e-stat.go.jp/lod/sac/C13101"),
        ("991015", "", "!identifier.unknown-area"),
    ],
    gives=Gives.IRI,
)
def area_iri(value: str) -> str:
    """The area as e-Stat's statistics LOD names it."""
    code = municipality_code(value)
    iri = identifiers.area_iri(code) if code else ""
    if iri is None:
        raise ValueProblem("identifier.unknown-area")
    return iri


@function(
    "corporateNumber",
    [
        ("７０００012050002", "7000012050002"),
        ("1234567890123", "", _CHECK),
    ],
)
def corporate_number(value: str) -> str:
    """The 法人番号: 13 digits."""
    return checked(identifiers.corporate_number, value)


@function(
    "corporateNumberIri",
    [("7000012050002", "http://hojin-info.go.jp/data/basic/7000012050002")],
    gives=Gives.IRI,
)
def corporate_number_iri(value: str) -> str:
    """The organisation with a 法人番号, as gBizINFO names it."""
    return checked(identifiers.corporate_number_iri, value)


@function("isbn13", [("4-06-519981-6", "9784065199817"), ("9784065199818", "", _CHECK)])
def isbn13(value: str) -> str:
    """The ISBN with 13 digits."""
    return checked(identifiers.isbn13, value)


@function("isbnIri", [("9784065199817", "urn:isbn:9784065199817")], gives=Gives.IRI)
def isbn_iri(value: str) -> str:
    """The ISBN as an IRI."""
    return checked(identifiers.isbn_iri, value)


@function("issn", [("03785955", "0378-5955"), ("0378", "", _MALFORMED)])
def issn(value: str) -> str:
    """The ISSN, as ``NNNN-NNNN``."""
    return checked(identifiers.issn, value)


@function("issnIri", [("0378-5955", "urn:issn:0378-5955")], gives=Gives.IRI)
def issn_iri(value: str) -> str:
    """The ISSN as an IRI."""
    return checked(identifiers.issn_iri, value)


@function("doi", [("http://dx.doi.org/10.11501/ABC", "10.11501/abc"), ("11501/1", "", _MALFORMED)])
def doi(value: str) -> str:
    """The DOI, bare and in lower case."""
    return checked(identifiers.doi, value)


@function("doiIri", [("doi:10.11501/1", "https://doi.org/10.11501/1")], gives=Gives.IRI)
def doi_iri(value: str) -> str:
    """The DOI as an IRI."""
    return checked(identifiers.doi_iri, value)


@function(
    "ucodeIri",
    [
        ("00001c0000000000000100000000abcd", "urn:ucode:_00001C0000000000000100000000ABCD"),
        ("00001C", "", _MALFORMED),
    ],
    gives=Gives.IRI,
)
def ucode_iri(value: str) -> str:
    """The ucode as an IRI (RFC 6588)."""
    return checked(identifiers.ucode_iri, value)


@function(
    "identifier",
    [
        ("https://doi.org/10.5555/ABC", "doi", "10.5555/abc"),
        ("T7000012050002", "法人番号", "7000012050002"),
        ("0000-0002-1825-0098", "orcid", "", _CHECK),
        ("1", "団地番号", "", "!value.unknown-choice"),
    ],
)
def identifier(value: str, scheme: str) -> str:
    """The canonical notation of an identifier (ic:識別値, skos:notation) of a scheme of \
docs/identifiers.md."""
    return checked(_scheme(scheme).read, value)


@function(
    "identifierIri",
    [
        ("ror.org/057zh3y96", "ror", "https://ror.org/057zh3y96"),
        ("TDB 201233049", "帝国データバンク企業コード", "urn:oid:1.3.170.201233049"),
        ("〒100-8914", "postcode", ""),
        ("Q17x", "wikidata", "", _MALFORMED),
    ],
    gives=Gives.IRI,
)
def identifier_iri(value: str, scheme: str) -> str:
    """The IRI of an identifier; nothing where its scheme has none."""
    found = _scheme(scheme)
    return checked(lambda text: found.iri(text) or "", value)


@function(
    "identifierLink",
    [
        ("Q17", "wikidata", "owl:sameAs", "http://www.wikidata.org/entity/Q17"),
        ("37004329", "viaf", "owl:sameAs", ""),
        ("37004329", "viaf", "skos:exactMatch", "http://viaf.org/viaf/37004329"),
    ],
    gives=Gives.IRI,
)
def identifier_link(value: str, scheme: str, link: str) -> str:
    """The IRI of an identifier where ``link`` (owl:sameAs, skos:exactMatch, rdfs:seeAlso) is the \
property that leads to those of its scheme."""
    return identifier_iri(value, scheme) if _scheme(scheme).link == link else ""


@function(
    "identifierScheme",
    [("DOI", "https://w3id.org/tsunagu/def#scheme.doi"), ("", "")],
    gives=Gives.IRI,
)
def identifier_scheme(scheme: str) -> str:
    """The scheme of an identifier, as our vocabulary describes it (ic:体系)."""
    return _scheme(scheme).own_iri if scheme else ""


@function("identifierAgency", [("法人番号", "国税庁"), ("", "")])
def identifier_agency(scheme: str) -> str:
    """Who gives out the identifiers of a scheme, in Japanese (adms:schemaAgency)."""
    return _scheme(scheme).authority["ja"] if scheme else ""


def _scheme(name: str) -> Scheme:
    found = identifiers.find_scheme(name)
    if found is None:
        raise ValueProblem("value.unknown-choice", value=name)
    return found
