"""Descriptors: each folder of tests/cases/descriptor holds a package and what is read of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from loader.descriptor import FILE_NAMES, document, read_package
from loader.descriptor.schema import schema
from loader.model import FindingLog, Package

CASES = Path(__file__).parents[1] / "cases" / "descriptor"


def told(findings: FindingLog) -> list[dict[str, Any]]:
    """The findings, each said in both languages."""
    short = []
    for group in findings.groups():
        for finding in group.examples:
            assert finding.text("en") and finding.advice("en") and finding.advice("ja")
            place = {"file": finding.file, "row": finding.row, "value": finding.value}
            known = {key: value for key, value in place.items() if value is not None}
            short.append({"code": finding.code, **known, "ja": finding.text("ja")})
    return short


def as_json(package: Package | None, folder: Path) -> dict[str, Any] | None:
    """What was read, without what a descriptor did not say."""
    if package is None:
        return None
    content = {key: value for key, value in asdict(package).items() if value}
    del content["descriptor"], content["folder"]
    for resource in content["resources"]:
        resource["path"] = resource["path"].relative_to(folder).as_posix()
        if str(resource["mapping"]).startswith("/"):
            resource["mapping"] = Path(resource["mapping"]).relative_to(folder).as_posix()
    content["resources"] = [
        {key: value for key, value in resource.items() if value not in (None, {}, ())}
        for resource in content["resources"]
    ]
    plain: dict[str, Any] = json.loads(json.dumps(content))
    return plain


def read_case(case: Path) -> dict[str, Any]:
    """The package of a case and the findings."""
    folder = (case / "in").resolve()
    findings = FindingLog()
    path = next(folder / name for name in FILE_NAMES if (folder / name).exists())
    package = read_package(path, findings)
    return {"package": as_json(package, folder), "findings": told(findings)}


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_cases(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert read_case(case) == expected


def test_a_large_document_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LARGEST", 50)
    path = tmp_path / "datapackage.json"
    path.write_text(json.dumps({"name": "a" * 50, "resources": []}))
    findings = FindingLog()
    assert read_package(path, findings) is None
    assert [finding["code"] for finding in told(findings)] == ["descriptor.unusable"]


def test_a_descriptor_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").mkdir()
    findings = FindingLog()
    assert read_package(tmp_path / "datapackage.json", findings) is None
    assert [finding["code"] for finding in told(findings)] == ["source.unreadable"]


def test_a_link_out_of_the_folder_is_no_file_of_it(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (tmp_path / "p" / "aed.csv").symlink_to(tmp_path / "secret.csv")
    path = tmp_path / "p" / "datapackage.json"
    path.write_text(json.dumps({"name": "p", "resources": [{"path": "aed.csv"}]}))
    findings = FindingLog()
    assert read_package(path, findings) is None
    assert [finding["code"] for finding in told(findings)] == ["descriptor.unsafe-path"]


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "datapackage.yaml"
    path.write_text("name: " + "[" * 20_000 + "]" * 20_000)
    findings = FindingLog()
    assert read_package(path, findings) is None
    assert [finding["code"] for finding in told(findings)] == ["descriptor.unusable"]


def parts(part: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    """All keys of the schema with what it says about them."""
    found = [(key, part)]
    for choice in part.get("oneOf", ()):
        found += parts(choice, key)[1:]
    for name, inner in part.get("properties", {}).items():
        found += parts(inner, f"{key}.{name}".removeprefix("."))
    if "items" in part:
        found += parts(part["items"], f"{key}[]")[1:]
    return found


@pytest.mark.parametrize(("key", "part"), parts(schema(), ""))
def test_every_key_is_explained_with_an_example_that_is_right(
    key: str, part: dict[str, Any]
) -> None:
    assert part["description"] and part["x-ja"], key
    rules = {**part, "$defs": schema()["$defs"]}
    assert part["examples"]
    for example in part["examples"]:
        Draft202012Validator(rules).validate(example)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())
