"""RDF files as lines of a dataset's graph: every format, names for blank nodes, what is refused."""

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from loader import rdf
from loader.model import FindingLog, Resource
from loader.rdf import open_graph, safety
from vocab.iris import IriPolicy
from vocab.lines import literal

POLICY = IriPolicy("https://data.example.jp/")
GRAPH = "<https://data.example.jp/graph/dataset/town>"
GENID = "https://data.example.jp/.well-known/genid/town/"
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'


def read(path: Path, url: str | None = None) -> tuple[list[str], list[str]]:
    """The lines, and the codes of the findings, each of which can be said."""
    findings = FindingLog()
    media_type = MEDIA_TYPES[path.suffix[1:]]
    resource = Resource(path.stem, path, media_type=media_type, url=url)
    assert resource.is_graph and not resource.is_table
    graph = open_graph(resource, POLICY, "town", findings)
    lines = [line for piece in graph.lines() for line in piece] if graph else []
    codes = []
    for group in findings.groups():
        [finding] = group.examples
        codes.append(finding.code)
        for language in ("ja", "en"):
            assert path.name in finding.text(language) and finding.advice(language)
    return lines, codes


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_every_format_gives_the_same_lines(suffix: str, tmp_path: Path) -> None:
    turtle = '<http://e/市> <http://e/p> "a\\"\\\\\\n\\t\\u0001\\u2028"@ja, 1, <http://e/x> .'
    triples = [quad.triple for quad in pyoxigraph.parse(turtle, format=RdfFormat.TURTLE)]
    path = tmp_path / f"a.{suffix}"
    if suffix == "rdf":
        triples = [triple for triple in triples if "\x01" not in str(triple.object.value)]
    pyoxigraph.serialize(triples, path, format=RdfFormat.from_extension(suffix))
    lines, codes = read(path)
    expected = [
        f"<http://e/市> <http://e/p> {object_} {GRAPH} .\n"
        for object_ in (
            literal('a"\\\n\t\x01\u2028', "ja"),
            literal("1", datatype="http://www.w3.org/2001/XMLSchema#integer"),
            "<http://e/x>",
        )
        if suffix != "rdf" or "u0001" not in object_
    ]
    assert (sorted(lines), codes) == (sorted(expected), [])


def test_blank_nodes_get_the_same_names_each_time(tmp_path: Path) -> None:
    path = write(tmp_path, "a b.ttl", "<http://e/a> <http://e/p> [ <http://e/q> _:x ], (1) .")
    lines, codes = read(path)
    assert codes == ["graph.blank-nodes"]
    assert read(path)[0] == lines
    assert not any("_:" in line for line in lines)
    assert f"<http://e/a> <http://e/p> <{GENID}a%20b.ttl/1> {GRAPH} .\n" in lines
    assert len({line.split()[0] for line in lines}) == 3


@pytest.mark.parametrize("suffix", ["nt", "nq"])
def test_labels_of_lines_are_kept(suffix: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"a.{suffix}", "_:x1 <http://e/p> _:y .\n_:y <http://e/p> _:x1 .\n")
    lines, codes = read(path)
    assert lines[0] == f"<{GENID}a.{suffix}/x1> <http://e/p> <{GENID}a.{suffix}/y> {GRAPH} .\n"
    assert codes == ["graph.blank-nodes"]


