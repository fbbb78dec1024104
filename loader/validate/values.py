"""Which values shapes cannot tell apart, so that one stands for many.

Read from the shapes graph: for each predicate, what shapes ask of its values (SHACL, 4.1 to 4.8).
Two values of one kind get the same answers from every shape. Where that is not beyond doubt, a
value is a kind of its own; nothing here decides whether a value is right.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from loader.validate.graph import RDF, SH, Node, ShapesGraph

XSD = "http://www.w3.org/2001/XMLSchema#"

_TARGETS = {"targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"}
_PATHS = {"path", "inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath"}
_COUNTS = {"minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount"}
_WORDS = {"severity", "message", "name", "description", "order", "group", "defaultValue"}
_STATEMENTS = {"property", "closed", "ignoredProperties", "qualifiedValueShapesDisjoint"}
_INDIFFERENT = _TARGETS | _PATHS | _COUNTS | _WORDS | _STATEMENTS | {"zeroOrOnePath", "deactivated"}
"""What looks at no value, but at statements, or at nothing."""
_OUTSIDES = {"nodeKind", "class", "uniqueLang", "languageIn"}
"""What looks at a value's kind of term, language or datatype, or at statements about it."""
_ORDERS = frozenset({"minInclusive", "maxInclusive", "minExclusive", "maxExclusive"})
_LENGTHS = frozenset({"minLength", "maxLength"})
_COMPARES = frozenset({"equals", "disjoint", "lessThan", "lessThanOrEquals"})
_NESTED = frozenset({"node", "not", "and", "or", "xone", "qualifiedValueShape"})
_ASKED = _ORDERS | _LENGTHS | _COMPARES | {"pattern", "flags", "datatype", "in", "hasValue"}
_SEES = _NESTED | _ASKED | _OUTSIDES
_KNOWN = _INDIFFERENT | _SEES

_STEPS = ("alternativePath", "oneOrMorePath")
_TURNS = ("inversePath", "zeroOrMorePath", "zeroOrOnePath")
_TURN = ""
"""The end of a path that may lead to a node which is not the object of its last predicate."""

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NATURAL = re.compile(r"[0-9]{1,15}")
NUMBERS = {
    XSD + "decimal": re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?"),
    XSD + "integer": _INTEGER,
    XSD + "long": _INTEGER,
    XSD + "nonNegativeInteger": _NATURAL,
}
_DAY = r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
SURELY_VALID = {
    **NUMBERS,
    XSD + "date": re.compile(_DAY),
    XSD + "time": re.compile(_CLOCK),
    XSD + "dateTime": re.compile(f"{_DAY}T{_CLOCK}"),
    XSD + "gYear": re.compile("[12][0-9]{3}"),
    XSD + "gYearMonth": re.compile("[12][0-9]{3}-(?:0[1-9]|1[0-2])"),
    XSD + "boolean": re.compile("true|false"),
}
"""Lexical forms that are valid whatever reads them; not all that are (XML Schema 1.1, part 2)."""

_PLAIN_PATTERN = re.compile(
    r"\^?(?:(?:[^\\\[\](){}?*+|^$]|\[\^?[^\\\[\]&~|^]+\])(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})?(?![+?*{])"
    r"|\((?!\?)|\)(?:[*+?](?![+?*{]))?|\|)*\$?"
)
"""Regular expressions that mean the same in every dialect: no escapes, no special groups."""

DATATYPE = re.compile(r"\^\^<([^>]*)>")


@dataclass(slots=True)
class Asked:
    """What shapes ask of the values of a predicate."""

    datatype: bool = False
    """Whether the lexical form must fit the datatype."""
    alone: bool = False
    """Whether each value is a kind of its own."""
    bounds: set[float] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """The IRIs, and lexical forms of literals, that are named."""

    def take(self, name: str, value: Node, members: Sequence[Node]) -> None:
        """Take a parameter of a constraint; ``members`` where its value is a list."""
        if name == "datatype":
            self.datatype = True
        elif name in ("in", "hasValue"):
            self.named.update(getattr(term, "value", "") for term in (members or [value]))
        elif not isinstance(value, Literal):
            self.alone = True
        elif name in _LENGTHS and value.value.isascii() and value.value.isdecimal():
            self.lengths.add(int(value.value))
        elif name in _ORDERS and _is_number(value):
            self.datatype = True
            self.bounds.add(float(value.value))
        elif name == "pattern" and _is_plain(value.value):
            self.patterns.add(value.value)
        else:
            self.alone = True


def _is_number(value: Literal) -> bool:
    form = NUMBERS.get(value.datatype.value)
    return form is not None and form.fullmatch(value.value) is not None


def _is_plain(pattern: str) -> bool:
    if not _PLAIN_PATTERN.fullmatch(pattern) or "--" in pattern:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def read_asked(shapes: ShapesGraph) -> dict[str, Asked] | None:
    """What shapes ask of the values of each predicate (N-Triples syntax).

    None where they ask in ways that are not known here, or of the text of a thing's own IRI.
    """
    return _Reading(shapes).asked()


class _Reading:
    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = shapes
        self._asked: dict[str, Asked] = defaultdict(Asked)

    def asked(self) -> dict[str, Asked] | None:
        known = all(self._take(shape) for shape in self._shapes.shapes)
        return dict(self._asked) if known else None

    def _take(self, shape: Node) -> bool:
        """Take what may be a shape; whether all that it asks is known."""
        said = self._shapes.said(shape)
        names = {name.removeprefix(SH) for name in said if name.startswith(SH)}
        if not names <= _KNOWN:
            return False
        parameters = list(self._parameters(shape, set()))
        paths = self._shapes.of(shape, "path")
        if not paths:
            return not (parameters and self._is_target(shape))
        ends = [end for path in paths for end in self._ends(path)]
        for end in ends if names & _SEES else ():
            self._ask(end, parameters)
        return not parameters or _TURN not in ends

    def _is_target(self, shape: Node) -> bool:
        """Whether a shape may be about a node without being named by another shape."""
        said = self._shapes.said(shape)
        types = {str(value) for value in said.get(RDF + "type", ())}
        return any(name.startswith(SH + "target") for name in said) or not types <= {
            f"<{SH}NodeShape>"
        }

    def _ask(self, end: str, parameters: Sequence[tuple[str, Node]]) -> None:
        asked = self._asked[end]
        for name, value in parameters:
            asked.take(name, value, list(self._shapes.members(value)))
            if name in _COMPARES:
                self._asked[str(value)].alone = True

    def _parameters(self, shape: Node, seen: set[Node]) -> Iterator[tuple[str, Node]]:
        """What a shape asks of a node itself, in shapes inside of it as well.

        A property shape inside asks of values of its own, and is taken for itself.
        """
        seen.add(shape)
        for predicate, values in self._shapes.said(shape).items():
            name = predicate.removeprefix(SH)
            if name in _ASKED:
                yield from ((name, value) for value in values)
            for other in self._shapes.each(values) if name in _NESTED else ():
                if other not in seen and not self._shapes.of(other, "path"):
                    yield from self._parameters(other, seen)

    def _ends(self, path: Node) -> Iterator[str]:
        """The predicates of a path, of which one is its last step, and _TURN where it turns."""
        if isinstance(path, NamedNode):
            yield str(path)
            return
        if any(self._shapes.of(path, name) for name in _TURNS):
            yield _TURN
        inner = [step for name in _STEPS for step in self._shapes.of(path, name)]
        for step in [*self._shapes.members(path), *self._shapes.each(inner)]:
            yield from self._ends(step)
