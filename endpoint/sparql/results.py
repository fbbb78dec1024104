"""Query results as people see them: a table of rows, a truth value, or Turtle."""

import json
from dataclasses import dataclass, field

from endpoint.evaluation.task import Answer
from endpoint.state import release
from vocab.namespaces import PREFIXES, XSD

_MOST_TEXT = 256 << 10
_XSD = PREFIXES["xsd"]
NUMBERS = frozenset(
    XSD[name]
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
"""The datatypes whose values are numbers."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A term in a table: what to show and, for an IRI, where it leads."""

    value: str
    """The IRI, or the text of the literal."""
    text: str
    """The same as people read it: IRIs are shortened."""
    iri: str | None = None
    language: str = ""
    datatype: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is to be set as a number."""
        return self.datatype in NUMBERS

    @property
    def note(self) -> str:
        """Language or datatype, where it says more than the value does."""
        return self.language or ("" if self.datatype.startswith(_XSD) else _short(self.datatype))


@dataclass(frozen=True, slots=True)
class Shown:
    """A result to show; ``whole`` says whether all of it is there."""

    form: str
    total: int = 0
    columns: list[str] = field(default_factory=list)
    rows: list[list[Cell | None]] = field(default_factory=list)
    truth: bool = False
    text: str = ""
    whole: bool = True


def shown(answer: Answer, most_rows: int) -> Shown:
    """Prepare a result for the page: at most ``most_rows`` of its rows."""
    body = answer.read()
    if answer.form == "graph":
        text = body[:_MOST_TEXT].decode("utf-8", "ignore")
        return Shown("graph", total=len(body), text=text, whole=len(body) <= _MOST_TEXT)
    content = json.loads(body)
    if answer.form == "ask":
        return Shown("ask", truth=bool(content["boolean"]))
    columns: list[str] = content["head"]["vars"]
    bindings = content["results"]["bindings"]
    rows = [[_cell(row.get(name)) for name in columns] for row in bindings[:most_rows]]
    return Shown("select", len(bindings), columns, rows, whole=len(bindings) <= most_rows)


def _cell(term: dict[str, str] | None) -> Cell | None:
    """A term of SPARQL 1.1 Query Results JSON Format, 3.2.2."""
    if term is None:
        return None
    value = term["value"]
    if term["type"] == "uri":
        return Cell(value, _short(value), iri=value)
    if term["type"] == "literal":
        return Cell(value, value, None, term.get("xml:lang", ""), term.get("datatype", ""))
    return Cell("", json.dumps(value, ensure_ascii=False), datatype=term["type"])


def _short(iri: str) -> str:
    """An IRI of the release without its base, one of a known namespace with its prefix."""
    base = release().base_iri
    if iri.startswith(base) and iri != base:
        return iri.removeprefix(base)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
