"""Reads YARRRML (https://rml.io/yarrrml/spec/) into the model of mappings.

Not read: targets and changesets, which are refused, and what authors say of themselves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from loader.encoding import find_codec
from loader.functions.registry import nearest
from loader.mapping.model import (
    RDF_TYPE,
    Call,
    Constant,
    LogicalSource,
    Mapping,
    PredicateObjectMap,
    RefObjectMap,
    TermMap,
    TermType,
    TriplesMap,
)
from loader.mapping.yaml_document import Document, Fields, line_of
from loader.mapping.yarrrml_terms import Terms, row_blank_node


def _shortcuts(**keys: str) -> dict[str, str]:
    return {word: key for key, words in keys.items() for word in [key, *words.split()]}


_DOCUMENT_KEYS = _shortcuts(
    prefixes="",
    base="",
    sources="source",
    mappings="mapping m",
    authors="author",
    external="",
    targets="target t",
)
_MAP_KEYS = _shortcuts(
    sources="source",
    subjects="subject s",
    predicateobjects="predicateobject po",
    graphs="graph g",
    conditions="condition c",
    targets="target t",
    changedetection="changeDetection",
)
_PO_KEYS = _shortcuts(
    predicates="predicate p",
    objects="object o",
    graphs="graph g",
    conditions="condition c",
    inversepredicates="inversepredicate iv i",
)
_SOURCE_KEYS = (
    *("access", "referenceFormulation", "iterator", "delimiter", "type", "encoding"),
    *("query", "queryFormulation", "credentials", "security", "contentType"),
)
_DATABASE_KEYS = ("query", "queryFormulation", "credentials", "security", "contentType")
_UNSUPPORTED = ("targets", "changedetection")


def read_yarrrml(path: Path) -> Mapping:
    """Read a document; raises ConfigurationError, with file and line, for what is wrong in it."""
    return _Reader(path).mapping()


class _Reader:
    """Reads one document."""

    def __init__(self, path: Path) -> None:
        self.document = Document(path)
        self.terms = Terms(self.document)
        self.fields = self._supported(self.document.root, _DOCUMENT_KEYS)
        self._read_prefixes()
        self.sources = self._named_sources()
        self.externals = self._externals()

    def mapping(self) -> Mapping:
        """Read the triples maps."""
        if "mappings" not in self.fields:
            raise self.document.error("mapping.malformed", self.document.root, expected="mappings:")
        entries = self.document.entries(self.fields.get("mappings"))
        maps = tuple(self._triples_map(name, node) for name, (_, node) in entries.items())
        self._check_references(maps, entries)
        base = self.document.text(self.fields["base"]) if "base" in self.fields else None
        return Mapping(self.document.path, maps, base, self.externals)

    def _supported(self, node: Node | None, keys: dict[str, str]) -> Fields:
        fields = self.document.fields(node, keys)
        for key in _UNSUPPORTED:
            if key in fields:
                raise self.document.error("mapping.unsupported", fields[key], feature=key)
        return fields

    def _read_prefixes(self) -> None:
        if "prefixes" in self.fields:
            for prefix, (_, iri) in self.document.entries(self.fields["prefixes"]).items():
                self.terms.prefixes[prefix] = self.document.text(iri)

    def _externals(self) -> dict[str, str]:
        """Read the values of external references, which the document itself may give."""
        if "external" not in self.fields:
            return {}
        entries = self.document.entries(self.fields["external"])
        return {f"_{name}": self.document.text(value) for name, (_, value) in entries.items()}

    # --- sources ---------------------------------------------------------------------------

    def _named_sources(self) -> dict[str, LogicalSource]:
        if "sources" not in self.fields:
            return {}
        entries = self.document.entries(self.fields["sources"])
        return {name: self._source(node) for name, (_, node) in entries.items()}

    def _source(self, node: Node) -> LogicalSource:
        if isinstance(node, MappingNode):
            return self._described_source(node)
        texts = self.document.texts(node)
        path, tilde, formulation = texts[0].rpartition("~") if texts else ("", "", "")
        if not tilde:
            raise self.document.error("mapping.malformed", node, expected="[file.csv~csv]")
        iterator = texts[1] if len(texts) > 1 else None
        return LogicalSource(path, formulation.lower(), iterator, line=line_of(node))

    def _described_source(self, node: MappingNode) -> LogicalSource:
        fields = {
            key: self.document.text(value)
            for key, value in self.document.fields(node, _SOURCE_KEYS).items()
        }
        database = next((key for key in _DATABASE_KEYS if key in fields), None)
        if database or fields.get("type", "localfile") != "localfile":
            raise self.document.error(
                "mapping.unsupported", node, feature=database or fields["type"]
            )
        if "access" not in fields:
            raise self.document.error("mapping.malformed", node, expected="access: file.csv")
        return LogicalSource(
            fields["access"],
            fields.get("referenceFormulation", "csv").lower(),
            fields.get("iterator"),
            fields.get("delimiter", ","),
            encoding=self._encoding(fields.get("encoding", "utf-8"), node),
            line=line_of(node),
        )

    def _encoding(self, name: str, node: Node) -> str:
        codec = find_codec(name)
        if codec is None:
            raise self.document.error("mapping.malformed", node, expected="encoding: utf-8")
        return "utf-8-sig" if codec == "utf-8" else codec

    def _sources_of(self, node: Node | None) -> tuple[LogicalSource, ...]:
        """Read the sources of a triples map: names, or descriptions on the spot."""
        return tuple(
            self._known_source(item) if isinstance(item, ScalarNode) else self._source(item)
            for item in self.document.items(node)
        )

    def _known_source(self, node: ScalarNode) -> LogicalSource:
        name = self.document.text(node)
        if name not in self.sources:
            if "~" in name:
                return self._source(node)
            near = nearest(name, self.sources)
            raise self.document.error("mapping.unknown-source", node, source=name, nearest=near)
        return self.sources[name]

    # --- triples maps ----------------------------------------------------------------------

    def _triples_map(self, name: str, node: Node) -> TriplesMap:
        fields = self._supported(node, _MAP_KEYS)
        subjects = [
            self.terms.subject(item)
            for item in self.document.items(fields.get("subjects"))
            if not _is_null(item)
        ]
        return TriplesMap(
            name,
            self._sources_of(fields.get("sources")),
            tuple(subjects) or (row_blank_node(name),),
            tuple(
                made
                for item in self.document.items(fields.get("predicateobjects"))
                for made in self._predicate_objects(item)
            ),
            self._graphs(fields),
            self._conditions(fields),
        )

    def _graphs(self, fields: Fields) -> tuple[TermMap, ...]:
        return tuple(map(self.terms.subject, self.document.items(fields.get("graphs"))))

    def _conditions(self, fields: Fields) -> tuple[Call, ...]:
        return tuple(map(self.terms.condition, self.document.items(fields.get("conditions"))))

    def _predicate_objects(self, node: Node) -> Iterator[PredicateObjectMap]:
        """Read predicates and objects; an object with a condition becomes a map of its own."""
        if isinstance(node, SequenceNode):
            yield self._shortcut(node)
            return
        fields = self._supported(node, _PO_KEYS)
        if "objects" not in fields or not ("predicates" in fields or "inversepredicates" in fields):
            raise self.document.error("mapping.malformed", node, expected="{p: …, o: …}")
        predicates = self._predicates(fields.get("predicates"))
        made = PredicateObjectMap(
            predicates,
            self._objects(fields["objects"], predicates, None),
            self._graphs(fields),
            self._conditions(fields),
            self._inverses(fields, node),
        )
        yield from self._apart(made, self.document.items(fields["objects"]))

    def _apart(
        self, made: PredicateObjectMap, items: Sequence[Node]
    ) -> Iterator[PredicateObjectMap]:
        """Set objects that state a condition of their own apart from the others."""
        owned = [self.terms.own_conditions(item) for item in items]
        if not any(owned):
            yield made
            return
        for object_, own in zip(made.objects, owned, strict=True):
            conditions = (*made.conditions, *map(self.terms.condition, own))
            yield replace(made, objects=(object_,), conditions=conditions)

    def _inverses(self, fields: Fields, node: Node) -> tuple[TermMap, ...]:
        inverses = self._predicates(fields.get("inversepredicates"))
        if inverses and not self._are_things(fields["objects"]):
            raise self.document.error("mapping.malformed", node, expected="o: …~iri")
        return inverses

    def _are_things(self, node: Node) -> bool:
        """Whether all objects are IRIs or blank nodes, which can be subjects."""
        objects = self._objects(node, (), None)
        return all(
            isinstance(found, RefObjectMap) or found.term_type is not TermType.LITERAL
            for found in objects
        )

    def _shortcut(self, node: SequenceNode) -> PredicateObjectMap:
        """Read ``[predicate, object]`` or ``[predicate, object, datatype or language]``."""
        items = self.document.items(node)
        if len(items) not in (2, 3):
            raise self.document.error("mapping.malformed", node, expected="[predicate, object]")
        predicates = self._predicates(items[0])
        suffix = items[2] if len(items) == 3 else None
        return PredicateObjectMap(predicates, self._objects(items[1], predicates, suffix))

    def _predicates(self, node: Node | None) -> tuple[TermMap, ...]:
        return tuple(map(self.terms.predicate, self.document.items(node)))

    def _objects(
        self, node: Node, predicates: tuple[TermMap, ...], suffix: Node | None
    ) -> tuple[TermMap | RefObjectMap, ...]:
        """Read objects; those of rdf:type are IRIs."""
        kinds = [predicate.expression == Constant(RDF_TYPE) for predicate in predicates]
        iri = bool(kinds) and all(kinds)
        return tuple(
            self.terms.object(item, iri=iri, suffix=suffix) for item in self.document.items(node)
        )

    def _check_references(
        self, maps: tuple[TriplesMap, ...], entries: dict[str, tuple[Node, Node]]
    ) -> None:
        for triples_map in maps:
            for predicate_object in triples_map.predicate_objects:
                for made in predicate_object.objects:
                    if isinstance(made, RefObjectMap) and made.parent not in entries:
                        near = nearest(made.parent, entries)
                        raise self.document.error(
                            "mapping.unknown-map",
                            entries[triples_map.name][0],
                            name=made.parent,
                            nearest=near,
                        )


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and bool(re.fullmatch("|~|null", str(node.value)))
