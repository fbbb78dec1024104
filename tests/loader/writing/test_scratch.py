"""Requests on the store of the writer, and the commands of the process that evaluates them."""

import base64
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from loader.writing.evaluator_process import Evaluator
from vocab.lines import graph_of

BASE = "http://e/"
LINES = [
    '<http://e/1> <http://e/p> "x y"@ja .\n',
    '<http://e/2> <http://e/p> "a \\" b" <http://e/g> .\n',
    "<http://e/3> <http://e/p> <http://e/o> <http://e/h> .\n",
]
HOUSE = "<http://e/1> <http://e/p> <http://e/o> <http://e/graph/catalog> .\n"


def update(text: str, **more: object) -> dict[str, Any]:
    return {"kind": "update", "text": text, "base": BASE, "using": [], "using_named": [], **more}


def put(content: str, name: str = "turtle", **more: object) -> dict[str, Any]:
    document = {"format": name, "content": base64.b64encode(content.encode()).decode()}
    return {"kind": "put", "graph": f"{BASE}g", "base": BASE, "documents": [document], **more}


@pytest.fixture
def evaluator(tmp_path: Path) -> Evaluator:
    """One that has a release with three written graphs open."""
    earlier = tmp_path / "written.nq"
    earlier.write_text("".join(LINES))
    store = Store(tmp_path / "store")
    store.extend(parse("".join([*LINES, HOUSE]), format=RdfFormat.N_QUADS))
    store.flush()
    del store
    found = Evaluator()
    opening = {
        "do": "open",
        "path": str(tmp_path / "0"),
        "of": str(tmp_path / "store"),
        "names": [],
        "prefixes": [f"{BASE}graph/"],
        "genid": f"{BASE}genid/",
        "quads": 5,
        "depth": 64,
        "earlier": str(earlier),
        "touched": ["http://e/h"],
    }
    assert found.answer(opening) == {}
    return found


def ask(evaluator: Evaluator, path: Path, request: dict[str, Any]) -> dict[str, Any]:
    return evaluator.answer({"do": "apply", "path": str(path), "request": request})


ANSWERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (update("CLEAR ALL"), {"touched": ["", f"{BASE}g", f"{BASE}h"]}),
    (update("DROP NAMED"), {"touched": [f"{BASE}g", f"{BASE}h"]}),
    (update("CLEAR DEFAULT"), {"touched": [""]}),
    (update("CREATE GRAPH <new>"), {"touched": [f"{BASE}new"]}),
    (update("CREATE SILENT GRAPH <g>"), {"touched": [f"{BASE}g"]}),
    (update("MOVE <g> TO <h>"), {"touched": [f"{BASE}g", f"{BASE}h"]}),
    (update("PREFIX e: <> INSERT DATA { GRAPH e:k { e:a e:b _:x } }"), {"touched": [f"{BASE}k"]}),
    (
        update(
            "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(isLiteral(?o)) } }"
        ),
        {"touched": [f"{BASE}g"]},
    ),
    (
        update("INSERT { GRAPH ?o { ?s ?p 1 } } WHERE { ?s ?p ?o }", using=[f"{BASE}h"]),
        {"touched": [f"{BASE}o"]},
    ),
    (
        update(
            "INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }", using_named=[BASE]
        ),
        {"touched": []},
    ),
    (put("<a> <b> 1 ."), {"touched": [f"{BASE}g"], "found": True}),
    (put("<a> <b> 1 .", graph=f"{BASE}k", there=False), {"touched": [f"{BASE}k"], "found": False}),
    (put("<a> <b> 1 .", graph="", kind="post"), {"touched": [""], "found": True}),
    (put("", kind="delete"), {"touched": [f"{BASE}g"], "found": True}),
]


@pytest.mark.parametrize(("request_", "answer"), ANSWERS)
def test_accepted(
    evaluator: Evaluator, tmp_path: Path, request_: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert ask(evaluator, tmp_path / "1", request_) == answer


REFUSED = [
    (update("LOAD <x>"), "write.load"),
    (update("INSERT DATA { <a> <b> 1 "), "write.malformed"),
    (update("CLEAR ALL ALL"), "write.malformed"),
    (update("INSERT DATA { <a> <b> ?c }"), "write.malformed"),
    (update("CREATE GRAPH <g>"), "write.exists"),
    (update("COPY <g> TO <graph/catalog>"), "write.protected"),
    (update("DELETE WHERE { GRAPH ?g { ?s ?p <o> } }"), "write.protected"),
    (update("WITH <g> DELETE {} WHERE {}", using=[BASE]), "write.two-datasets"),
    (update("INSERT DATA { <a> <b> 1, 2, 3 }"), "write.too-many"),
    (update("INSERT DATA { <a> <b> <<( <a> <b> <c> )>> }"), "write.triple-term"),
    (put("<a> <b>"), "write.rdf"),
    (put("<<( " * 2000), "write.unsafe"),
    (put('<r:RDF xmlns:r="http://e/"><a/>', "rdfxml"), "write.rdf"),
    (put('{"@context": "http://e/c"}', "jsonld"), "write.remote-context"),
    (put('{"@id": "http://e/g", "@graph": {"http://e/p": 1}}', "jsonld"), "write.named-graphs"),
    (put("<a> <b> 1 .", graph=f"{BASE}graph/catalog"), "write.protected"),
    (put("<a> <b> 1 .", there=False), "write.changed"),
]


@pytest.mark.parametrize(("request_", "code"), REFUSED)
def test_refused_without_a_trace(
    evaluator: Evaluator, tmp_path: Path, request_: dict[str, Any], code: str
) -> None:
    assert ask(evaluator, tmp_path / "1", request_)["error"] == code
    told = ask(evaluator, tmp_path / "2", update("INSERT DATA { GRAPH <h> { <a> <b> 1 } }"))
    assert told == {"touched": [f"{BASE}h"]}
    evaluator.answer({"do": "write", "path": str(tmp_path / "new"), "touched": [f"{BASE}h"]})
    assert (tmp_path / "new").read_text() == "".join(sorted([*LINES, _NUMBER]))


_NUMBER = (
    '<http://e/a> <http://e/b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/h> .\n'
)


def test_a_syntax_error_is_told_where_it_is(evaluator: Evaluator, tmp_path: Path) -> None:
    text = "CLEAR ALL;\nINSERT DATA { <a> <b> 1 };\n INSERT DATA { <a> <b> }"
    told = ask(evaluator, tmp_path / "1", update(text))
    assert "3:24" in told["values"]["reason"]


@pytest.mark.parametrize(
    ("line", "graph"),
    [*zip(LINES, ("", "<http://e/g>", "<http://e/h>"), strict=True), (_NUMBER, "<http://e/h>")],
)
def test_the_graph_of_a_line(line: str, graph: str) -> None:
    assert graph_of(line.encode()) == graph.encode()
