"""What functions give beside geometries, numbers and truth values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A value of xsd:anyURI."""

    iri: str


@dataclass(frozen=True, slots=True)
class Written:
    """A literal of a datatype."""

    text: str
    datatype: str
