"""An IRI that was ever published answers for ever: it is there, it has moved, or it is gone."""

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pyoxigraph import NamedNode, RdfFormat, parse

from endpoint.app import create_app
from endpoint.state import EXTENSION
from loader import release
from loader.cli.main import main
from tests.endpoint.conftest import ReadingClient
from vocab.formats import RDF_FORMATS
from vocab.namespaces import DCTERMS, OWL, PROV, TSD

BASE = "http://localhost:8000/"
HEADER = "都道府県コード又は市区町村コード,NO,名称,住所,電話番号"
PLACES = {
    number: f"見本{name},つなぐ県つなぐ市{name}1-1,(099)000-000{number}"
    for number, name in enumerate(("図書館", "体育館", "公民館", "市民館", "集会所"), 1)
}


class City:
    """A folder of AED lists and the home that it is published into."""

    def __init__(self, folder: Path) -> None:
        self.data, self.home = folder / "data", folder / "home"
        self.data.mkdir()

    def write(self, name: str, numbers: set[int], code: str = "992011", **more: object) -> None:
        place = self.data / name
        place.mkdir(exist_ok=True)
        rows = [f"{code},{name}{number},{PLACES[number]}" for number in sorted(numbers)]
        (place / "aed.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        resource = {"path": "aed.csv", "mapping": "aed", **more}
        descriptor = {"name": name, "title": name, "resources": [resource]}
        (place / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")

    def publish(self, *options: str) -> None:
        assert self.run("publish", str(self.data), *options) == 0

    def run(self, *arguments: str) -> int:
        return main([*arguments, "--home", str(self.home), "--lang", "en"])

    @property
    def current(self) -> release.Release:
        found = release.current(self.home)
        assert found is not None
        return found

    def things(self) -> set[str]:
        """The paths of the main things, files and datasets of the current release."""
        found = set()
        for name, entry in self.current.datasets.items():
            text = self.current.dump(name).read_text(encoding="utf-8")
            found |= set(re.findall(rf"^<{BASE}(id/[^#>]+)", text, re.MULTILINE))
            found |= {f"dataset/{name}", *(f"file/{name}/{file}" for file in entry["files"])}
        return found

    @contextmanager
    def served(self) -> Iterator[FlaskClient]:
        app = create_app(self.home)
        app.test_client_class = ReadingClient
        try:
            yield app.test_client()
        finally:
            app.extensions[EXTENSION].workers.close()


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


class Publishing(RuleBasedStateMachine):
    """Publishes lists of changing things, removes datasets, rolls back and publishes again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.city = City(self.folder)
        self.seen: set[str] = set()

    @rule(
        lists=st.dictionaries(
            st.sampled_from("ab"), st.sets(st.sampled_from(list(PLACES)), min_size=1), min_size=1
        )
    )
    def publish(self, lists: dict[str, set[int]]) -> None:
        for name, numbers in lists.items():
            self.city.write(name, numbers)
        self.city.publish("--accept")

    @precondition(lambda self: release.current(self.city.home) and self.seen)
    @rule()
    def remove(self) -> None:
        name = next(iter(self.city.current.datasets), None)
        if name is not None:
            assert self.city.run("remove", name) == 0
            shutil.rmtree(self.city.data / name, ignore_errors=True)

    @precondition(lambda self: len(release.releases(self.city.home)) > 1)
    @rule()
    def roll_back(self) -> None:
        assert self.city.run("rollback") in (0, 2)

    @invariant()
    def everything_answers(self) -> None:
        if release.current(self.city.home) is None:
            return
        alive = self.city.things()
        self.seen |= alive
        with self.city.served() as client:
            for path in self.seen:
                status = client.get(f"/{path}").status_code
                assert status in ((200, 303) if path in alive else (301, 410)), path

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(
    max_examples=2, stateful_step_count=5, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_what_is_gone_is_told_in_every_format(city: City) -> None:
    city.write("a", {1, 2})
    city.publish()
    first = city.current
    city.write("a", {2})
    city.publish()
    thing = NamedNode(f"{BASE}id/aed/992011-a1")
    with city.served() as client:
        for format_ in RDF_FORMATS:
            by_suffix = client.get(f"/data/aed/992011-a1.{format_.suffix}")
            by_accept = client.get("/id/aed/992011-a1", headers={"Accept": format_.media_type})
            assert (by_suffix.status_code, by_accept.status_code) == (410, 410)
            assert by_suffix.data == by_accept.data
            quads = list(
                parse(by_suffix.data, format=RdfFormat.from_media_type(format_.media_type))
            )
            said = {quad.predicate.value: quad.object for quad in quads if quad.subject == thing}
            assert said[TSD["lastSeenIn"]] == NamedNode(f"{BASE}release/{first.id}")
            assert {PROV["invalidatedAtTime"], OWL["deprecated"]} < said.keys()
        for language, word in (("ja", "公開されていましたが"), ("en", "published once")):
            headers = {"Accept": "text/html", "Accept-Language": language}
            for path in ("/doc/aed/992011-a1", "/id/aed/992011-a1"):
                page = client.get(path, headers=headers)
                assert (page.status_code, page.headers["Content-Language"]) == (410, language)
                assert word in page.text and first.id in page.text and "見本図書館" in page.text
        head = client.head("/id/aed/992011-a1")
        assert (head.status_code, head.data) == (410, b"")
        assert head.headers["Cache-Control"] == "no-cache"
        assert client.get("/id/aed/992011-a9").status_code == 404
        assert client.get("/id/aed/992011-a2").status_code == 303
    city.write("a", {1, 2})
    city.publish()
    with city.served() as client:
        assert client.get("/id/aed/992011-a1").status_code == 303


def test_a_dataset_that_was_removed(city: City) -> None:
    city.write("a", {1})
    city.write("b", {2})
    city.publish()
    assert city.run("remove", "b") == 0
    with city.served() as client:
        for path in ("dataset/b", "dataset/b.ttl", "dump/b.nq", "file/b/aed.csv", "def/b"):
            assert client.get(f"/{path}").status_code == 410, path
        assert client.get("/dataset/b/distribution/aed.csv").status_code == 410
        assert client.get("/dataset/c").status_code == 404
        page = client.get("/dataset/b", headers={"Accept": "text/html"})
        assert page.status_code == 410
        for path in ("", "catalog.ttl", "catalog"):
            assert "dataset/b" not in client.get(f"/{path}").text


def test_things_that_get_identifiers_have_moved(city: City) -> None:
    city.write("a", {1, 2, 3, 4, 5})
    city.publish()
    city.write("a", {1, 2, 3, 4, 5}, identifiers={"scheme": "uuid"})
    assert city.run("identifiers", "assign", str(city.data)) == 0
    city.publish()
    with (city.data / "a" / "aed.identifiers.csv").open(encoding="utf-8") as stream:
        entries = {row["key"]: row for row in csv.DictReader(stream)}
    one, two = (entries[f"aed/992011-a{number}"]["identifier"] for number in (1, 2))
    with city.served() as client:
        for place in ("id", "doc"):
            moved = client.get(f"/{place}/aed/992011-a1?lang=en")
            assert moved.status_code == 301
            assert moved.headers["Location"] == f"/{place}/aed/{one}?lang=en"
        moved = client.get("/data/aed/992011-a1.ttl")
        assert (moved.status_code, moved.headers["Location"]) == (301, f"/data/aed/{one}.ttl")
    city.write("a", {2, 3, 4, 5}, identifiers={"scheme": "uuid"})
    assert city.run("identifiers", "assign", str(city.data)) == 0
    path = city.data / "a" / "aed.identifiers.csv"
    text = path.read_text(encoding="utf-8").replace("deleted,", f"deleted,{two}")
    path.write_text(text, encoding="utf-8")
    city.publish()
    with city.served() as client:
        assert client.get("/id/aed/992011-a1").headers["Location"] == f"/id/aed/{one}"
        merged = client.get(f"/id/aed/{one}")
        assert (merged.status_code, merged.headers["Location"]) == (301, f"/id/aed/{two}")


def test_the_code_of_a_municipality_changes(city: City) -> None:
    # 長久手町 (愛知県) became 長久手市 on 2012-01-04; the facilities are samples.
    city.write("a", {1, 2, 3}, code="233048")
    city.publish()
    city.write("a", {1, 2}, code="232386")
    city.publish()
    with city.served() as client:
        moved = client.get("/id/aed/233048-a1")
        assert (moved.status_code, moved.headers["Location"]) == (301, "/id/aed/232386-a1")
        assert client.get("/id/aed/233048-a3").status_code == 410


def test_a_municipality_is_replaced(city: City) -> None:
    text = f'<{BASE}id/municipality/233048> <{DCTERMS["title"]}> "見本" .\n'
    file = city.data / "codes.ttl"
    file.write_text(text + f'<{BASE}id/x/1> <{DCTERMS["title"]}> "1" .\n', encoding="utf-8")
    city.publish()
    file.write_text(f'<{BASE}id/x/1> <{DCTERMS["title"]}> "1" .\n', encoding="utf-8")
    city.publish()
    with city.served() as client:
        gone = client.get("/id/municipality/233048")
        assert gone.status_code == 410
        later = "http://data.e-stat.go.jp/lod/sac/C23238-20120104"
        assert f'<{later}>; rel="successor-version"' in gone.headers["Link"]
        assert f"<{later}>" in gone.text and DCTERMS["isReplacedBy"].rpartition("/")[2] in gone.text
        page = client.get("/doc/municipality/233048")
        assert f'href="{later}"' in page.text


def test_a_release_that_was_pruned(city: City) -> None:
    for numbers in ({1, 2}, {2}, {1}):
        city.write("a", numbers)
        city.publish("--accept")
    first = release.releases(city.home)[0]
    assert city.run("releases", "prune", "--keep", "1") == 0
    with city.served() as client:
        for path in ("", ".ttl", "/manifest.json"):
            assert client.get(f"/release/{first.id}{path}").status_code == 410
        page = client.get(f"/release/{first.id}", headers={"Accept": "text/html"})
        assert page.status_code == 410 and first.id in page.text
        assert client.get("/release/..").status_code == 404
        assert client.get("/release/20200101T000000Z-00000000").status_code == 404
        assert client.get("/id/aed/992011-a2").status_code == 410


def test_what_was_rolled_back_is_gone_until_it_is_published_again(city: City) -> None:
    city.write("a", {1})
    city.publish()
    city.write("a", {1, 2})
    city.publish()
    later = city.current
    assert city.run("rollback") == 0
    with city.served() as client:
        gone = client.get("/id/aed/992011-a2")
        assert gone.status_code == 410 and later.id in gone.text
        assert client.get("/id/aed/992011-a1").status_code == 303
        assert client.get("/id/aed/992011-a3").status_code == 404
    assert city.run("rollback", later.id) == 0
    with city.served() as client:
        assert client.get("/id/aed/992011-a2").status_code == 303
