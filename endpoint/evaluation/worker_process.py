"""A query worker: opens a release read-only, answers one query at a time, can be killed.

``python -m endpoint.evaluation.worker_process STORE MEMORY STACK NICENESS`` reads tasks from
standard input and writes results to standard output (endpoint/evaluation/frames.py). It ends when
its input does, so that it never outlives the web process, not even within a query.

A task is a dictionary without what is as by default (endpoint/evaluation/task.py), marshalled:
``query``; ``base``, against which relative IRIs are resolved, or null;
``result_format`` and ``graph_format``, names of ``vocab.formats`` or null where the client takes
no such format; ``union``, whether the default graph is the union of all graphs;
``default_graphs`` and ``named_graphs``, lists of IRIs that go before the query's own FROM, or
null; ``substitutions``, IRIs by variable; ``prefixes`` for the output; ``unnamed``, the beginning
of IRIs that become blank nodes in a graph, or null; ``links`` for the head of JSON results: JSON.
"""

import io
import marshal
import os
import re
import select
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Variable,
)

from endpoint.evaluation.columns import written_order
from endpoint.evaluation.frames import Kind, pack, pack_json, receive
from endpoint.evaluation.rows import COUNTED, RowCounter
from endpoint.evaluation.serialisation import CannotSerialise, with_blank_nodes, write
from endpoint.evaluation.tables import WRITERS
from endpoint.evaluation.task import DEFAULTS
from loader.errors import ReleaseError
from loader.functions.geosparql import custom_aggregates, custom_geo_functions
from loader.functions.sparql import custom_functions
from loader.hold import hold
from loader.release import Release
from loader.sandbox import forbid_network, limit_resources
from vocab.namespaces import PREFIXES

CHUNK = 64 << 10

FUNCTIONS = custom_functions() | custom_geo_functions()
"""What queries may call: our value functions (docs/functions.md), GeoSPARQL (docs/geosparql.md)."""
AGGREGATES = custom_aggregates()

RESULT_SYNTAX = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_UNKNOWN_FUNCTION = re.compile(r"custom (?:aggregate )?function <(?P<iri>[^>]*)> is not supported")
_POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<reason>.*)", re.DOTALL)


_HEAD = b'{"head":{'
"""What JSON results begin with, as the engine writes them."""


class FrameWriter(io.RawIOBase):
    """A binary stream whose writes become frames of data.

    ``links`` go into the head of JSON results; ``counter`` sees all other bytes.
    """

    def __init__(
        self,
        output: io.RawIOBase | io.BufferedIOBase,
        links: str = "",
        counter: RowCounter | None = None,
    ) -> None:
        self._output = output
        self._links = links.encode()
        self._counter = counter

    def writable(self) -> bool:
        """Always: this is what BufferedWriter asks."""
        return True

    def write(self, data: Any) -> int:
        """Send the data as one frame."""
        payload = bytes(data)
        if self._counter is not None:
            self._counter.see(payload)
        if self._links and payload.startswith(_HEAD):
            more = b"" if payload.startswith(b"}", len(_HEAD)) else b","
            link = b'"link":' + self._links + more
            self._output.write(pack(Kind.DATA, _HEAD + link + payload[len(_HEAD) :]))
        else:
            self._output.write(pack(Kind.DATA, payload))
        self._links = b""
        return len(payload)


def run(store: Store, task: dict[str, Any]) -> tuple[str, Any]:
    """Start a query; return its form (``select``, ``ask``, ``graph``) and the result to read."""
    calls = "(" in task["query"]  # handing over all functions takes as long as a short query
    ask = partial(
        store.query,
        base_iri=task["base"],
        custom_functions=FUNCTIONS if calls else None,
        custom_aggregate_functions=AGGREGATES if calls else None,
    )
    result = ask(
        written_order(ask, task["query"]),
        use_default_graph_as_union=task["union"],
        default_graph=_graphs(task["default_graphs"]),
        named_graphs=_graphs(task["named_graphs"]),
        substitutions={
            Variable(name): NamedNode(iri) for name, iri in task["substitutions"].items()
        },
    )
    if isinstance(result, QueryTriples):
        return "graph", result
    return ("ask" if isinstance(result, QueryBoolean) else "select"), result


