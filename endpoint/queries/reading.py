"""Reads stored queries from Turtle."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from endpoint.queries.model import FORMS, IRI, Choice, Group, Parameter, StoredQuery, Texts
from endpoint.queries.values import DATATYPES
from vocab.iris import OWN_TERMS
from vocab.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SH
from vocab.own import own_terms

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED = frozenset(("format", "lang", "limit", "run", "timeout", "view"))
"""Names that the API itself gives a meaning to; no parameter may have one."""
_MOST_BYTES = 1 << 20


class Unusable(ValueError):
    """A file of queries says something that cannot be used; the text says what."""


class Statements:
    """The statements of some files, to be asked for the values of a property."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[tuple[Term, str], list[Term]] = {}
        for quad in quads:
            self._values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def subjects(self, predicate: str, value: str) -> list[Term]:
        """What has this IRI for a value of the property, in the order of the file."""
        wanted = NamedNode(value)
        return [
            subject
            for (subject, about), values in self._values.items()
            if about == predicate and wanted in values
        ]

    def all(self, subject: Term, predicate: str) -> list[Term]:
        """The values of a property."""
        return self._values.get((subject, predicate), [])

    def one(self, subject: Term, predicate: str) -> Term | None:
        """The first value of a property."""
        return next(iter(self.all(subject, predicate)), None)

    def text(self, subject: Term, predicate: str) -> str | None:
        """The first value of a property as text; None where it is no literal."""
        found = self.one(subject, predicate)
        return found.value if isinstance(found, Literal) else None

    def texts(self, subject: Term, predicate: str) -> Texts:
        """The texts of a property by language."""
        return {language: values[0] for language, values in self.words(subject, predicate).items()}

    def words(self, subject: Term, predicate: str) -> dict[str, tuple[str, ...]]:
        """All texts of a property by language; those without one count as Japanese."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.all(subject, predicate):
            if isinstance(term, Literal):
                language = term.language or "ja"
                found[language] = (*found.get(language, ()), term.value)
        return found

    def number(self, subject: Term, predicate: str) -> float | None:
        """The first value of a property as a number; raises Unusable where it is none."""
        found = self.text(subject, predicate)
        try:
            return None if found is None else float(found)
        except ValueError:
            raise Unusable(f"{predicate}: {found}") from None

    def items(self, head: Term | None) -> Iterator[Term]:
        """The items of a list; one that runs in a circle ends where it meets itself."""
        met: set[Term] = set()
        while head is not None and head != NamedNode(RDF["nil"]) and head not in met:
            met.add(head)
            yield from self.all(head, RDF["first"])
            head = self.one(head, RDF["rest"])


def read_file(path: Path, base: str, mark: str) -> list[Quad]:
    """The statements of a Turtle file; raises Unusable.

    Blank nodes are named after ``mark`` and their place in the file: two readings of the same file
    are the same, and two files have none in common.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Unusable(f"> {_MOST_BYTES} bytes")
        quads = list(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=base))
    except (OSError, SyntaxError, ValueError) as error:
        raise Unusable(str(error)) from error
    named: dict[BlankNode, BlankNode] = {}

    def rename(term: Term) -> Any:
        if isinstance(term, BlankNode):
            return named.setdefault(term, BlankNode(f"{mark}x{len(named)}"))
        return term

    return [Quad(rename(quad.subject), quad.predicate, rename(quad.object)) for quad in quads]


def read_queries(quads: Iterable[Quad], base: str) -> list[StoredQuery]:
    """The stored queries among statements, in the order of their groups; raises Unusable."""
    statements = Statements(quads)
    found = statements.subjects(RDF["type"], SH["SPARQLExecutable"])
    ordered = sorted(found, key=lambda subject: _place(statements, subject))
    return [_query(statements, subject, base) for subject in ordered]


def _place(statements: Statements, subject: Term) -> tuple[float, float]:
    group = statements.one(subject, DCTERMS["isPartOf"])
    of_group = statements.number(group, SH["order"]) if group is not None else None
    own = statements.number(subject, SH["order"])
    last = float("inf")
    return (last if of_group is None else of_group, last if own is None else own)


