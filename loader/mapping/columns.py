"""Which columns feed which predicate: so that a result of validation leads back to the cell."""

from collections.abc import Iterator, Mapping, Sequence

from loader.mapping.context import Columns
from loader.mapping.model import (
    Call,
    Constant,
    Expression,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    Template,
    TriplesMap,
    references,
)

ColumnsOf = dict[tuple[str, str], tuple[str, ...]]
"""Headers by the IRI of a predicate and the name of the part that it is said of."""

_PART = "part"


def columns_of(
    maps: Sequence[TriplesMap], header: Sequence[str], aliases: Mapping[str, str]
) -> ColumnsOf:
    """Return the headers that feed each predicate of each part (empty name: the thing itself).

    Where the object is a part of the thing, these are the columns that feed the part.
    """
    columns = Columns(header, aliases, {}, lambda _: "")
    found: dict[tuple[str, str], dict[str, None]] = {}
    links: list[tuple[tuple[str, str], str]] = []
    for triples_map in maps:
        subject = part_of(triples_map.subjects[0].expression) if triples_map.subjects else ""
        for key, expression in _said(triples_map, subject):
            part = part_of(expression)
            if part and part != subject:
                links.append((key, part))
                continue
            names = (columns.find(reference.name) for reference in _told_by(expression))
            headers = dict.fromkeys(header[number] for number in names if number is not None)
            found.setdefault(key, {}).update(headers)
    fed: dict[str, dict[str, None]] = {}
    for (_, part), names_of_part in found.items():
        fed.setdefault(part, {}).update(names_of_part)
    for key, part in links:
        found.setdefault(key, {}).update(fed.get(part, {}))
    return {key: tuple(names) for key, names in found.items() if names}


def _said(triples_map: TriplesMap, subject: str) -> Iterator[tuple[tuple[str, str], Expression]]:
    for made in triples_map.predicate_objects:
        for predicate in _predicates(made):
            for object_ in made.objects:
                if not isinstance(object_, RefObjectMap):
                    yield (predicate, subject), object_.expression


def _predicates(made: PredicateObjectMap) -> Iterator[str]:
    for predicate in made.predicates:
        if isinstance(predicate.expression, Constant):
            yield predicate.expression.value


def part_of(expression: Expression) -> str:
    """Return the name of the part that an IRI stands for; empty for a thing itself."""
    if isinstance(expression, Call):
        named = (value for key, value in expression.arguments if key.endswith(_PART))
        value = next(named, None)
        return value.value if isinstance(value, Constant) else ""
    if isinstance(expression, Template):
        text = "".join(
            part.value if isinstance(part, Constant) else "" for part in expression.parts
        )
        return text.partition("#")[2]
    return ""


def _told_by(expression: Expression) -> list[Reference]:
    """Return the references of an expression; of a function that takes a parameter of its own
    name (``tsf:latitude``), those of that parameter: the others are only compared with it."""
    if isinstance(expression, Call):
        name = expression.function.rpartition("#")[2]
        own = (value for key, value in expression.arguments if key.rpartition("#")[2] == name)
        expression = next(own, expression)
    return list(references(expression))
