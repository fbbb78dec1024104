"""Literals are validated as they are written: in files of every format, in a folder, in a release.

The store of a release, and a SPARQL endpoint, may have other forms of the same values.
"""

import re
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, RdfFormat

from loader.cli.main import main

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPED = [
    ("1", "decimal"),
    ("1.0", "decimal"),
    ("+1", "integer"),
    ("01", "integer"),
    ("-0", "integer"),
    ("1", "nonNegativeInteger"),
    ("1", "boolean"),
    ("1.50", "double"),
    ("1E0", "double"),
    ("2024-04-01+09:00", "date"),
    ("2024-04-01T09:00:00+09:00", "dateTime"),
    ("2024-04-01T00:00:00.000Z", "dateTime"),
    ("24:00:00", "time"),
    ("0024", "gYear"),
    ("not a number", "integer"),
    ("  1 ", "string"),
]
TEXTS = ["がぎぐ", "か\u3099き\u3099く\u3099", "ｶﾞ", "①", "a\nb", "\u00a0"]  # NFC, NFD, width
WRITTEN = [
    *(Literal(text, datatype=pyoxigraph.NamedNode(XSD + name)) for text, name in TYPED),
    *map(Literal, TEXTS),
    Literal("a", language="ja-hrkt"),
]
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ;
    sh:property [ sh:path <http://e/p> ; sh:nodeKind sh:IRI ] .
"""
"""Finds fault with every literal, so that the report tells all of them."""


@pytest.fixture
def data(tmp_path: Path) -> str:
    (tmp_path / "shapes.shacl").write_text(SHAPES, encoding="utf-8")
    return "".join(f"<http://e/1> <http://e/p> {literal} .\n" for literal in WRITTEN)


def _validated(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The values that the report tells."""
    shapes, home = path.parent / "shapes.shacl", path.parent / "home"
    capsys.readouterr()
    arguments = ["--shapes", str(shapes), "--home", str(home), "--format", "turtle"]
    assert main(["validate", str(path), *arguments]) == 1
    report = pyoxigraph.parse(capsys.readouterr().out, format=RdfFormat.TURTLE)
    return sorted(str(quad.object) for quad in report if quad.predicate.value.endswith("#value"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file(suffix: str, data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"data.{suffix}"
    triples = [quad.triple for quad in pyoxigraph.parse(data, format=RdfFormat.N_TRIPLES)]
    pyoxigraph.serialize(triples, path, format=FORMATS[suffix])
    assert _validated(path, capsys) == sorted(map(str, WRITTEN))


def test_a_folder_and_the_release_made_of_it(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, home = tmp_path / "folder", tmp_path / "home"
    folder.mkdir()
    (folder / "data.nt").write_text(data, encoding="utf-8")
    assert _validated(folder, capsys) == sorted(map(str, WRITTEN))
    assert main(["publish", str(folder), "--home", str(home), "--allow", "violation"]) == 0
    (home / "shapes.shacl").write_text(SHAPES, encoding="utf-8")
    assert _validated(home / "current", capsys) == sorted(map(str, WRITTEN))
    store = pyoxigraph.Store.read_only(str(home / "current" / "store"))
    stored = sorted(
        str(quad.object)
        for quad in store.quads_for_pattern(None, pyoxigraph.NamedNode("http://e/p"), None)
    )
    assert stored != sorted(map(str, WRITTEN))


def test_a_table_by_a_mapping_of_its_publisher(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = ["1", "1.0", "01", "+1", "1e1"]
    folder = tmp_path / "folder"
    folder.mkdir()
    rows = "".join(f"{place},{number}\n" for place, number in enumerate(numbers))
    (folder / "data.csv").write_text("id,number\n" + rows, encoding="utf-8")
    (folder / "mapping.yaml").write_text(
        "prefixes: {e: 'http://e/', xsd: 'http://www.w3.org/2001/XMLSchema#'}\n"
        "mappings:\n  thing:\n    sources: [['data.csv~csv']]\n    s: e:$(id)\n"
        "    po: [[e:p, $(number), xsd:decimal]]\n",
        encoding="utf-8",
    )
    (folder / "datapackage.yaml").write_text(
        "name: data\nresources: [{name: data, path: data.csv, mapping: mapping.yaml}]\n"
    )
    (tmp_path / "shapes.shacl").write_text(SHAPES, encoding="utf-8")
    told = _validated(folder, capsys)
    assert told == sorted(f'"{number}"^^<{XSD}decimal>' for number in numbers)


def test_language_tags_are_told_in_lower_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shapes.shacl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text('<http://e/1> <http://e/p> "a"@JA-Hrkt .')
    assert _validated(tmp_path / "data.ttl", capsys) == ['"a"@ja-hrkt']


LEXICAL = [
    ('sh:in ( "1.0"^^xsd:decimal )', '"1"^^xsd:decimal', False),
    ('sh:hasValue "01"^^xsd:integer', '"1"^^xsd:integer', False),
    ('sh:hasValue "01"^^xsd:integer', '"01"^^xsd:integer', True),
    ('sh:pattern "^[+]"', '"+1"^^xsd:integer', True),
    ('sh:maxLength 2', '"1.0"^^xsd:decimal', False),
    ('sh:minInclusive 1', '"01"^^xsd:integer', True),
    ('sh:maxInclusive "2024-04-01T00:00:00Z"^^xsd:dateTime',
     '"2024-04-01T09:00:00+09:00"^^xsd:dateTime', True),
    ('sh:in ( "が" )', '"か\u3099"', False),
    ('sh:languageIn ( "ja" )', '"a"@JA', True),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "value", "conforms"), LEXICAL)
def test_constraints_on_what_is_written(
    rule: str, value: str, conforms: bool, tmp_path: Path
) -> None:
    prefixes = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> .\n"
    shape = re.sub("sh:nodeKind sh:IRI", rule, SHAPES)
    (tmp_path / "s.ttl").write_text(prefixes + shape, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(prefixes + f"<http://e/1> <http://e/p> {value} .", "utf-8")
    arguments = [str(tmp_path / "d.ttl"), "--shapes", str(tmp_path / "s.ttl")]
    assert main(["validate", *arguments, "--home", str(tmp_path)]) == int(not conforms)
