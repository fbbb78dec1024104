"""Writes loader/mapping/yarrrml.schema.json: what editors complete and check in a mapping.

    .venv/bin/python docs/make_mapping_schema.py

The keys are those of the reader (loader/mapping/yarrrml.py, yarrrml_terms.py), the functions those
that are declared; a test compares, so run it after a change to either.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from loader.functions import FUNCTIONS
from loader.functions.registry import IDLAB
from loader.mapping import yarrrml, yarrrml_terms
from loader.mapping.proposal.document import SCHEMA
from vocab.iris import OWN_FUNCTIONS

PAGE = Path(SCHEMA)

Keys = Mapping[str, str] | Iterable[str]

ABOUT = {
    "prefixes": ("接頭辞と、それが表す IRI", "prefixes and the IRIs that they stand for"),
    "base": ("相対 IRI の前に置かれるもの", "what is put before relative IRIs"),
    "sources": ("入力の表(公開のときは、どの名前でも公開する表)", "tables to read"),
    "mappings": (
        "表の1行から何を作るか。最初のものが主なもの",
        "what a row makes; the main things first",
    ),
    "authors": ("書いた人(読まれません)", "who wrote it (not read)"),
    "external": ("$(_名前) で使う値", "values of references $(_name)"),
    "subjects": ("主語の IRI", "the IRI of the thing"),
    "predicateobjects": ("主語について言うこと", "what is said of the thing"),
    "predicates": ("述語(プロパティ)", "the property"),
    "objects": ("目的語(値)", "the value"),
    "graphs": (
        "名前付きグラフ(公開のときは使われません)",
        "named graph (not used when publishing)",
    ),
    "conditions": ("この条件が値を返す行だけ", "only for rows where this gives a value"),
    "condition": (
        "この条件が値を返す行だけ。mapping と使えば結合",
        "a condition; with mapping, a join",
    ),
    "inversepredicates": ("目的語から主語への述語", "the property from the value to the thing"),
    "function": ("関数(docs/ja/functions.md)", "a function (docs/functions.md)"),
    "parameters": ("関数の引数", "the parameters of the function"),
    "parameter": ("引数の名前", "the name of the parameter"),
    "value": ("値。$(列名) はセルの値", "the value; $(column) stands for the cell"),
    "mapping": (
        "別の mappings の名前(その主語が値になる)",
        "another mapping, whose subject is the value",
    ),
    "type": ("iri か literal", "iri or literal"),
    "datatype": ("データ型(xsd:date など)", "the datatype, such as xsd:date"),
    "language": ("言語タグ(ja など)", "the language tag, such as ja"),
    "access": ("ファイル", "the file"),
    "referenceFormulation": ("csv か jsonpath", "csv or jsonpath"),
    "iterator": ("JSON の中の繰り返し($.items[*])", "where the records of a JSON file are"),
    "delimiter": ("区切り文字", "the character between cells"),
    "encoding": ("文字コード", "the encoding"),
}

SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_NAMED = {"pattern": "^(tsf|idlab-fn):[A-Za-z0-9]+$"}
"""Names of functions that the list of functions has, or nothing has."""

TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}


def schema() -> dict[str, Any]:
    """Return the schema."""
    refused = (*yarrrml._UNSUPPORTED, *yarrrml._DATABASE_KEYS)
    document = {
        "prefixes": _map(TEXT),
        "base": TEXT,
        "sources": _map(_ref("source")),
        "mappings": {**_map(_ref("triplesMap")), "minProperties": 1},
        "authors": {},
        "external": _map(SCALAR),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tsunagu mapping (YARRRML)",
        **_object(yarrrml._DOCUMENT_KEYS, document, refused, ["mappings"]),
        "$defs": {
            "source": _source(refused),
            "triplesMap": _triples_map(refused),
            "predicateObject": _predicate_object(refused),
            "subject": {"anyOf": [SCALAR, _described(["function", "value"])]},
            "object": _any_object(),
            "call": _object(yarrrml_terms._CALL_KEYS, _call_parts(), (), ["function"]),
            "parameter": _parameter(),
            "function": {"anyOf": [{"enum": _functions()}, {"type": "string", "not": _NAMED}]},
        },
    }


def text() -> str:
    """Return the file's text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _source(refused: Iterable[str]) -> dict[str, Any]:
    keys = [key for key in yarrrml._SOURCE_KEYS if key not in refused]
    described = _object(keys, dict.fromkeys(keys, TEXT), (), ["access"])
    described["properties"]["type"] = {"const": "localfile"}
    listed = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2}
    return {"anyOf": [{"type": "string", "pattern": "~"}, listed, described]}


