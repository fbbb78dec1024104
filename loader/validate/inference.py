"""Proposes shapes from data: what is true of all things of a class, as SHACL Core in Turtle.

The data conforms to what is proposed, and the same data gives the same bytes. Memory is bounded
by the number of things, and by what is kept of each class and property.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode

from loader.validate.proposal import prefixed, turtle
from vocab.namespaces import DCTERMS

MOST_VALUES = 12
"""How many different values a list of values has at most."""

TIMES_EACH = 5
"""How often the values of a list come on the average: fewer may be chance."""

NEARLY_ALL = 0.98
"""The part of the things that a rule holds for which has exceptions."""

_LEFT_OUT = frozenset({DCTERMS["source"]})
"""What the mapping says of every thing; no publisher asks for it."""

FEWEST = 10
"""Values from which a pattern or a range is told."""

MOST_THINGS = 5_000_000
"""Things that are looked at, about 1 GB; the others are left out of account."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_DIGITS = "([0-9]{2}:){2}[0-9]{2}([.][0-9]{1,6})?"
_WELL_FORMED = {
    _XSD + name: re.compile(pattern)
    for name, pattern in {
        "string": "(?s).*",
        "anyURI": "(?s).*",
        "boolean": "true|false",
        "integer": "[+-]?[0-9]+",
        "nonNegativeInteger": "[0-9]+",
        "decimal": "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)",
        "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "time": _DIGITS,
        "dateTime": f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_DIGITS}(Z|[+-][0-9]{{2}}:[0-9]{{2}})?",
        "gYear": "[0-9]{4}",
        "gYearMonth": "[0-9]{4}-(0[1-9]|1[0-2])",
    }.items()
}
"""The usual ways of writing a value (XSD 1.1, part 2, 3.3); a datatype is told of no others."""

_CALENDAR: Mapping[str, Callable[[str], object]] = {
    _XSD + "date": date.fromisoformat,
    _XSD + "time": time.fromisoformat,
    _XSD + "dateTime": datetime.fromisoformat,
}
_NUMBERS = frozenset(_XSD + name for name in ("decimal", "integer", "nonNegativeInteger"))
_STRING = _XSD + "string"
_FORM = re.compile(r"([0-9]+)|([A-Za-z]+)|(.)", re.DOTALL)

Term = NamedNode | BlankNode | Literal


@dataclass(slots=True)
class Property:
    """What is seen of the values that things of a class have for a property."""

    things: int = 0
    values: int = 0
    least: int = 0
    most: int = 0
    kinds: set[str] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    languages_once: bool = True
    well_formed: bool = True
    distinct: set[str] | None = field(default_factory=set)
    forms: set[str] | None = field(default_factory=set)
    range: tuple[Decimal, Decimal] | None = None
    several: int = 0
    """How many things have more than one value."""

    def take(self, terms: list[Term]) -> None:
        """Take all values of one thing."""
        self.least = min(self.least, len(terms)) if self.things else len(terms)
        self.most = max(self.most, len(terms))
        self.things += 1
        self.values += len(terms)
        self.several += len(terms) > 1
        languages = [term.language for term in terms if isinstance(term, Literal) and term.language]
        self.languages_once &= len(languages) == len(set(languages))
        for term in terms:
            self._value(term)

    def _value(self, term: Term) -> None:
        self.kinds.add(_kind(term))
        if self.distinct is not None:
            self.distinct.add(str(term))
            self.distinct = self.distinct if len(self.distinct) <= MOST_VALUES else None
        if not isinstance(term, Literal):
            return
        datatype = term.datatype.value
        self.datatypes.add(datatype)
        self.well_formed = self.well_formed and _is_well_formed(term.value, datatype)
        if datatype in _NUMBERS and self.well_formed:
            self._number(Decimal(term.value))
        elif datatype == _STRING and self.forms is not None:
            self.forms.add(_form(term.value))
            self.forms = self.forms if len(self.forms) == 1 else None

    def _number(self, number: Decimal) -> None:
        low, high = self.range or (number, number)
        self.range = min(low, number), max(high, number)

    def constraints(self, things: int) -> Iterator[str]:
        """Give the constraints, in Turtle, that hold for all ``things`` of the class."""
        if self.things == things and self.least:
            yield f"sh:minCount {self.least}"
        if self.most == 1:
            yield "sh:maxCount 1"
        elif self.datatypes == {_LANG_STRING} and self.languages_once:
            yield "sh:uniqueLang true"
        if len(self.kinds) == 1:
            yield from self._of_values()

    def exceptions(self, things: int) -> Iterator[str]:
        """Give what holds for nearly all ``things`` of the class, and for how many."""
        told = {"sh:minCount 1": self.things, "sh:maxCount 1": things - self.several}
        for constraint, count in told.items():
            if NEARLY_ALL * things <= count < things:
                yield f"{constraint}: {count:,} / {things:,}"

    def _of_values(self) -> Iterator[str]:
        if self._is_list():
            yield f"sh:in ( {' '.join(sorted(map(_short, self.distinct or ())))} )"
        elif self.kinds != {"Literal"}:
            yield f"sh:nodeKind sh:{min(self.kinds)}"
        elif len(self.datatypes) == 1 and self.well_formed:
            [datatype] = self.datatypes
            yield f"sh:datatype {prefixed(datatype)}"
            yield from self._of_literals(datatype)
        else:
            yield "sh:nodeKind sh:Literal"

    def _is_list(self) -> bool:
        known = self.distinct
        if known is None or "BlankNode" in self.kinds:
            return False
        return len(known) > 1 and self.values >= TIMES_EACH * len(known) >= FEWEST

    def _of_literals(self, datatype: str) -> Iterator[str]:
        if self.values < FEWEST:
            return
        if datatype in _NUMBERS and self.range:
            low, high = self.range
            yield f"sh:minInclusive {low:f}"
            yield f"sh:maxInclusive {high:f}"
        elif datatype == _STRING and self.forms and "" not in self.forms:
            yield f"sh:pattern {Literal('^' + min(self.forms) + '$')}"


