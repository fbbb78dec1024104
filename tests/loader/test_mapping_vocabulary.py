"""The mapping documents speak of columns that their schemas have and of terms that exist."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from vocab.headers import normalize_header
from vocab.namespaces import namespaces

ROOT = Path(__file__).parents[2]
IMI = ROOT.parent / "shared" / "vocab" / "imi-core-2.4.1"
NAMES = sorted(folder.name for folder in (ROOT / "mappings").iterdir() if folder.is_dir())
EXTERNAL = {"_dataset", "_scope", "_area"}
OPEN_PREFIXES = {"tsf", "idlab-fn"}

Document = dict[str, Any]


@cache
def document(name: str, file: str) -> Document:
    text = (ROOT / "mappings" / name / file).read_text(encoding="utf-8")
    loaded: Document = yaml.safe_load(text)
    return loaded


def walk(node: object) -> Iterator[object]:
    """All scalars below a node."""
    if isinstance(node, dict):
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)
    else:
        yield node


@pytest.mark.parametrize("name", NAMES)
def test_every_header_stands_for_one_column(name: str) -> None:
    fields = document(name, "schema.yaml")["fields"]
    headers = [normalize_header(h) for f in fields for h in {f["name"], *f.get("aliases", [])}]
    assert sorted(h for h in set(headers) if headers.count(h) > 1) == []


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_complete(name: str) -> None:
    schema = document(name, "schema.yaml")
    assert schema["name"] == name
    assert set(schema["title"]) == {"ja", "en"}
    assert schema["source"]
    columns = {field["name"] for field in schema["fields"]}
    assert {c for any_of in schema["recognition"]["required"] for c in any_of} <= columns
    kinds = {"string", "number", "integer", "date", "time", "boolean"}
    assert {field["type"] for field in schema["fields"]} <= kinds
    assert all({"ja", "en"} == set(field["title"]) for field in schema["fields"])


def long_columns(name: str) -> set[str]:
    """The columns that a table has once columns became rows (unpivot)."""
    unpivot = document(name, "schema.yaml").get("unpivot")
    if unpivot is None:
        return set()
    facts = {fact for facts in unpivot.get("columns", {}).values() for fact in facts}
    found = {*re.findall(r"\{([^{}:]+)", unpivot.get("pattern", "")), *facts}
    return {unpivot["name"], unpivot["value"], "_column", *found}


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_is_a_column_of_the_schema(name: str) -> None:
    columns = {field["name"] for field in document(name, "schema.yaml")["fields"]}
    texts = [text for text in walk(document(name, "mapping.yaml")) if isinstance(text, str)]
    columns |= long_columns(name)
    references = {name for text in texts for name in re.findall(r"\$\(([^)]*)\)", text)}
    assert references - columns - EXTERNAL == set()
    assert references & columns


@pytest.mark.parametrize("name", NAMES)
def test_every_term_exists(name: str) -> None:
    mapping = document(name, "mapping.yaml")
    known = namespaces()
    unknown = []
    for text in walk(mapping["mappings"]):
        match = re.fullmatch(r"([a-z][\w-]*):([^\s/$~]+)(~iri)?", str(text))
        if match and match[1] not in OPEN_PREFIXES:
            assert mapping["prefixes"][match[1]] == known[match[1]].iri
            if match[2] not in known[match[1]]:
                unknown.append(match[0])
    assert unknown == []


# Agreement with the IMI core vocabulary 2.4.1: its tables say which class has which property.


def rows(file: str) -> list[dict[str, str]]:
    with (IMI / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t"))


@cache
def ancestors(cls: str) -> tuple[str, ...]:
    """A class and all that it is a kind of."""
    supers = {row["class"]: row["super"] for row in rows("classes.tsv")}
    chain = [cls]
    while supers.get(chain[-1], "").startswith("ic:"):
        chain.append(supers[chain[-1]])
    return tuple(chain)


def part_of(term: object) -> str | None:
    """The part that a call of tsf:thingIri makes: ``None`` for no such call, "" for the thing."""
    if not isinstance(term, dict) or term.get("function") != "tsf:thingIri":
        return None
    pairs = [p for p in term["parameters"] if isinstance(p, list) and p[0] == "tsf:part"]
    return str(pairs[0][1]) if pairs else ""


def statements(mapping: Document) -> Iterator[tuple[str, list[Any]]]:
    """Predicate and objects of each predicate-object map, shortcuts written out."""
    for po in mapping["po"]:
        yield (po[0], po[1:2]) if isinstance(po, list) else (po["p"], po["o"])


def classes_by_part(name: str) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for mapping in document(name, "mapping.yaml")["mappings"].values():
        types = [str(o[0]) for p, o in statements(mapping) if p == "a" and isinstance(o[0], str)]
        found[part_of(mapping["s"])] = [t for t in types if t.startswith("ic:")]
    return found


DATATYPES: dict[str, set[str | None]] = {
    "ic:電話番号型": {None},
    "xsd:string": {None},
    "xsd:anyURI": {"xsd:anyURI"},
    "xsd:date": {"xsd:date"},
    "xsd:decimal": {"xsd:decimal", "xsd:integer"},
    "xsd:integer": {"xsd:integer"},
    "xsd:time": {"xsd:time"},
}
"""The datatypes that literals of a range may have; xsd:integer is derived from xsd:decimal."""


def datatype(object_: object) -> str | None:
    """The datatype of an object; text with a language is no xsd:string."""
    if not isinstance(object_, dict):
        return None
    stated = "rdf:langString" if "language" in object_ else object_.get("datatype")
    return None if stated is None else str(stated)


def repetitions(name: str) -> Iterator[str]:
    """Properties that IMI allows once, of which a map makes several in one row."""
    cards = {(row["class"], row["property"]): row["card"] for row in rows("sets.tsv")}
    classes = classes_by_part(name)
    for mapping in document(name, "mapping.yaml")["mappings"].values():
        own = [a for cls in classes[part_of(mapping["s"])] for a in ancestors(cls)]
        always = [
            po["p"]
            for po in mapping["po"]
            if isinstance(po, dict) and "condition" not in po and po["p"].startswith("ic:")
        ]
        for predicate in {p for p in always if always.count(p) > 1}:
            if any(cards.get((cls, predicate), "").endswith("..1}") for cls in own):
                yield predicate


@pytest.mark.skipif(not IMI.is_dir(), reason="needs the IMI tables of ../shared/vocab")
@pytest.mark.parametrize("name", NAMES)
def test_imi_terms_are_not_repeated_where_the_vocabulary_allows_one(name: str) -> None:
    assert list(repetitions(name)) == []


def disagreements(name: str) -> Iterator[str]:
    has = {(row["class"], row["property"]) for row in rows("sets.tsv")}
    ranges = {row["property"]: row["range"].lstrip("@") for row in rows("properties.tsv")}
    classes = classes_by_part(name)
    for mapping in document(name, "mapping.yaml")["mappings"].values():
        subject = classes[part_of(mapping["s"])]
        for predicate, objects in statements(mapping):
            if not predicate.startswith("ic:"):
                continue
            if not any((a, predicate) in has for cls in subject for a in ancestors(cls)):
                yield f"{subject} has no {predicate}"
            part = part_of(objects[0])
            range_ = ranges[predicate]
            linked = [a for cls in classes.get(part, []) for a in ancestors(cls)] if part else []
            literal = range_.startswith("xsd:") or range_ == "ic:電話番号型"
            if literal and not all(datatype(object_) in DATATYPES[range_] for object_ in objects):
                yield f"{predicate} wants {range_}"
            if (literal and part is not None) or (not literal and range_ not in linked):
                yield f"{predicate} wants {range_}, gets {linked}"


@pytest.mark.skipif(not IMI.is_dir(), reason="needs the IMI tables of ../shared/vocab")
@pytest.mark.parametrize("name", NAMES)
def test_imi_terms_are_used_as_the_vocabulary_defines_them(name: str) -> None:
    assert list(disagreements(name)) == []