def _query(statements: Statements, subject: Term, base: str) -> StoredQuery:
    iri = getattr(subject, "value", "")
    name = iri.removeprefix(f"{base}query/")
    if not isinstance(subject, NamedNode) or not _NAME.fullmatch(name):
        raise Unusable(f"<{iri}>: <query/[a-z0-9-]+>")
    form, text = _text(statements, subject)
    parameters = [
        _parameter(statements, term, iri) for term in statements.all(subject, SH["parameter"])
    ]
    order = {parameter.name: place for place, parameter in parameters}
    return StoredQuery(
        name=name,
        iri=iri,
        form=form,
        text=text,
        prefixes=_prefixes(statements, subject),
        label=_label(statements, subject, name),
        description=statements.texts(subject, RDFS["comment"]),
        keywords=statements.words(subject, SCHEMA["keywords"]),
        group=_group(statements, subject),
        parameters=tuple(
            sorted((entry for _, entry in parameters), key=lambda entry: order[entry.name])
        ),
    )


def _text(statements: Statements, subject: Term) -> tuple[str, str]:
    found = [(form, statements.text(subject, SH[form])) for form in FORMS]
    given = [(form, text) for form, text in found if text is not None]
    if len(given) != 1:
        raise Unusable(f"<{getattr(subject, 'value', '')}>: sh:select / sh:ask / sh:construct")
    return given[0]


def _label(statements: Statements, subject: Term, name: str) -> Texts:
    return statements.texts(subject, RDFS["label"]) or {"ja": name}


def _group(statements: Statements, subject: Term) -> Group | None:
    group = statements.one(subject, DCTERMS["isPartOf"])
    if not isinstance(group, NamedNode):
        return None
    name = group.value.rpartition("#")[2]
    return Group(name, _label(statements, group, name))


def _prefixes(statements: Statements, subject: Term) -> dict[str, str]:
    declared: dict[str, str] = {}
    for place in statements.all(subject, SH["prefixes"]):
        for declaration in statements.all(place, SH["declare"]):
            prefix = statements.text(declaration, SH["prefix"])
            namespace = statements.text(declaration, SH["namespace"])
            if prefix is not None and namespace is not None:
                declared[prefix] = _checked_iri(namespace)
    return declared


def _checked_iri(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError:
        raise Unusable(f"<{iri}>") from None


def _parameter(statements: Statements, term: Term, query: str) -> tuple[float, Parameter]:
    path = statements.one(term, SH["path"])
    name = re.split("[#/]", path.value)[-1] if isinstance(path, NamedNode) else ""
    if not _VARIABLE.fullmatch(name) or name in RESERVED:
        raise Unusable(f"<{query}>: sh:path {name or '–'}")
    default = statements.one(term, SH["defaultValue"])
    parameter = Parameter(
        name=name,
        datatype=_datatype(statements, term, query),
        label=statements.texts(term, SH["name"]) or {"ja": name},
        description=statements.texts(term, SH["description"]),
        default=default if isinstance(default, NamedNode | Literal) else None,
        optional=statements.text(term, SH["optional"]) == "true",
        choices=tuple(_choices(statements, term)),
        pattern=_pattern(statements, term, query),
        least=statements.number(term, SH["minInclusive"]),
        most=statements.number(term, SH["maxInclusive"]),
    )
    return statements.number(term, SH["order"]) or 0.0, parameter


def _datatype(statements: Statements, term: Term, query: str) -> str:
    if statements.one(term, SH["nodeKind"]) == NamedNode(SH["IRI"]):
        return IRI
    datatype = statements.one(term, SH["datatype"])
    found = datatype.value if isinstance(datatype, NamedNode) else ""
    if found not in DATATYPES:
        raise Unusable(f"<{query}>: sh:datatype {found or '–'}")
    return found


def _pattern(statements: Statements, term: Term, query: str) -> str | None:
    pattern = statements.text(term, SH["pattern"])
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise Unusable(f"<{query}>: sh:pattern {error}") from None
    return pattern


def _choices(statements: Statements, term: Term) -> Iterator[Choice]:
    for item in statements.items(statements.one(term, SH["in"])):
        if isinstance(item, NamedNode | Literal):
            yield Choice(item, _name_of(statements, item))


def _name_of(statements: Statements, item: NamedNode | Literal) -> Texts:
    """What a choice is called: what the file says of it, else our own vocabulary."""
    said = statements.texts(item, RDFS["label"]) if isinstance(item, NamedNode) else {}
    own = own_terms().get(item.value.removeprefix(OWN_TERMS), {})
    return said or {key: own[key] for key in ("ja", "en") if key in own} or {"ja": item.value}
