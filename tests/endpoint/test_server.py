"""The real server: granian, its web process and its query workers, over HTTP."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rdflib
import requests
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

from endpoint import __main__ as command
from endpoint.serve import Options, serve
from endpoint.settings import Settings
from endpoint.wsgi import ACCESS_LOG, BASE_IRI, HOME, WORKERS, application
from loader.errors import ConfigurationError
from tests.endpoint.example_release import BASE, FIRST

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(home: Path, port: int, errors: Path) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    with errors.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "endpoint", "--home", home, "--port", str(port)],
            cwd=ROOT,
            stderr=stream,
        )
    for _ in range(300):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
            return process
        time.sleep(0.1)
    process.kill()
    raise AssertionError(errors.read_text())


@pytest.fixture(scope="module")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    errors = tmp_path_factory.mktemp("log") / "errors"
    process = start(home, port, errors)
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert errors.read_text() == ""


def test_requests(url: str) -> None:
    answer = requests.get(url + "sparql", params={"query": "ASK {}"}, timeout=30)
    assert answer.json() == {"head": {"link": [f"{BASE}release/{FIRST}"]}, "boolean": True}
    assert answer.headers["Tsunagu-Release"] == FIRST
    page = requests.get(f"{url}id/facility/a%2Fb", headers={"Accept": "text/html"}, timeout=30)
    assert [step.status_code for step in page.history] == [303]
    assert page.url == f"{url}doc/facility/a%2Fb"
    japanese = requests.get(f"{url}id/facility/東町-2", timeout=30)
    assert japanese.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert "東町集会所" in japanese.text
    head = requests.head(url, timeout=30)
    assert (head.status_code, head.content) == (200, b"")
    preflight = requests.options(url + "sparql", timeout=30)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


def test_traversal_and_markup_in_paths(url: str) -> None:
    session = requests.Session()
    for path in ("file/facilities/%2e%2e%2fsecret.txt", "static/%2e%2e/app.py", "%00", "%ff%fe"):
        answer = session.get(url + path, timeout=30)
        assert answer.status_code == 404
    answer = session.get(url + "<script>alert(1)</script>", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_a_large_answer_comes_whole(url: str) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = requests.post(url + "sparql", data={"query": query}, timeout=30)
    assert len(answer.content) > 1 << 20
    assert len(answer.json()["results"]["bindings"]) > 2000


def test_sparqlwrapper(url: str) -> None:
    client = SPARQLWrapper(url + "sparql", returnFormat=JSON)
    client.setQuery("SELECT ?n { ?s <http://xmlns.com/foaf/0.1/name> ?n }")
    assert client.query().convert()["results"]["bindings"][0]["n"]["value"] == "つなぐ市"
    client.setMethod(POST)
    client.setReturnFormat(CSV)
    assert client.query().convert().decode() == "n\r\nつなぐ市\r\n"
    client.setQuery("CONSTRUCT { ?s ?p ?o } { ?s a <http://www.w3.org/ns/dcat#Dataset> ; ?p ?o }")
    client.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=client.query().convert(), format="turtle")) == 5


def test_rdflib_reads_a_thing_by_its_address(url: str) -> None:
    graph = rdflib.Graph().parse(f"{url}id/facility/992011-1")
    labels = graph.objects(rdflib.URIRef(f"{BASE}id/facility/992011-1"), rdflib.RDFS.label)
    assert "Tsunagu Public Library" in {str(label) for label in labels}


def test_many_at_once(url: str) -> None:
    def ask(number: int) -> tuple[int, bool]:
        query = f"SELECT ({number} AS ?n) {{}}"
        answer = requests.get(url + "sparql", {"query": query, "format": "csv"}, timeout=60)
        return answer.status_code, answer.text == f"n\r\n{number}\r\n"

    with ThreadPoolExecutor(32) as executor:
        answers = list(executor.map(ask, range(200)))
    assert set(answers) <= {(200, True), (429, False)}
    assert (200, True) in answers


def test_ten_thousand_ranges(url: str) -> None:
    accept = ",".join(f"a/b{number}" for number in range(2000)) + ",text/csv"
    headers = {"Accept": accept}
    answer = requests.get(url + "sparql", {"query": "SELECT * {}"}, headers=headers, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    process = start(home, free_port(), tmp_path / "errors")
    process.send_signal(number)
    assert process.wait(30) == 0
    assert (tmp_path / "errors").read_text() == ""


def test_a_port_in_use_is_told_before_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError) as told:
            serve(tmp_path, "127.0.0.1", port, Options(), print)
        assert told.value.code == "serve.port-in-use"
        arguments = ["--home", str(tmp_path), "--port", str(port), "--lang", "en"]
        assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"Port {port} is in use")


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 70000)])
def test_an_address_that_cannot_be_had(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, port: int
) -> None:
    arguments = ["--home", str(tmp_path), "--host", host, "--port", str(port), "--lang", "ja"]
    assert command.main(arguments) == 2
    assert "待ち受けられません" in capsys.readouterr().err


def test_serving_hands_its_configuration_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, object] = {}

    class Server:
        def __init__(self, listener: socket.socket, settings: Settings, _: object) -> None:
            started.update(port=listener.getsockname()[1], settings=settings)

        def serve(self) -> None:
            started["home"] = Path(os.environ[HOME])

    for name in (HOME, BASE_IRI, WORKERS, ACCESS_LOG):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr("endpoint.serve.Reloading", Server)
    monkeypatch.setattr("endpoint.serve.multiprocessing.set_start_method", lambda *_, **__: None)
    monkeypatch.setattr("endpoint.serve.signal.signal", lambda *_: None)
    port = free_port()
    arguments = ["--home", str(home), "--port", str(port), "--base-iri", "https://a.example/"]
    assert command.main([*arguments, "--workers", "2", "--access-log", "-"]) == 0
    assert (started["home"], started["port"]) == (home.resolve(), port)
    assert started["settings"] == Settings(query_workers=2, access_log="-")
    assert os.environ[BASE_IRI] == "https://a.example/"


def test_the_application_that_the_server_loads(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[object] = []
    monkeypatch.setattr("endpoint.wsgi.atexit.register", ends.append)
    monkeypatch.setenv("TSUNAGU_SERVE_BASE_IRI", "https://public.example/")
    monkeypatch.setenv(HOME, str(home))
    app = application()
    try:
        text = app.test_client().get("/sparql").text
        assert "<https://public.example/sparql>" in text
    finally:
        for end in ends:
            assert callable(end)
            end()
    monkeypatch.setenv(HOME, str(tmp_path))
    assert application().test_client().get("/").status_code == 503
    damaged = tmp_path / "releases" / FIRST
    (damaged / "store").mkdir(parents=True)
    (tmp_path / "current").symlink_to(Path("releases") / FIRST)
    assert application().test_client().get("/").status_code == 503
