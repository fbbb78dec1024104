"""Fixed queries behind pages and documents; terms are bound, never written into the text.

A description is a concise bounded description (W3C Member Submission 2005-06-03) whose bounds are
names instead of blank nodes: the statements about a thing and about its parts ``thing#…``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)

from endpoint.errors import NotFound
from endpoint.evaluation.task import Task
from endpoint.state import policy, release, site
from vocab.namespaces import DCTERMS, FOAF, OWL, RDFS, SCHEMA, SH, SKOS

_PART = """(isBlank(?{0}) || STRSTARTS(STR(?{0}), CONCAT(STR(?thing), "#"))
    || STRSTARTS(STR(?{0}), CONCAT(STR(?thing), "/distribution/")))"""

_EXISTS = "SELECT ?thing WHERE { ?thing ?p ?o } LIMIT 1"

_DEEPEST = 3
"""How many steps from part to part are followed: AED, place, address, code of the municipality."""


def _parts(depth: int) -> str:
    """A pattern that leads from the thing to the parts (``?s``) that many steps away."""
    names = ["thing", *(f"part{step}" for step in range(1, depth)), "s"]
    steps = zip(names, names[1:], strict=False)
    return " ".join(
        f"?{whole} ?to_{part} ?{part} . FILTER{_PART.format(part)}" for whole, part in steps
    )


def _describe() -> str:
    own = "{ GRAPH ?g { ?thing ?p ?o } BIND(?thing AS ?s) }"
    parts = [f"{{ {_parts(depth)} GRAPH ?g {{ ?s ?p ?o }} }}" for depth in range(1, _DEEPEST + 1)]
    return f"SELECT DISTINCT ?thing ?g ?s ?p ?o WHERE {{ {' UNION '.join([own, *parts])} }}"


_DESCRIBE = _describe()

# What the validation reports say of the thing is said on the page of its dataset.
_BACKLINKS = f"""SELECT DISTINCT ?thing ?s ?p WHERE {{{{
  ?s ?p ?thing . FILTER(!STRSTARTS(STR(?s), CONCAT(STR(?thing), "#")))
  FILTER(?p != <{SH["focusNode"]}> && ?p != <{SH["value"]}>)
}}}} LIMIT {{limit}}"""

LABELS = (RDFS["label"], SKOS["prefLabel"], DCTERMS["title"], FOAF["name"], SCHEMA["name"])
_LABELS = f"""SELECT ?thing ?label WHERE {{
  VALUES ?how {{ {" ".join(f"<{iri}>" for iri in LABELS)} }} ?thing ?how ?label
}} LIMIT 20"""

_GRAPH = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"

_MOST_LABELS = 200
"""How many terms of a page are looked up; further ones are shown by the end of their IRI."""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A statement that points at the thing."""

    subject: str
    predicate: str


def _select(query: str, **iris: str) -> Iterator[QuerySolution]:
    for iri in iris.values():
        _require_iri(iri)
    task = Task(query, substitutions=iris)
    body = site().workers.pages.run(release(), task).read()
    solutions = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    return iter(solutions)


def _require_iri(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError:
        raise NotFound("resource.unknown", iri=iri) from None


def exists(iri: str) -> bool:
    """Whether the release says anything about the thing."""
    return any(True for _ in _select(_EXISTS, thing=iri))


def describe(iri: str) -> list[Quad]:
    """All statements about a thing and its parts; raises NotFound where there are none."""
    quads = [_quad(row) for row in _select(_DESCRIBE, thing=iri)]
    if not quads:
        raise NotFound("resource.unknown", iri=iri)
    return quads


def vocabulary(iri: str) -> list[Quad]:
    """All statements about a vocabulary's document and terms; raises NotFound."""
    graph = policy().system_graph("vocabulary")
    quads = [
        quad
        for quad in (_quad(row) for row in _select(_GRAPH, g=graph))
        if _of_vocabulary(quad.subject, iri)
    ]
    if not quads:
        raise NotFound("resource.unknown", iri=iri)
    return quads


def vocabularies() -> list[Quad]:
    """What the release says of its vocabularies as wholes; their terms are left out."""
    graph = policy().system_graph("vocabulary")
    quads = [_quad(row) for row in _select(_GRAPH, g=graph)]
    whole = {quad.subject for quad in quads if quad.object == NamedNode(OWL["Ontology"])}
    return [quad for quad in quads if quad.subject in whole]


def _of_vocabulary(subject: object, iri: str) -> bool:
    value = getattr(subject, "value", "")
    return value == iri or value.startswith(f"{iri}#")


def _quad(row: QuerySolution) -> Quad:
    return Quad(row["s"], row["p"], row["o"], row["g"])


def backlinks(iri: str, limit: int) -> list[Backlink]:
    """The first statements that point at the thing."""
    rows = _select(_BACKLINKS.format(limit=int(limit)), thing=iri)
    return [
        Backlink(row["s"].value, row["p"].value)
        for row in rows
        if isinstance(row["s"], NamedNode) and isinstance(row["p"], NamedNode)
    ]


def labels(iris: list[str]) -> dict[str, list[Literal]]:
    """What things are called, for the first two hundred of them."""
    wanted = list(dict.fromkeys(iris))[:_MOST_LABELS]
    return {iri: _labels_of(iri) for iri in wanted}


def _labels_of(iri: str) -> list[Literal]:
    found = (row["label"] for row in _select(_LABELS, thing=iri))
    return [label for label in found if isinstance(label, Literal)]
