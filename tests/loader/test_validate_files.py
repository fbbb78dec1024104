"""Validating RDF files: formats, and what is refused."""

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from loader.errors import SourceError
from loader.model import FindingLog
from loader.validate import validate_files

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/S> a sh:NodeShape ; sh:targetClass <http://e/C> ;
    sh:property [ sh:path <http://e/p> ; sh:minCount 1 ] .
"""
DATA = '<http://e/1> a <http://e/C> ; <http://e/q> "\u2028\u0085" .'
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'


def _write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        validate_files([path], [SHAPES], FindingLog())
    assert caught.value.values["path"] == path
    return caught.value.code


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_read(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{suffix}"
    triples = [quad.triple for quad in pyoxigraph.parse(DATA, format=RdfFormat.TURTLE)]
    pyoxigraph.serialize(triples, path, format=FORMATS[suffix])
    findings = FindingLog()
    validator = validate_files([path], [SHAPES], findings)
    assert validator.summary()["conforms"] is False
    [group] = findings.groups()
    assert (group.count, group.examples[0].file) == (1, path.name)


def test_several_files_are_one_graph(tmp_path: Path) -> None:
    first = _write(tmp_path, "a.ttl", DATA + " _:b a <http://e/C> .")
    second = _write(tmp_path, "b.ttl", "<http://e/1> <http://e/p> 1 . _:b <http://e/p> 1 .")
    validator = validate_files([first, second], [SHAPES], FindingLog())
    assert validator.summary()["results"] == {"info": 0, "warning": 0, "violation": 1}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("broken.ttl", "<http://e/1> a", "validate.unreadable"),
        ("script.nt", "<a b> <http://e/p> <http://e/c> .", "validate.unreadable"),
        ("table.csv", "a,b", "validate.unknown-format"),
        ("no-suffix", "", "validate.unknown-format"),
        ("notes.n3", "{} => {} .", "validate.unknown-format"),
        ("result.json", "{}", "validate.unknown-format"),
        ("cut.rdf", XML + '<e:C rdf:about="http://e/1"/>', "validate.unreadable"),
        ("entity.rdf", '<!DOCTYPE x [<!ENTITY a "b">]>' + XML + "</rdf:RDF>", "validate.refused"),
        ("deep.rdf", "<a>" * 300 + "</a>" * 300, "validate.refused"),
        ("deep.jsonld", '{"http://e/p": ' * 100_000, "validate.unreadable"),
        ("deep.ttl", "<http://e/1> <http://e/p> " + "<<( " * 3000, "validate.refused"),
        (
            "remote.jsonld",
            '{"@context": "http://127.0.0.1:9/context", "name": "x"}',
            "validate.unreadable",
        ),
    ],
)
def test_bad_files_are_errors(name: str, content: str, code: str, tmp_path: Path) -> None:
    assert _refusal(_write(tmp_path, name, content)) == code


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none.ttl") == "validate.unreadable"
    folder = tmp_path / "folder.ttl"
    folder.mkdir()
    assert _refusal(folder) == "validate.unreadable"
