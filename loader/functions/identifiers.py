"""Functions of identifiers: each is checked before it is used (vocab/identifiers/)."""

from collections.abc import Callable

from loader.functions.registry import Gives, ValueProblem, function
from vocab import identifiers
from vocab.identifiers import IdentifierError

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
