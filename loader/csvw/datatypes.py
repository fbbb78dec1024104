"""Datatypes of cells: the built-in ones, and descriptions of derived ones with constraints.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 5.11; the tree of
types is that of XML Schema 1.1, part 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from loader.csvw.context import CSVW, RDF, XSD

_TREE = {
    "anyAtomicType": "",
    "anyURI": "anyAtomicType",
    "base64Binary": "anyAtomicType",
    "boolean": "anyAtomicType",
    "date": "anyAtomicType",
    "dateTime": "anyAtomicType",
    "dateTimeStamp": "dateTime",
    "decimal": "anyAtomicType",
    "integer": "decimal",
    "long": "integer",
    "int": "long",
    "short": "int",
    "byte": "short",
    "nonNegativeInteger": "integer",
    "positiveInteger": "nonNegativeInteger",
    "unsignedLong": "nonNegativeInteger",
    "unsignedInt": "unsignedLong",
    "unsignedShort": "unsignedInt",
    "unsignedByte": "unsignedShort",
    "nonPositiveInteger": "integer",
    "negativeInteger": "nonPositiveInteger",
    "double": "anyAtomicType",
    "duration": "anyAtomicType",
    "dayTimeDuration": "duration",
    "yearMonthDuration": "duration",
    "float": "anyAtomicType",
    "gDay": "anyAtomicType",
    "gMonth": "anyAtomicType",
    "gMonthDay": "anyAtomicType",
    "gYear": "anyAtomicType",
    "gYearMonth": "anyAtomicType",
    "hexBinary": "anyAtomicType",
    "QName": "anyAtomicType",
    "string": "anyAtomicType",
    "normalizedString": "string",
    "token": "normalizedString",
    "language": "token",
    "Name": "token",
    "NMTOKEN": "token",
    "xml": "string",
    "html": "string",
    "json": "string",
    "time": "anyAtomicType",
}
_ALIASES = {
    "any": "anyAtomicType",
    "number": "double",
    "binary": "base64Binary",
    "datetime": "dateTime",
}
_IRIS = {"xml": RDF + "XMLLiteral", "html": RDF + "HTML", "json": CSVW + "JSON"}

NUMERIC = ("decimal", "double", "float")
BINARY = ("base64Binary", "hexBinary")
DATES = ("date", "dateTime", "time", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth")
KEEP_SPACE = frozenset({"string", "json", "xml", "html", "anyAtomicType"})
"""Types of which line breaks and spaces at the ends are kept (tabular data model, 6.4)."""


def builtin(name: str) -> str | None:
    """Return the name of a built-in datatype without aliases; None for what is none."""
    name = _ALIASES.get(name, name)
    return name if name in _TREE else None


def builtin_iri(name: str) -> str:
    """Return the IRI of a built-in datatype."""
    return _IRIS.get(name, XSD + name)


BUILTIN_IRIS = frozenset(map(builtin_iri, _TREE))


@lru_cache(maxsize=1024)
def is_a(name: str, *ancestors: str) -> bool:
    """Whether a built-in datatype is one of others, or derived from one of them."""
    while name:
        if name in ancestors:
            return True
        name = _TREE[name]
    return False


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written (6.4.2): a pattern of UAX 35, and the characters that separate."""

    pattern: str | None = None
    decimal_char: str = "."
    group_char: str | None = None


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype of cells: a built-in ``base``, how it is written and what values it has."""

    base: str = "string"
    id: str | None = None
    format: str | NumberFormat | None = None
    lengths: Mapping[str, int] = field(default_factory=dict, hash=False)
    """``length``, ``minLength``, ``maxLength`` where stated."""
    limits: Mapping[str, str] = field(default_factory=dict, hash=False)
    """``minInclusive``, ``maxInclusive``, ``minExclusive``, ``maxExclusive`` where stated."""

    @property
    def iri(self) -> str:
        """The IRI that literals are typed with."""
        return self.id or builtin_iri(self.base)


STRING = Datatype()
