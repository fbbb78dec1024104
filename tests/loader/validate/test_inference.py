"""Shapes proposed from data: deterministic, and the data conforms to them."""

import random
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from loader.cli.main import main
from loader.validate import CompiledShapes
from loader.validate.inference import Inference

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests" / "shapes" / "cases").glob("*/data.ttl"))
HEAD = """@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def _quads(text: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(text, format=RdfFormat.TURTLE, base_iri="http://example.org/"))


def _inferred(quads: Sequence[pyoxigraph.Quad]) -> str:
    inference = Inference()
    inference.add(quads)
    return inference.shapes()


def _results(quads: Sequence[pyoxigraph.Quad], text: str) -> list[tuple[object, ...]]:
    data = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    results = CompiledShapes([text]).validate(data.decode())
    return [(result.focus_node, result.path, result.component) for result in results]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_data_conforms_to_what_is_proposed_from_it(path: Path) -> None:
    quads = _quads(path.read_text(encoding="utf-8"))
    text = _inferred(quads)
    assert "sh:NodeShape" not in text or _results(quads, text) == []


LITERALS = ["1", '"a"', '"a"@ja', '"b"@en', "ex:b", '"x"^^xsd:integer', "true", "1.50", "-7"]
LITERALS += ['"2024-02-30"^^xsd:date', '"2024-02-29"^^xsd:date', '"1"^^ex:own', '"P1D"^^xsd:byte']
LITERALS += ['"A-01"', '"B-02"', '"a\\"b"', "_:node", '"25:00:00"^^xsd:time', '"１"']


@pytest.mark.parametrize("seed", range(40))
def test_random_data_conforms_and_order_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    things = [f"ex:t{number} a ex:C{number % 3}" for number in range(chance.randint(1, 60))]
    known = chance.sample(LITERALS, chance.randint(1, 4))
    text = HEAD + "".join(
        f"{thing} ; ex:p{chance.randint(0, 2)} {' , '.join(chance.choices(known, k=2))} .\n"
        for thing in things
    )
    quads = _quads(text)
    proposed = _inferred(quads)
    assert _results(quads, proposed) == []
    chance.shuffle(quads)
    assert _inferred(quads) == proposed


def test_what_is_told() -> None:
    rows = "".join(
        f'ex:{n} a ex:C ; ex:id "A-{n:03}" ; ex:kind ex:k{n % 2} ; ex:n {n} ;'
        f' ex:t "x"@ja , "y"@en ; ex:link ex:l{n} ; ex:some "{"甲" * n}" .\n'
        for n in range(1, 31)
    )
    text = _inferred(_quads(HEAD + rows + "ex:99 a <http://example.org/other/C> .\n"))
    assert '"^[A-Za-z]{1}[-][0-9]{3}$"' in text
    assert "sh:in ( <http://example.org/k0> <http://example.org/k1> )" in text
    assert "sh:minInclusive 1 ;\n        sh:maxInclusive 30" in text
    assert "sh:uniqueLang true" in text and "sh:minCount 2" in text
    assert "sh:nodeKind sh:IRI" in text
    assert "shape#C>" in text and "shape#C-2>" in text


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(HEAD + 'ex:1 a ex:C ; ex:p "a" .', encoding="utf-8")
    assert main(["shapes", "infer", str(data)]) == 0
    printed = capsys.readouterr().out
    output = tmp_path / "proposed.ttl"
    home = ["--home", str(tmp_path / "home")]
    assert main(["shapes", "infer", str(data), "-o", str(output), *home]) == 0
    assert output.read_text(encoding="utf-8") == printed
    assert main(["validate", str(data), "--shapes", str(output)]) == 0
    capsys.readouterr()
    assert main(["shapes", "infer", str(data), "-o", str(output)]) == 64
    assert main(["shapes", "infer", *home]) == 2
    data.write_text(HEAD, encoding="utf-8")
    assert main(["shapes", "infer", str(data)]) == 2
    assert main(["shapes", "list"]) == 0
    assert "aed: tsd:Aed" in capsys.readouterr().out


def test_from_a_folder_of_data_and_from_its_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aed = str(ROOT / "data" / "tsunagu-city" / "aed")
    home = ["--home", str(tmp_path / "home")]
    assert main(["publish", aed, *home]) == 0
    capsys.readouterr()
    assert main(["shapes", "infer", aed, *home]) == 0
    of_folder = capsys.readouterr().out
    assert main(["shapes", "infer", *home]) == 0
    assert capsys.readouterr().out == of_folder


def test_what_nearly_all_things_keep_to_is_told_in_comments() -> None:
    rows = "".join(
        f"ex:{n} a ex:C"
        + ("" if n == 7 else f' ; ex:name "name {n % 3}"')
        + (' , "other" .' if n == 8 else " .")
        for n in range(100)
    )
    text = _inferred(_quads(HEAD + rows))
    assert "# sh:minCount 1: 99 / 100" in text
    assert "# sh:maxCount 1: 99 / 100" in text
    assert "sh:severity sh:Warning" in text


def test_names_have_prefixes_where_they_need_no_escapes() -> None:
    quads = _quads(
        "@prefix ic: <http://imi.go.jp/ns/core/rdf#> . @prefix dcterms: <http://purl.org/dc/terms/>"
        " . ic:a a ic:施設型 ; ic:名称 ic:b ; <http://imi.go.jp/ns/core/rdf#a.b> 1 ;"
        " dcterms:source ic:c ."
    )
    text = _inferred(quads)
    assert "sh:targetClass ic:施設型" in text and "sh:path ic:名称" in text
    assert "sh:path <http://imi.go.jp/ns/core/rdf#a.b>" in text
    assert "dcterms:source" not in text
    assert _results(quads, text) == []
