"""Writing over the web, against the real server: what is refused, what it does, who sees it."""

import contextlib
import io
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from endpoint.app import create_app
from endpoint.configuration import read_settings
from endpoint.errors import Unavailable
from endpoint.settings import Settings
from endpoint.sparql.writer import Writer
from endpoint.state import EXTENSION
from loader.build import exclusive, switch
from loader.release import current, releases, verify
from tests.endpoint.serving import served
from tests.endpoint.written_home import KEY, READER, publish, publish_home

BASE = "http://data.example/"
WRITER = {"Authorization": f"Bearer {KEY}"}
UPDATE = {**WRITER, "Content-Type": "application/sparql-update"}
TURTLE = {**WRITER, "Content-Type": "text/turtle"}
RDFXML = {**WRITER, "Content-Type": "application/rdf+xml"}
JSONLD = {**WRITER, "Content-Type": "application/ld+json"}
SETTINGS = {"write_seconds": 5, "write_quads": 2000, "write_wait_seconds": 1, "write_queue": 40}
FREE = f"{BASE}graph/dataset/facilities"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_home(tmp_path_factory.mktemp("home"), BASE, SETTINGS)


@pytest.fixture(scope="module")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(home, tmp_path_factory.mktemp("log") / "errors") as address:
        yield address


def update(url: str, text: str) -> requests.Response:
    return requests.post(f"{url}sparql", text.encode(), headers=UPDATE, timeout=60)


def values(url: str, query: str, path: str = "sparql") -> list[str]:
    headers = {"Accept": "text/csv"}
    answer = requests.get(f"{url}{path}", {"query": query}, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1:]


def written(graph: str) -> str:
    return f"SELECT ?o {{ GRAPH <{BASE}{graph}> {{ ?s ?p ?o }} }} ORDER BY ?o"


