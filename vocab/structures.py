"""The structures of statistics (``vocab/cubes.toml``) as RDF Data Cube.

https://www.w3.org/TR/vocab-data-cube/: qb:DataStructureDefinition with its components, slice keys,
and the code lists of its dimensions (SKOS). A mapping only says which structure its figures have.
"""

from typing import Any

from vocab.cubes import cubes
from vocab.iris import OWN_TERMS
from vocab.language import LANGUAGES
from vocab.lines import XSD, iri, line, literal
from vocab.namespaces import QB, RDF, RDFS, SKOS, expand

_KINDS = {"dimension": "DimensionProperty", "measure": "MeasureProperty"}
_KINDS |= {"attribute": "AttributeProperty"}
Table = dict[str, Any]


def structure_lines(graph: str) -> list[str]:
    """Return the lines of N-Quads that define structures, components and code lists, sorted."""
    found = _Lines(graph)
    tables = cubes()
    for name, entry in tables["codelists"].items():
        found.codelist(_term(name), entry)
    for name, entry in tables["components"].items():
        found.component(_term(name), entry)
    for name, entry in tables["structures"].items():
        found.structure(_term(name), entry, tables["components"])
    return sorted(set(found.lines))


def _term(name: str) -> str:
    return expand(name) if ":" in name else expand(f"tsd:{name}")


class _Lines:
    """Gathers lines about terms, for one graph."""

    def __init__(self, graph: str) -> None:
        self._graph = iri(graph)
        self.lines: list[str] = []

    def codelist(self, scheme: str, entry: Table) -> None:
        """A code list: a skos:ConceptScheme and its concepts."""
        self._link(scheme, RDF["type"], SKOS["ConceptScheme"])
        self._labels(scheme, SKOS["prefLabel"], entry)
        for name, notation, japanese, english in entry["codes"]:
            code = _term(name)
            self._link(code, RDF["type"], SKOS["Concept"])
            self._link(code, SKOS["inScheme"], scheme)
            self._link(code, SKOS["topConceptOf"], scheme)
            self._link(scheme, SKOS["hasTopConcept"], code)
            self._labels(code, SKOS["prefLabel"], {"ja": japanese, "en": english})
            self._add(code, SKOS["notation"], literal(notation))

    def component(self, about: str, entry: Table) -> None:
        """A dimension, measure or attribute."""
        self._link(about, RDF["type"], QB[_KINDS[entry["kind"]]])
        self._link(about, RDFS["range"], _term(entry["range"]))
        if "super" in entry:
            self._link(about, RDFS["subPropertyOf"], _term(entry["super"]))
        if "codes" in entry:
            self._link(about, RDF["type"], QB["CodedProperty"])
            self._link(about, QB["codeList"], _term(entry["codes"]))

    def structure(self, about: str, entry: Table, kinds: dict[str, Table]) -> None:
        """A structure: an ordered component specification for each of its components."""
        self._link(about, RDF["type"], QB["DataStructureDefinition"])
        self._labels(about, RDFS["label"], entry)
        for number, name in enumerate(entry["components"], start=1):
            kind = kinds[name]["kind"]
            part = f"{about}-{name.replace(':', '-')}"
            self._link(about, QB["component"], part)
            self._link(part, RDF["type"], QB["ComponentSpecification"])
            self._link(part, QB[kind], _term(name))
            self._add(part, QB["order"], literal(str(number), datatype=XSD + "integer"))
            if kind == "attribute":
                required = literal("false", datatype=XSD + "boolean")
                self._add(part, QB["componentRequired"], required)
        if "slice" in entry:
            self._slice_key(about, entry["slice"])

    def _slice_key(self, about: str, names: list[str]) -> None:
        key = f"{about}-slice"
        self._link(about, QB["sliceKey"], key)
        self._link(key, RDF["type"], QB["SliceKey"])
        for name in names:
            self._link(key, QB["componentProperty"], _term(name))

    def _labels(self, about: str, label: str, texts: Table) -> None:
        for language in LANGUAGES:
            self._add(about, label, literal(texts[language], language))
        self._link(about, RDFS["isDefinedBy"], OWN_TERMS.removesuffix("#"))

    def _link(self, about: str, link: str, target: str) -> None:
        self._add(about, link, iri(target))

    def _add(self, about: str, predicate: str, term: str) -> None:
        self.lines.append(line(iri(about), iri(predicate), term, self._graph))
