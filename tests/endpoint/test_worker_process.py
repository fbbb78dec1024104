"""The worker's side of the conversation, in this process."""

import io
import json
import marshal
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from endpoint.evaluation import worker_process
from endpoint.evaluation.frames import Kind, pack, receive
from endpoint.evaluation.worker_process import answer, evaluate
from loader.sandbox import _program
from tests.endpoint.example_release import BASE, FIRST


def task(query: str, **others: Any) -> dict[str, Any]:
    standard = {
        "result_format": "json",
        "graph_format": "turtle",
        "union": True,
        "base": None,
        "default_graphs": None,
        "named_graphs": None,
        "substitutions": {},
        "prefixes": {},
        "links": "",
        "unnamed": None,
    }
    return {"query": query, **standard, **others}


def frames(output: io.BytesIO) -> list[tuple[Kind, bytes]]:
    output.seek(0)
    found = []
    while frame := receive(output.read):
        found.append(frame)
    return found


def told(query: str, **others: Any) -> list[tuple[Kind, bytes]]:
    output = io.BytesIO()
    answer(Store(), task(query, **others), output)
    return frames(output)


GRAPH = "CONSTRUCT { <a:a> <a:b> 1 } {}"
CASES = [
    (task("ASK {}"), [Kind.FORM, Kind.DATA, Kind.END]),
    (task("SELECT * {}"), [Kind.FORM, Kind.DATA, Kind.END]),
    (task(GRAPH), [Kind.FORM, Kind.DATA, Kind.END]),
    (task(GRAPH, graph_format="jsonld"), [Kind.FORM, Kind.DATA, Kind.END]),
    (task("ASK {}", result_format=None), [Kind.FORM, Kind.END]),
    (task("ASK {", result_format=None), [Kind.FAILURE]),
    (task("ASK {}", default_graphs=["no iri"]), [Kind.FAILURE]),
    (task("CONSTRUCT { <a:a> <a:1> 1 } {}", graph_format="rdfxml"), [Kind.FORM, Kind.FAILURE]),
]


@pytest.mark.parametrize(("asked", "kinds"), CASES)
def test_frames(asked: dict[str, Any], kinds: list[Kind]) -> None:
    output = io.BytesIO()
    answer(Store(), asked, output)
    assert [kind for kind, _ in frames(output)] == kinds


def test_a_failure_says_why() -> None:
    [(_, content)] = told("ASK {\n ?s }")
    assert json.loads(content)["kind"] == "syntax"
    assert json.loads(content)["line"] == 2
    assert worker_process._syntax("unlike any other")["line"] is None


def test_terms_are_bound_and_graphs_are_chosen(home: Path) -> None:
    store = Store.read_only(str(home / "releases" / FIRST / "store"))
    asked = task(
        "SELECT ?thing ?o { ?thing <http://xmlns.com/foaf/0.1/name> ?o }",
        substitutions={"thing": f"{BASE}id/organization/tsunagu"},
        result_format="csv",
        union=False,
        default_graphs=[f"{BASE}graph/catalog"],
        named_graphs=[],
    )
    output = io.BytesIO()
    answer(store, asked, output)
    assert b"".join(content for kind, content in frames(output) if kind is Kind.DATA).decode() == (
        f"thing,o\r\n{BASE}id/organization/tsunagu,つなぐ市\r\n"
    )


def test_a_broken_frame_is_the_end() -> None:
    whole = pack(Kind.DATA, b"12345")
    for length in range(len(whole)):
        assert receive(io.BytesIO(whole[:length]).read) is None
    assert receive(io.BytesIO(whole).read) == (Kind.DATA, b"12345")


class _Ended(Exception):
    """Stands for the end of the process."""


def test_the_thread_that_evaluates(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "forbid_network", lambda: True)
    source = io.BytesIO(pack(Kind.TASK, marshal.dumps(task("ASK {}"))))
    output = io.BytesIO()
    evaluate(home / "releases" / FIRST / "store", source, output)
    kinds = [kind for kind, _ in frames(output)]
    assert kinds == [Kind.READY, Kind.FORM, Kind.DATA, Kind.END]


def test_a_store_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(code: int) -> None:
        raise _Ended(code)

    monkeypatch.setattr(worker_process.os, "_exit", leave)
    output = io.BytesIO()
    with pytest.raises(_Ended):
        evaluate(tmp_path / "none", io.BytesIO(), output)
    [(kind, content)] = frames(output)
    assert kind is Kind.FAILURE
    assert json.loads(content)["kind"] == "store"


def test_it_ends_with_its_input(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stream:
        def __init__(self, buffer: Any) -> None:
            self.buffer = buffer

    def leave(code: int) -> None:
        raise _Ended(code)

    started = threading.Event()
    reading, writing = os.pipe()
    before = threading.stack_size()
    monkeypatch.setattr(worker_process.os, "_exit", leave)
    monkeypatch.setattr(worker_process, "evaluate", lambda *_: started.set())
    monkeypatch.setattr(worker_process, "limit_resources", lambda *_: None)
    os.write(writing, b"not read yet")
    os.close(writing)
    try:
        with (
            open(reading, "rb") as source,
            (tmp_path / "output").open("wb") as output,
            pytest.raises(_Ended),
        ):
            monkeypatch.setattr(worker_process.sys, "stdout", output)
            monkeypatch.setattr(worker_process.sys, "stdin", Stream(source))
            worker_process.main([str(home), "1", str(64 << 20), "0"])
    finally:
        threading.stack_size(before)
    assert started.wait(10)


def test_the_filter_is_a_whole_program() -> None:
    program = _program(0xC000003E, (41, 42))
    assert len(program) == 8 * (4 + 2 + 2)
    # The last two steps are the verdicts: allow, then refuse with EACCES.
    assert program[-16:] == bytes.fromhex("060000000000ff7f060000000d000500")