REFUSED = [
    ("POST", "sparql", {}, "CLEAR ALL", 415),
    ("POST", "sparql", {"Content-Type": "application/sparql-update"}, "CLEAR ALL", 401),
    ("POST", "sparql", {**UPDATE, "Authorization": f"Bearer {READER}"}, "CLEAR ALL", 403),
    ("POST", "sparql", {**UPDATE, "Authorization": "Bearer nonsense"}, "CLEAR ALL", 401),
    ("POST", "sparql?default-graph-uri=http://e/", UPDATE, "CLEAR ALL", 400),
    ("POST", "sparql?using-graph-uri=nonsense", UPDATE, "CLEAR ALL", 400),
    ("POST", "sparql?using-graph-uri=http://e/", UPDATE, "WITH <x> DELETE {} WHERE {}", 400),
    ("POST", "sparql?query=ASK{}", UPDATE, "CLEAR ALL", 400),
    ("POST", "release/{release}/sparql", UPDATE, "CLEAR ALL", 403),
    ("POST", "sparql", UPDATE, "LOAD SILENT <http://127.0.0.1:9/>", 403),
    ("POST", "sparql", UPDATE, "INSERT {<a> <b> ?c} WHERE {SERVICE <http://e/> {?a ?b ?c}}", 403),
    ("POST", "sparql", UPDATE, f"CLEAR GRAPH <{FREE}>", 403),
    ("POST", "sparql", UPDATE, f"CREATE SILENT GRAPH <{BASE}graph/new>", 403),
    ("POST", "sparql", UPDATE, f"MOVE <{FREE}> TO <x>", 403),
    (
        "POST",
        "sparql",
        UPDATE,
        f"BASE <{BASE}graph/> INSERT DATA {{ GRAPH <x> {{<a> <b> 1}} }}",
        403,
    ),
    ("POST", "sparql", UPDATE, "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", 403),
    ("POST", "sparql", UPDATE, f"WITH <{FREE}> DELETE {{?s ?p ?o}} WHERE {{?s ?p ?o}}", 403),
    ("POST", "sparql", UPDATE, "INSERT DATA { <a> <b> }", 400),
    ("POST", "sparql", UPDATE, "SELECT * {}", 400),
    ("POST", "sparql", UPDATE, "CLEAR", 400),
    ("POST", "sparql", UPDATE, "\\u0043LEAR ALL", 400),
    ("POST", "sparql", UPDATE, "INSERT DATA {<a> <b> _:x}; INSERT DATA {<a> <b> _:x}", 400),
    ("POST", "sparql", UPDATE, "INSERT DATA { <a> <b> <<( <a> <b> <c> )>> }", 400),
    ("POST", "sparql", UPDATE, "INSERT {<a> <b> 1} WHERE " + "{" * 80 + "}" * 80, 400),
    ("POST", "sparql", UPDATE, "INSERT DATA {<a> <b> 1} ; CREATE GRAPH <a> ; FOO", 400),
    ("PUT", "gsp", TURTLE, "", 400),
    ("PUT", "gsp?default&graph=http://e/", TURTLE, "", 400),
    ("PUT", "gsp?graph=nonsense", TURTLE, "", 400),
    ("PUT", f"gsp?graph={BASE}graph/catalog", TURTLE, "", 403),
    ("DELETE", f"gsp?graph={BASE}graph/catalog", WRITER, "", 403),
    ("DELETE", "gsp/nothing", WRITER, "", 404),
    ("PATCH", "gsp/notes", WRITER, "", 405),
    ("PUT", "gsp/notes", {**WRITER, "Content-Type": "application/n-quads"}, "", 415),
    ("PUT", "gsp/notes", {**TURTLE, "Content-Encoding": "gzip"}, "", 415),
    ("POST", "gsp/notes", {**WRITER, "Content-Type": "multipart/form-data; boundary=x"}, "", 415),
    ("PUT", "gsp/notes", TURTLE, "<a> <b> .", 400),
    ("PUT", "gsp/notes", TURTLE, "<<( " * 2000, 400),
    ("PUT", "gsp/notes", RDFXML, '<r:RDF xmlns:r="http://e/"><a/>', 400),
    ("PUT", "gsp/notes", JSONLD, '{"@context": "http://e/c", "a": 1}', 400),
    ("PUT", "gsp/notes", JSONLD, '{"@id": "http://e/g", "@graph": {"http://e/p": 1}}', 400),
    ("PUT", "gsp/notes", {**TURTLE, "If-Match": '"stale"'}, "", 412),
    ("PUT", "gsp/notes", {**TURTLE, "If-Match": "*"}, "<a> <b> 1 .", 412),
    ("PUT", "gsp/notes", {**TURTLE, "If-None-Match": '"x"'}, "<a> <b> 1 .", 412),
]


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[FlaskClient]:
    """The application without a server, which hands what is written to a writer of its own."""
    app = create_app(home, settings=read_settings(home))
    yield app.test_client()
    app.extensions[EXTENSION].workers.close()


