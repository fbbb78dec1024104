"""The allocator of query workers: taken where the system has one, as the operator says."""

from dataclasses import replace
from pathlib import Path

import pytest

from endpoint.configuration import read_settings
from endpoint.evaluation import allocator
from endpoint.evaluation.allocator import AUTO, SYSTEM, environment
from endpoint.evaluation.task import Limits
from endpoint.evaluation.worker import Worker
from endpoint.settings import Settings
from loader.errors import ConfigurationError
from loader.release import Release
from tests.conftest import missing
from tests.endpoint.example_release import FIRST

EMPTY: dict[str, str] = {}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of libraries."""
    monkeypatch.setattr(allocator, "_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(allocator, "_found", allocator._found.__wrapped__)
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_the_fastest_that_there_is_is_taken(folder: Path) -> None:
    assert "LD_PRELOAD" not in environment(AUTO, EMPTY)
    for name in ("libjemalloc.so.2", "libtcmalloc_minimal.so.4"):
        (folder / name).touch()
        assert environment(AUTO, EMPTY)["LD_PRELOAD"] == str(folder / name)


def test_what_the_operator_says_is_done(folder: Path) -> None:
    (folder / "libjemalloc.so.2").touch()
    assert list(environment(SYSTEM, EMPTY)) == ["GLIBC_TUNABLES"]
    assert environment("/opt/lib.so", EMPTY)["LD_PRELOAD"] == "/opt/lib.so"
    assert environment(AUTO, {"LD_PRELOAD": "", "GLIBC_TUNABLES": "glibc.malloc.mxfast=0"}) == {}


@pytest.mark.parametrize("kind", [AUTO, SYSTEM])
def test_a_worker_has_it(home: Path, kind: str) -> None:
    library = allocator._found()
    if library == SYSTEM:
        missing("an allocator (Debian: apt-get install libtcmalloc-minimal4)")
    limits = replace(Limits.of(Settings(), 30.0, 0), allocator=kind)
    worker = Worker(Release(home / "releases" / FIRST).store, limits)
    try:
        loaded = Path(f"/proc/{worker.pid}/maps").read_text(encoding="utf-8")
    finally:
        worker.close()
    assert (str(Path(library).resolve()) in loaded) is (kind == AUTO)


def test_the_setting_names_what_is_there(tmp_path: Path) -> None:
    library = tmp_path / "liballoc.so"
    library.touch()
    for value in (AUTO, SYSTEM, str(library)):
        (tmp_path / "tsunagu.toml").write_text(f'[serve]\nallocator = "{value}"\n')
        assert read_settings(tmp_path).allocator == value
    for wrong in (f'"{tmp_path / "none.so"}"', '"liballoc.so"', '""', "1"):
        (tmp_path / "tsunagu.toml").write_text(f"[serve]\nallocator = {wrong}\n")
        with pytest.raises(ConfigurationError) as told:
            read_settings(tmp_path)
        assert told.value.values["key"] == "serve.allocator"
