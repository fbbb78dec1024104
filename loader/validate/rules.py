"""What constraints permit, in plain words: the list, range, pattern or kind that a shape states."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import vocab
from loader.validate.patterns import Say, in_words
from vocab.iris import OWN_TERMS, decode
from vocab.language import LANGUAGES, Catalogue
from vocab.own import own_terms

Term = NamedNode | BlankNode | Literal | Triple

KINDS = Catalogue(Path(vocab.__file__).parent / "value_kinds.toml")

DEEPEST = 3
"""How many shapes in each other are told of."""

VALUES_NAMED = 12
"""How many values of a list are named."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_COMPONENT = re.compile(rf"{re.escape(_SH)}(\w+)ConstraintComponent")
_BLANK = re.compile(r"_:\d+_b(\d+)")

_BOUNDS: Mapping[str, Sequence[str]] = {
    "Inclusive": ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"),
    "Exclusive": ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"),
    "Count": ("minCount", "maxCount"),
    "Length": ("minLength", "maxLength"),
}
"""The constraints that tell one range together, by how their names end."""


class Rules:
    """What the shapes say, by shape; ``triples`` in the order in which the engine gets them."""

    def __init__(self, triples: Sequence[Triple]) -> None:
        self._said: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        blank: dict[BlankNode, None] = {}
        for triple in triples:
            self._said[triple.subject][triple.predicate.value].append(triple.object)
            for term in (triple.subject, triple.object):
                if isinstance(term, BlankNode):
                    blank.setdefault(term)
        self._blank = list(blank)

    def allowed(self, shape: str | None, component: str) -> dict[str, str]:
        """What a constraint of a shape permits, by language; empty where there are no words.

        ``shape`` is as the engine names it: its blank nodes by number, as they come.
        """
        named = _COMPONENT.fullmatch(component)
        node = self._node(shape or "")
        if named is None or node is None:
            return {}
        name = named[1][0].lower() + named[1][1:]
        told = {language: self._told(node, name, language) for language in LANGUAGES}
        return told if all(told.values()) else {}

    def _node(self, shape: str) -> Term | None:
        number = _BLANK.fullmatch(shape)
        if number is None:
            return NamedNode(shape[1:-1]) if shape.startswith("<") else None
        place = int(number[1])
        return self._blank[place] if place < len(self._blank) else None

    def _of(self, node: Term, name: str) -> list[Term]:
        return self._said[node][_SH + name] if node in self._said else []

    def _told(self, node: Term, name: str, language: str) -> str:
        """The words for a constraint of a shape; empty where there are none."""
        say = _saying(language)
        if name in _QUALIFIED:
            return self._qualified(node, say, language)
        return self._bounds(node, name, say) or next(
            (
                _PHRASES[name](self, value, say, language)
                for value in self._of(node, name)
                if name in _PHRASES
            ),
            "",
        )

    def _bounds(self, node: Term, name: str, say: Say) -> str:
        ending = next((found for found in _BOUNDS if name.endswith(found)), None)
        if ending is None or name not in _BOUNDS[ending]:
            return ""
        stated = [(bound, value) for bound in _BOUNDS[ending] for value in self._of(node, bound)]
        parts = [say(f"bound.{bound}", value=_text(value, "en")) for bound, value in stated]
        return say("bound.and").join(parts)

    def _list(self, head: Term) -> Iterator[Term]:
        """Give the members of a list (RDF 1.1 Schema, 5.2)."""
        seen: set[Term] = set()
        while head in self._said and head not in seen:
            seen.add(head)
            yield from self._said[head][_RDF + "first"][:1]
            head = next(iter(self._said[head][_RDF + "rest"]), head)

    def _values(self, head: Term, say: Say, language: str) -> str:
        members = [_text(member, language) for member in self._list(head)]
        named = [say("list.item", value=text) for text in members[:VALUES_NAMED]]
        if len(members) > VALUES_NAMED:
            named.append(say("list.more", count=len(members) - VALUES_NAMED))
        return say("list.comma").join(named)

    def _alternatives(self, head: Term, say: Say, language: str) -> str:
        told = [self._conditions(member, say, language) for member in self._list(head)]
        return say("bound.or").join(told) if all(told) else ""

    def _together(self, head: Term, say: Say, language: str) -> str:
        told = [self._conditions(member, say, language) for member in self._list(head)]
        return say("condition.and").join(told) if all(told) else ""

    def _conditions(self, node: Term, say: Say, language: str, depth: int = DEEPEST) -> str:
        """What a shape asks of a value and of what is said of it; empty where words are lacking."""
        stated = {name.removeprefix(_SH) for name in self._said.get(node, ()) if _SH in name}
        if not depth or not stated <= _CONDITIONS | _WORDLESS:
            return ""
        asked = [name for name in _CONDITIONS_IN_ORDER if self._of(node, name)]
        kinds = {_kind_of_bound(name): name for name in reversed(asked)}
        told = [
            say(f"condition.{kind}", value=self._told(node, name, language))
            for kind, name in reversed(kinds.items())
        ]
        for part in self._of(node, "property"):
            path = next(iter(self._of(part, "path")), None)
            inner = self._conditions(part, say, language, depth - 1)
            if not inner or not isinstance(path, NamedNode):
                return ""
            told.append(say("condition.of", path=_text(path, language), value=inner))
        return say("condition.and").join(told)

    def _qualified(self, node: Term, say: Say, language: str) -> str:
        """How many values there should be, and of which kind (SHACL, 4.7.3)."""
        bounds = [
            say(f"bound.{name}", value=_text(value, "en"))
            for name in ("minCount", "maxCount")
            for value in self._of(node, f"qualified{name[0].upper()}{name[1:]}")
        ]
        shape = next(iter(self._of(node, "qualifiedValueShape")), None)
        kind = self._conditions(shape, say, language) if shape is not None else ""
        return (
            say("condition.values", count=say("bound.and").join(bounds), value=kind) if kind else ""
        )


