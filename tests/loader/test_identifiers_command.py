"""``tsunagu identifiers``: values are told; things keep their identifiers whatever happens."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loader import release

Run = Callable[..., tuple[int, str, str]]

HEADER = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度,電話番号"
CITY_HALL = "つなぐ市役所,つなぐ県つなぐ市中央1-1,35.1,139.1,(099)000-0001"
LIBRARY = "つなぐ図書館,つなぐ県つなぐ市北2-3,35.2,139.2,(099)000-0002"
GYM = "つなぐ体育館,つなぐ県つなぐ市南4-5,35.3,139.3,(099)000-0003"
THREE = {1: CITY_HALL, 2: LIBRARY, 3: GYM}
BASE = "http://localhost:8000/id/aed/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    describe(path, {"scheme": "uuid"})
    return path


def describe(folder: Path, *stated: dict[str, str], **more: Any) -> None:
    descriptor = {
        "name": "aed",
        "title": "AED",
        "publisher": {"name": "つなぐ市", "id": "992011"},
        "resources": [
            {"path": f"aed{number or ''}.csv", "mapping": "aed", "identifiers": identifiers}
            for number, identifiers in enumerate(stated)
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor | more), encoding="utf-8")


def write(folder: Path, rows: dict[int, str], name: str = "aed.csv") -> None:
    lines = [HEADER, *(f"992011,{number},{cells}" for number, cells in rows.items())]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def ledger(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "aed.identifiers.csv").open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row for row in csv.DictReader(stream)}


def published(tmp_path: Path) -> str:
    current = release.current(tmp_path / "home")
    assert current is not None
    return (current.path / "dumps" / "aed.nq").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ({3: GYM, 1: CITY_HALL, 2: LIBRARY}, 3),
        ({1: CITY_HALL, 2: LIBRARY.replace("つなぐ図書館", "北図書館"), 3: GYM}, 3),
        ({11: CITY_HALL, 12: LIBRARY, 13: GYM}, 3),
        ({2: CITY_HALL, 3: LIBRARY, 1: GYM}, 3),
        ({1: CITY_HALL, 3: GYM}, 2),
    ],
    ids=["reordered", "renamed", "renumbered", "numbers exchanged", "deleted"],
)
def test_things_keep_their_identifiers(
    run: Run, folder: Path, rows: dict[int, str], kept: int
) -> None:
    write(folder, THREE)
    assert run("identifiers", "assign", folder, "--date", "2026-01-01")[0] == 0
    before = {row["telephone"]: row["identifier"] for row in ledger(folder).values()}
    write(folder, rows)
    code, out, _ = run("identifiers", "assign", folder, "--date", "2026-02-01", "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["known"] == kept
    after = ledger(folder)
    assert {row["telephone"]: row["identifier"] for row in after.values()} == before
    assert {row["first_seen"] for row in after.values()} == {"2026-01-01"}
    gone = [row for row in after.values() if row["state"] == "deleted"]
    assert len(gone) == 3 - kept
    assert all(row["last_seen"] == "2026-01-01" for row in gone)
    write(folder, THREE)
    assert run("identifiers", "assign", folder, "--date", "2026-03-01")[0] == 0
    back = ledger(folder)
    assert {row["telephone"]: row["identifier"] for row in back.values()} == before
    assert {row["state"] for row in back.values()} == {"active"}


def test_an_identifier_is_never_given_twice(run: Run, folder: Path) -> None:
    """Number 2 goes to a new thing after the library moved to number 9."""
    write(folder, THREE)
    run("identifiers", "assign", folder)
    new = "つなぐ公民館,つなぐ県つなぐ市東6-7,35.4,139.4,(099)000-0004"
    write(folder, {1: CITY_HALL, 2: new, 3: GYM, 9: LIBRARY})
    code, out, err = run("identifiers", "assign", folder)
    assert code == 0
    assert "3 keep their identifiers (1 known again" in out
    assert "1 are new" in out
    assert "keeps its identifier" in err
    after = ledger(folder)
    assert len({row["identifier"] for row in after.values()}) == 4


def test_publish_uses_the_ledger(run: Run, folder: Path, tmp_path: Path) -> None:
    write(folder, THREE)
    run("identifiers", "assign", folder)
    identifier = ledger(folder)["つなぐ図書館"]["identifier"]
    assert run("publish", folder)[0] == 0
    first = published(tmp_path)
    iri = f"<{BASE}{identifier}>"
    assert f"{iri} <http://www.w3.org/2002/07/owl#sameAs> <urn:uuid:{identifier}>" in first
    assert f'{iri} <http://purl.org/dc/terms/identifier> "{identifier}"' in first
    assert f"<{BASE}{identifier}#place>" in first
    assert "992011-2" not in first
    write(folder, {7: LIBRARY, 1: CITY_HALL, 3: GYM})
    run("identifiers", "assign", folder)
    assert run("publish", folder)[0] == 0
    assert things(published(tmp_path)) == things(first)
    again = published(tmp_path)
    assert run("publish", folder)[0] == 0
    assert published(tmp_path) == again


def things(dump: str) -> set[str]:
    return {line.split(" ")[0] for line in dump.splitlines() if line.startswith(f"<{BASE}")}


def test_a_text_that_looks_like_an_iri_stays(run: Run, folder: Path, tmp_path: Path) -> None:
    write(folder, {1: CITY_HALL.replace("つなぐ市役所", f"<{BASE}992011-1> 前")})
    run("identifiers", "assign", folder)
    run("publish", folder)
    assert f'"<{BASE}992011-1> 前"' in published(tmp_path)


def test_a_row_that_is_not_in_the_ledger(run: Run, folder: Path, tmp_path: Path) -> None:
    write(folder, {1: CITY_HALL})
    run("identifiers", "assign", folder)
    write(folder, {1: CITY_HALL, 2: LIBRARY})
    code, out, _ = run("publish", folder)
    assert code == 0
    assert "aed.csv, row 3: “aed/992011-2” is not in the ledger" in out
    assert f"<{BASE}992011-2>" in published(tmp_path)


def test_a_broken_ledger_holds_the_dataset_back(run: Run, folder: Path) -> None:
    write(folder, THREE)
    (folder / "aed.identifiers.csv").write_text("identifier,key\na,b\n", encoding="utf-8")
    code, out, _ = run("publish", folder)
    assert code == 2
    assert "cannot be relied on, row 2" in out
    code, _, err = run("identifiers", "assign", folder)
    assert code == 2
    assert "aed.identifiers.csv" in err


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ([{"scheme": "ucode"}], "state the first and the last"),
        ([{"scheme": "ucode", "block": f"{0:032X}-{1:032X}"}], "used up to"),
        ([{"scheme": "uuid", "ledger": "a.identifiers.csv"}] * 2, "Two tables use the ledger"),
    ],
)
def test_what_cannot_be_assigned(
    run: Run, folder: Path, stated: list[dict[str, str]], message: str
) -> None:
    describe(folder, *stated)
    for number in range(len(stated)):
        write(folder, THREE, f"aed{number or ''}.csv")
    code, _, err = run("identifiers", "assign", folder)
    assert code == 2
    assert message in err
    assert not list(folder.glob("*.identifiers.csv"))


@pytest.mark.parametrize("scheme", ["path", "ucode"])
def test_other_schemes(run: Run, folder: Path, tmp_path: Path, scheme: str) -> None:
    describe(folder, {"scheme": scheme, "block": f"{16:032X}-{31:032X}"})
    write(folder, THREE)
    run("identifiers", "assign", folder, "--date", "2026-02-03")
    run("publish", folder)
    dump = published(tmp_path)
    if scheme == "ucode":
        assert f"<{BASE}{16:032X}> <http://www.w3.org/2002/07/owl#sameAs> <urn:ucode:_" in dump
    else:
        assert f'<{BASE}992011-aed-2-20260203> <http://purl.org/dc/terms/identifier> "9920' in dump
        assert "#sameAs>" not in dump


def test_a_ledger_outside_the_folder_is_refused(run: Run, folder: Path) -> None:
    describe(folder, {"scheme": "uuid", "ledger": "../x.identifiers.csv"})
    write(folder, THREE)
    code, _, err = run("identifiers", "assign", folder)
    assert code == 1
    assert "identifiers.ledger" in err
    assert not (folder.parent / "x.identifiers.csv").exists()


def test_a_ledger_is_no_data(run: Run, folder: Path, tmp_path: Path) -> None:
    write(folder, THREE)
    run("identifiers", "assign", folder)
    (folder / "datapackage.json").unlink()
    assert run("publish", folder)[0] == 0
    current = release.current(tmp_path / "home")
    assert current is not None
    assert list(current.datasets) == ["aed"]


def test_rows_without_keys(run: Run, folder: Path) -> None:
    (folder / "aed.csv").write_text("色,数\n赤,1\n", encoding="utf-8")
    describe(folder, {"scheme": "uuid"})
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    (folder / "datapackage.json").write_text(text.replace('"mapping": "aed", ', ""), "utf-8")
    code, _, err = run("identifiers", "assign", folder)
    assert code == 2
    assert "no things that identifiers could be given to" in err


def test_values_are_told(run: Run) -> None:
    code, out, err = run("identifiers", "131017", "x!")
    assert code == 1
    assert "wrong check digit (131016 if" in out
    assert "“x!” is no identifier" in err
    code, out, _ = run("identifiers", "doi:10.5555/ABC", "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {
            "value": "doi:10.5555/ABC",
            "scheme": "doi",
            "title": "DOI",
            "notation": "10.5555/abc",
            "iri": "https://doi.org/10.5555/abc",
            "link": "owl:sameAs",
            "problem": None,
            "expected": None,
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assign"], "Name a folder"),
        (["assign", "x", "--date", "2026-99-01"], "2026-99-01"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], message: str) -> None:
    code, _, err = run("identifiers", *arguments)
    assert code == 64
    assert message in err
