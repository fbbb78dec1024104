"""The JSON Schema of mappings takes what the reader takes, and refuses what people get wrong."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from yaml import YAMLError

from loader.mapping.proposal.document import SCHEMA

ROOT = Path(__file__).parents[3]
CASES = Path(__file__).parent / "cases"
STANDARDS = sorted((ROOT / "mappings").glob("*/mapping.yaml"))
SOUND = [*STANDARDS, *sorted((CASES / "run").rglob("*.yaml"))]
BROKEN = sorted((CASES / "errors").glob("*.yaml"))

SEEN_BY_THE_READER_ONLY = {
    "mapping.duplicate-key",
    "mapping.invalid-path",
    "mapping.invalid-term",
    "mapping.missing-parameter",
    "mapping.no-source",
    "mapping.source-unreadable",
    "mapping.syntax",
    "mapping.tab",
    "mapping.undeclared-prefix",
    "mapping.unknown-column",
    "mapping.unknown-map",
    "mapping.unknown-parameter",
    "mapping.unknown-prefix",
    "mapping.unknown-source",
    "mapping.unsupported-source",
}
"""Codes of mistakes that no schema can see: names that must agree, files, YAML itself."""

NOT_SEEN = {"inverse.yaml", "join-function.yaml", "join-sides.yaml", "source-encoding.yaml"}
NOT_SEEN |= {"other-source-without-join.yaml"}


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sound_documents_are_valid(path: Path) -> None:
    assert [error.message for error in validator().iter_errors(load(path))] == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_broken_documents_are_not(path: Path) -> None:
    code = path.read_text(encoding="utf-8").split()[1]
    try:
        valid = validator().is_valid(load(path))
    except YAMLError:
        valid = False
    if code not in SEEN_BY_THE_READER_ONLY and path.name not in NOT_SEEN:
        assert not valid


def test_the_schema_is_that_of_the_reader() -> None:
    place = ROOT / "docs" / "make_mapping_schema.py"
    spec = importlib.util.spec_from_file_location("make_mapping_schema", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = SCHEMA.read_text(encoding="utf-8")
    assert written == module.text(), "run: .venv/bin/python docs/make_mapping_schema.py"
