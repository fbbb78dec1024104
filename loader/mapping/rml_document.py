"""An RML document in Turtle: its triples by subject and local name of the property.

Two vocabularies are read. The older one is http://semweb.mmlab.be/ns/rml# with
http://www.w3.org/ns/r2rml# and http://semweb.mmlab.be/ns/fnml#; the newer one http://w3id.org/rml/
(https://rml.io/specs/rml/). Their terms have the same local names, and nothing else is made of the
difference.
"""

import re
from collections import defaultdict
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from loader.errors import ConfigurationError
from loader.functions.registry import nearest

NAMESPACES = (
    "http://semweb.mmlab.be/ns/rml#",
    "http://semweb.mmlab.be/ns/fnml#",
    "http://www.w3.org/ns/r2rml#",
    "http://w3id.org/rml/",
)

KEYS = frozenset(
    re.split(
        r"\s+",
        """baseIRI child childMap class constant datatype datatypeMap function functionExecution
        functionMap functionValue graph graphMap input inputValue inputValueMap iterator
        joinCondition language languageMap logicalSource object objectMap parameter
        parameterMap parent parentMap parentTriplesMap path predicate predicateMap
        predicateObjectMap reference referenceFormulation root source subject subjectMap
        template termType""",
    )
)
"""The properties that are read."""

Node = NamedNode | BlankNode | Literal | Triple


class RmlDocument:
    """Reads one document."""

    def __init__(self, path: Path, base: str) -> None:
        self.path = path
        self.properties: defaultdict[Node, dict[str, list[Node]]] = defaultdict(dict)
        for subject, predicate, object_ in self._triples(base):
            self._take(subject, predicate, object_)

    def _triples(self, base: str) -> list[tuple[Node, str, Node]]:
        try:
            text = self.path.read_text(encoding="utf-8")
            quads = parse(text, RdfFormat.TURTLE, base_iri=base)
            return [(quad.subject, quad.predicate.value, quad.object) for quad in quads]
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            reason = " ".join(str(error).split())
            raise ConfigurationError("mapping.unreadable", file=self.path, reason=reason) from error

    def _take(self, subject: Node, predicate: str, object_: Node) -> None:
        namespace = next((found for found in NAMESPACES if predicate.startswith(found)), None)
        name = predicate.removeprefix(namespace or "")
        if namespace and name not in KEYS:
            near = nearest(name, KEYS)
            raise self.error("mapping.unknown-key", subject, key=name, nearest=near)
        self.properties[subject].setdefault(name if namespace else predicate, []).append(object_)

    def error(self, code: str, node: Node, **values: object) -> ConfigurationError:
        """Return an error that names the file and the node."""
        return ConfigurationError(code, file=self.path, place=node, **values)

    def all(self, node: Node, name: str) -> list[Node]:
        """Return the values of a property."""
        return self.properties[node].get(name, []) if node in self.properties else []

    def one(self, node: Node, name: str) -> Node | None:
        """Return the value of a property that may be there once."""
        found = self.all(node, name)
        if len(found) > 1:
            raise self.error("mapping.malformed", node, expected=f"1 × {name}")
        return found[0] if found else None

    def needed(self, node: Node, *names: str) -> Node:
        """Return the value of the first of the properties that is there; one has to be."""
        found = next((one for name in names if (one := self.one(node, name)) is not None), None)
        if found is None:
            raise self.error("mapping.malformed", node, expected=" / ".join(names))
        return found

    def text(self, node: Node, name: str) -> str | None:
        """Return the text, or the IRI, of a property that may be there once."""
        found = self.one(node, name)
        return None if found is None else value_of(found)


def value_of(node: Node) -> str:
    """Return the IRI, the label or the text of a node."""
    return node.value if isinstance(node, NamedNode | BlankNode | Literal) else str(node)
