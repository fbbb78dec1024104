"""A description as people read it: properties with names, values, parts in their place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from endpoint.language import MESSAGES, language, say
from endpoint.links import href
from endpoint.site.descriptions import LABELS, labels
from vocab.iris import decode, read_row
from vocab.language import LANGUAGES
from vocab.namespaces import GEO, PREFIXES, RDF, XSD

_POINT = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*(?P<x>[-\d.]+)\s+(?P<y>[-\d.]+)\s*\)", re.I)
_ROW = re.compile(r".*/[^/#]+#([^#]*&)?row=\d+")
_XSD = PREFIXES["xsd"]
_FIRST = (*LABELS, RDF["type"])
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Value:
    """A value to show: text, with where it leads, its language, what it is; or a part."""

    text: str
    href: str | None = None
    language: str | None = None
    note: str = ""
    iri: str = ""
    part: "list[Property]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Property:
    """A property and its values, in the order of reading."""

    iri: str
    name: str
    values: list[Value]
    language: str | None = None


@dataclass(slots=True)
class Names:
    """What the IRIs of a page are called, in the language of the request."""

    known: dict[str, list[Literal]]

    def of(self, iri: str) -> tuple[str, str | None]:
        """The name and its language; the end of the IRI where it has no name."""
        found = best_label(self.known.get(iri, ()))
        if found is not None:
            return found.value, found.language
        return _own_word(iri) or (ending(iri), None)


def _by_language(term: NamedNode | BlankNode | Literal) -> tuple[bool, str]:
    foreign = isinstance(term, Literal) and term.language not in (None, language())
    return foreign, str(term)


def best_label(found: Iterable[Literal]) -> Literal | None:
    """The label to show: in the reader's language, without language, in Japanese, any."""
    order = [language(), None, *LANGUAGES]

    def rank(label: Literal) -> tuple[int, str]:
        base = label.language.partition("-")[0] if label.language else None
        # Kana readings are tagged ja-hrkt or ja-latn: a name in its own spelling goes first.
        spelt = 0 if label.language == base else 1
        return (2 * order.index(base) + spelt if base in order else 99, label.value)

    return min(found, key=rank, default=None)


def _own_word(iri: str) -> tuple[str, str | None] | None:
    for prefix, base in PREFIXES.items():
        code = f"term.{prefix}:{iri.removeprefix(base)}"
        if iri.startswith(base) and code in MESSAGES.entries:
            return say(code), language()
    return None


def ending(iri: str) -> str:
    """The last part of an IRI, readable; the IRI itself where it is foreign and has no term."""
    term = next((iri.removeprefix(base) for base in PREFIXES.values() if iri.startswith(base)), "")
    tail = iri.rstrip("#/").rpartition("/")[2]
    last = tail if _ROW.fullmatch(iri) else tail.rpartition("#")[2]
    return decode(term) or decode(last) or iri


def title(iri: str, quads: Iterable[Quad]) -> tuple[str, str | None]:
    """What the thing is called, by its own statements."""
    own = [
        quad.object
        for name in LABELS
        for quad in quads
        if quad.subject == NamedNode(iri)
        and quad.predicate.value == name
        and isinstance(quad.object, Literal)
    ]
    found = best_label(own)
    return (found.value, found.language) if found else (ending(iri), None)


def read(iri: str, quads: list[Quad], others: Iterable[str] = ()) -> tuple[list[Property], Names]:
    """The properties of a thing; names also for ``others`` that the page mentions."""
    names = Names(labels([*_iris(quads), *others]))
    return _properties(NamedNode(iri), quads, names, _DEEPEST), names


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a vocabulary, for its place in the vocabulary's page."""

    iri: str
    anchor: str
    name: str
    language: str | None
    properties: list[Property]


def terms(iri: str, quads: list[Quad], names: Names) -> list[Term]:
    """The terms of a vocabulary, which are fragments of its document."""
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    below = [subject for subject in subjects if subject.value.startswith(f"{iri}#")]
    return [_term(subject, quads, names) for subject in sorted(below, key=lambda x: x.value)]


def _term(subject: NamedNode, quads: list[Quad], names: Names) -> Term:
    name, spoken = title(subject.value, quads)
    anchor = decode(subject.value.rpartition("#")[2])
    return Term(subject.value, anchor, name, spoken, _properties(subject, quads, names, 0))


def _iris(quads: Iterable[Quad]) -> list[str]:
    terms = [term for quad in quads for term in (quad.predicate, quad.object)]
    return [term.value for term in terms if isinstance(term, NamedNode)]


def _properties(
    subject: NamedNode | BlankNode, quads: list[Quad], names: Names, depth: int
) -> list[Property]:
    objects: dict[str, list[NamedNode | BlankNode | Literal]] = {}
    for quad in quads:
        if quad.subject == subject:
            values = objects.setdefault(quad.predicate.value, [])
            if quad.object not in values:
                values.append(quad.object)  # type: ignore[arg-type]
    properties = [
        Property(
            iri,
            names.of(iri)[0],
            [_value(term, quads, names, depth) for term in sorted(values, key=_by_language)],
            names.of(iri)[1],
        )
        for iri, values in objects.items()
    ]
    return sorted(properties, key=_reading_order)


def _reading_order(shown: Property) -> tuple[int, bool, str]:
    first = _FIRST.index(shown.iri) if shown.iri in _FIRST else len(_FIRST)
    return first, any(value.part for value in shown.values), shown.name


def _value(
    term: NamedNode | BlankNode | Literal, quads: list[Quad], names: Names, depth: int
) -> Value:
    if isinstance(term, Literal):
        return _literal(term)
    part = any(quad.subject == term for quad in quads)
    if part and depth > 0:
        inside = _properties(term, quads, names, depth - 1)
        anchor = term.value.rpartition("#")[2] if "#" in term.value else ""
        return Value(anchor, iri=term.value, part=inside)
    if isinstance(term, BlankNode):
        return Value("–")
    name, spoken = _row(term.value) or names.of(term.value)
    return Value(name, href(term.value), spoken, iri=term.value)


def _row(iri: str) -> tuple[str, str] | None:
    """The words for a row of a source file (RFC 7111), or for an address of tel: or mailto:."""
    if _ROW.fullmatch(iri):
        file, row = read_row(iri)
        return say("thing.row", file=file, row=row), language()
    scheme, _, rest = iri.partition(":")
    return (rest, language()) if scheme in ("tel", "mailto") else None


def _literal(term: Literal) -> Value:
    if term.language:
        return Value(term.value, language=term.language)
    datatype = term.datatype.value
    if datatype == GEO["wktLiteral"] and (point := _POINT.fullmatch(term.value.strip())):
        where = say("thing.coordinates", latitude=point["y"], longitude=point["x"])
        return Value(term.value, note=where)
    if datatype == XSD["anyURI"]:
        return Value(term.value, href(term.value))
    if datatype == XSD["boolean"] and term.value in ("true", "false"):
        return Value(say(f"value.{term.value}"))
    return Value(term.value, note="" if datatype.startswith(_XSD) else ending(datatype))
