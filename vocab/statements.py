"""Statements about things, gathered for one named graph and given as lines of N-Quads."""

from collections.abc import Iterable, Mapping

from vocab.lines import XSD, iri, line, literal
from vocab.namespaces import RDF

_DATE_FORMS = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Statements:
    """Gathers statements; ``lines`` gives each once, sorted. Subjects and links are IRIs."""

    def __init__(self, graph: str) -> None:
        self._graph = iri(graph)
        self._lines: set[str] = set()

    def lines(self) -> list[str]:
        """All statements, by code point and without repetition."""
        return sorted(self._lines)

    def add(self, subject: str, predicate: str, term: str) -> None:
        """Take a statement whose object is a term already written."""
        self._lines.add(line(iri(subject), iri(predicate), term, self._graph))

    def a(self, subject: str, *classes: str) -> None:
        """Say what ``subject`` is."""
        self.links(subject, RDF["type"], classes)

    def link(self, subject: str, predicate: str, target: str | None) -> None:
        """Link to another thing, where there is one."""
        if target:
            self.add(subject, predicate, iri(target))

    def links(self, subject: str, predicate: str, targets: Iterable[str]) -> None:
        """Link to several other things."""
        for target in targets:
            self.link(subject, predicate, target)

    def text(self, subject: str, predicate: str, texts: Mapping[str, str]) -> None:
        """Say a text in each language that it has."""
        for language, text in texts.items():
            self.add(subject, predicate, literal(text, language))

    def value(self, subject: str, predicate: str, value: object, datatype: str = "string") -> None:
        """Give a value with a datatype of XML Schema, by its local name."""
        self.add(subject, predicate, literal(str(value), datatype=XSD + datatype))

    def date(self, subject: str, predicate: str, date: str | None) -> None:
        """Give a date, month, year or instant (ISO 8601), typed by its form, where there is one."""
        if date:
            self.value(subject, predicate, date, _DATE_FORMS.get(len(date), "dateTime"))