def test_relative_iris(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", "<b> <#p> <> .")
    assert read(path)[0] == [
        "<https://data.example.jp/file/town/b> <https://data.example.jp/file/town/a.ttl#p> "
        f"<https://data.example.jp/file/town/a.ttl> {GRAPH} .\n"
    ]
    assert read(path, "http://far.example/x/a.ttl")[0][0].startswith("<http://far.example/x/b>")


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("a.ttl", "", ["graph.empty"]),
        ("a.ttl", "# nothing\n", ["graph.empty"]),
        ("a.ttl", "<http://e/a> <http://e/b> ", ["graph.syntax"]),
        ("a.nt", "<http://e/a> <http://e/b c> <http://e/d> .", ["graph.syntax"]),
        ("a.nt", b"\xff\xfe\x00", ["graph.syntax"]),
        ("a.nt", "名称,住所\n公園,市内\n", ["graph.syntax"]),
        ("a.jsonld", "{", ["graph.syntax"]),
        ("a.rdf", f"{XML}<e:A/>", ["graph.syntax"]),
        ("a.rdf", f'<!DOCTYPE x [<!ENTITY a "b">]>{XML}</rdf:RDF>', ["graph.refused"]),
        ("a.rdf", XML + "<e:A><e:b>" * 101, ["graph.refused"]),
        ("a.ttl", "<a:a> <a:b> " + "<<( <a:a> <a:b> " * 1_001, ["graph.refused"]),
        (
            "a.jsonld",
            '{"@context": "https://schema.org/", "name": "x"}',
            ["graph.remote-context"],
        ),
        (
            "a.jsonld",
            '{"@context": {"@import": "http://127.0.0.1/x"}, "name": "x"}',
            ["graph.remote-context"],
        ),
        (
            "a.nq",
            "<a:a> <a:b> <a:c> <a:g> .\n<a:a> <a:b> <a:c> <a:h> .\n<a:a> <a:b> <a:d> .\n",
            ["graph.named-graphs"],
        ),
        ("a.ttl", "<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>>, 1 .", ["graph.triple-terms"]),
    ],
)
def test_what_is_told(name: str, content: str | bytes, codes: list[str], tmp_path: Path) -> None:
    assert read(write(tmp_path, name, content))[1] == codes


def test_what_was_read_before_an_error_comes_and_the_error_has_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.nt", "<a:a> <a:b> <a:c> .\n<a:a> <a:b> .\n")
    findings = FindingLog()
    resource = Resource("a", path, media_type=MEDIA_TYPES["nt"])
    graph = open_graph(resource, POLICY, "town", findings)
    assert graph is not None
    assert [len(piece) for piece in graph.lines()] == [1]
    [group] = findings.groups()
    assert group.examples[0].row == 2


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.ttl") == ([], ["source.unreadable"])


def test_what_is_no_graph_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="text/csv"):
        open_graph(Resource("a", tmp_path / "a.csv"), POLICY, "town", FindingLog())


def test_too_many_blank_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf, "MOST_BLANK_NODES", 3)
    assert read(write(tmp_path, "a.ttl", "[] <a:b> [] . [] <a:b> 1 ."))[1] == ["graph.blank-nodes"]
    path = write(tmp_path, "b.ttl", "[] <a:b> [] . [] <a:b> [] .")
    assert read(path)[1] == ["graph.too-many-blank-nodes"]
    lines = "".join(f"_:n{number} <a:b> 1 .\n" for number in range(9)).replace("1 .", '"1" .')
    assert len(read(write(tmp_path, "c.nt", lines))[0]) == 9


def test_pieces_are_cut_between_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf, "LINES_AT_ONCE", 4)
    content = "".join(f"<a:{n // 3}> <a:b> <a:c{n}> .\n" for n in range(9))
    content += "".join(f"<a:x> <a:b> <a:c{n}> .\n" for n in range(9))
    path = write(tmp_path, "a.nt", content)
    resource = Resource("a", path, media_type=MEDIA_TYPES["nt"])
    graph = open_graph(resource, POLICY, "town", FindingLog())
    assert graph is not None
    assert [len(piece) for piece in graph.lines()] == [6, 8, 4]
    assert graph.bytes_read == graph.size


def test_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf, "MOST_COUNTED", 2)
    path = write(tmp_path, "a.ttl", "<a:1> a <a:A>, [] . <a:2> a <a:B>, <a:C> .")
    resource = Resource("a", path, media_type=MEDIA_TYPES["ttl"])
    graph = open_graph(resource, POLICY, "town", FindingLog())
    assert graph is not None
    assert len([line for piece in graph.lines() for line in piece]) == 4
    assert graph.classes == {"a:A", "a:B"}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_nesting_is_seen_across_pieces(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "CHUNK", size)
    deep = write(tmp_path, "a.ttl", "<<( " * 1_001)
    with pytest.raises(safety.UnsafeError):
        safety.check(deep, RdfFormat.TURTLE)
    flat = write(tmp_path, "b.ttl", "<<( )>> " * 2_000 + "< <( << ( " * 2_000)
    safety.check(flat, RdfFormat.TURTLE)
