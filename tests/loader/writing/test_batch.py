"""From requests to a release, by the program that the endpoint starts; and what keeps it later."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from loader.build import WRITING, exclusive
from loader.build.store_files import measure
from loader.cli.history.document import difference_json
from loader.cli.history.page import difference_page
from loader.cli.history.text import difference_text
from loader.cli.words import Words
from loader.config import Retention, read_config
from loader.errors import ReleaseError
from loader.history.difference import Difference, written_between
from loader.history.patch import patch_lines
from loader.move.rebase import Rebase
from loader.proof.store import is_as_dumped
from loader.release import Release, current, releases, verify
from loader.retention import pin, to_prune
from loader.writing import batch
from loader.writing.request import Limits
from tests.endpoint.written_home import publish, publish_home
from tests.loader.conftest import Run

BASE = "http://data.example/"
LIMITS: dict[str, Any] = {
    "seconds": 20,
    "wait_seconds": 0,
    "quads": 10_000,
    "depth": 64,
    "memory_bytes": 4 << 30,
    "stack_bytes": 64 << 20,
}


def insert(graph: str, *values: object) -> dict[str, Any]:
    objects = ", ".join(f"'{value}'" for value in values)
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <s> <p> {objects} }} }}"
    return {"kind": "update", "text": text, "base": BASE, "using": [], "using_named": []}


def write(home: Path, *requests: dict[str, Any], **limits: Any) -> dict[str, Any]:
    """In a process of its own: the engine's threads do not survive the fork of the evaluator."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(batch.write, home, requests, Limits(**LIMITS | limits)).result()


def served(home: Path) -> Release:
    found = current(home)
    assert found is not None
    assert list(verify(found)) == []
    assert measure(found.store) == found.store_files
    assert is_as_dumped(found)
    return found


def lines(release: Release) -> list[str]:
    path = release.path / "written.nq"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_home(tmp_path_factory.mktemp("home"), BASE)


def test_releases_by_writing(published: Path, run: Run) -> None:
    """One after another; a publish, a rebase and a pin between them keep what is written."""
    home = published
    first = served(home)
    told = write(home, insert("a", 1), {"kind": "update"} | insert("graph/x", 1), insert("a", 2))
    assert [one.get("error") for one in told["answers"]] == [None, "write.protected", None]
    second = served(home)
    assert told["release"] == second.id
    assert second.manifest["written"]["requests"] == 2
    assert second.manifest["store"]["base"] == first.id
    assert len(lines(second)) == 2
    _told_by_diff(first, second)
    third = _published_again(home, second)
    write(home, insert("a", 3))
    fourth = served(home)
    assert fourth.manifest["store"]["layers"] <= 2
    assert len(lines(fourth)) == 3
    clear = insert("a") | {"text": "DROP ALL"}
    write(home, clear)
    assert lines(served(home)) == []
    assert write(home, clear)["release"] == served(home).id
    write(home, insert("a", 4))
    _retention(home, [first, third], [second, fourth])
    _, out, _ = run("releases", "--home", home, "--format", "json")
    states = {entry["id"]: entry["written"] for entry in json.loads(out)}
    assert [states[one.id] for one in (first, second, third, fourth)] == [False, True, False, True]
    assert "by writing" in run("releases", "--home", home)[1]
    _rebased(home)


def _told_by_diff(first: Release, second: Release) -> None:
    assert written_between(first, second) == (2, 0)
    assert written_between(second, first) == (0, 2)
    found = Difference(second, first, [], 0, 2)
    assert found.differs
    assert "−2" in difference_text(found, Words("en"))
    assert "−2" in difference_page(found, Words("ja"))
    assert difference_json(found)["written"] == {"added": 0, "removed": 2}
    assert not Difference(first, first, [], *written_between(first, first)).differs
    patched = b"".join(patch_lines(first, second)).decode()
    assert all(f"A {line}\n" in patched for line in lines(second))


