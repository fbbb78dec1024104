"""Term maps and calls as YARRRML writes them (https://rml.io/yarrrml/spec/#objects)."""

from dataclasses import dataclass, field

from yaml import MappingNode, Node, SequenceNode

from loader.functions import FUNCTIONS
from loader.functions.registry import IDLAB, nearest, parameter_name
from loader.mapping.model import (
    RDF,
    RDF_TYPE,
    Call,
    Constant,
    Expression,
    Join,
    Reference,
    RefObjectMap,
    Template,
    TermMap,
    TermType,
)
from loader.mapping.notation import (
    UnknownPrefix,
    expand,
    expand_expression,
    inline_call,
    unquoted,
    yarrrml_template,
)
from loader.mapping.yaml_document import Document, Fields, line_of
from vocab import namespaces
from vocab.lines import XSD

PREFIXES = {
    "grel": "http://users.ugent.be/~bjdmeest/function/grel.ttl#",
    "idlab-fn": IDLAB,
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rml": "http://semweb.mmlab.be/ns/rml#",
    "rr": "http://www.w3.org/ns/r2rml#",
    "xsd": XSD,
}
"""Prefixes that need not be declared."""

_TYPES = {"iri": TermType.IRI, "literal": TermType.LITERAL, "blank": TermType.BLANK_NODE}
_CALL_KEYS = {
    **{key: "function" for key in ("function", "fn", "f")},
    **{key: "parameters" for key in ("parameters", "pms")},
}
_OBJECT_KEYS = {
    **_CALL_KEYS,
    **{key: "value" for key in ("value", "v")},
    **{key: "mapping" for key in ("mapping", "m")},
    **{key: "condition" for key in ("condition", "conditions", "c")},
    **{key: key for key in ("type", "datatype", "language")},
}
_PARAMETER_KEYS = {"parameter": "parameter", "pm": "parameter", "value": "value", "v": "value"}
_PARAMETER_KEYS |= {"type": "type"}


