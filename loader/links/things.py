"""Things as far as linking looks at them, read from the lines of a canonical dump.

The lines of a dump are sorted, so all lines of a thing and of its parts (``thing#address``) stand
together, but for those of things whose IRIs begin with its own: only these are held in memory.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from loader.links.places import Place, read_address
from vocab.identifiers.areas import AREA
from vocab.namespaces import DCTERMS, FOAF, IC, OWL, RDF, RDFS, SCHEMA, TSD

Statements = dict[str, list[str]]
"""Objects, as terms, by predicate."""


class Role(StrEnum):
    """What a thing is to others: equipment, toilets and businesses are in places."""

    PLACE = "place"
    EQUIPMENT = "equipment"
    TOILET = "toilet"
    BUSINESS = "business"
    RECORD = "record"
    """What can only be known by an identifier: a book."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing: what it is called, where it is, and what it is known by.

    ``identifiers`` are identifiers of the thing itself, each with its scheme; ``phone`` digits.
    """

    iri: str
    role: Role
    name: str = ""
    place: Place = Place()
    phone: str = ""
    identifiers: tuple[str, ...] = ()


_CLASSES = {
    IC["設備型"]: Role.EQUIPMENT,
    SCHEMA["FoodEstablishment"]: Role.BUSINESS,
    SCHEMA["PublicToilet"]: Role.TOILET,
    IC["施設型"]: Role.PLACE,
    IC["地物型"]: Role.PLACE,
    IC["建物型"]: Role.PLACE,
    SCHEMA["CivicStructure"]: Role.PLACE,
    SCHEMA["Place"]: Role.PLACE,
    SCHEMA["Book"]: Role.RECORD,
}
"""Roles by class; of several classes the first in this table tells."""

LINKABLE = frozenset(_CLASSES)
"""A dataset without things of these classes has none that can be linked."""

_NEVER = (IC["イベント型"], SCHEMA["Event"], SCHEMA["AdministrativeArea"])
"""What happens at a place, or is an area, is not the place."""

_GTFS = "http://vocab.gtfs.org/terms#"
"""A stop bears the name of what it stands before, and is not it."""

_KINDS_OF_NUMBERS = (TSD["medicalCode"], TSD["careProviderCode"])
_GIVEN_EVERYWHERE = re.compile(r"E[0-9]{13}|urn:(?:uuid|ucode|epc|oid):\S+|[0-9A-F]{32}")
"""Identifiers that no scheme has to be told of: of 国土地理院's list of shelters, ucode, UUID."""

_SITE = re.compile("E[0-9]{13}")
_SITE_DIGITS = 11
"""The 共通ID of a shelter: municipality and site, then three digits of its designation."""

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?', re.DOTALL)
_ESCAPED = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_LETTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_WANTED = frozenset(
    {
        RDF["type"],
        RDFS["label"],
        SCHEMA["name"],
        SCHEMA["latitude"],
        SCHEMA["longitude"],
        SCHEMA["sameAs"],
        OWL["sameAs"],
        DCTERMS["identifier"],
        DCTERMS["spatial"],
        FOAF["phone"],
        IC["住所"],
        IC["名称"],
        IC["表記"],
        IC["市区町村コード"],
        IC["識別値"],
        IC["設置地点"],
        *_KINDS_OF_NUMBERS,
    }
)


@dataclass(slots=True)
class _Open:
    """A thing whose lines are being read: statements by part (``#address``; ``""`` for itself)."""

    iri: str
    parts: dict[str, Statements] = field(default_factory=dict)


def read_things(lines: Iterable[str]) -> Iterator[Thing]:
    """Give the things of a canonical dump that can be linked."""
    opened: list[_Open] = []
    before, statements = "", Statements()
    for line in lines:
        subject, _, rest = line.partition("> <")
        predicate, _, rest = rest.partition("> ")
        if subject != before:
            before = subject
            iri, mark, part = subject[1:].partition("#")
            while opened and not iri.startswith(opened[-1].iri):
                yield from _closed(opened.pop())
            statements = _part_of(opened, iri, mark + part)
        if predicate in _WANTED:
            term = rest.rpartition(" <")[0]
            statements.setdefault(predicate, []).append(term)
    while opened:
        yield from _closed(opened.pop())


def _part_of(opened: list[_Open], iri: str, part: str) -> Statements:
    """Return where the statements about a thing or its part are gathered."""
    if not opened or opened[-1].iri != iri:
        opened.append(_Open(iri))
    return opened[-1].parts.setdefault(part, {})