def _saying(language: str) -> Say:
    return lambda code, **values: KINDS.text(code, language, **values)


def _text(term: Term, language: str) -> str:
    """What a term is called: its own text, our own label, or the end of its IRI."""
    if isinstance(term, Literal):
        return term.value
    iri = term.value if isinstance(term, NamedNode) else str(term)
    own = own_terms().get(iri.removeprefix(OWN_TERMS)) if iri.startswith(OWN_TERMS) else None
    return str(own[language]) if own else decode(re.split(r"[#/]", iri)[-1])


def _kind(prefix: str) -> Callable[[Rules, Term, Say, str], str]:
    def told(_: Rules, value: Term, say: Say, language: str) -> str:
        name = _text(value, language)
        return say(prefix + name) if prefix + name in KINDS.entries else name

    return told


def _pattern(_: Rules, value: Term, say: Say, __: str) -> str:
    return in_words(value.value, say) if isinstance(value, Literal) else ""


def _item(_: Rules, value: Term, say: Say, language: str) -> str:
    return say("list.item", value=_text(value, language))


_PHRASES: Mapping[str, Callable[[Rules, Term, Say, str], str]] = {
    "datatype": _kind(""),
    "nodeKind": _kind("kind."),
    "pattern": _pattern,
    "class": _item,
    "hasValue": _item,
    "equals": _item,
    "disjoint": _item,
    "lessThan": _item,
    "lessThanOrEquals": _item,
    "in": Rules._values,
    "languageIn": Rules._values,
    "or": Rules._alternatives,
    "xone": Rules._alternatives,
    "and": Rules._together,
    "node": Rules._conditions,
    "not": Rules._conditions,
}
_QUALIFIED = frozenset({"qualifiedMinCount", "qualifiedMaxCount"})
_CONDITIONS_IN_ORDER = (
    *("datatype", "nodeKind", "class", "in", "hasValue", "pattern", "languageIn"),
    *(name for names in dict.fromkeys(_BOUNDS.values()) for name in names),
)
_CONDITIONS = frozenset(_CONDITIONS_IN_ORDER)
_WORDLESS = frozenset(
    ("property", "path", "message", "severity", "name", "description", "order", "targetClass")
)


def _kind_of_bound(name: str) -> str:
    """Bounds of one range are told together."""
    return next((ending for ending, names in _BOUNDS.items() if name in names), name)