@dataclass(slots=True)
class Terms:
    """Reads the term maps of one document."""

    document: Document
    prefixes: dict[str, str] = field(default_factory=lambda: dict(PREFIXES))

    def subject(self, node: Node) -> TermMap:
        """Read a subject or a graph: a template, or a call."""
        if isinstance(node, MappingNode):
            return self._described(self.document.fields(node, _OBJECT_KEYS), node, TermType.IRI)
        text = self.document.text(node)
        if text.startswith("_:"):
            return TermMap(self._template(text[2:], node), TermType.BLANK_NODE)
        return TermMap(self._iri(text.removesuffix("~iri"), node), TermType.IRI)

    def predicate(self, node: Node) -> TermMap:
        """Read a predicate; ``a`` is rdf:type."""
        if self.document.text(node) == "a":
            return TermMap(Constant(RDF_TYPE), TermType.IRI)
        return self.subject(node)

    def object(
        self, node: Node, *, iri: bool, suffix: Node | None = None
    ) -> TermMap | RefObjectMap:
        """Read an object; ``suffix`` is the datatype or language beside it, ``iri`` the default."""
        default = TermType.IRI if iri else TermType.LITERAL
        if isinstance(node, SequenceNode):
            value, *rest = self.document.items(node) or [node]
            if len(rest) > 1 or isinstance(value, SequenceNode):
                raise self.document.error("mapping.malformed", node, expected="[value, datatype]")
            return self.object(value, iri=iri, suffix=rest[0] if rest else suffix)
        if isinstance(node, MappingNode):
            fields = self.document.fields(node, _OBJECT_KEYS)
            if "mapping" in fields:
                return self._reference(fields, node)
            return self._described(fields, node, default)
        text = self.document.text(node)
        if iri or _is_iri(text):
            return TermMap(self._iri(text.removesuffix("~iri"), node), TermType.IRI)
        return TermMap(self._template(text, node), TermType.LITERAL, **self._qualifier(suffix))

    def _described(self, fields: Fields, node: Node, default: TermType) -> TermMap:
        """Read an object, or a subject, that is described key by key."""
        stated = self.document.text(fields["type"]) if "type" in fields else None
        if stated is not None and stated not in _TYPES:
            near = ", ".join(_TYPES)
            raise self.document.error("mapping.malformed", fields["type"], expected=near)
        term_type = _TYPES[stated] if stated else default
        expression = self._value_or_call(fields, node, term_type)
        if term_type is not TermType.LITERAL:
            return TermMap(expression, term_type)
        language = fields.get("language")
        datatype = fields.get("datatype")
        return TermMap(
            expression,
            term_type,
            self._iri(self.document.text(datatype), datatype) if datatype else None,
            self._template(self.document.text(language), language) if language else None,
        )

    def _value_or_call(self, fields: Fields, node: Node, term_type: TermType) -> Expression:
        if "function" in fields:
            return self.call(fields, node)
        if "value" not in fields:
            raise self.document.error("mapping.malformed", node, expected="value: / function:")
        text = self.document.text(fields["value"])
        if term_type is TermType.IRI:
            return self._iri(text.removesuffix("~iri"), fields["value"])
        return self._template(text, fields["value"])

    def _qualifier(self, node: Node | None) -> dict[str, Expression]:
        """Read the third item of a shortcut: ``en~lang`` or a datatype."""
        if node is None:
            return {}
        text = self.document.text(node)
        if text.endswith("~lang"):
            return {"language": self._template(text.removesuffix("~lang"), node)}
        return {"datatype": self._iri(text, node)}

    def own_conditions(self, node: Node) -> list[Node]:
        """Return the conditions that an object states of itself; those of a reference are joins."""
        if not isinstance(node, MappingNode):
            return []
        fields = self.document.fields(node, _OBJECT_KEYS)
        return [] if "mapping" in fields else self.document.items(fields.get("condition"))

    # --- calls -----------------------------------------------------------------------------

    def call(self, fields: Fields, node: Node) -> Call:
        """Read a call, with a list of parameters or inline."""
        text = self.document.text(fields["function"])
        inline = inline_call(text)
        if inline:
            return self._inline(inline, node)
        pairs = [self._parameter(item) for item in self.document.items(fields.get("parameters"))]
        return self._checked(text, [(name, value) for name, value, _ in pairs], node)

    def condition(self, node: Node) -> Call:
        """Read a condition, which is a call."""
        return self.call(self.document.fields(node, _CALL_KEYS), node)

    def _inline(self, call: tuple[str, list[tuple[str, str]]], node: Node) -> Call:
        name, arguments = call
        return self._checked(
            name, [(parameter, self._argument(text, node)) for parameter, text in arguments], node
        )

    def _argument(self, text: str, node: Node) -> Expression:
        nested = inline_call(text)
        if nested:
            return self._inline(nested, node)
        quoted = unquoted(text)
        return self._template(text if quoted is None else quoted, node)

    def _parameter(self, node: Node) -> tuple[str, Expression, str]:
        """Read a parameter: its name, its value and, in joins, whose it is (``s`` or ``o``)."""
        if isinstance(node, MappingNode):
            fields = self.document.fields(node, _PARAMETER_KEYS)
            value = fields.get("value")
            return self.document.text(fields.get("parameter")), self._parameter_value(value), ""
        items = self.document.items(node)
        if len(items) not in (2, 3):
            raise self.document.error("mapping.malformed", node, expected="[parameter, value]")
        side = self.document.text(items[2]) if len(items) == 3 else ""
        return self.document.text(items[0]), self._parameter_value(items[1]), side

    def _parameter_value(self, node: Node | None) -> Expression:
        if isinstance(node, MappingNode):
            return self.call(self.document.fields(node, _CALL_KEYS), node)
        text = self.document.text(node)
        if _is_iri(text):
            return self._iri(text.removesuffix("~iri"), node)
        return self._template(text, node)

    def _checked(self, text: str, pairs: list[tuple[str, Expression]], node: Node) -> Call:
        iri = self._expand(text, node)
        function = FUNCTIONS.get(iri)
        if function is None:
            near = self._short(nearest(iri, FUNCTIONS))
            raise self.document.error("mapping.unknown-function", node, function=text, nearest=near)
        arguments: dict[str, Expression] = {}
        for parameter, value in pairs:
            name = parameter_name(function, self._expand(parameter, node))
            if name is None:
                near = nearest(parameter.rpartition(":")[2], function.parameters)
                raise self.document.error(
                    "mapping.unknown-parameter", node, name=parameter, function=text, nearest=near
                )
            arguments[name] = value
        for name in function.parameters[: function.required]:
            if name not in arguments:
                raise self.document.error(
                    "mapping.missing-parameter", node, name=name, function=text
                )
        return Call(iri, tuple(arguments.items()), line_of(node))

    # --- references to other triples maps --------------------------------------------------

    def _reference(self, fields: Fields, node: Node) -> RefObjectMap:
        joins = [self._join(item) for item in self.document.items(fields.get("condition"))]
        parent = self.document.text(fields["mapping"])
        return RefObjectMap(parent, tuple(joins), line_of(node))

    def _join(self, node: Node) -> Join:
        fields = self.document.fields(node, _CALL_KEYS)
        name = self.document.text(fields.get("function"))
        if name.rpartition(":")[2] not in {"equal", IDLAB.rpartition(":")[2] + "equal"}:
            raise self.document.error("mapping.unsupported", node, feature=f"join: {name}")
        sides: dict[str, Expression] = {}
        for parameter, value, side in map(
            self._parameter, self.document.items(fields.get("parameters"))
        ):
            first = parameter.endswith(("str1", "valueParameter"))
            sides[side or ("s" if first else "o")] = value
        if set(sides) != {"s", "o"}:
            raise self.document.error("mapping.malformed", node, expected="str1, str2")
        return Join(sides["s"], sides["o"])

    # --- strings ---------------------------------------------------------------------------

    def _template(self, text: str, node: Node | None) -> Expression:
        return yarrrml_template(text, line_of(node))

    def _iri(self, text: str, node: Node | None) -> Expression:
        try:
            return expand_expression(self._template(text, node), self.prefixes)
        except UnknownPrefix as error:
            raise self._unknown(error, node) from error

    def _expand(self, text: str, node: Node | None) -> str:
        try:
            return expand(text, self.prefixes)
        except UnknownPrefix as error:
            raise self._unknown(error, node) from error

    def _unknown(self, error: UnknownPrefix, node: Node | None) -> Exception:
        prefix = str(error)
        near = nearest(prefix, self.prefixes)
        declaration = f"{prefix}: {namespaces.PREFIXES.get(prefix, 'http://…')}"
        code = "mapping.unknown-prefix" if near in self.prefixes else "mapping.undeclared-prefix"
        return self.document.error(code, node, prefix=prefix, nearest=near, declaration=declaration)

    def _short(self, iri: str) -> str:
        """Write an IRI with a prefix where one is declared."""
        pairs = ((name, known) for name, known in self.prefixes.items() if iri.startswith(known))
        return next((f"{name}:{iri[len(known) :]}" for name, known in pairs), iri)


def _is_iri(text: str) -> bool:
    return text.endswith("~iri") and not text.endswith("\\~iri")


def row_blank_node(name: str) -> TermMap:
    """Return the subject of a triples map that states none: a blank node for each row."""
    return TermMap(Template((Constant(f"{name}-"), Reference("_row"))), TermType.BLANK_NODE)
