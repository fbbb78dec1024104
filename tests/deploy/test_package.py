"""The wheel and the sdist: whole, and able to publish and to serve by themselves."""

import signal
import tarfile
import zipfile
from pathlib import Path

import requests

from tests.deploy.conftest import ROOT, SOURCES, Built, alone, run
from tests.endpoint.serving import started

UNWANTED = {"__pycache__", "node_modules", ".installed"}
SAMPLE = ROOT / "data" / "tsunagu-city" / "aed"


def wanted(source: Path) -> set[str]:
    """Every file of the rooms: code, and the data beside it."""
    files = (path for name in SOURCES for path in (source / name).rglob("*") if path.is_file())
    return {str(path.relative_to(source)) for path in files if not UNWANTED & set(path.parts)}


def test_the_wheel_is_whole(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert found == wanted(built.source)


def test_the_sdist_is_whole(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    assert wanted(built.source) | {"pyproject.toml", "README.md", "LICENSE"} <= found


def test_what_is_installed_publishes_and_serves(installed: Path, tmp_path: Path) -> None:
    home, tsunagu = tmp_path / "home", installed / "tsunagu"
    place = run(installed / "python", "-c", "import endpoint; print(endpoint.__file__)",
                cwd=tmp_path)  # fmt: skip
    assert place.startswith(str(installed.parent))
    run(tsunagu, "publish", SAMPLE, "--home", home, cwd=tmp_path)
    command = [tsunagu, "serve", "--home", home]
    with started(command, tmp_path / "log", tmp_path, alone()) as (address, process):
        for path in ("readyz", "", "sparql", "query/", "catalog.ttl", "static/site.css"):
            answer = requests.get(address + path, headers={"Accept": "text/html,*/*"}, timeout=60)
            assert answer.status_code == 200, path
        kinds = requests.get(f"{address}api/kinds?format=csv", timeout=60).text
        assert "Aed" in kinds
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
