"""Shapes that a publisher adds beside the data: found, used beside ours, refused with a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loader.config import read_config
from loader.model import FindingLog, Package, Resource, Severity
from loader.outcome import Options, Outcome, Status
from loader.pipeline import Publish
from loader.progress import Silence
from loader.validate.own_shapes import MOST_BYTES, own_shapes, own_shapes_digest

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tss: <https://w3id.org/tsunagu/shape#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix my: <https://example.org/shape#> .
"""
SHORT = "my:Short a sh:NodeShape ; sh:targetClass schema:Place ; sh:property my:Short-name .\n"
SHORT += 'my:Short-name sh:path rdfs:label ; sh:maxLength 4 ; sh:message "長い名称です。"@ja .\n'
TABLE = "名称,住所,緯度,経度\n見本市民会館,見本市中央1-1,34.34,134.04\n"

BAD = {
    "not-turtle": ("これは規則です", "shacl.shapes-unusable"),
    "ill-formed": (
        HEAD
        + "my:A a sh:NodeShape ; sh:targetClass my:B ; sh:property [ sh:path my:p ; sh:in 1 ] .",
        "shacl.shapes-unusable",
    ),
    "nested": (HEAD + "my:a my:b " + "<<" * 300, "shacl.shapes-unusable"),
    "empty": (HEAD, "shacl.shapes-none"),
    "large": (HEAD + "#" * MOST_BYTES, "shacl.shapes-large"),
    "sparql": (
        HEAD + SHORT + 'my:Short sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ] .',
        "shacl.shapes-not-core",
    ),
    "ours": (HEAD + SHORT + "tss:Thing sh:deactivated true .", "shacl.shapes-ours"),
}

MakePackage = Callable[..., Package]


@pytest.fixture
def package(tmp_path: Path) -> MakePackage:
    def make(*, stated: bool, shapes: object = None, **files: str) -> Package:
        (tmp_path / "hall.csv").write_text(TABLE, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
        descriptor = {} if shapes is None else {"shapes": shapes}
        resource = Resource("hall", tmp_path / "hall.csv")
        return Package("hall", tmp_path, (resource,), stated=stated, descriptor=descriptor)

    return make


@pytest.mark.parametrize(
    ("stated", "shapes", "expected"),
    [
        (True, None, ["shapes.ttl", "other.shacl.ttl", "hall.shacl.ttl"]),
        (False, None, ["shapes.ttl", "hall.shacl.ttl"]),
        (True, "rules.ttl", ["rules.ttl"]),
        (True, ["rules.ttl", "hall.shacl.ttl"], ["rules.ttl", "hall.shacl.ttl"]),
        (True, [], []),
    ],
)
def test_where_shapes_are_looked_for(
    package: MakePackage, stated: bool, shapes: object, expected: list[str]
) -> None:
    names = ("shapes", "other__shacl", "hall__shacl", "rules")
    files = {f"{name}__ttl": HEAD + SHORT.replace("my:", f"my:{name}-") for name in names}
    found = own_shapes(package(stated=stated, shapes=shapes, **files), FindingLog())
    read = [name for name in names for text in found if f"#{name}-Short>" in text]
    assert sorted(read) == sorted(
        name.replace(".", "__").removesuffix("__ttl") for name in expected
    )


@pytest.mark.parametrize("name", BAD)
def test_shapes_that_cannot_be_used(package: MakePackage, name: str) -> None:
    text, code = BAD[name]
    findings = FindingLog()
    assert own_shapes(package(stated=True, shapes__ttl=text), findings) == []
    assert [group.examples[0].code for group in findings.groups()] == [code]
    assert findings.count(Severity.VIOLATION) == 1


@pytest.mark.parametrize("name", ["../shapes.ttl", "none.ttl", "/etc/passwd"])
def test_stated_shapes_that_are_not_there(package: MakePackage, name: str) -> None:
    findings = FindingLog()
    assert own_shapes(package(stated=True, shapes=name), findings) == []
    assert [group.examples[0].code for group in findings.groups()] == ["descriptor.shapes-missing"]


def test_a_shape_that_refers_to_itself_comes_to_an_end(package: MakePackage) -> None:
    text = HEAD + "my:A a sh:NodeShape ; sh:targetClass schema:Place ; sh:node my:A ; my:b my:c ."
    made = package(stated=True, shapes__ttl=text)
    findings = FindingLog()
    own = own_shapes(made, findings)
    assert len(own) + findings.count(Severity.VIOLATION) == 1
    _publish(made.folder)


def test_other_shapes_are_another_publish(package: MakePackage) -> None:
    without = own_shapes_digest(package(stated=True))
    assert own_shapes_digest(package(stated=True, shapes__ttl=HEAD + SHORT)) != without


def _publish(folder: Path) -> Outcome:
    home = folder.parent / "home"
    return Publish(home, read_config(home), Options(), Silence()).run([folder / "hall.csv"])


def test_a_violation_of_a_publishers_shape_holds_back(package: MakePackage) -> None:
    folder = package(stated=False).folder
    assert _publish(folder).results[0].status is Status.PUBLISHED
    package(stated=False, hall__shacl__ttl=HEAD + SHORT)
    [result] = _publish(folder).results
    assert result.status is Status.HELD_BACK
    texts = [group.examples[0].text("ja") for group in result.findings.groups()]
    assert any(text.startswith("長い名称です。") for text in texts)
    package(stated=False, hall__shacl__ttl=HEAD + SHORT.replace("4 ;", "40 ;"))
    assert _publish(folder).results[0].status is Status.PUBLISHED
