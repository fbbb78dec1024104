"""Reads the triples that a SPARQL endpoint constructs, page by page, into a file of N-Triples.

SPARQL 1.1 Protocol; SPARQLWrapper writes the requests, which are sent as all others are: to
checked addresses, within limits. A page that fails leaves the last whole file in use.
"""

import os
import warnings
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from loader.config import RemoteSource
from loader.errors import ConfigurationError
from loader.fetch import Fetcher, Refusal, Request, copy_used
from loader.model import Finding, FindingLog
from loader.rdf.safety import UnsafeError, check
from loader.source.sparql_query import EVERYTHING, PagedQuery, QueryError, paged

ACCEPT = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
PAGE = "page"
LONGEST_GET = 2_000
"""Characters of a query that is asked by GET, which caches and firewalls let through."""

Term = NamedNode | BlankNode | Literal | Triple

_FORMATS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def fetch_triples(source: RemoteSource, fetcher: Fetcher, findings: FindingLog) -> Path | None:
    """Return the file with all triples, or None with a violation in the log.

    Raises ConfigurationError ``config.source-query`` for a query that cannot be asked in pages.
    """
    query = _query(source)
    folder = fetcher.folder(source.name, f"sparql\n{source.url}\n{query.text}")
    place = folder / f"{source.name}.nt"
    pages = _Pages(source, query, fetcher, folder)
    part = folder / "part.nt"
    try:
        with part.open("wb") as stream:
            pages.write(stream)
    except Refusal as refusal:
        if refusal.final or not place.exists():
            findings.add(refusal.finding(source.url))
            return None
        findings.add(copy_used(refusal, source.url, place.stat().st_mtime))
        return place
    finally:
        (folder / PAGE).unlink(missing_ok=True)
    os.replace(part, place)
    if not place.stat().st_size:
        findings.add(Finding("source.sparql-nothing", source.url))
    if pages.blank_nodes:
        details = {"count": f"{pages.blank_nodes:,}"}
        findings.add(Finding("source.sparql-blank-nodes", source.url, details=details))
    return place


def _query(source: RemoteSource) -> PagedQuery:
    try:
        return paged(source.query.read_text(encoding="utf-8") if source.query else EVERYTHING)
    except (OSError, UnicodeDecodeError, QueryError) as error:
        raise ConfigurationError("config.source-query", name=source.name, reason=error) from error


@dataclass(slots=True)
class _Pages:
    """Asks for page after page, until one is empty."""

    source: RemoteSource
    query: PagedQuery
    fetcher: Fetcher
    folder: Path
    blank_nodes: int = field(default=0, init=False)

    def write(self, stream: BinaryIO) -> None:
        """Write the lines of all pages; raises Refusal."""
        before: list[str] = []
        for number in count():
            lines = self._lines(self._triples(number * self.source.page_size), number)
            if not lines:
                return
            if lines == before:
                raise Refusal("source.sparql-same-page")
            stream.writelines(line.encode() for line in lines)
            self.fetcher.check_size(stream.tell())
            before = lines

    def _triples(self, offset: int) -> list[Triple]:
        """Ask for a page."""
        path = self.folder / PAGE
        request = _request(self.source.url, self.query.page(self.source.page_size, offset))
        media_type = self.fetcher.answer(request, path)
        format_ = _FORMATS.get(media_type)
        if format_ is None:
            raise Refusal("source.sparql-answer", reason=media_type or "Content-Type")
        try:
            check(path, format_)
            quads = pyoxigraph.parse(path=str(path), format=format_, base_iri=self.source.url)
            return [quad.triple for quad in quads]
        except (SyntaxError, ValueError, UnsafeError) as error:
            raise Refusal("source.sparql-answer", reason=str(error)) from error

    def _lines(self, triples: list[Triple], page: int) -> list[str]:
        """Return sorted lines, in which blank nodes are labelled by page and number.

        Labels differ from one answer to the next, so they count neither for the order nor later.
        """
        labels: dict[Term, str] = {}
        lines = []
        for triple in sorted(triples, key=_without_labels):
            terms = [triple.subject, triple.predicate, triple.object]
            for node in terms:
                if isinstance(node, BlankNode):
                    labels.setdefault(node, f"_:p{page}n{len(labels)}")
            lines.append(" ".join(labels.get(term) or str(term) for term in terms) + " .\n")
        self.blank_nodes += len(labels)
        return lines


def _without_labels(triple: Triple) -> str:
    terms = (triple.subject, triple.predicate, triple.object)
    return " ".join("_:" if isinstance(term, BlankNode) else str(term) for term in terms)


def _request(url: str, query: str) -> Request:
    """Return the request of the protocol for a query (SPARQL 1.1 Protocol, 2.1)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SPARQLWrapper import GET, POST, SPARQLWrapper

        wrapper = SPARQLWrapper(url)
        wrapper.setMethod(GET if len(query) <= LONGEST_GET else POST)
        wrapper.setQuery(query)
        wrapper.addCustomHttpHeader("Accept", ACCEPT)
        wrapper.setReturnFormat("turtle")
        made = wrapper._createRequest()
    headers = {key: value for key, value in made.header_items() if key != "User-agent"}
    data = made.data if isinstance(made.data, bytes) else None
    return Request(made.full_url, headers, data)
