"""The validation report as RDF (SHACL, 3.6): from the results that were kept.

A report for people to read is Turtle with blank nodes, as the specification has it. The report
that a release keeps must be the same, byte for byte, on every run: there, what would be a blank
node has an IRI below the report's (RDF 1.1, 3.5, skolemization).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph

from vocab.iris import OWN, OWN_TERMS

SH = "http://www.w3.org/ns/shacl#"
OWN_SHAPES = OWN + "shape#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SOURCE = "http://purl.org/dc/terms/source"
_PRIMARY_TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"

_NAMES = {
    "sh": SH,
    "rdf": RDF,
    "rdfs": RDFS,
    "dcterms": "http://purl.org/dc/terms/",
    "tsd": OWN_TERMS,
    "tss": OWN_SHAPES,
}
_PATH_TOKEN = re.compile(r"<[^>]*>|[()/|^*+?]")
_PREFIXES = re.compile(r"(?:@prefix [^\n]*\n)*")
_MODIFIERS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}

Mint = Callable[[str], str]
"""Makes the term for a node that has no name: from a hint that is unique within the report."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One ``sh:ValidationResult``; terms in N-Triples syntax, ``path`` as a SPARQL path."""

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str | None
    messages: tuple[str, ...]
    source: str | None = None
    """The IRI of the row that the thing comes from."""
    columns: tuple[str, ...] = ()
    cell: str | None = None
    """The cells of these columns as written."""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What a report tells: ``total`` results there were, ``results`` of them were kept."""

    total: int
    results: Sequence[ValidationResult]


def turtle(content: ReportContent, format_name: str = "turtle") -> str:
    """The report in an RDF format that pyoxigraph writes (``turtle``, ``ntriples``, …)."""
    text = "\n".join(_statements(content, "_:report", _blank))
    triples = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
    data = pyoxigraph.serialize(
        (quad.triple for quad in triples),
        format=FORMATS[format_name],
        prefixes=_NAMES,
    )
    text = data.decode("utf-8") if data else ""
    end = len(_PREFIXES.findall(text)[0])
    return "".join(sorted(text[:end].splitlines(keepends=True))) + text[end:]


FORMATS = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
"""The formats of a report, by the names of vocab/formats.py."""


def lines(content: ReportContent, graph: str, report: str, about: str | None) -> list[str]:
    """The report as canonical lines of N-Quads in ``graph``, without any blank node.

    ``about`` is the graph that was validated; the report names it as its primary topic.
    """
    statements = list(_statements(content, f"<{report}>", lambda hint: f"<{report}#{hint}>"))
    if about is not None:
        statements.append(f"<{report}> <{_PRIMARY_TOPIC}> <{about}> .")
    text = "\n".join(statements)
    name = pyoxigraph.NamedNode(graph)
    quads = (
        pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name)
        for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
    )
    data = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    return sorted({line.decode("utf-8") for line in (data or b"").splitlines(keepends=True)})


def _blank(hint: str) -> str:
    return "_:" + hint


def _statements(content: ReportContent, report: str, mint: Mint) -> Iterator[str]:
    conforms = "false" if content.total else "true"
    yield f"{report} <{RDF}type> <{SH}ValidationReport> ."
    yield f'{report} <{SH}conforms> "{conforms}"^^<{BOOLEAN}> .'
    if content.total > len(content.results):
        yield from _cut_comments(content, report)
    hints = [f"result-{number}" for number in range(1, len(content.results) + 1)]
    for hint in hints:
        yield f"{report} <{SH}result> {mint(hint)} ."
    for hint, result in zip(hints, content.results, strict=True):
        yield from _result_statements(result, mint(hint), hint, mint)


def _cut_comments(content: ReportContent, report: str) -> Iterator[str]:
    total, kept = content.total, len(content.results)
    yield f'{report} <{RDFS}comment> "結果は全部で{total}件。ここには{kept}件だけを載せた。"@ja .'
    yield f'{report} <{RDFS}comment> "{total} results in all; only {kept} are listed here."@en .'


def _result_statements(result: ValidationResult, node: str, hint: str, mint: Mint) -> Iterator[str]:
    yield f"{node} <{RDF}type> <{SH}ValidationResult> ."
    yield f"{node} <{SH}focusNode> {_term(result.focus, mint)} ."
    yield f"{node} <{SH}resultSeverity> <{result.severity}> ."
    yield f"{node} <{SH}sourceConstraintComponent> <{result.component}> ."
    if result.shape is not None:
        yield f"{node} <{SH}sourceShape> {_term(result.shape, mint)} ."
    if result.value is not None:
        yield f"{node} <{SH}value> {_term(result.value, mint)} ."
    for message in result.messages:
        yield f"{node} <{SH}resultMessage> {message} ."
    yield from _place_statements(result, node)
    if result.path is not None:
        path, statements = path_statements(result.path, hint, mint)
        yield f"{node} <{SH}resultPath> {path} ."
        yield from statements


def _place_statements(result: ValidationResult, node: str) -> Iterator[str]:
    """Where the person looks who typed the cell; beside what SHACL says of a result."""
    if result.source is not None:
        yield f"{node} <{_SOURCE}> <{result.source}> ."
    for column in result.columns:
        yield f"{node} <{OWN_TERMS}column> {pyoxigraph.Literal(column)} ."
    if result.cell is not None:
        yield f"{node} <{OWN_TERMS}cell> {pyoxigraph.Literal(result.cell)} ."


def _term(term: str, mint: Mint) -> str:
    """The term itself; a blank node by a name that is safe in every syntax."""
    return mint("node-" + term[2:]) if term.startswith("_:") else term


def path_statements(path: str, hint: str, mint: Mint) -> tuple[str, list[str]]:
    """A path in SPARQL syntax as the structure that SHACL gives it (SHACL, 2.3.1)."""
    reader = _PathReader(_PATH_TOKEN.findall(path), hint, mint)
    return reader.alternative(), reader.statements


class _PathReader:
    """Reads a path by recursive descent (SPARQL 1.1, 19.8, rules 88 to 94)."""

    def __init__(self, tokens: Iterable[str], hint: str, mint: Mint) -> None:
        self._tokens = [*tokens, ""]
        self._hint, self._mint = hint, mint
        self._made = 0
        self.statements: list[str] = []

    def alternative(self) -> str:
        members = self._separated("|", self._sequence)
        if len(members) == 1:
            return members[0]
        return self._node("alternativePath", self._list(members))

    def _sequence(self) -> str:
        members = self._separated("/", self._element)
        return members[0] if len(members) == 1 else self._list(members)

    def _separated(self, separator: str, member: Callable[[], str]) -> list[str]:
        members = [member()]
        while self._tokens[0] == separator:
            self._tokens.pop(0)
            members.append(member())
        return members

    def _element(self) -> str:
        if self._tokens[0] == "^":
            self._tokens.pop(0)
            return self._node("inversePath", self._element())
        node = self._primary()
        while self._tokens[0] in _MODIFIERS:
            node = self._node(_MODIFIERS[self._tokens.pop(0)], node)
        return node

    def _primary(self) -> str:
        token = self._tokens.pop(0)
        if token != "(":
            return token
        node = self.alternative()
        self._tokens.pop(0)
        return node

    def _list(self, members: list[str]) -> str:
        rest = f"<{RDF}nil>"
        for member in reversed(members):
            node = self._fresh()
            self.statements.append(f"{node} <{RDF}first> {member} .")
            self.statements.append(f"{node} <{RDF}rest> {rest} .")
            rest = node
        return rest

    def _node(self, property_name: str, value: str) -> str:
        node = self._fresh()
        self.statements.append(f"{node} <{SH}{property_name}> {value} .")
        return node

    def _fresh(self) -> str:
        self._made += 1
        return self._mint(f"{self._hint}-path-{self._made}")
