"""The shapes, ready to use: the engine (package ``shacl``) and what is known of its results."""

import re
from collections.abc import Iterable

import pyoxigraph
import shacl

from loader.errors import ConfigurationError
from loader.validate.graph import SH, ShapesGraph
from loader.validate.reach import Reach
from loader.validate.rules import Rules
from loader.validate.targets import Targets

_BLANK_NODES = re.compile(r"^(?:(_:\S+)|<[^>]*>) <[^>]*> (_:\S+)?", re.MULTILINE)
_MESSAGE = pyoxigraph.NamedNode(SH + "message")


class CompiledShapes:
    """The shapes graph, ready to use, and the languages of its messages.

    Each text is Turtle; blank nodes of different texts are kept apart. Raises ConfigurationError
    where a text is not Turtle (``shapes.unreadable``), where a shape is ill-formed
    (``shapes.ill-formed``) or where there is no shape at all (``shapes.none``).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        triples = [quad.triple for text in texts for quad in _read_turtle(text)]
        data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        self._engine = _compile(data.decode("utf-8"))
        self.languages = {
            triple.object.value: triple.object.language or ""
            for triple in triples
            if triple.predicate == _MESSAGE and isinstance(triple.object, pyoxigraph.Literal)
        }
        """The language of each message, by its text: the engine's results do not tell it."""
        self.rules = Rules(triples)
        self._targets = Targets(triples)
        self.graph = ShapesGraph(triples)
        self.reach = Reach.of(self.graph)
        self._own_blank_nodes = len(
            {term for t in triples for term in t if isinstance(term, pyoxigraph.BlankNode)}
        )

    def validate(self, text: str) -> list[shacl.Result]:
        """The results for a text of N-Triples or N-Quads, whose graphs are taken as one.

        Raises ConfigurationError where a constraint in SPARQL cannot be evaluated.
        """
        if not self._targets.may_be_in(text):
            return []
        try:
            return self._engine.validate_text(text, format="nquads").results
        except ValueError as error:
            if not str(error).startswith("SPARQL error"):
                raise
            raise ConfigurationError("shapes.ill-formed", reason=error) from error

    def blank_nodes(self, text: str) -> "BlankNodes":
        """The blank nodes of a text, by the names that the engine gives them."""
        return BlankNodes(text, self._own_blank_nodes)

    def message(self, text: str) -> str:
        """A result's message with its language, in N-Triples syntax."""
        language = self.languages.get(text) or None
        return str(pyoxigraph.Literal(text, language=language))


class BlankNodes:
    """The blank nodes of a text that was validated.

    The engine numbers them as they come, those of the shapes first (a test holds it to that).
    """

    def __init__(self, text: str, before: int) -> None:
        self._text, self._before = text, before
        self._names: dict[str, str] = {}

    def named(self, term: str) -> str:
        """The term as it is in the text."""
        if not term.startswith("_:"):
            return term
        if not self._names:
            found = (name for pair in _BLANK_NODES.findall(self._text) for name in pair if name)
            numbered = enumerate(dict.fromkeys(found), self._before)
            self._names = {f"_:0_b{number}": name for number, name in numbered}
        return self._names.get(term, term)


def _read_turtle(text: str) -> list[pyoxigraph.Quad]:
    try:
        return list(
            pyoxigraph.parse(
                text,
                format=pyoxigraph.RdfFormat.TURTLE,
                base_iri="http://example.org/shapes",
                rename_blank_nodes=True,
            )
        )
    except (SyntaxError, ValueError) as error:
        raise ConfigurationError("shapes.unreadable", reason=error) from error


def _compile(text: str) -> shacl.Shapes:
    try:
        engine = shacl.Shapes.from_text(text, format="ntriples")
    except ValueError as error:
        raise ConfigurationError("shapes.ill-formed", reason=error) from error
    if not len(engine):
        raise ConfigurationError("shapes.none")
    return engine
