"""Functions of identifiers of objects, records and classes (vocab/identifiers.py)."""

from loader.functions.identifiers import checked
from loader.functions.registry import Gives, ValueProblem, function
from vocab import identifiers

_MALFORMED = "!identifier.malformed"
_UUID = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"


@function(
    "uuidIri",
    [(_UUID, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), ("f81d4fae", "", _MALFORMED)],
    gives=Gives.IRI,
)
def uuid_iri(value: str) -> str:
    """The UUID as an IRI (RFC 9562)."""
    return checked(identifiers.uuid_iri, value)


@function(
    "epcIri",
    [
        ("urn:epc:id:sgtin:4912345.012345.32a/b", "urn:epc:id:sgtin:4912345.012345.32a%2Fb"),
        ("urn:epc:id:sgtin:x.1.2", "", _MALFORMED),
    ],
    gives=Gives.IRI,
)
def epc_iri(value: str) -> str:
    """The EPC as an IRI, its pure identity (GS1 EPC Tag Data Standard)."""
    return checked(identifiers.epc_iri, value)


@function(
    "oidIri",
    [("1.2.392.200119", "urn:oid:1.2.392.200119"), ("1.2.0392", "", _MALFORMED)],
    gives=Gives.IRI,
)
def oid_iri(value: str) -> str:
    """The object identifier as an IRI (RFC 3061)."""
    return checked(identifiers.oid_iri, value)


@function(
    "jpno", [("２１２３４５６７", "21234567"), ("JP21234567", "21234567"), ("123", "", _MALFORMED)]
)
def jpno(value: str) -> str:
    """The 全国書誌番号 (JP番号) of the National Diet Library: eight digits."""
    return checked(identifiers.jpno, value)


@function(
    "ndc",
    [("９１３．６", "913.6"), ("NDC9:007", "007"), ("9136", "913.6"), ("小説", "", _MALFORMED)],
)
def ndc(value: str) -> str:
    """The notation of 日本十進分類法."""
    return checked(identifiers.ndc, value)


@function(
    "ndcIri",
    [
        ("913.6", "9", "http://id.ndl.go.jp/class/ndc9/913.6"),
        ("913.6", "10", "http://id.ndl.go.jp/class/ndc10/913.6"),
        ("913.6", "3", "", "!value.unknown-choice"),
    ],
    gives=Gives.IRI,
)
def ndc_iri(value: str, edition: str) -> str:
    """The class of 日本十進分類法 (``edition`` 9 or 10) as Web NDL Authorities names it."""
    if edition not in {"9", "10"}:
        raise ValueProblem("value.unknown-choice", value=edition)
    return checked(lambda text: identifiers.ndc_iri(text, edition), value)
