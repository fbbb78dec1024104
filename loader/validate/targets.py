"""What shapes are about, so that text which no shape is about need not go through the engine."""

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode, Triple

_SH = "http://www.w3.org/ns/shacl#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CLASSES = (
    "http://www.w3.org/2000/01/rdf-schema#Class",
    "http://www.w3.org/2002/07/owl#Class",
)
_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_TYPED = re.compile(rf"<{re.escape(_RDF_TYPE)}> (<[^>]*>)")


class Targets:
    """The targets of shapes (SHACL, 2.1.3): classes, and predicates whose subjects or objects
    are meant. Single nodes as targets may be anywhere."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        self._classes: set[str] = set()
        self._predicates: set[str] = set()
        self._anywhere = False
        for triple in shapes:
            self._take(triple)

    def _take(self, triple: Triple) -> None:
        predicate, value = triple.predicate.value, triple.object
        if predicate == _SH + "targetClass":
            self._classes.add(str(value))
        elif predicate in {_SH + "targetSubjectsOf", _SH + "targetObjectsOf"}:
            self._predicates.add(f" {value} ")
        elif predicate.startswith(_SH + "target"):
            self._anywhere = True
        elif predicate == _RDF_TYPE and isinstance(value, NamedNode) and value.value in _CLASSES:
            self._classes.add(str(triple.subject))

    def may_be_in(self, text: str) -> bool:
        """Whether a shape may be about a node of a text of N-Quads."""
        return (
            self._anywhere
            or any(predicate in text for predicate in self._predicates)
            or not self._classes.isdisjoint(_TYPED.findall(text))
            or _SUBCLASS in text
        )
