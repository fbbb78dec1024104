"""``tsunagu codes``: histories of codes and names, in every form."""

import csv
import io
import json
from pathlib import Path

import pytest

from loader.cli.main import main

PUBLISHED = Path(__file__).parents[2] / "data/municipality-history/municipality-history.csv"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "expected"),
    [
        (["11205"], 0, "さいたま市"),
        (["112054", "--date", "1990-01-01"], 0, "大宮市"),
        (["浦和市", "--at", "2020-01-01"], 0, "岩槻市"),
        (["埼玉県さいたま市", "--at", "1990-01-01"], 0, "与野市"),
        (["13101", "--date", "1965-01-01"], 0, "Nothing is recorded of 1965-01-01"),
        (["112054", "--date", "2020-01-01"], 1, "There is nothing for 112054"),
        (["131011"], 64, "no municipality code"),
        (["存在しない町"], 1, "There is nothing"),
        (["13101", "--date", "yesterday"], 64, "not a date"),
        ([], 64, "Name a code"),
    ],
)
def test_codes(
    arguments: list[str], exit_code: int, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["codes", *arguments, "--lang", "en"]) == exit_code
    captured = capsys.readouterr()
    told = " ".join((captured.out + captured.err).split())
    assert expected in told


def test_all_versions_as_csv_and_one_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--all"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) > 5900
    assert main(["codes", "112054", "--format", "json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry in rows
    assert (entry["有効終了日"], entry["次の版"]) == (
        "2001-04-30",
        "http://data.e-stat.go.jp/lod/sac/C11244-20010501",
    )


def test_the_published_table_is_what_the_command_writes(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main(["codes", "--all"]) == 0
    assert PUBLISHED.read_bytes() == capfdbinary.readouterr().out
