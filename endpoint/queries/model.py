"""Stored queries and their parameters, as the forms and the API need them.

A query is a ``sh:SPARQLExecutable`` and a parameter a ``sh:Parameter`` (SHACL Advanced Features,
5 and 8); the name of a parameter is the local name of its ``sh:path`` (SHACL 1.0, 6.2.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

Texts: TypeAlias = Mapping[str, str]
"""A text by language."""

IRI = ""
"""The datatype of a parameter that takes IRIs."""

FORMS = ("select", "ask", "construct")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter may have."""

    term: NamedNode | Literal
    label: Texts

    @property
    def value(self) -> str:
        """What a client writes."""
        return self.term.value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a query that whoever asks gives a value to."""

    name: str
    datatype: str
    """IRI of the datatype; ``IRI`` where the parameter takes IRIs."""
    label: Texts
    description: Texts
    default: NamedNode | Literal | None = None
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    pattern: str | None = None
    least: float | None = None
    most: float | None = None

    @property
    def is_required(self) -> bool:
        """Whether the query cannot be asked without a value."""
        return self.default is None and not self.optional


@dataclass(frozen=True, slots=True)
class Group:
    """What several queries are about: the part after ``#`` of its IRI, and its name."""

    name: str
    label: Texts


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query with its words, by the last segment of its IRI."""

    name: str
    iri: str
    form: str
    """One of ``FORMS``."""
    text: str
    """The query without its prefixes."""
    prefixes: Mapping[str, str]
    label: Texts
    description: Texts
    keywords: Mapping[str, tuple[str, ...]]
    group: Group | None
    parameters: tuple[Parameter, ...]

    @property
    def prologue(self) -> str:
        """The prefixes that the text uses, declared."""
        used = {name: iri for name, iri in self.prefixes.items() if f"{name}:" in self.text}
        return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(used.items()))
