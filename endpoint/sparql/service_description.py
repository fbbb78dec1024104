"""SPARQL 1.1 Service Description of the endpoint."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.links import FUNCTION_DOCUMENT, GRAPH_STORE
from endpoint.site.function_document import DOCUMENT
from endpoint.site.void import PATH
from loader.functions.geosparql import Kind, geo_functions
from loader.functions.sparql import sparql_functions
from loader.release import Release
from vocab.formats import RDF_FORMATS, RESULT_FORMATS, WRITABLE
from vocab.namespaces import RDF, RDFS, SD, VOID, XSD

_GEOSPARQL = geo_functions()
FUNCTIONS = tuple(found.iri for found in _GEOSPARQL if found.kind is not Kind.AGGREGATES)
AGGREGATES = tuple(found.iri for found in _GEOSPARQL if found.kind is Kind.AGGREGATES)
"""GeoSPARQL (docs/geosparql.md); a test evaluates each."""

OWN_FUNCTIONS = tuple(function.iri for function in sparql_functions())
"""Our value functions (docs/functions.md), which the workers give to the engine."""


def describe(
    release: Release, endpoint: str, updates: bool = False, federates: bool = False
) -> Iterator[Quad]:
    """The service and its dataset; ``endpoint`` is the address at which the public finds it.

    ``updates`` says that holders of keys may write, ``federates`` that SERVICE is on.
    """
    if federates:
        feature = NamedNode(SD["BasicFederatedQuery"])
        yield Quad(NamedNode(endpoint), NamedNode(SD["feature"]), feature)
    written = _writing(endpoint) if updates else ()
    for subject, predicate, value in (*_statements(release, endpoint), *written):
        term = Literal(value, datatype=NamedNode(XSD["integer"])) if value.isdigit() else None
        yield Quad(NamedNode(subject), NamedNode(predicate), term or NamedNode(value))


def _statements(release: Release, endpoint: str) -> Iterator[tuple[str, str, str]]:
    service, dataset, default = endpoint, f"{endpoint}#dataset", f"{endpoint}#default-graph"
    yield service, RDF["type"], SD["Service"]
    yield service, SD["endpoint"], endpoint
    yield service, SD["supportedLanguage"], SD["SPARQL11Query"]
    yield service, SD["feature"], SD["UnionDefaultGraph"]
    for format_ in (*RESULT_FORMATS, *RDF_FORMATS):
        yield service, SD["resultFormat"], format_.iri
    for function in (*FUNCTIONS, *OWN_FUNCTIONS):
        yield service, SD["extensionFunction"], function
        yield function, RDF["type"], SD["Function"]
    for function in OWN_FUNCTIONS:
        yield function, RDFS["isDefinedBy"], DOCUMENT
    yield DOCUMENT, RDFS["seeAlso"], f"{endpoint.removesuffix('sparql')}{FUNCTION_DOCUMENT}"
    for aggregate in AGGREGATES:
        yield service, SD["extensionAggregate"], aggregate
        yield aggregate, RDF["type"], SD["Aggregate"]
    yield service, SD["defaultDataset"], dataset
    yield dataset, RDF["type"], SD["Dataset"]
    yield dataset, SD["defaultGraph"], default
    yield dataset, RDFS["seeAlso"], f"{release.base_iri}{PATH}"
    yield default, RDF["type"], SD["Graph"]
    if "quads" in release.manifest:
        yield default, VOID["triples"], str(release.manifest["quads"])
    yield from _named_graphs(release, endpoint, dataset)


def _writing(service: str) -> Iterator[tuple[str, str, str]]:
    """That updates are taken, and formats of graphs that may be written (docs/writing.md)."""
    yield service, SD["supportedLanguage"], SD["SPARQL11Update"]
    for format_ in WRITABLE:
        yield service, SD["inputFormat"], format_.iri
    yield service, RDFS["seeAlso"], f"{service.removesuffix('sparql')}{GRAPH_STORE}"


def _named_graphs(release: Release, endpoint: str, dataset: str) -> Iterator[tuple[str, str, str]]:
    entries = {
        f"{endpoint}#{name}": (entry["graph"], entry.get("triples"))
        for name, entry in release.datasets.items()
    }
    for name, iri in release.manifest.get("graphs", {}).items():
        entries[f"{endpoint}#graph-{name}"] = (iri, None)
    for node, (iri, triples) in entries.items():
        yield dataset, SD["namedGraph"], node
        yield node, RDF["type"], SD["NamedGraph"]
        yield node, SD["name"], iri
        if triples is not None:
            yield node, SD["graph"], f"{node}-content"
            yield f"{node}-content", RDF["type"], SD["Graph"]
            yield f"{node}-content", VOID["triples"], str(triples)