def _triples_map(refused: Iterable[str]) -> dict[str, Any]:
    parts = {
        "sources": _one_or_more({"anyOf": [TEXT, _ref("source")]}),
        "subjects": _one_or_more(_ref("subject")),
        "predicateobjects": {"type": "array", "items": _ref("predicateObject")},
        "graphs": _one_or_more(_ref("subject")),
        "conditions": _one_or_more(_ref("call")),
    }
    parts["predicateobjects"] = {"anyOf": [parts["predicateobjects"], _ref("predicateObject")]}
    return _object(yarrrml._MAP_KEYS, parts, refused, [])


def _predicate_object(refused: Iterable[str]) -> dict[str, Any]:
    objects = _one_or_more(_ref("object"))
    predicates = _one_or_more(_ref("subject"))
    parts = {
        "predicates": predicates,
        "objects": objects,
        "graphs": _one_or_more(_ref("subject")),
        "conditions": _one_or_more(_ref("call")),
        "inversepredicates": predicates,
    }
    pair = {
        "type": "array",
        "prefixItems": [predicates, objects, TEXT],
        "minItems": 2,
        "maxItems": 3,
    }
    return {"anyOf": [pair, _object(yarrrml._PO_KEYS, parts, refused, ["objects"])]}


def _any_object() -> dict[str, Any]:
    item = {"anyOf": [SCALAR, _described(["function", "value", "mapping"])]}
    listed = {"type": "array", "prefixItems": [item, TEXT], "minItems": 1, "maxItems": 2}
    return {"anyOf": [*item["anyOf"], listed]}


def _described(needed: list[str]) -> dict[str, Any]:
    """Return what a term is that is described key by key; it needs one of some keys."""
    parts = {
        **_call_parts(),
        "value": SCALAR,
        "mapping": TEXT,
        "condition": _one_or_more(_ref("call")),
        "type": {"enum": list(yarrrml_terms._TYPES)},
        "datatype": TEXT,
        "language": TEXT,
    }
    made = _object(yarrrml_terms._OBJECT_KEYS, parts, (), [])
    words = [word for word, key in yarrrml_terms._OBJECT_KEYS.items() if key in needed]
    return {**made, "anyOf": [{"required": [word]} for word in words]}


def _call_parts() -> dict[str, Any]:
    return {
        "function": _ref("function"),
        "parameters": {"type": "array", "items": _ref("parameter")},
    }


def _parameter() -> dict[str, Any]:
    value = {"anyOf": [SCALAR, _ref("call")]}
    listed = {"type": "array", "prefixItems": [TEXT, value, TEXT], "minItems": 2, "maxItems": 3}
    parts = {"parameter": TEXT, "value": value, "type": TEXT}
    return {"anyOf": [listed, _object(yarrrml_terms._PARAMETER_KEYS, parts, (), ["parameter"])]}


def _functions() -> list[str]:
    names = {OWN_FUNCTIONS: "tsf:", IDLAB: "idlab-fn:"}
    return [
        prefix + iri.removeprefix(base)
        for iri in FUNCTIONS
        for base, prefix in names.items()
        if iri.startswith(base)
    ]


def _object(
    keys: Keys, parts: Mapping[str, Any], refused: Iterable[str], needed: Iterable[str]
) -> dict[str, Any]:
    """Return an object with the reader's keys and their shortcuts, and no others."""
    names = dict(keys) if isinstance(keys, Mapping) else {key: key for key in keys}
    left_out = set(refused)
    made = {
        "type": "object",
        "properties": {
            word: _told(key, parts[key]) for word, key in names.items() if key not in left_out
        },
        "additionalProperties": False,
    }
    required = [
        {"anyOf": [{"required": [word]} for word, key in names.items() if key == need]}
        for need in needed
    ]
    return {**made, "allOf": required} if required else made


def _told(key: str, part: Mapping[str, Any]) -> dict[str, Any]:
    japanese, english = ABOUT[key]
    return {"description": f"{japanese} / {english}", **part}


def _map(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": part}


def _one_or_more(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [part, {"type": "array", "items": part}]}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
