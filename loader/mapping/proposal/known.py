"""What the mappings of the standard datasets say by a column that other tables have too.

名称, 住所 or 電話番号 of a table of one's own then become what they are everywhere else.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from loader.mapping.model import (
    RDF_TYPE,
    Call,
    Constant,
    Expression,
    Reference,
    Template,
    TermMap,
    TriplesMap,
    references,
)
from loader.mapping.registry import Judgement, read_document
from vocab.iris import OWN_FUNCTIONS

THING = OWN_FUNCTIONS + "thingIri"

NAME = "名称"
"""What the standards call the column of names."""

COMMON = 3
"""How many standards have a column that means the same in any table."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a thing (``…#address``): what leads to it, its name, its classes."""

    link: str
    name: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """A statement that is made by a column, about the thing or a part of a part of it."""

    parts: tuple[Part, ...]
    predicate: str
    object: TermMap

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(dict.fromkeys(found.name for found in references(self.object.expression)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a standard's mapping tells by each column: classes, subject and usages."""

    classes: tuple[str, ...]
    subject: Call
    usages: tuple[Usage, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The usages of a table's columns, by header, and the pattern of the standard that fits."""

    usages: Mapping[str, Sequence[Usage]]
    main: Pattern | None
    columns: Mapping[str, str]
    """The columns that the standard knows: canonical name to header."""


def known_usages(judged: Sequence[Judgement], header: Sequence[str]) -> Known:
    """Find what standards say by the columns of a header; ``judged`` has the likeliest first.

    Where none fits, columns that many standards have mean what the standards of things in general
    (those that are taken last) say.
    """
    best = judged[0] if judged[0].fits and not judged[0].standard.unpivot else None
    main = pattern(best.standard.folder) if best else None
    usages: dict[str, list[Usage]] = {}
    if best is not None and main is not None:
        _add(usages, main, best.aliases)
    counts = Counter(name for found in judged for name in found.standard.columns)
    for found in sorted(judged, key=lambda found: (not found.standard.last, -found.share)):
        common = {
            name: column
            for name, column in found.aliases.items()
            if counts[name] >= COMMON and column not in usages
        }
        made = pattern(found.standard.folder) if common else None
        if made is not None:
            _add(usages, made, common)
    return Known(usages, main, best.aliases if best and main else {})


def name_usages(judged: Sequence[Judgement], column: str) -> list[Usage]:
    """Return what the standards of things in general say by a name, for a column that is one."""
    general = next((found for found in judged if found.standard.last), judged[0])
    made = pattern(general.standard.folder)
    usages: dict[str, list[Usage]] = {}
    if made is not None:
        _add(usages, made, {NAME: column})
    return usages.get(column, [])


def _add(usages: dict[str, list[Usage]], made: Pattern, columns: Mapping[str, str]) -> None:
    """Add the usages all of whose columns are there, under each of them."""
    for usage in made.usages:
        if set(usage.columns) <= set(columns):
            found = replace(usage, object=_renamed_term(usage.object, columns))
            for name in found.columns:
                usages.setdefault(name, []).append(found)


def _renamed_term(made: TermMap, columns: Mapping[str, str]) -> TermMap:
    return replace(made, expression=renamed(made.expression, columns))


def renamed(expression: Expression, columns: Mapping[str, str]) -> Expression:
    """Return an expression with the names that columns have in the table."""
    if isinstance(expression, Reference):
        return Reference(columns.get(expression.name, expression.name))
    if isinstance(expression, Template):
        return Template(tuple(renamed(part, columns) for part in expression.parts))
    if isinstance(expression, Call):
        arguments = tuple((name, renamed(value, columns)) for name, value in expression.arguments)
        return Call(expression.function, arguments)
    return expression


@cache
def pattern(folder: Path) -> Pattern | None:
    """Read a standard's mapping; None where its things are not named as others are."""
    maps = read_document(folder / "mapping.yaml").triples_maps
    subject = maps[0].subjects[0].expression
    if not isinstance(subject, Call) or subject.function != THING:
        return None
    places = _places(maps)
    usages = [
        usage
        for found in maps
        if found.subjects[0].expression in places
        for usage in _usages(found, places)
    ]
    return Pattern(_classes(maps[0]), subject, tuple(usages))


def _places(maps: Sequence[TriplesMap]) -> dict[Expression, tuple[Part, ...]]:
    """Return the parts that lead from the main thing to each subject."""
    places: dict[Expression, tuple[Part, ...]] = {maps[0].subjects[0].expression: ()}
    subjects = {found.subjects[0].expression: found for found in maps}
    for _ in maps:
        for parent in maps:
            above = places.get(parent.subjects[0].expression)
            if above is None:
                continue
            for predicate, made in _statements(parent):
                child = subjects.get(made.expression)
                name = _part_name(made.expression)
                if child is not None and name and made.expression not in places:
                    part = Part(predicate, name, _classes(child))
                    places[made.expression] = (*above, part)
    return places


def _part_name(expression: Expression) -> str:
    if not isinstance(expression, Call) or expression.function != THING:
        return ""
    part = dict(expression.arguments).get("part")
    return part.value if isinstance(part, Constant) else ""


def _usages(found: TriplesMap, places: Mapping[Expression, tuple[Part, ...]]) -> Iterator[Usage]:
    for predicate, made in _statements(found):
        names = [reference.name for reference in references(made.expression)]
        own = bool(names) and not any(name.startswith("_") for name in names)
        if own and not _names_thing(made.expression):
            yield Usage(places[found.subjects[0].expression], predicate, made)


def _names_thing(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function == THING


def _statements(found: TriplesMap) -> Iterator[tuple[str, TermMap]]:
    """Give the predicates and objects of a map that are stated without a condition."""
    for made in found.predicate_objects:
        for predicate in made.predicates:
            for object_ in made.objects:
                plain = isinstance(predicate.expression, Constant) and not made.conditions
                if plain and isinstance(object_, TermMap):
                    assert isinstance(predicate.expression, Constant)
                    yield predicate.expression.value, object_


def _classes(found: TriplesMap) -> tuple[str, ...]:
    return tuple(
        made.expression.value
        for predicate, made in _statements(found)
        if predicate == RDF_TYPE and isinstance(made.expression, Constant)
    )
