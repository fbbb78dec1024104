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
        """The alternatives, where each is told by constraints on the value itself."""
        told = []
        for member in self._list(head):
            names = [name for name in _PHRASES if name not in _LOGICAL and self._of(member, name)]
            told.append(" ".join(self._told(member, name, language) for name in names))
        return say("bound.or").join(told) if all(told) else ""


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
}
_LOGICAL = frozenset({"or", "xone"})
