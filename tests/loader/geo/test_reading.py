"""Geographic files of every format: what becomes of them, and what is found wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loader.encoding import NotATableError
from loader.geo import reading
from loader.geo.reading import SETTINGS, read_features
from loader.geo.worker import work
from loader.model import FindingLog, Resource

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: what the worker does is seen, and a case takes no second."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reading, "_written", lambda folder, _: work(folder))


def told(log: FindingLog) -> Iterator[list[object]]:
    """Give the findings by code, place and value."""
    for group in log.groups():
        for found in group.examples:
            assert found.text("ja") and found.text("en") and found.advice("ja")
            yield [found.code, found.row, found.value]


def outcome(resource: Resource) -> dict[str, Any]:
    """Say what a file becomes."""
    log = FindingLog()
    try:
        features = read_features(resource, log)
    except NotATableError as refusal:
        log.add(refusal.finding)
        return {"findings": list(told(log))}
    return {
        "format": features.format.name,
        "encoding": features.encoding,
        "header": list(features.header),
        "rows": list(features.rows()),
        "findings": list(told(log)),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    (source,) = (path for path in case.iterdir() if path.name != "expected.json")
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert outcome(Resource("input", source)) == expected
