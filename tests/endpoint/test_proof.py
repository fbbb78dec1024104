"""Anyone can get the files of a release, verify them, and read how."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.app import create_app
from endpoint.state import EXTENSION
from loader.cli.main import main
from loader.release import MANIFEST, Release, current

CITY = Path(__file__).parents[2] / "data" / "tsunagu-city"
OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two keys, an organisation's certificate where openssl is, and a release."""
    folder = tmp_path_factory.mktemp("signed")
    for _ in range(2):
        main(["keys", "new", "--home", str(folder)])
    if OPENSSL:
        command = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256"
        command += " -keyout org.key -out org.crt -subj /O=Sample"
        subprocess.run(command.split(), cwd=folder, capture_output=True, check=True)
        (folder / "tsunagu.toml").write_text(
            '[signing]\ncertificate = "org.crt"\nkey = "org.key"\n'
        )
    assert main(["publish", str(CITY / "aed"), "--home", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Flask]:
    application = create_app(home)
    application.testing = True
    yield application
    application.extensions[EXTENSION].workers.close()


@pytest.fixture
def signed(home: Path) -> Release:
    found = current(home)
    assert found is not None
    return found


@pytest.fixture
def get(app: Flask) -> Callable[..., Any]:
    client: FlaskClient = app.test_client()
    return lambda path, **headers: client.get(path, headers=headers, buffered=True)


def test_every_file_of_a_release_is_served(signed: Release, get: Callable[..., Any]) -> None:
    names = [MANIFEST, *signed.proof.files, *signed.manifest["files"]]
    assert len(names) > 15
    for name in names:
        answer = get(f"/release/{signed.id}/{name}")
        assert answer.status_code == 200, name
        assert answer.data == (signed.path / name).read_bytes()
    assert get(f"/release/{signed.id}/{MANIFEST}").content_type == "application/json"
    [source] = [name for name in names if name.endswith(".csv")]
    answer = get(f"/release/{signed.id}/{source}")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


OTHERS = [
    "/release/{id}/store/CURRENT",
    "/release/{id}/../../tsunagu.toml",
    "/release/{id}/%2e%2e/%2e%2e/tsunagu.toml",
    "/release/../keys/x.pem",
    "/release/%2e%2e/manifest.json",
    "/release/nothing/manifest.json",
    "/release/{id}/manifest.json.0123456789abcdef.sig",
]


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_is(path: str, signed: Release, get: Callable[..., Any]) -> None:
    answer = get(path.format(id=signed.id), Accept_Language="en")
    assert answer.status_code == 404


def test_a_file_that_the_release_lacks(signed: Release, get: Callable[..., Any]) -> None:
    answer = get(f"/release/{signed.id}/x.nq", **{"Accept-Language": "en"})
    assert answer.get_data(as_text=True) == f"The release {signed.id} has no file x.nq.\n"


@pytest.mark.parametrize(("language", "title"), [("ja", "改変がない"), ("en", "Verify a copy")])
def test_the_page_says_how(
    language: str, title: str, signed: Release, get: Callable[..., Any]
) -> None:
    answer = get(f"/release/{signed.id}", **{"Accept": "text/html", "Accept-Language": language})
    text = answer.get_data(as_text=True)
    assert title in text
    for key in signed.proof.keys:
        assert f"-sigfile manifest.json.{key}.sig" in text


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_the_commands_of_the_page_work(
    signed: Release, get: Callable[..., Any], home: Path, tmp_path: Path
) -> None:
    text = get(f"/release/{signed.id}", Accept="text/html").get_data(as_text=True)
    copy = shutil.copytree(signed.path, tmp_path / "copy")
    shutil.copy(home / "org.crt", copy / "CA.pem")
    lines = [line.partition("</pre>")[0].rpartition(">")[2] for line in text.split("\n")]
    commands = [line for line in lines if line.startswith("openssl ")]
    results = {}
    for command in commands:
        shell = subprocess.run(
            command, shell=True, cwd=copy, capture_output=True, text=True, check=False
        )
        results[command] = shell.stdout + shell.stderr
    verified = [text for text in results.values() if "Signature Verified Successfully" in text]
    assert len(verified) == len(signed.proof.keys) == 3
    fingerprints = "".join(results.values())
    assert all(key in fingerprints for key in signed.proof.keys)
    assert [text for text in results.values() if "CMS Verification successful" in text]


def test_a_release_without_a_signature(get: Callable[..., Any], home: Path) -> None:
    folder = home / "releases" / "20200101T000000Z-00000000"
    folder.mkdir(parents=True)
    found = current(home)
    assert found is not None
    manifest = dict(found.manifest) | {"id": folder.name}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    page = get(f"/release/{folder.name}", **{"Accept": "text/html", "Accept-Language": "en"})
    assert "This release is not signed." in page.get_data(as_text=True)
