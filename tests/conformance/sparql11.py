"""The W3C SPARQL 1.1 test suite as it lies beside the checkout: manifests, exchanges, data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, RdfFormat, parse

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "rdf-tests" / "sparql11"
MISSING = "the W3C SPARQL suite is not beside this checkout"
BASE = "http://suite.example/sparql11/"
"""What stands for the folder of the suite in IRIs."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal


def file_of(iri: str) -> Path:
    """The file that an IRI of a manifest names."""
    return SUITE / iri.removeprefix(BASE)


@dataclass(frozen=True)
class Entry:
    """A test of a manifest."""

    folder: str
    node: Node
    kind: str
    graph: Dataset

    @property
    def name(self) -> str:
        """Folder and local name, by which exceptions are listed."""
        return f"{self.folder}/{self.node.value.rpartition('#')[2]}"

    def node_of(self, name: str, of: Node | None = None) -> Node | None:
        """The resource that a property names, if any."""
        found = next(self.terms(name, of), None)
        return found if isinstance(found, NamedNode | BlankNode) else None

    def text_of(self, name: str, of: Node | None = None) -> str | None:
        """The literal or IRI that a property has, if any."""
        found = next(self.terms(name, of), None)
        return None if found is None else found.value

    def terms(self, name: str, of: Node | None = None) -> Iterator[Term]:
        """All values of a property of the test, or of another resource of its manifest."""
        for quad in self.graph.quads_for_subject(of or self.node):
            if quad.predicate.value == name:
                assert isinstance(quad.object, NamedNode | BlankNode | Literal)
                yield quad.object

    def nodes(self, name: str, of: Node | None = None) -> list[Node]:
        """The members of the list that a property has."""
        members: list[Node] = []
        at = self.node_of(name, of)
        while at is not None and at.value != f"{RDF}nil":
            first = self.node_of(f"{RDF}first", at)
            assert first is not None
            members.append(first)
            at = self.node_of(f"{RDF}rest", at)
        return members


def entries(manifest: str) -> list[Entry]:
    """The tests of a manifest, in its order; none where the suite is absent."""
    path = SUITE / manifest
    if not path.is_file():
        return []
    graph = read(path)
    folder = manifest.rpartition("/")[0]
    root = Entry(folder, NamedNode(BASE + manifest), "", graph)
    return [
        Entry(folder, node, root.text_of(f"{RDF}type", node) or "", graph)
        for node in root.nodes(f"{MF}entries")
    ]


def read(path: Path) -> Dataset:
    """The statements of a file, its own IRI as the base."""
    iri = BASE + path.relative_to(SUITE).as_posix()
    syntax = RdfFormat.from_extension(path.suffix[1:])
    return Dataset(parse(path.read_bytes(), format=syntax, base_iri=iri))


def folders() -> list[str]:
    """The folders that have a manifest."""
    return sorted(path.parent.name for path in SUITE.glob("*/manifest.ttl"))
