"""Query results as people see them: a table of rows, a truth value, or Turtle."""

import json
from dataclasses import dataclass, field

from endpoint.worker import Answer

_MOST_TEXT = 256 << 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A term in a table: what to show and, for an IRI, where it leads."""

    text: str
    iri: str | None = None
    note: str = ""
    """Language or datatype."""


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
    if term["type"] == "uri":
        return Cell(term["value"], iri=term["value"])
    if term["type"] == "literal":
        return Cell(term["value"], note=term.get("xml:lang") or term.get("datatype", ""))
    return Cell(json.dumps(term["value"], ensure_ascii=False), note=term["type"])