def _closed(opened: _Open) -> Iterator[Thing]:
    """Give the thing, if it is one that can be linked."""
    own = opened.parts.get("", {})
    role = _role({term[1:-1] for term in own.get(RDF["type"], ())})
    if role is None:
        return
    identifiers = tuple(sorted(set(_identifiers(own))))
    name = _first_text(own, RDFS["label"], SCHEMA["name"])
    place = _place(opened, own) if role is not Role.RECORD else Place()
    known = place.has_position or place.town
    if identifiers or (name and known and role is not Role.RECORD):
        phone = "".join(filter(str.isdigit, _iri(own, FOAF["phone"])))
        yield Thing(opened.iri, role, name, place, phone, identifiers)


def _role(classes: set[str]) -> Role | None:
    if not classes or classes.intersection(_NEVER) or any(c.startswith(_GTFS) for c in classes):
        return None
    return next((role for class_, role in _CLASSES.items() if class_ in classes), None)


def _identifiers(own: Statements) -> Iterator[str]:
    for term in own.get(DCTERMS["identifier"], ()):
        text, datatype, _ = _literal(term)
        if datatype:
            yield f"{datatype} {text}"
        elif _GIVEN_EVERYWHERE.fullmatch(text):
            yield f"id {text}"
    for predicate in _KINDS_OF_NUMBERS:
        yield from (f"{predicate} {_literal(term)[0]}" for term in own.get(predicate, ()))
    yield from (f"iri {term[1:-1]}" for term in own.get(OWL["sameAs"], ()))


def site_of(identifier: str) -> str:
    """Return the site that the 共通ID of a shelter tells, or nothing."""
    text = identifier.removeprefix("id ")
    return text[:_SITE_DIGITS] if _SITE.fullmatch(text) else ""


def _place(opened: _Open, own: Statements) -> Place:
    address = _address(opened, own)
    area = _area(own) or _coded(opened, address)
    written = _first_text(address, IC["表記"])
    town = numbers = ""
    if written:
        area, town, numbers = read_address(written, area)
    latitude, longitude = (_number(own, SCHEMA[name]) for name in ("latitude", "longitude"))
    if math.isnan(latitude) or math.isnan(longitude):
        latitude = longitude = math.nan
    return Place(area, town, numbers, latitude, longitude)


def _area(own: Statements) -> str:
    iris = (term[1:-1] for term in own.get(DCTERMS["spatial"], ()))
    return next((iri[len(AREA) :][:5] for iri in iris if iri.startswith(AREA)), "")


def _coded(opened: _Open, address: Statements) -> str:
    """Return the first five digits of the code that an address states."""
    code = opened.parts.get(_part(opened, address, IC["市区町村コード"]), {})
    return _first_text(code, IC["識別値"])[:5]


def _address(opened: _Open, own: Statements) -> Statements:
    """Return the address: the thing's own, or that of the place that it stands at."""
    at = opened.parts.get(_part(opened, own, IC["設置地点"]), {})
    for whole in (own, at):
        address = opened.parts.get(_part(opened, whole, IC["住所"]), {})
        if address:
            return address
    return {}


def _part(opened: _Open, whole: Statements, predicate: str) -> str:
    """Return which of its parts a thing states by a predicate, as the parts are named here."""
    iri = _iri(whole, predicate)
    return iri.removeprefix(opened.iri) if iri.startswith(opened.iri + "#") else "#"


def _iri(statements: Statements, predicate: str) -> str:
    return next((term[1:-1] for term in statements.get(predicate, ()) if term[0] == "<"), "")


def _first_text(statements: Statements, *predicates: str) -> str:
    """Return the first text: in Japanese, or without language; else any."""
    texts = [_literal(term) for name in predicates for term in statements.get(name, ())]
    ranked = sorted(texts, key=lambda found: found[2] not in ("ja", ""))
    return ranked[0][0] if ranked else ""


def _number(statements: Statements, predicate: str) -> float:
    text = _first_text(statements, predicate)
    try:
        return float(text)
    except ValueError:
        return math.nan


def _literal(term: str) -> tuple[str, str, str]:
    """Return text, datatype and language of a literal; three empty texts for another term."""
    found = _LITERAL.fullmatch(term)
    if found is None:
        return "", "", ""
    text, datatype, language = found.groups("")
    return _ESCAPED.sub(_unescaped, text) if "\\" in text else text, datatype, language


def _unescaped(found: re.Match[str]) -> str:
    short, long, letter = found.groups()
    return _LETTERS[letter] if letter else chr(int(short or long, 16))