def _short(term: str) -> str:
    """Return a term in N-Triples syntax as Turtle."""
    return prefixed(term[1:-1]) if term.startswith("<") else term


def _is_well_formed(text: str, datatype: str) -> bool:
    """Whether a literal is surely a value of its datatype; datatypes that are not XSD's have no
    rule here."""
    if not datatype.startswith(_XSD):
        return True
    pattern = _WELL_FORMED.get(datatype)
    if pattern is None or not pattern.fullmatch(text):
        return False
    try:
        _CALENDAR.get(datatype, str)(text)
    except ValueError:
        return False
    return True


def _kind(term: Term) -> str:
    if isinstance(term, Literal):
        return "Literal"
    return "IRI" if isinstance(term, NamedNode) else "BlankNode"


def _form(text: str) -> str:
    """Return the form of an identifier as a pattern, or nothing where it has none."""
    if not text or len(text) > 40 or not re.search("[0-9]", text):
        return ""
    parts = []
    for digits, letters, other in _FORM.findall(text):
        if digits:
            parts.append(f"[0-9]{{{len(digits)}}}")
        elif letters:
            parts.append(f"[A-Za-z]{{{len(letters)}}}")
        elif other in "-_./ ":
            parts.append(f"[{other}]")
        else:
            return ""
    return "".join(parts)


@dataclass(slots=True)
class _Thing:
    classes: set[str] = field(default_factory=set)
    values: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))


class Inference:
    """Takes the statements about things and tells the shapes of their classes."""

    def __init__(self) -> None:
        self._things: dict[tuple[str, str], _Thing] = {}

    def add(self, quads: Iterable[pyoxigraph.Quad], dataset: str = "") -> None:
        """Take statements, in any order; their graphs are taken as one.

        What several datasets say of a thing is taken apart, as it is when they are validated.
        """
        for quad in quads:
            subject = dataset, str(quad.subject)
            thing = self._things.get(subject)
            if thing is None:
                if len(self._things) >= MOST_THINGS:
                    continue
                thing = self._things[subject] = _Thing()
            value = quad.object
            if quad.predicate == _TYPE and isinstance(value, NamedNode):
                thing.classes.add(value.value)
            elif quad.predicate.value in _LEFT_OUT:
                continue
            elif isinstance(value, NamedNode | BlankNode | Literal):
                thing.values[quad.predicate.value].append(value)

    def shapes(self) -> str:
        """Return the shapes as Turtle; nothing but prefixes where no thing has a class."""
        return turtle(*self._classes())

    def _classes(self) -> tuple[Mapping[str, int], Mapping[str, dict[str, Property]]]:
        counts: dict[str, int] = defaultdict(int)
        found: dict[str, dict[str, Property]] = {}
        for thing in self._things.values():
            for class_ in thing.classes:
                counts[class_] += 1
                seen = found.setdefault(class_, {})
                for predicate, values in thing.values.items():
                    unique = list({str(value): value for value in values}.values())
                    seen.setdefault(predicate, Property()).take(unique)
        return counts, found
