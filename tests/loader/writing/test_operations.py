"""Updates cut into operations, and the graphs that each may change."""

import pytest

from loader.writing.operations import operations
from loader.writing.request import Protected, Refused
from loader.writing.tokens import Malformed

CASES = [
    ("", []),
    ("PREFIX a: <b> ; # nothing", []),
    ("CLEAR ALL; DROP SILENT NAMED", [("clear", (), ()), ("clear", (), ())]),
    ("create graph a:b", [("create", ("a:b",), ())]),
    ("ADD DEFAULT TO <x>", [("transfer", ("<x>",), ())]),
    ("MOVE SILENT GRAPH <x> TO DEFAULT", [("transfer", ("<x>", ""), ())]),
    ("INSERT DATA { <a> <b> 'x;} GRAPH <no>' }", [("data", ("",), ())]),
    ("DELETE DATA { GRAPH <g> { <a> <b> [] } }", [("data", ("<g>",), ())]),
    ("INSERT DATA { GRAPH <g> {} GRAPH <h> {} . [] a ( 1 ) }", [("data", ("<g>", "<h>", ""), ())]),
    ("DELETE WHERE { ?s ?p ?o ; ?q 1 . GRAPH ?g { ?s ?p ?o } }", [("modify", ("",), ("?g",))]),
    ("WITH <w> DELETE { ?s ?p 1 } WHERE { GRAPH <no> {} }", [("modify", ("<w>",), ())]),
    ("WITH <w> INSERT { GRAPH $g { <a> <b> 1 } } WHERE {}", [("modify", (), ("$g",))]),
    (
        "BASE <b> DELETE { GRAPH <d> {} } INSERT { ?s a ?o } USING <u> USING NAMED <n> WHERE {}",
        [("modify", ("<d>", ""), ())],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_operations(text: str, expected: list[tuple[object, ...]]) -> None:
    found = [(one.kind, one.targets, one.variables) for one in operations(text, 64)]
    assert found == expected


WRONG = [
    *("FOO", "PREFIX", "CLEAR", "CLEAR GRAPH", "CLEAR ALL <x>", "CREATE <x>", "ADD <x>", "ADD TO"),
    *("COPY <x> TO", "INSERT", "INSERT DATA", "INSERT DATA {", "INSERT { <a> <b> 1 }", "DELETE"),
    *(
        "WITH INSERT {} WHERE {}",
        "INSERT { GRAPH <g> } WHERE {}",
        "DELETE WHERE",
        "INSERT DATA {} x",
    ),
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_operation(text: str) -> None:
    with pytest.raises(Malformed):
        list(operations(text, 64))


REFUSED = [
    ("INSERT { ?s ?p 1 } WHERE { SERVICE <x> {} }", "query.service"),
    ("INSERT { ?s ?p 1 } WHERE { SERVICEa:b {} }", "query.service"),
    ("CLEAR \\u0041LL", "write.escape"),
    ("CLEAR ALL; INSERT DATA " + "{" * 5, "query.too-deep"),
    ("INSERT DATA { _:a <b> 1 } ; INSERT DATA { GRAPH <g> { [] <b> _:a } }", "write.label"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_may_not_be_tried(text: str, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}"):
        list(operations(text, 4))


def test_the_dataset_of_a_request_and_positions() -> None:
    text = "PREFIX a: <b>\nCLEAR ALL;\nINSERT { ?s a ?o } WHERE { ?s ?p ?o };\n"
    text += " DELETE WHERE { ?s ?p 1 }"
    clear, insert, delete = operations(text, 64)
    assert clear.on(["http://u"], []) == clear
    using = "USING <http://u> USING NAMED <http://n>"
    asked = insert.on(["http://u"], ["http://n"])
    assert asked.text == f"PREFIX a: <b> INSERT {{ ?s a ?o }}  {using} WHERE {{ ?s ?p ?o }}"
    deleted = delete.on(["http://u"], ["http://n"])
    assert deleted.text == f"PREFIX a: <b> DELETE {{ ?s ?p 1 }} {using} WHERE {{ ?s ?p 1 }}"
    assert not insert.names_dataset and asked.names_dataset
    assert delete.alone(text).splitlines()[-1] == " DELETE WHERE { ?s ?p 1 }"
    assert delete.alone(text).splitlines()[1:3] == [" " * 10, " " * 38]


def test_protected_graphs() -> None:
    manifest = {
        "base_iri": "http://new/",
        "earlier_bases": ["http://old/"],
        "datasets": {"a": {"graph": "http://other/a"}},
        "graphs": {"catalog": "http://new/graph/catalog"},
    }
    protected = Protected.of(manifest)
    for graph in ("http://new/graph/x", "http://old/graph/", "http://other/a"):
        assert protected.has(graph)
    for graph in ("", "http://new/", "http://new/graphs", "http://other/b"):
        assert not protected.has(graph)
