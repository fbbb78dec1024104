"""``tsunagu check`` in its five formats, and what it exits with."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from loader.cli.main import main
from loader.model import EXAMPLES_KEPT

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "check-report.schema.json").read_text(encoding="utf-8"))

TABLE = "名称,人数（人）\n" + "".join(f'施設{n},"{n},000"\n' for n in range(1, 21))
DESCRIPTOR = {"name": "halls", "licenses": [{"name": "CC-BY-4.0"}], "resources": []}

SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "items": {
                                            "required": ["id", "shortDescription", "help"],
                                            "properties": {"help": {"required": ["text"]}},
                                        }
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "items": {
                            "required": ["ruleId", "ruleIndex", "message", "level", "locations"],
                            "properties": {
                                "message": {"required": ["text"]},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "locations": {
                                    "items": {
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "region": {
                                                        "properties": {"startLine": {"minimum": 1}}
                                                    }
                                                },
                                            }
                                        },
                                    }
                                },
                            },
                        }
                    },
                },
            }
        },
    },
}
"""What SARIF 2.1.0 requires, and what code hosts need beyond that (3.13, 3.14, 3.27, 3.49)."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package of a table and a document, a table alone, and a document alone."""
    package = tmp_path / "data" / "halls"
    package.mkdir(parents=True)
    (package / "ホール 一覧.csv").write_text(TABLE, encoding="utf-8")
    (package / "guide.html").write_text("<title>案内</title><h1>案内</h1>", encoding="utf-8")
    resources = [{"path": "ホール 一覧.csv"}, {"path": "guide.html"}]
    (package / "datapackage.json").write_text(json.dumps(DESCRIPTOR | {"resources": resources}))
    (tmp_path / "data" / "page.csv").write_text("<html></html>")
    (tmp_path / "data" / "formula.csv").write_text("名称,備考\n=cmd(),x\n")
    (tmp_path / "data" / "plan.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and standard output of a check."""
    options = ["--home", "home", "--lang", "en"]
    code = main(["check", *map(str, arguments), *options])
    return code, capsys.readouterr().out


def test_json_follows_its_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    code, out = run(capsys, folder, "--format", "json")
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert code == 1
    told = {file["file"]: (file["kind"], file["level"], file["stars"]) for file in report["files"]}
    assert told == {
        "ホール 一覧.csv": ("table", 3, 3),
        "guide.html": ("document", 2, 3),
        "formula.csv": ("table", 3, 0),
        "page.csv": ("table", 0, 0),
        "plan.pdf": ("document", 0, 0),
    }
    order = [finding["severity"] for finding in report["findings"]]
    assert order == sorted(order, key=["violation", "warning", "info"].index)
    assert not [one for one in report["findings"] if one["code"].startswith("check.level")]
    [separators] = [one for one in report["findings"] if one["code"].endswith("-separator")]
    assert (separators["dataset"], separators["count"]) == ("halls", 20)
    totals = {name: 0 for name in report["counts"]}
    for finding in report["findings"]:
        totals[finding["severity"]] += finding["count"]
    assert report["counts"] == totals
    assert [file for file in report["files"] if file["properties"]] == [
        file for file in report["files"] if file["file"] == "guide.html"
    ]


def test_the_terminal_shows_files_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, folder)
    assert out.index("plan.pdf: application/pdf") < out.index("\nFindings\n")
    assert "Technical level 3 (grade 1)  ★★★☆☆" in out
    assert "✗ not met 9-3.4" in out
    assert "? for a person to judge 9-4.2" in out
    assert out.count("check.thousands-separator]") == 2
    assert "20 in all" in out
    assert "Files checked: 5." in out.splitlines()[-2]


def test_sarif(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, folder, "--format", "sarif")
    log = json.loads(out)
    jsonschema.validate(log, SARIF)
    [one] = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in one["results"])
    assert "{" not in json.dumps([rule["help"]["text"] for rule in rules]).replace("[{", "")
    found = [result for result in one["results"] if result["ruleId"].endswith("-separator")]
    assert len(found) == EXAMPLES_KEPT
    place = found[0]["locations"][0]["physicalLocation"]
    name = "data/halls/%E3%83%9B%E3%83%BC%E3%83%AB%20%E4%B8%80%E8%A6%A7.csv"
    assert place["artifactLocation"]["uri"] == name
    assert place["region"] == {"startLine": 2}
    assert found[0]["properties"] == {"count": 20, "column": "人数（人）", "value": "1,000"}
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in one["results"]
    }
    assert "data/halls/datapackage.json" in uris


def test_sarif_of_files_that_are_not_below_the_working_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "halls")
    _, out = run(capsys, folder / "page.csv", "--format", "sarif")
    [one] = json.loads(out)["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in one["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"page.csv"}


def test_csv_opens_in_a_spreadsheet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, folder, "--format", "csv")
    assert out.startswith("\ufeffseverity,code,")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    found = [row for row in rows if row["code"] == "check.thousands-separator"]
    assert len(found) == EXAMPLES_KEPT
    assert (found[1]["row"], found[1]["value"], found[1]["count"]) == ("3", "2,000", "20")
    assert [row["value"] for row in rows if row["code"] == "check.formula"] == ["'=cmd()"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_html_is_one_page_without_scripts(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    (folder / "<b>.csv").write_text("名称,備考\n<script>alert(1)</script>※,=a()\n")
    main(["check", str(folder), "--home", "home", "--format", "html", "--lang", language])
    out = capsys.readouterr().out
    assert f'<html lang="{language}">' in out
    assert "<script" not in out and "<b>" not in out and "http" not in out.split("</head>")[0]
    assert 'id="file-6"' in out and 'href="#file-6"' in out


def test_a_document_alone_and_nothing_at_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys, folder / "plan.pdf")
    assert code == 0
    assert "9-4.1" in out
    (folder / "halls" / "datapackage.json").write_text("{")
    code, out = run(capsys, folder / "halls" / "datapackage.json", "--format", "html")
    assert code == 1
    assert "There are none." in out


@pytest.mark.parametrize(
    ("name", "limit", "code"),
    [
        ("formula.csv", "violation", 0),
        ("formula.csv", "warning", 1),
        ("plan.pdf", "warning", 0),
        ("plan.pdf", "info", 1),
        ("page.csv", "info", 1),
    ],
)
def test_fail_on(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, limit: str, code: int
) -> None:
    assert run(capsys, folder / name, "--fail-on", limit)[0] == code
