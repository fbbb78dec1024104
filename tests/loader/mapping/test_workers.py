"""Several processes write what one writes: the same lines in the same order, the same findings."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loader.mapping import run, workers
from loader.mapping.run import run_document
from loader.mapping.workers import mapped
from loader.model import Batch, FindingLog
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation
from vocab.iris import IriPolicy

ROWS = 3_000


class Doubles:
    """A plan of the tests."""

    def runs(self, batch: Batch, findings: FindingLog) -> list[list[str]]:
        if batch.columns[0][0] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return [[cell * 2 for cell in batch.columns[0]]]


def batches(*cells: str) -> Iterator[Batch]:
    for number, cell in enumerate(cells):
        yield Batch([number], [[cell]])


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_batches_come_back_in_their_order(jobs: int) -> None:
    found = mapped(Doubles(), Doubles, batches(*"abcdefg"), FindingLog(), jobs)
    assert [(list(batch.rows), runs) for batch, runs in found] == [
        ([number], [[cell * 2]]) for number, cell in enumerate("abcdefg")
    ]


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(ChildProcessError):
        list(mapped(Doubles(), Doubles, batches("a", "die", "b"), FindingLog(), 2))


def findings_of(log: FindingLog) -> list[tuple[object, ...]]:
    return sorted(
        (finding.code, finding.row, str(finding.column), str(finding.value), group.count)
        for group in log.groups()
        for finding in group.examples
    )


def by_document(folder: Path, jobs: int) -> tuple[list[str], FindingLog]:
    log = FindingLog()
    lines = run_document(folder / "own.yaml", findings=log, jobs=jobs)
    return [line for batch in lines for line in batch], log


def by_package(folder: Path, jobs: int) -> tuple[list[str], FindingLog]:
    log, lines = FindingLog(), list[str]()
    for package in discover([folder]).packages:
        policy = IriPolicy("https://data.example.jp/")
        Transformation(package, policy, log, lines.extend, Silence(), jobs=jobs).run()
    return lines, log


@pytest.mark.parametrize("way", [by_document, by_package])
def test_the_same_bytes_and_findings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[Path, int], tuple[list[str], FindingLog]],
) -> None:
    for module in (run, workers):
        monkeypatch.setattr(module, "WORTH_PROCESSES", 0)
    monkeypatch.setattr("loader.transform.WORTH_PROCESSES", 0)
    rows = [f"{n},http://example.com/{'a b' if n % 500 == 7 else n},z{n % 9}" for n in range(ROWS)]
    (tmp_path / "t.csv").write_text("\n".join(["id,link,zone", *rows]), encoding="utf-8")
    zones = [f"z{n},{n}" for n in range(9)]
    (tmp_path / "zones.csv").write_text("\n".join(["code,fare", *zones]), encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        """
mappings:
  m:
    sources: [[t.csv~csv]]
    s: http://example.com/$(id)
    po:
      - [http://example.com/link, $(link)~iri]
      - p: http://example.com/zone
        o: {mapping: z, condition: {function: equal, parameters:
             [[str1, $(zone)], [str2, $(code)]]}}
      - {p: http://example.com/of, iv: http://example.com/has, o: "http://example.com/all~iri"}
  z:
    sources: [[zones.csv~csv]]
    s: http://example.com/zone/$(code)
    po: [[http://example.com/fare, $(fare)]]
  all:
    sources: [[t.csv~csv]]
    s: http://example.com/all
    po: [[a, http://example.com/All], [http://example.com/zone, $(zone)]]
""",
        encoding="utf-8",
    )
    resources = [{"path": name, "mapping": "own.yaml"} for name in ("t.csv", "zones.csv")]
    descriptor = json.dumps({"name": "d", "title": "見本", "resources": resources})
    (tmp_path / "datapackage.json").write_text(descriptor, encoding="utf-8")
    lines, log = way(tmp_path, 1)
    more_lines, more_log = way(tmp_path, 2)
    assert more_lines == lines
    assert findings_of(more_log) == findings_of(log)
    assert len(findings_of(log)) > 5
    if way is by_document:
        classes = [line for line in lines if line.endswith("/All> .\n")]
        assert len(classes) == 1
