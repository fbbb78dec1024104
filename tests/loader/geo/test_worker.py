"""The process that reads: what it may do, and what its end means."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loader.encoding import NotATableError
from loader.geo import reading
from loader.geo.formats import FORMATS
from loader.geo.reading import SETTINGS, read_features
from loader.model import FindingLog, Resource

POINT = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[139,35]}}'


@pytest.fixture
def source(tmp_path: Path) -> Resource:
    path = tmp_path / "a.geojson"
    path.write_text(POINT)
    return Resource("a", path)


def refusal(source: Resource) -> str:
    with pytest.raises(NotATableError) as refused:
        read_features(source, FindingLog())
    return refused.value.finding.code


def test_a_file_is_read_by_another_process(source: Resource) -> None:
    features = read_features(source, FindingLog())
    assert features.count == 1
    assert [*features.rows()] == [*features.rows()]
    assert "pyogrio" not in _modules_of_reading()


def _modules_of_reading() -> list[str]:
    listed = "import sys, loader.geo.reading; print('\\n'.join(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, check=True
    )
    return ended.stdout.splitlines()


def test_the_folder_goes_with_the_features(source: Resource) -> None:
    features = read_features(source, FindingLog())
    folder = features._folder.path
    assert folder.is_dir()
    del features
    assert not folder.exists()


def test_gdal_has_no_driver_but_those_needed() -> None:
    listed = "import json, pyogrio; print(json.dumps(sorted(pyogrio.list_drivers())))"
    ended = subprocess.run(
        [sys.executable, "-c", listed],
        capture_output=True,
        text=True,
        check=True,
        env=SETTINGS,
    )
    assert json.loads(ended.stdout) == sorted(format_.driver for format_ in FORMATS)


def test_a_reader_that_dies_is_reported(
    source: Resource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    assert refusal(source) == "geo.reader-died"


def test_a_reader_that_takes_too_long_is_ended(
    source: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0)
    assert refusal(source) == "geo.too-slow"
