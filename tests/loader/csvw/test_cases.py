"""Folders of descriptions and tables: what they become, and what is found in them.

``case.json`` says what is asked for: ``url`` is converted as W3C has it (``expected.ttl``, up to
the names of blank nodes), ``publish`` goes through the stages (``expected.nq``). ``findings.txt``
has the findings: code, place or column, row, value.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from loader.csvw.convert import Request, convert
from loader.csvw.place import Place
from loader.model import FindingLog, Package
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation
from vocab.iris import IriPolicy

CASES = Path(__file__).parents[2] / "cases" / "csvw"
BASE = "https://data.example.jp/"


def _folders() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.is_dir())


def _told(findings: FindingLog) -> list[str]:
    """The findings that come of descriptions, in the order of the report."""
    return [
        " | ".join(
            str(part)
            for part in (
                finding.code,
                finding.details.get("key") or finding.column or "-",
                finding.row or "-",
                finding.value or "-",
            )
        )
        for group in findings.groups()
        for finding in group.examples
        if finding.code.startswith(("csvw.", "identifier.", "check.duplicate", "mapping.inv"))
    ]


def _canonical(text: str, format_: RdfFormat) -> list[str]:
    dataset = Dataset(parse(text, format_, base_iri=BASE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} ." for quad in dataset)


def _published(path: Path, findings: FindingLog) -> tuple[list[str], Package]:
    discovery = discover([path])
    (package,) = discovery.packages
    findings.extend(discovery.findings)
    lines: list[str] = []
    policy = IriPolicy(BASE)
    Transformation(package, policy, findings, lines.extend, Silence()).run()
    return lines, package


def _expected(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.mark.parametrize("folder", _folders(), ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    asked: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    findings = FindingLog()
    if "publish" in asked:
        lines, _ = _published(folder / asked["publish"], findings)
        if "codes_only" not in asked:
            assert sorted({line.rstrip("\n") for line in lines}) == _expected(
                folder / "expected.nq"
            )
        assert not any("_:" in line for line in lines)
    else:
        request = Request(BASE + asked["url"], minimal=asked.get("minimal", False))
        batches = convert(request, Place(folder, BASE), findings)
        text = "".join(line for batch in batches for line in batch)
        expected = (folder / "expected.ttl").read_text(encoding="utf-8")
        assert _canonical(text, RdfFormat.N_TRIPLES) == _canonical(expected, RdfFormat.TURTLE)
    assert _told(findings) == _expected(folder / "findings.txt")


def test_a_bare_file_takes_its_metadata_from_the_description() -> None:
    _, package = _published(CASES / "published" / "places.csv", FindingLog())
    assert package.title == {"ja": "見本市の施設"}
    assert package.description == {"ja": "見本データです"}
    assert package.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert package.keywords == ("施設", "見本")
    assert package.modified == "2024-04-01"


def test_a_descriptor_goes_before_the_description() -> None:
    _, package = _published(CASES / "published-named" / "datapackage.yaml", FindingLog())
    assert package.title == {"ja": "見本"}
    assert package.description == {"ja": "説明"}