def _graphs(iris: list[str] | None) -> list[Any] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


def answer(store: Store, task: dict[str, Any], output: Any) -> None:
    """Evaluate a task and write its frames: form, data, end; or a failure.

    Results belong to the thread that made them: this has to run in one thread.
    """
    try:
        form, result = run(store, task)
        name = task["graph_format" if form == "graph" else "result_format"]
        if form == "ask" and name in WRITERS:
            name = None
        output.write(pack(Kind.FORM, f"{form} {name or ''}".encode()))
        rows = None if name is None else _send(result, name, task, output)
        output.write(pack(Kind.END, b"" if rows is None else b"%d" % rows))
    except SyntaxError as error:
        output.write(pack_json(Kind.FAILURE, _syntax(str(error))))
    except CannotSerialise as error:
        output.write(pack_json(Kind.FAILURE, {"kind": "format", "reason": str(error)}))
    except (OSError, ValueError, RuntimeError) as error:
        output.write(pack_json(Kind.FAILURE, _refusal(str(error))))
    output.flush()


def _refusal(message: str) -> dict[str, str]:
    unknown = _UNKNOWN_FUNCTION.search(message)
    if unknown is not None:
        return {"kind": "function", "reason": unknown["iri"]}
    return {"kind": "evaluation", "reason": message}


def _send(result: Any, name: str, task: dict[str, Any], output: Any) -> int | None:
    """Write the result; return how many solutions it has, None where they are not counted."""
    solutions = isinstance(result, QuerySolutions)
    counter = RowCounter(name) if solutions and name in COUNTED else None
    links = task["links"] if name == "json" else ""
    with io.BufferedWriter(FrameWriter(output, links, counter), CHUNK) as buffer:
        if name in WRITERS:
            WRITERS[name](result, buffer)
        elif isinstance(result, QueryTriples):
            triples = with_blank_nodes(result, task["unnamed"]) if task["unnamed"] else result
            prefixes = PREFIXES if task["prefixes"] is None else task["prefixes"]
            write(triples, name, prefixes, buffer)
        else:
            result.serialize(buffer, format=RESULT_SYNTAX[name])
    return counter.rows if counter else None


def _syntax(message: str) -> dict[str, Any]:
    match = _POSITION.fullmatch(message)
    if match is None:
        return {"kind": "syntax", "line": None, "column": None, "reason": message}
    line, column = int(match["line"]), int(match["column"])
    return {"kind": "syntax", "line": line, "column": column, "reason": match["reason"]}


def evaluate(path: Path, source: Any, output: Any) -> None:
    """Open the store, say so, and answer tasks to their end: the body of the thread for that."""
    try:
        hold(Release(path.parent))  # for as long as the process lives
        store = Store.read_only(str(path))
    except (ReleaseError, OSError) as error:
        output.write(pack_json(Kind.FAILURE, {"kind": "store", "reason": str(error)}))
        output.flush()
        os._exit(1)
    output.write(pack_json(Kind.READY, {"offline": forbid_network()}))
    output.flush()
    while frame := receive(source.read):
        answer(store, DEFAULTS | marshal.loads(frame[1]), output)


def main(arguments: list[str]) -> None:
    """Serve tasks from standard input until it ends."""
    store, memory, stack, niceness = arguments
    limit_resources(int(memory), int(niceness))
    source = sys.stdin.buffer
    # Buffered whatever the environment says: each piece that is written wakes the web process.
    output = open(sys.stdout.fileno(), "wb", CHUNK, closefd=False)  # noqa: SIM115 - for all its life
    threading.stack_size(int(stack))
    threading.Thread(target=evaluate, args=(Path(store), source, output), daemon=True).start()
    await_end(source.fileno())
    os._exit(0)  # a store opened read-only crashes in an ordinary exit, and a query cannot be ended


def await_end(descriptor: int) -> None:
    """Wait until nobody can write into a pipe any more; what is in it is for others to read."""
    ended = select.poll()
    ended.register(descriptor, 0)  # POLLHUP is told without being asked for (poll(2))
    ended.poll()


if __name__ == "__main__":
    main(sys.argv[1:])
