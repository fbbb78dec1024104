"""An RML document in Turtle: its triples by subject and local name of the property.

Two vocabularies are read. The older one is http://semweb.mmlab.be/ns/rml# with
http://www.w3.org/ns/r2rml# and http://semweb.mmlab.be/ns/fnml#; the newer one http://w3id.org/rml/
(https://rml.io/specs/rml/). Their terms have the same local names, and nothing else is made of the
difference.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
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
        """baseIRI child childMap class constant datatype datatypeMap encoding function
        functionExecution functionMap functionValue graph graphMap input inputValue
        inputValueMap iterator joinCondition language languageMap logicalSource null
        object objectMap parameter parameterMap parent parentMap parentTriplesMap path
        predicate predicateMap predicateObjectMap reference referenceFormulation return
        returnMap root source subject subjectMap template termType""",
    )
)
"""The properties that are read."""

UNSUPPORTED = frozenset(
    re.split(
        r"\s+",
        """allowEmptyListAndContainer changeDetection column compression condition field
        fieldName gather gatherAs inverseExpression leftJoin innerJoin logicalTable
        logicalTarget objectGather onLogicalSource onLogicalView query sqlQuery
        sqlVersion strategy subjectGather tableName""",
    )
)
"""Properties of the specifications that are refused: databases, targets, containers, views."""

CSVW = "http://www.w3.org/ns/csvw#"
"""A source may be a csvw:Table with a dialect (RML-IO; Tabular metadata, 5.9)."""

Node = NamedNode | BlankNode | Literal | Triple


class RmlDocument:
    """Reads one document; ``lines`` are those in which what is said of a node begins, from 1."""

    def __init__(self, path: Path, base: str) -> None:
        self.path = path
        self.properties: defaultdict[Node, dict[str, list[Node]]] = defaultdict(dict)
        self.lines: dict[Node, int] = {}
        for subject, predicate, object_, line in self._triples(base):
            self._take(subject, predicate, object_, line)

    def _triples(self, base: str) -> Iterator[tuple[Node, str, Node, int]]:
        try:
            stream = _Lines(self.path.read_bytes())
            for quad in parse(stream, RdfFormat.TURTLE, base_iri=base):
                yield quad.subject, quad.predicate.value, quad.object, stream.number
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            reason = " ".join(str(error).split())
            raise ConfigurationError("mapping.unreadable", file=self.path, reason=reason) from error

    def _take(self, subject: Node, predicate: str, object_: Node, line: int) -> None:
        self.lines.setdefault(subject, line)
        namespace = next((found for found in NAMESPACES if predicate.startswith(found)), "")
        name = predicate.removeprefix(namespace)
        if namespace and name in UNSUPPORTED:
            raise self._error("mapping.unsupported", line, feature=name)
        if namespace and name not in KEYS:
            raise self._error("mapping.unknown-key", line, key=name, nearest=nearest(name, KEYS))
        self.properties[subject].setdefault(name, []).append(object_)

    def error(self, code: str, node: Node | None, **values: object) -> ConfigurationError:
        """Return an error that names the file, and the line in which a node begins."""
        return self._error(code, self.lines.get(node, node) if node else 1, **values)

    def _error(self, code: str, place: object, **values: object) -> ConfigurationError:
        return ConfigurationError(code, file=self.path, place=place, **values)

    def line(self, node: Node) -> int | None:
        """Return the line in which what is said of a node begins."""
        return self.lines.get(node)

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


class _Lines(io.BytesIO):
    """Gives a text to the parser line by line, so that it is known how far it has come."""

    number = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what is left of a line, at most ``size`` bytes."""
        line = self.readline(size)
        self.number += line.endswith(b"\n")
        return line
