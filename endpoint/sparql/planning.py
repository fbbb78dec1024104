"""From what is asked to what a worker is given: the formats that suit the client, the text, limits.

Nothing here needs the application's context: a query may be planned before Flask is asked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from endpoint.evaluation.rows import limited
from endpoint.evaluation.task import Answer, Task
from endpoint.http.negotiation import HTML, negotiate, not_acceptable
from endpoint.sparql.protocol import Asked
from loader.release import Release
from vocab.formats import GEOJSON, RDF_FORMATS, RESULT_FORMATS, TABLE_FORMATS, Format, find

_SAME_IN_RDF = {"json": "jsonld", "xml": "rdfxml"}
"""What ``format=json`` means where the result is a graph."""

_GRAPH_FORMS = ("construct", "describe")


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as it will be evaluated."""

    asked: Asked
    text: str
    """The query, with the limit that the request adds."""
    table: Format | None
    """For a table or a truth value; None where the client takes none of ours."""
    graph: Format | None
    """For a graph."""

    @property
    def is_page(self) -> bool:
        """Whether a person shall read it."""
        return HTML in (self.table, self.graph)

    @property
    def is_limited(self) -> bool:
        """Whether the request limits the rows to fewer than the query does."""
        return self.text != self.asked.query

    @property
    def format_names(self) -> list[str | None]:
        """The names of both formats."""
        return [one.name if one else None for one in (self.table, self.graph)]

    @property
    def likely(self) -> Format | None:
        """The format for the form that the query seems to have; None where none is taken."""
        text = self.text.lower()
        return self.graph if any(map(text.__contains__, _GRAPH_FORMS)) else self.table

    def format_of(self, answer: Answer) -> Format | None:
        """The format for the form that the answer has."""
        return self.graph if answer.form == "graph" else self.table

    def task(self, release: Release, public_base: str) -> Task:
        """What a worker is given, to be answered from a release."""
        asked = self.asked
        limit = f"#rows={asked.rows}" if self.is_limited else ""
        return Task(
            query=self.text,
            result_format=_name(self.table, shown_as="json"),
            graph_format=_name(self.graph, shown_as="turtle"),
            base=f"{public_base}sparql",
            union=asked.default_graphs is None and not asked.seen.dataset,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            links=_links(f"{release.base_iri}release/{release.id}{limit}"),
        )


def plan(asked: Asked, accept: str | None) -> Plan:
    """Plan a query for a client that accepts so; raises NotAcceptable."""
    text = asked.query if asked.rows is None else limited(asked.query, asked.rows)
    return Plan(asked, text, *_formats(asked, accept))


def _formats(asked: Asked, accept: str | None) -> tuple[Format | None, Format | None]:
    """The formats for a table or a truth value, and for a graph; None for what is not taken."""
    if asked.output is HTML:
        return HTML, HTML
    if asked.output is not None:
        same = find(_SAME_IN_RDF.get(asked.output.name, asked.output.name))
        return _if_in(asked.output, (*RESULT_FORMATS, *TABLE_FORMATS)), _if_in(same, RDF_FORMATS)
    table, graph = _liked(accept)
    if table is None and graph is None:
        raise not_acceptable((*RESULT_FORMATS, *RDF_FORMATS))
    return table, graph


@lru_cache(256)
def _liked(accept: str | None) -> tuple[Format | None, Format | None]:
    """The formats that a client likes best for a table and for a graph."""
    table = negotiate(accept, (*RESULT_FORMATS, GEOJSON, HTML))
    return table, negotiate(accept, (*RDF_FORMATS, HTML))


@lru_cache(256)
def _links(iri: str) -> str:
    return json.dumps([iri])


def _if_in(format_: Format | None, table: Sequence[Format]) -> Format | None:
    return format_ if format_ in table else None


def _name(format_: Format | None, shown_as: str) -> str | None:
    """What the worker shall write; a page is made from ``shown_as``."""
    if format_ is HTML:
        return shown_as
    return format_.name if format_ else None
