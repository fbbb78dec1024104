"""Writes proposed shapes as Turtle: with prefixes, and with what nearly all things keep to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from vocab.namespaces import PREFIXES

_LOCAL = re.compile(r"[^A-Za-z0-9_぀-ヿ一-鿿-]+")
_PLAIN = re.compile(r"[A-Za-z0-9_぀-ヿ一-鿿][A-Za-z0-9_぀-ヿ一-鿿-]*")
"""Local names that need no escapes (Turtle 1.1, 6.5: PN_LOCAL)."""

_HEAD = """\
# Proposed by tsunagu shapes infer from what is there; the data conforms to it. Read it before use:
# that something never occurred does not mean that it may not. What holds for nearly all things is
# told in comments. Results are warnings; change sh:Warning to sh:Violation for what must hold.
# tsunagu shapes infer が今のデータから作った案です。今のデータは必ず適合します。これまで出て
# こなかった値が誤りとは限らないので、読んで直してから使ってください。ほとんどのものに当てはまる
# ことは注記（#）にしています。結果は警告です。必ず守ることは sh:Violation に変えてください。
"""


class Seen(Protocol):
    """What is known of a property of the things of a class."""

    def constraints(self, things: int) -> Iterator[str]:
        """Give what holds for all things, in Turtle."""

    def exceptions(self, things: int) -> Iterator[str]:
        """Give what holds for nearly all of them, in Turtle, and for how many."""


def turtle(counts: Mapping[str, int], found: Mapping[str, Mapping[str, Seen]]) -> str:
    """Return shapes for classes, by IRI: how many things each has, and their properties."""
    names = _names(found)
    body = "".join(
        _node_shape(names[class_], class_, counts[class_], found[class_])
        for class_ in sorted(found)
    )
    used = sorted(set(re.findall(r"(?<=[ (])([a-z][a-z-]*):(?=[^ ])", body)) | {"sh"})
    prefixes = "".join(f"@prefix {name}: <{_ALL[name]}> .\n" for name in used if name in _ALL)
    return _HEAD + prefixes + body


_ALL = {**PREFIXES, "sh": "http://www.w3.org/ns/shacl#"}


def prefixed(iri: str) -> str:
    """Return an IRI as Turtle, with a prefix where it has one of ours."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and _PLAIN.fullmatch(iri.removeprefix(base)):
            return f"{prefix}:{iri.removeprefix(base)}"
    return f"<{iri}>"


def _names(classes: Iterable[str]) -> dict[str, str]:
    """Return a name for the shape of each class; classes with the same local name get numbers."""
    names: dict[str, str] = {}
    taken: dict[str, int] = defaultdict(int)
    for class_ in sorted(classes):
        local = _LOCAL.sub("-", re.split("[#/]", class_.rstrip("#/"))[-1]).strip("-") or "Class"
        taken[local] += 1
        names[class_] = local if taken[local] == 1 else f"{local}-{taken[local]}"
    return names


def _node_shape(name: str, class_: str, things: int, seen: Mapping[str, Seen]) -> str:
    properties = "".join(
        _property_shape(predicate, seen[predicate], things) for predicate in sorted(seen)
    )
    return (
        f"\n# {prefixed(class_)}: {things:,}\n"
        f"<https://example.org/shape#{name}> a sh:NodeShape ;\n"
        f"    sh:targetClass {prefixed(class_)}{properties} .\n"
    )


def _property_shape(predicate: str, seen: Seen, things: int) -> str:
    constraints = list(seen.constraints(things))
    if not constraints:
        return ""
    stated = "".join(f" ;\n        {constraint}" for constraint in constraints)
    nearly = "".join(f"\n        # {exception}" for exception in seen.exceptions(things))
    return (
        f" ;\n    sh:property [\n        sh:path {prefixed(predicate)}{stated} ;"
        f"\n        sh:severity sh:Warning{nearly}\n    ]"
    )
