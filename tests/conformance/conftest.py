"""A release that holds all data of the W3C SPARQL suite, each file in a graph of its own IRI."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, NamedNode, Quad, Store, parse

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from tests.conformance.sparql11 import BASE, LABEL, MISSING, SUITE, UT, entries, file_of
from tests.endpoint.example_release import BASE as SITE
from tests.endpoint.example_release import FIRST, switch


def _graphs() -> Iterator[tuple[str, Path]]:
    """Graph names and files: every file of data, and what the protocol's tests presume."""
    for path in SUITE.glob("*/*.*"):
        if path.suffix in (".ttl", ".rdf", ".nt") and not path.name.startswith("manifest"):
            yield BASE + path.relative_to(SUITE).as_posix(), path
    for entry in entries("protocol/manifest.ttl"):
        for node in entry.terms(f"{UT}graphData"):
            assert isinstance(node, NamedNode | BlankNode)
            label, file = entry.text_of(LABEL, node), entry.text_of(f"{UT}graph", node)
            assert label and file
            yield label, file_of(file)


def _quads(graph: str, path: Path) -> Iterator[Quad]:
    iri = BASE + path.relative_to(SUITE).as_posix()
    for quad in parse(path=path, base_iri=iri, rename_blank_nodes=True):
        yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


@pytest.fixture(scope="package")
def suite_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose release is the data of the suite."""
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    home = tmp_path_factory.mktemp("suite")
    folder = home / "releases" / FIRST
    folder.mkdir(parents=True)
    store = Store(folder / "store")
    files = dict(_graphs()).items()
    store.bulk_extend(quad for graph, path in files for quad in _quads(graph, path))
    store.flush()
    described = {
        "layout": 1,
        "id": FIRST,
        "base_iri": SITE,
        "title": {"ja": "試験"},
        "datasets": {},
    }
    (folder / "manifest.json").write_text(json.dumps(described), encoding="utf-8")
    switch(home, FIRST)
    return home


@pytest.fixture(scope="package")
def suite_client(suite_home: Path) -> Iterator[FlaskClient]:
    """An application over that release."""
    app: Flask = create_app(suite_home, settings=Settings())
    yield app.test_client()
    app.extensions[EXTENSION].workers.close()
