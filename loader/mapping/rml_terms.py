"""Term maps and function calls as RML writes them (https://rml.io/specs/rml/#term-map)."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal

from loader.functions import FUNCTIONS
from loader.functions.registry import local_name, nearest, parameter_name
from loader.mapping.model import Call, Constant, Expression, Reference, TermMap, TermType
from loader.mapping.notation import UnclosedReference, rml_template
from loader.mapping.rml_document import Node, RmlDocument, value_of
from loader.mapping.terms import LANGUAGE

_SPELLINGS = {"URI": TermType.IRI, "UnsafeURI": TermType.UNSAFE_IRI}
_EXECUTES = "executes"
"""fno:executes, https://w3id.org/function/ontology#executes."""


@dataclass(frozen=True, slots=True)
class RmlTerms:
    """Reads the term maps of one document."""

    rdf: RmlDocument

    def term_maps(self, node: Node, name: str, default: TermType) -> list[TermMap]:
        """Read term maps (``predicateMap``) and their shortcuts (``predicate``)."""
        made = [self.term_map(found, default) for found in self.rdf.all(node, f"{name}Map")]
        made += [self._constant(found, node) for found in self.rdf.all(node, name)]
        for term_map in made:
            if term_map.term_type is TermType.LITERAL:
                raise self.rdf.error("mapping.malformed", node, expected=f"{name}: IRI")
        return made

    def constants(self, node: Node, name: str) -> list[TermMap]:
        """Read the values of a property as terms (``object``)."""
        return [self._constant(found, node) for found in self.rdf.all(node, name)]

    def term_map(self, node: Node, default: TermType | None) -> TermMap:
        """Read a term map. Without a default, its type is R2RML's (7.4) for objects."""
        if isinstance(node, Literal):
            return self._constant(node, node)
        language = self._qualifier(node, "language")
        if isinstance(language, Constant) and not LANGUAGE.fullmatch(language.value):
            raise self.rdf.error("mapping.invalid-term", node, term=language.value)
        datatype = self._qualifier(node, "datatype")
        stated = self.rdf.text(node, "termType")
        if stated is None and self.rdf.all(node, "constant"):
            return self._constant(self.rdf.needed(node, "constant"), node)
        term_type = self._term_type(node, stated) or default
        if term_type is None:
            literal = language or datatype or not self.rdf.all(node, "template")
            term_type = TermType.LITERAL if literal else TermType.IRI
        return TermMap(self.expression(node), term_type, datatype, language)

    def _term_type(self, node: Node, stated: str | None) -> TermType | None:
        if stated is None:
            return None
        name = local_name(stated)
        if name in _SPELLINGS:
            return _SPELLINGS[name]
        if name not in set(TermType):
            raise self.rdf.error("mapping.malformed", node, expected=" / ".join(TermType))
        return TermType(name)

    def _constant(self, node: Node, place: Node) -> TermMap:
        line = self.rdf.line(place)
        if isinstance(node, Literal):
            datatype = None if node.language else Constant(node.datatype.value, line)
            language = Constant(node.language, line) if node.language else None
            return TermMap(Constant(node.value, line), TermType.LITERAL, datatype, language)
        blank = isinstance(node, BlankNode)
        term_type = TermType.BLANK_NODE if blank else TermType.IRI
        return TermMap(Constant(value_of(node), line), term_type)

    def _qualifier(self, node: Node, name: str) -> Expression | None:
        """Read the language or the datatype of a term map."""
        stated = self.rdf.text(node, name)
        if stated is not None:
            return Constant(stated, self.rdf.line(node))
        map_ = self.rdf.one(node, f"{name}Map")
        return None if map_ is None else self.expression(map_)

    def expression(self, node: Node) -> Expression:
        kinds = ["constant", "reference", "template", "functionValue", "functionExecution"]
        kinds = [name for name in kinds if self.rdf.all(node, name)]
        if len(kinds) != 1:
            raise self.rdf.error(
                "mapping.malformed", node, expected="constant / reference / template / function"
            )
        value = self.rdf.needed(node, kinds[0])
        if kinds[0] == "functionValue":
            return self._functionvalue_of(value)
        if kinds[0] == "functionExecution":
            return self._function_execution(value)
        text, line = value_of(value), self.rdf.line(node)
        if kinds[0] == "template":
            return self._template(text, node)
        return Reference(text, line) if kinds[0] == "reference" else Constant(text, line)

    def _template(self, text: str, node: Node) -> Expression:
        try:
            return rml_template(text, self.rdf.line(node))
        except UnclosedReference as error:
            raise self.rdf.error("mapping.malformed", node, expected="{ … } / \\{") from error

    # --- functions -------------------------------------------------------------------------

    def _functionvalue_of(self, node: Node) -> Call:
        """Read fnml:functionValue (https://fno.io/rml/): parameters are predicate-object maps."""
        function, arguments = None, {}
        for made in self.rdf.all(node, "predicateObjectMap"):
            predicates = self.term_maps(made, "predicate", TermType.IRI)
            predicate = predicates[0].expression if len(predicates) == 1 else None
            objects = [*self.rdf.all(made, "objectMap"), *self.rdf.all(made, "object")]
            if not isinstance(predicate, Constant) or len(objects) != 1:
                raise self.rdf.error("mapping.malformed", made, expected="predicate, object")
            plain = objects[0] not in self.rdf.properties
            value = Constant(value_of(objects[0])) if plain else self.expression(objects[0])
            if local_name(predicate.value) == _EXECUTES:
                function = value
            else:
                arguments[predicate.value] = value
        return self._call(node, function, arguments)

    def _function_execution(self, node: Node) -> Call:
        """Read rml:functionExecution (https://w3id.org/rml/fnml/spec)."""
        arguments: dict[str, Expression] = {}
        for given in self.rdf.all(node, "input"):
            parameter = self._map_or_constant(given, "parameter")
            if isinstance(parameter, Constant):
                arguments[parameter.value] = self._map_or_constant(given, "inputValue")
        return self._call(node, self._map_or_constant(node, "function"), arguments)

    def _map_or_constant(self, node: Node, name: str) -> Expression:
        map_ = self.rdf.one(node, f"{name}Map")
        return (
            Constant(value_of(self.rdf.needed(node, name)))
            if map_ is None
            else self.expression(map_)
        )

    def _call(self, node: Node, name: Expression | None, arguments: dict[str, Expression]) -> Call:
        iri = name.value if isinstance(name, Constant) else ""
        function = FUNCTIONS.get(iri)
        if function is None:
            near = nearest(iri, FUNCTIONS)
            raise self.rdf.error("mapping.unknown-function", node, function=iri, nearest=near)
        named: dict[str, Expression] = {}
        for parameter, value in arguments.items():
            found = parameter_name(function, parameter)
            if found is None:
                near = nearest(local_name(parameter), function.parameters)
                raise self.rdf.error(
                    "mapping.unknown-parameter", node, name=parameter, function=iri, nearest=near
                )
            named[found] = value
        for needed in function.parameters[: function.required]:
            if needed not in named:
                raise self.rdf.error("mapping.missing-parameter", node, name=needed, function=iri)
        return Call(iri, tuple(named.items()), self.rdf.line(node))
