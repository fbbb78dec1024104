"""The document behind the IRIs of our value functions, ``https://w3id.org/tsunagu/function#…``.

It is the same for every release, so it is made of the declarations (loader/functions), as
docs/functions.md is; a function is a ``fno:Function`` and, where queries may call it, a
``sd:Function`` (SPARQL 1.1 Service Description, 3.2.11).
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from loader.functions import FUNCTIONS, Example, Function
from loader.functions.sparql import sparql_functions
from vocab.iris import OWN_FUNCTIONS
from vocab.language import LANGUAGES
from vocab.namespaces import DCTERMS, FNO, OWL, RDF, RDFS, SD, SKOS

DOCUMENT = OWN_FUNCTIONS.rstrip("#")
_TITLES = {"ja": "つなぐの関数", "en": "Tsunagu functions"}


def heading() -> list[Quad]:
    """What the document is."""
    return [
        _linked(DOCUMENT, RDF["type"], OWL["Ontology"]),
        *(_said(DOCUMENT, DCTERMS["title"], text, code) for code, text in _TITLES.items()),
    ]


def functions() -> list[Quad]:
    """All statements about our functions and their document."""
    queryable = sparql_functions()
    own = (found for iri, found in FUNCTIONS.items() if iri.startswith(OWN_FUNCTIONS))
    return [
        *heading(),
        *(quad for found in own for quad in _described(found, found in queryable)),
    ]


def _described(found: Function, queryable: bool) -> Iterator[Quad]:
    yield _linked(found.iri, RDF["type"], FNO["Function"])
    if queryable:
        yield _linked(found.iri, RDF["type"], SD["Function"])
    yield _linked(found.iri, RDFS["isDefinedBy"], DOCUMENT)
    yield _said(found.iri, RDFS["label"], f"{found.name}({', '.join(found.parameters)})")
    for language in LANGUAGES:
        yield _said(found.iri, RDFS["comment"], found.text(language), language)
    for example in found.examples:
        yield _said(found.iri, SKOS["example"], _shown(found, example))


def _shown(found: Function, example: Example) -> str:
    arguments = ", ".join(str(Literal(argument)) for argument in example.arguments)
    gives = example.gives if isinstance(example.gives, tuple) else (example.gives,)
    return f"{found.name}({arguments}) → {', '.join(filter(None, gives)) or '–'}"


def _linked(subject: str, predicate: str, value: str) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _said(subject: str, predicate: str, text: str, language: str | None = None) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), Literal(text, language=language))
