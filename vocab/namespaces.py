"""Strict namespaces: a term that does not exist raises, at the latest when the tests are run.

``IC["住所型"]`` is the IRI of the term, as ``str``. The terms of each namespace are the
lines of ``vocab/terms/<prefix>.txt``, whose first line states the namespace and the source of the
list; our own terms are in ``vocab/own.toml`` (docs/uri-policy.md).
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from vocab.cubes import cube_terms
from vocab.iris import OWN_FUNCTIONS, OWN_TERMS
from vocab.language import LANGUAGES
from vocab.lines import iri, line, literal
from vocab.own import finding_codes, own_terms, without_values

_TERMS = Path(__file__).parent / "terms"
_HEAD = re.compile(r"# (?P<iri>\S+)  source: (?P<source>.+)")


class UnknownTerm(KeyError):
    """A term that its namespace does not have; ``nearest`` is the most similar one that it has."""

    def __init__(self, prefix: str, term: str, nearest: str | None) -> None:
        hint = f"; did you mean {prefix}:{nearest}?" if nearest else ""
        self.message = f"{prefix}:{term} does not exist{hint}"
        super().__init__(self.message)
        self.prefix = prefix
        self.term = term
        self.nearest = nearest

    def __str__(self) -> str:
        return self.message


class Namespace:
    """A closed set of terms below one IRI; ``NAMESPACE["term"]`` is the term's IRI."""

    def __init__(self, prefix: str, base: str, terms: frozenset[str], source: str) -> None:
        self.prefix = prefix
        self.iri = base
        self.terms = terms
        self.source = source

    def __getitem__(self, term: str) -> str:
        if term not in self.terms:
            near = get_close_matches(term, sorted(self.terms), 1)
            raise UnknownTerm(self.prefix, term, near[0] if near else None)
        return self.iri + term

    def __contains__(self, term: object) -> bool:
        return term in self.terms

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.terms))

    def __repr__(self) -> str:
        return f"Namespace({self.prefix!r}, {self.iri!r}, {len(self.terms)} terms)"


def load(path: Path) -> Namespace:
    """Read a list of terms; raises ValueError where its first line states no namespace."""
    head, *terms = path.read_text(encoding="utf-8").splitlines()
    stated = _HEAD.fullmatch(head)
    if not stated:
        raise ValueError(f"{path}: the first line states no namespace")
    return Namespace(path.stem, stated["iri"], frozenset(terms), stated["source"])


@cache
def namespaces() -> dict[str, Namespace]:
    """All closed namespaces, by prefix."""
    listed = {path.stem: load(path) for path in sorted(_TERMS.glob("*.txt"))}
    terms = frozenset(own_terms()) | cube_terms()
    own = Namespace("tsd", OWN_TERMS, terms, "vocab/own.toml, vocab/cubes.toml")
    return listed | {"tsd": own}


IC = namespaces()["ic"]
DCAT = namespaces()["dcat"]
DCTERMS = namespaces()["dcterms"]
SKOS = namespaces()["skos"]
PROV = namespaces()["prov"]
VOID = namespaces()["void"]
SCHEMA = namespaces()["schema"]
QB = namespaces()["qb"]
GEO = namespaces()["geo"]
SPDX = namespaces()["spdx"]
ORG = namespaces()["org"]
FOAF = namespaces()["foaf"]
VCARD = namespaces()["vcard"]
SACS = namespaces()["sacs"]
RDF = namespaces()["rdf"]
RDFS = namespaces()["rdfs"]
OWL = namespaces()["owl"]
XSD = namespaces()["xsd"]
SH = namespaces()["sh"]
SD = namespaces()["sd"]
ADMS = namespaces()["adms"]
SDMX_DIMENSION = namespaces()["sdmx-dimension"]
SDMX_MEASURE = namespaces()["sdmx-measure"]
SDMX_ATTRIBUTE = namespaces()["sdmx-attribute"]
SDMX_CODE = namespaces()["sdmx-code"]
DCATAP = namespaces()["dcatap"]
FNO = namespaces()["fno"]
TSD = namespaces()["tsd"]

PREFIXES: dict[str, str] = {
    **{prefix: namespace.iri for prefix, namespace in sorted(namespaces().items())},
    "tsf": OWN_FUNCTIONS,
}
"""The IRIs of all namespaces by prefix, for serialisation. ``tsf`` (functions) is not closed."""


def expand(name: str) -> str:
    """Return the IRI of a prefixed name; raises UnknownTerm, also for an unknown prefix."""
    prefix, _, term = name.partition(":")
    if prefix == "tsf":
        return OWN_FUNCTIONS + term
    known = namespaces()
    if prefix not in known:
        near = get_close_matches(prefix, sorted(known), 1)
        raise UnknownTerm(prefix, term, near[0] if near else None)
    return known[prefix][term]


def own_vocabulary_lines(graph: str) -> list[str]:
    """Return, sorted, the lines of N-Quads that define our own terms and the codes of findings."""
    lines = _ontology(graph)
    for name, term in own_terms().items():
        lines += _definition(name, term, graph)
    for code, finding in finding_codes().items():
        lines += _finding(code, finding, graph)
    return sorted(set(lines))


def _ontology(graph: str) -> list[str]:
    title = {"ja": "つなぐの語彙", "en": "Tsunagu vocabulary"}
    about = OWN_TERMS.removesuffix("#")
    links = [(RDF["type"], OWL["Ontology"])]
    return _described(about, links, DCTERMS["title"], title, graph)


def _definition(name: str, term: dict[str, str], graph: str) -> list[str]:
    kind = term["kind"]
    types = {
        "scheme": SKOS["ConceptScheme"],
        "concept": SKOS["Concept"],
        "class": RDFS["Class"],
        "property": RDF["Property"],
    }
    links = [(RDF["type"], types[kind]), (RDFS["isDefinedBy"], OWN_TERMS.removesuffix("#"))]
    if kind == "concept":
        links.append((SKOS["inScheme"], TSD[term["scheme"]]))
    label = SKOS["prefLabel"] if kind in ("concept", "scheme") else RDFS["label"]
    return _described(TSD[name], links, label, term, graph)


def _finding(code: str, finding: dict[str, str], graph: str) -> list[str]:
    links = [
        (RDF["type"], SKOS["Concept"]),
        (SKOS["inScheme"], TSD["findings"]),
        (TSD["severity"], TSD[finding["severity"].capitalize()]),
    ]
    texts = {language: without_values(finding[language]) for language in LANGUAGES}
    advice = {language: without_values(finding[f"do_{language}"]) for language in LANGUAGES}
    about = finding_iri(code)
    return [
        *_described(about, links, SKOS["prefLabel"], texts, graph),
        *_described(about, [], SKOS["scopeNote"], advice, graph),
        line(iri(about), iri(SKOS["notation"]), literal(code), iri(graph)),
    ]


def finding_iri(code: str) -> str:
    """Return the IRI of a code of findings: a term of our own vocabulary."""
    return OWN_TERMS + code


def _described(
    about: str, links: list[tuple[str, str]], label: str, texts: dict[str, str], graph: str
) -> list[str]:
    """Lines for links to other resources, and for a text in each language."""
    linked = [line(iri(about), iri(link), iri(target), iri(graph)) for link, target in links]
    said = [
        line(iri(about), iri(label), literal(texts[language], language), iri(graph))
        for language in LANGUAGES
    ]
    return linked + said
