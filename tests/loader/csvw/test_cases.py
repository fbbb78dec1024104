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

from loader.cli.main import main
from loader.csvw.convert import Request, convert, convert_file
from loader.csvw.place import Place
from loader.errors import SourceError
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


@pytest.mark.parametrize("name", ["minimal-mode", "standard-mode", "published-broken"])
def test_a_description_runs_by_itself(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = next((CASES / name).glob("*-metadata.json"))
    out = tmp_path / "out.nq"
    options = ["--minimal"] if name == "minimal-mode" else []
    paths = ["--mapping", str(document), "-o", str(out), "--home", str(tmp_path), "--lang", "en"]
    status = main(["map", *paths, *options])
    if name == "published-broken":
        assert status == 1
        assert "csvw.invalid" in capsys.readouterr().err
        return
    assert status == 0
    text = out.read_text(encoding="utf-8")
    assert ("TableGroup" in text) == (name == "standard-mode")


def test_a_description_is_named_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = CASES / "published-named"
    (tmp_path / "table.csv").write_bytes((folder / "table.csv").read_bytes())
    (tmp_path / "x.json").write_bytes((folder / "other-metadata.json").read_bytes())
    paths = [str(tmp_path / "table.csv"), "--mapping", str(tmp_path / "x.json")]
    assert main(["map", *paths, "--home", str(tmp_path)]) == 0
    assert '"1"^^<http://www.w3.org/2001/XMLSchema#integer>' in capsys.readouterr().out


def test_a_table_that_a_description_names_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "d-metadata.json").write_text('{"url": "../t.csv"}', encoding="utf-8")
    findings = FindingLog()
    list(convert_file(tmp_path / "d-metadata.json", BASE, findings))
    assert _told(findings) == ["csvw.file-missing | url | - | https://data.example.jp/t.csv"]


def test_a_table_that_cannot_be_decoded_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\n\xff\n")
    with pytest.raises(SourceError):
        list(convert(Request(BASE + "t.csv"), Place(tmp_path, BASE), FindingLog()))


def test_many_rows_come_in_batches(tmp_path: Path) -> None:
    rows = "".join(f"{number}\n" for number in range(3000))
    (tmp_path / "t.csv").write_text("a\n" + rows, encoding="utf-8")
    request = Request(BASE + "t.csv", minimal=True)
    sizes = list(map(len, convert(request, Place(tmp_path, BASE), FindingLog())))
    assert sizes == [2000, 1000]
