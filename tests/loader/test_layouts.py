"""Releases of every layout that ever was are opened, or it is said what to do."""

import json
from pathlib import Path

import pytest

import loader.build
import loader.release
from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from loader.errors import ReleaseError
from loader.release import LAYOUT_VERSION, MANIFEST, OLDEST_LAYOUT, Release, current
from tests.loader.conftest import Run

STORED = Path(__file__).parents[1] / "cases" / "releases"
CITY = Path(__file__).parents[2] / "data" / "tsunagu-city"
BASE = "https://data.example.jp/"
LAYOUTS = range(OLDEST_LAYOUT, LAYOUT_VERSION + 1)


@pytest.fixture(params=LAYOUTS)
def stored(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Release:
    """A home that serves a stored release, made when its layout was the newest."""
    code, _, err = run("import", STORED / f"layout-{request.param}.tar.gz", "--switch")
    assert code == 0, err
    found = current(tmp_path / "home")
    assert found is not None and found.manifest["layout"] == request.param
    return found


def test_it_is_verified_packed_and_served(stored: Release, run: Run, tmp_path: Path) -> None:
    assert run("verify")[0] == 0
    assert run("releases")[0] == 0
    assert run("rollback", stored.id)[0] == 0
    assert run("export", "-o", tmp_path / "x.tar")[0] == 0
    application = create_app(tmp_path / "home", settings=Settings(page_seconds=20.0))
    client = application.test_client()
    paths = ["/", "/catalog.ttl", "/dataset/sample", "/dataset/sample/citation.json", "/def/"]
    paths += [f"/release/{stored.id}", f"/release/{stored.id}/dumps/sample.nq"]
    paths += ["/sparql?query=ASK{?s ?p ?o}", "/file/sample/sample.csv"]
    answers = {path: client.get(path, buffered=True).status_code for path in paths}
    application.extensions[EXTENSION].workers.close()
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("newest", [LAYOUT_VERSION, LAYOUT_VERSION + 1])
def test_a_publish_goes_on_from_it(
    stored: Release, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(loader.release, "LAYOUT_VERSION", newest)
    monkeypatch.setattr(loader.build, "LAYOUT_VERSION", newest)
    code, out, err = run("publish", CITY / "tourism", "--base-iri", BASE)
    assert code == 0, out + err
    made = current(tmp_path / "home")
    assert made is not None and made.manifest["layout"] == newest
    assert set(made.datasets) == {"sample", "tsunagu-tourism"}
    assert made.dump("sample").read_bytes() == stored.dump("sample").read_bytes()
    assert run("verify")[0] == 0
    assert run("rollback")[0] == 0
    assert current(tmp_path / "home") == stored


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (LAYOUT_VERSION + 1, "release.newer-layout"),
        (OLDEST_LAYOUT - 1, "release.older-layout"),
        ("1", "release.unreadable"),
        (None, "release.unreadable"),
    ],
)
def test_other_layouts_are_refused_before_anything_changes(
    stored: Release, run: Run, tmp_path: Path, layout: object, code: str
) -> None:
    path = stored.path / MANIFEST
    path.write_text(json.dumps({**stored.manifest, "layout": layout}))
    with pytest.raises(ReleaseError) as raised:
        _ = Release(stored.path).manifest
    assert raised.value.code == code
    for command in (["publish", CITY / "aed", "--base-iri", BASE], ["verify"], ["releases"]):
        exit_code, _, err = run(*command)
        assert (exit_code, "defect" in err) == (2, False)
    assert [release.id for release in loader.release.releases(tmp_path / "home")] == [stored.id]


def test_a_manifest_that_is_no_object_is_unreadable(stored: Release) -> None:
    (stored.path / MANIFEST).write_text("[1]")
    with pytest.raises(ReleaseError, match=r"release\.unreadable"):
        _ = Release(stored.path).manifest
