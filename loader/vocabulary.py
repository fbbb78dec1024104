"""The definitions of the terms that a dataset brings of its own: one property for each column.

Only columns that no standard dataset explains have such a property. The dataset's vocabulary is
the document ``def/{dataset}``; its terms are fragments of it.
"""

from collections.abc import Sequence

from loader.functions import FUNCTIONS
from loader.model import Field, Package
from vocab.identifiers import SCHEMES
from vocab.iris import OWN, OWN_FUNCTIONS, OWN_TERMS, IriPolicy
from vocab.namespaces import (
    ADMS,
    DCTERMS,
    FNO,
    IC,
    OWL,
    QB,
    RDF,
    RDFS,
    SDMX_ATTRIBUTE,
    SKOS,
    VOID,
)
from vocab.statements import Statements


def vocabulary_lines(
    policy: IriPolicy,
    package: Package,
    generic_columns: Sequence[tuple[str, str]],
    classes: Sequence[str],
) -> list[str]:
    """Return the vocabulary of a dataset as lines of N-Quads, sorted and each once.

    ``generic_columns`` are headers and the IRIs of their properties; ``classes`` those of the
    dataset's things, of which the dataset's own are defined.
    """
    about = Statements(policy.system_graph("vocabulary"))
    vocabulary = policy.vocabulary(package.name)
    own_classes = [class_ for class_ in classes if class_.startswith(f"{vocabulary}#")]
    if not generic_columns and not own_classes:
        return []
    _document(policy, about, package)
    fields = {field.name: field for resource in package.resources for field in resource.fields}
    for column, iri in generic_columns:
        about.a(iri, RDF["Property"])
        about.link(iri, RDFS["isDefinedBy"], vocabulary)
        _field(about, iri, column, fields.get(column))
    for class_ in own_classes:
        about.a(class_, RDFS["Class"])
        about.text(class_, RDFS["label"], package.title or {"ja": package.name})
        about.link(class_, RDFS["isDefinedBy"], vocabulary)
    return about.lines()


def _document(policy: IriPolicy, about: Statements, package: Package) -> None:
    vocabulary = policy.vocabulary(package.name)
    names = package.title or {"ja": package.name}
    words = {
        "ja": f"「{names.get('ja', package.name)}」の語彙",
        "en": f"Vocabulary of “{names.get('en', package.name)}”",
    }
    about.a(vocabulary, OWL["Ontology"])
    about.text(vocabulary, DCTERMS["title"], words)
    about.link(policy.dataset(package.name), VOID["vocabulary"], vocabulary)


def _field(about: Statements, iri: str, column: str, field: Field | None) -> None:
    about.text(iri, RDFS["label"], {"ja": column})
    if field is None:
        return
    if field.title and field.title != column:
        about.text(iri, DCTERMS["description"], {"ja": field.title})
    if field.unit:
        about.a(iri, QB["MeasureProperty"])
        about.value(iri, SDMX_ATTRIBUTE["unitMeasure"], field.unit)


def function_lines(graph: str) -> list[str]:
    """Return our value functions as fno:Function (https://fno.io/spec/), lines of a graph."""
    about = Statements(graph)
    for function in FUNCTIONS.values():
        if function.iri.startswith(OWN_FUNCTIONS):
            about.a(function.iri, FNO["Function"])
            about.value(function.iri, FNO["name"], function.name)
            about.text(function.iri, RDFS["label"], {"en": function.name})
            texts = {"ja": function.text("ja"), "en": function.doc}
            about.text(function.iri, DCTERMS["description"], texts)
            about.link(function.iri, RDFS["isDefinedBy"], f"{OWN}function")
    return about.lines()


def scheme_lines(graph: str) -> list[str]:
    """Return the schemes of identifiers as ic:ID体系型, lines of a graph."""
    about = Statements(graph)
    for scheme in SCHEMES.values():
        about.a(scheme.own_iri, IC["ID体系型"])
        about.text(scheme.own_iri, RDFS["label"], scheme.title)
        about.text(scheme.own_iri, ADMS["schemaAgency"], scheme.authority)
        about.text(scheme.own_iri, SKOS["scopeNote"], scheme.check)
        about.value(scheme.own_iri, SKOS["note"], scheme.source)
        about.value(scheme.own_iri, SKOS["notation"], scheme.key)
        about.link(scheme.own_iri, RDFS["isDefinedBy"], OWN_TERMS.removesuffix("#"))
    return about.lines()