@pytest.mark.parametrize(("method", "path", "headers", "body", "status"), REFUSED)
def test_refused(
    home: Path,
    client: FlaskClient,
    method: str,
    path: str,
    headers: dict[str, str],
    body: str,
    status: int,
) -> None:
    before = current(home)
    assert before is not None
    address = "/" + path.replace("{release}", before.id)
    answer = client.open(address, method=method, data=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert (answer.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)
    assert current(home) == before


def test_accepted(client: FlaskClient) -> None:
    """The same without a server: each is seen by the next request."""
    accept = {"Accept": "text/turtle"}
    made = client.post("/gsp", data="<> <p> 'x' .", headers=TURTLE)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix(BASE)
    assert "Content-Type" not in made.headers
    found = client.get(f"/{path}", headers=accept)
    assert f"<{BASE}{path}>" in found.text
    again = client.get(f"/{path}", headers=accept | {"If-None-Match": found.headers["ETag"]})
    assert (again.status_code, again.headers["ETag"]) == (304, found.headers["ETag"])
    form = {"update": f"INSERT DATA {{ GRAPH <{BASE}{path}> {{ <s> <p> 'y' }} }}"}
    assert client.post("/sparql", data=form, headers=WRITER).status_code == 204
    tag = {"If-Match": found.headers["ETag"]}
    assert client.delete(f"/{path}", headers=WRITER | tag).status_code == 412
    files = {"one": (io.BytesIO(b"<s> <p> 'z' ."), "one.ttl", "text/turtle")}
    assert client.post(f"/{path}", data=files, headers=WRITER).status_code == 204
    values = sorted(str(value) for value in _graph(client, path).objects())
    assert values == ["x", "y", "z"]
    head = client.head(f"/gsp?graph={BASE}{path}", headers=accept)
    assert (
        client.delete(f"/{path}", headers=WRITER | {"If-Match": head.headers["ETag"]}).status_code
        == 204
    )
    assert client.get(f"/{path}").status_code == 404
    assert client.delete("/gsp?default", headers=WRITER).status_code == 204
    assert "sd:SPARQL11Update" in client.get("/sparql", headers=accept).text


def _graph(client: FlaskClient, path: str) -> Graph:
    text = client.get(f"/{path}", headers={"Accept": "text/turtle"}).text
    return Graph().parse(data=text, format="turtle")


def test_large_bodies_are_for_those_who_may_write(url: str) -> None:
    turtle = f"<s> <p> '{'x' * 700_000}' ."

    def put(key: str) -> int:
        headers = TURTLE | {"Authorization": f"Bearer {key}"}
        try:
            return requests.put(f"{url}gsp/large", turtle, headers=headers, timeout=60).status_code
        except requests.ConnectionError:
            return 413  # what is refused is not read to its end, and the client may miss the answer

    assert (put(KEY), put(READER)) == (201, 413)


def test_a_writer_that_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever: for a program that dies, for a release that cannot be served."""
    writer = Writer(home, Settings(write_queue=1), lambda _: False)
    with pytest.raises(Unavailable, match=r"^write\.not-served"):
        writer.write({"kind": "put", "graph": "", "base": BASE, "documents": []}, 1)
    monkeypatch.setattr("endpoint.sparql.writer._PROGRAM", "loader.writing.nothing")
    dead = Writer(home, Settings(write_queue=1), lambda _: True)
    with pytest.raises(Unavailable, match=r"^write\.writer-died"):
        dead.write({"kind": "put"}, 1)
    full = Writer(home, Settings(write_queue=1), lambda _: True)
    monkeypatch.setattr(full, "_thread", threading.current_thread())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(full.write, {}, 1)
        while full._waiting.empty():
            time.sleep(0.01)
        with pytest.raises(Unavailable, match=r"^write\.queue"):
            full.write({}, 1)
        full._waiting.get()[2].set_result({})
        assert first.result() == {}


_ALL = "GRAPH ?q {?a ?b ?c} GRAPH ?r {?d ?e ?f} GRAPH ?s {?g ?h ?i}"
HOSTILE = [
    (f"INSERT {{<a> <b> 1}} WHERE {{ {_ALL} FILTER(?a = ?i) }}", (503, 504)),
    (f"INSERT {{?a ?e ?i}} WHERE {{ {_ALL} }}", (503, 504)),
    ("INSERT {<a> ?p ?x} WHERE { GRAPH ?g {?s ?p ?o} BIND(STR(RAND()) AS ?x)}", (413,)),
]


@pytest.mark.parametrize(("text", "statuses"), HOSTILE)
def test_hostile(home: Path, url: str, text: str, statuses: tuple[int, ...]) -> None:
    """It ends alone: what is written beside it is written."""
    with ThreadPoolExecutor(2) as pool:
        bad = pool.submit(update, url, text)
        good = pool.submit(update, url, f"INSERT DATA {{ GRAPH <{BASE}good> {{<a> <b> 'x'}} }}")
    assert bad.result().status_code in statuses, bad.result().text
    assert good.result().status_code == 204
    assert values(url, written("good")) == ["x"]
    assert not (home / ".building").exists()


def test_an_update_is_seen_by_the_next_request(home: Path, url: str) -> None:
    before = current(home)
    assert before is not None
    answer = update(
        url, f"INSERT DATA {{ GRAPH <{BASE}a> {{ <s> <p> 'one', _:b }} <s> <p> 'two' }}"
    )
    assert answer.status_code == 204
    now = current(home)
    assert now is not None
    assert answer.headers["Tsunagu-Release"] == now.id != before.id
    assert values(
        url, f"SELECT ?o {{ <{BASE}s> <{BASE}p> ?o FILTER(isLiteral(?o)) }} ORDER BY ?o"
    ) == ["one", "two"]
    assert values(url, written("a"), f"release/{before.id}/sparql") == []
    assert list(verify(now)) == []
    again = update(url, f"INSERT DATA {{ GRAPH <{BASE}a> {{ <s> <p> 'one' }} }}")
    assert again.headers["Tsunagu-Release"] == now.id
    assert KEY not in (home / "writes.jsonl").read_text()


def test_writes_are_counted(url: str) -> None:
    assert update(url, f"INSERT DATA {{ GRAPH <{BASE}counted> {{ <s> <p> 'x' }} }}").ok
    assert update(url, "INSERT DATA {").status_code == 400
    text = requests.get(f"{url}metrics", timeout=60).text
    assert re.search(r'tsunagu_writes_total\{kind="update",outcome="ok"\} [1-9]', text)
    assert re.search(r'tsunagu_writes_total\{kind="update",outcome="write.malformed"\} [1-9]', text)


def test_rollback_undoes_a_write(home: Path, url: str) -> None:
    before = current(home)
    assert before is not None
    assert update(url, f"INSERT DATA {{ GRAPH <{BASE}undone> {{ <s> <p> 'x' }} }}").ok
    assert values(url, written("undone")) == ["x"]
    switch(home, before)
    for _ in range(100):
        if values(url, written("undone")) == []:
            break
        time.sleep(0.1)
    assert values(url, written("undone")) == []
    assert update(url, f"INSERT DATA {{ GRAPH <{BASE}done> {{ <s> <p> 'y' }} }}").ok
    assert (values(url, written("undone")), values(url, written("done"))) == ([], ["y"])


def test_a_graph_is_put_read_changed_and_deleted(url: str) -> None:
    address = f"{url}gsp/覚え書き/1"
    turtle = "<#a> <p> [ <q> '東町' ] ."
    put = requests.put(
        address, turtle.encode(), headers=TURTLE | {"If-None-Match": "*"}, timeout=60
    )
    assert put.status_code == 201
    found = requests.get(address, headers={"Accept": "text/turtle"}, timeout=60)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    iri = f"{BASE}gsp/覚え書き/1"
    graph = Graph().parse(data=found.text, format="turtle")
    assert graph.isomorphic(Graph().parse(data=turtle, format="turtle", publicID=iri))
    again = requests.get(f"{url}gsp", {"graph": iri}, headers={"Accept": "text/turtle"}, timeout=60)
    assert again.text == found.text
    tag = {"If-Match": again.headers["ETag"]}
    assert (
        requests.get(address, headers={"If-None-Match": tag["If-Match"]}, timeout=60).status_code
        == 304
    )
    changed = requests.put(address, "<x> <y> 1 .", headers=TURTLE | tag, timeout=60)
    assert changed.status_code == 204
    lost = requests.put(address, "<x> <y> 2 .", headers=TURTLE | tag, timeout=60)
    assert lost.status_code == 412
    assert requests.delete(address, headers=WRITER, timeout=60).status_code == 204
    assert requests.head(address, timeout=60).status_code == 404


def test_every_graph_is_read_without_a_key(url: str) -> None:
    for accept in (
        "application/ld+json",
        "application/rdf+xml",
        "application/n-triples",
        "text/n3",
    ):
        answer = requests.get(f"{url}gsp", {"graph": FREE}, headers={"Accept": accept}, timeout=60)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(accept)
    assert requests.head(f"{url}gsp?default", timeout=60).status_code == 200
    assert (
        requests.get(f"{url}gsp?default", headers={"Accept": "image/png"}, timeout=60).status_code
        == 406
    )


def test_a_burst_is_batched_and_each_is_atomic(home: Path, url: str) -> None:
    """Each update writes a pair of statements: no reader ever sees one of them alone."""
    graph = f"{BASE}burst"
    known = len(releases(home))
    done = threading.Event()
    mixed = []

    def read() -> None:
        query = f"SELECT ?o (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?o"
        while not done.is_set():
            mixed.extend(row for row in values(url, query) if not row.endswith(",2"))

    def write(number: int) -> int:
        text = f"INSERT DATA {{ GRAPH <{graph}> {{ <a> <p> {number} }} }} ; "
        text += f"INSERT {{ GRAPH <{graph}> {{ <b> <p> ?n }} }} "
        text += f"WHERE {{ GRAPH <{graph}> {{ <a> <p> ?n FILTER(?n = {number}) }} }}"
        return update(url, text if number % 7 else f"{text} ; CREATE GRAPH <{graph}>").status_code

    with ThreadPoolExecutor(9) as pool:
        reader = pool.submit(read)
        statuses = list(pool.map(write, range(1, 21)))
        done.set()
        reader.result()
    assert statuses == [204 if number % 7 else 400 for number in range(1, 21)]
    assert mixed == []
    assert len(values(url, written("burst"))) == 36
    assert len(releases(home)) - known < 18


def _writers(home: Path) -> list[int]:
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], stdout=subprocess.PIPE, text=True, check=True
    )
    lines = (line.split(None, 1) for line in listed.stdout.splitlines())
    return [int(pid) for pid, args in lines if re.search(f"loader.writing {home}$", args)]


def test_a_killed_writer_leaves_what_is_served_whole(home: Path, url: str) -> None:
    before = current(home)
    assert before is not None
    slow = "INSERT {<a> <b> ?x} WHERE {GRAPH ?g {?a ?b ?c} GRAPH ?h {?d ?e ?f} BIND(RAND() AS ?x)}"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(update, url, slow)
        while not (home / ".building" / "scratch").exists():
            time.sleep(0.01)
        for pid in _writers(home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert asked.result().status_code == 503
    assert current(home) == before
    assert (
        update(url, f"INSERT DATA {{ GRAPH <{BASE}after> {{ <s> <p> 'x' }} }}").status_code == 204
    )
    assert values(url, written("after")) == ["x"]
    assert not (home / ".building").exists()


def test_a_publish_keeps_what_is_written_and_is_waited_for(home: Path, url: str) -> None:
    assert update(url, f"INSERT DATA {{ GRAPH <{BASE}kept> {{ <s> <p> 'x' }} }}").ok
    with exclusive(home):
        assert update(url, "CLEAR ALL").status_code == 503
    publish(home, "ID,名称\n1,見本市民図書館\n2,見本集会所\n3,見本市役所\n")
    found = current(home)
    assert found is not None
    assert update(url, f"INSERT DATA {{ GRAPH <{BASE}kept> {{ <s> <p> 'y' }} }}").ok
    assert values(url, written("kept")) == ["x", "y"]
    query = f"SELECT ?o {{ GRAPH <{FREE}> {{ ?s ?p ?o FILTER(STR(?o) = '見本市役所') }} }}"
    assert set(values(url, query)) == {"見本市役所"}


def test_clients(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}sparql")
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {KEY}")
    wrapper.setMethod(POST)
    wrapper.setQuery(f"INSERT DATA {{ GRAPH <{BASE}wrapper> {{ <s> <p> '見本' }} }}")
    wrapper.query()
    wrapper.setQuery(written("wrapper"))
    wrapper.setReturnFormat(JSON)
    [row] = wrapper.queryAndConvert()["results"]["bindings"]
    assert row["o"]["value"] == "見本"
    store = SPARQLUpdateStore(f"{url}sparql", f"{url}sparql", headers=WRITER)
    graph = Graph(store, identifier=URIRef(f"{BASE}rdflib"))
    graph.add((URIRef(f"{BASE}s"), URIRef(f"{BASE}p"), Literal("x")))
    assert list(graph.objects()) == [Literal("x")]
    graph.remove((None, None, None))
    assert len(graph) == 0