def _published_again(home: Path, before: Release) -> Release:
    publish(home, "ID,名称\n1,見本市民図書館\n4,見本市役所\n5,見本会館\n")
    after = served(home)
    assert lines(after) == lines(before)
    assert after.manifest["written"] == {
        "quads": 2,
        "over": after.manifest["written"]["over"],
    }
    publish(home, "ID,名称\n1,見本市民図書館\n4,見本市役所\n5,見本会館\n")
    assert served(home) == after
    return after


def _retention(home: Path, published: list[Release], by_writing: list[Release]) -> None:
    later = datetime.now(UTC) + timedelta(days=1000)
    assert to_prune(home, Retention(), later) == []
    damaged = home / "releases" / "20200101T000000Z-00000000"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{")
    assert Release(damaged) not in to_prune(home, Retention(written=1), later)
    shutil.rmtree(damaged)
    assert by_writing[0] in to_prune(home, Retention(written=1), later)
    pin(home, by_writing[0].id)
    pruned = to_prune(home, Retention(written=1), later)
    assert by_writing[0] not in pruned and by_writing[1] in pruned
    assert not set(published) & set(pruned)
    assert to_prune(home, Retention(keep=1), later) == published[:1]


def _rebased(home: Path) -> None:
    text = (home / "tsunagu.toml").read_text()
    (home / "tsunagu.toml").write_text(text.replace(BASE, "http://new.example/"))
    Rebase(home, read_config(home)).run()
    after = served(home)
    assert after.base_iri == "http://new.example/"
    assert [line.replace("http://new.example/", BASE) for line in lines(after)] == [
        f'<{BASE}s> <{BASE}p> "4" <{BASE}a> .'
    ]
    assert after.manifest["written"]["quads"] == 1


def test_what_cannot_become_a_release(published: Path, tmp_path: Path) -> None:
    before = releases(published)
    assert _error(write(tmp_path / "empty", insert("a", 1))) == "release.none"
    with exclusive(published):
        assert _error(write(published, insert("b", 1))) == "write.busy"
    text = (published / "tsunagu.toml").read_text()
    (published / "tsunagu.toml").write_text("nonsense = 1\n")
    assert _error(write(published, insert("b", 1))) == "write.no-release"
    (published / "tsunagu.toml").write_text(text)
    loop = (
        "INSERT { GRAPH <l> { <s> <p> ?x } } WHERE { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } "
    )
    slow = insert("a") | {"text": loop + "BIND(STRUUID() AS ?x) }"}
    told = write(published, slow, insert("b"), seconds=1)
    assert [answer.get("error") for answer in told["answers"]] == [
        "write.timeout",
        "write.malformed",
    ]
    told = write(published, slow, seconds=30, memory_bytes=700 << 20)
    assert _error(told) == "write.crashed"
    assert releases(published) == before
    assert not (published / ".building").exists()


def _error(told: dict[str, Any]) -> str:
    return str(told["answers"][0]["error"])


def test_the_program(tmp_path: Path) -> None:
    """It answers batch after batch; one that breaks off is told, and is the only one."""
    asked = json.dumps({"limits": LIMITS, "requests": [insert("a", 1)]})
    command = [sys.executable, "-m", "loader.writing", str(tmp_path)]
    text = f"{asked}\n{{}}\n{asked}\n"
    told = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    refused = {"release": None, "answers": [{"error": "release.none", "values": {}}]}
    assert list(map(json.loads, told.stdout.splitlines())) == [refused, None, refused]


def test_a_publish_waits_for_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.build.lock._PATIENCE_SECONDS", 0.0)
    with exclusive(tmp_path, holder=WRITING):
        assert (tmp_path / ".lock").read_text() == WRITING
        with pytest.raises(ReleaseError), exclusive(tmp_path):
            pass
        waited = []
        monkeypatch.setattr("loader.build.lock._PATIENCE_SECONDS", 1e9)
        monkeypatch.setattr("loader.build.lock.time.sleep", lambda _: waited.append(1) or 1 / 0)
        with pytest.raises(ZeroDivisionError), exclusive(tmp_path):
            pass
    assert waited == [1]
    with exclusive(tmp_path):
        assert (tmp_path / ".lock").read_text() == ""
