"""The checklist: each folder of tests/cases/check holds a table and the findings about it."""

import json
from pathlib import Path
from typing import Any

import pytest

from loader import check
from loader.check import TableChecker, assess, check_package, keys
from loader.check.columns import Kind, kind_of
from loader.model import Batch, Finding, FindingLog, Package, Resource
from loader.source import discover
from loader.table import open_table

CASES = Path(__file__).parents[1] / "cases" / "check"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def checked(package: Package, resource: Resource) -> FindingLog:
    """The findings about one table of a package."""
    findings = FindingLog()
    check_package(package, findings)
    opened = open_table(resource, findings)
    assert opened is not None
    checker = TableChecker(package, resource, opened.header, findings)
    for batch in opened.batches():
        checker.look(batch)
    checker.finish()
    return findings


def told(findings: FindingLog) -> list[dict[str, Any]]:
    """The findings, each said in both languages."""
    short = []
    for group in findings.groups():
        for finding in group.examples:
            assert finding.text("en") and finding.advice("en")
            place = {"row": finding.row, "column": finding.column, "value": finding.value}
            short.append(
                {
                    "code": finding.code,
                    **{key: value for key, value in place.items() if value is not None},
                    "ja": finding.text("ja"),
                    "do": finding.advice("ja"),
                }
            )
    return short


def read_case(folder: Path) -> list[dict[str, Any]]:
    """The findings about a case."""
    places = (folder / name for name in ("datapackage.yaml", "table.csv"))
    package = discover([next(path for path in places if path.exists())]).packages[0]
    return told(checked(package, package.resources[0]))


FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_cases(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert read_case(folder) == expected


def table(header: list[str], rows: list[list[str]], **stated: Any) -> tuple[TableChecker, Batch]:
    """A checker and a batch for it."""
    resource = Resource("x", Path("x.csv"), **stated)
    package = Package("x", Path(), (resource,))
    batch = Batch(range(2, len(rows) + 2), list(zip(*rows, strict=True)))
    return TableChecker(package, resource, header, FindingLog()), batch


def test_keys_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "KEPT", 2)
    findings = FindingLog()
    watch = keys.KeyWatch("x.csv", ["NO"], ["NO"], findings)
    for first in (2, 6):
        watch.look(Batch(range(first, first + 4), [["1", "2", "3", "3"]]))
    watch.finish()
    found = [(group.examples[0].code, group.examples[0].row) for group in findings.groups()]
    assert found == [("check.duplicate-key", 5), ("check.keys-not-all-checked", 5)]
    assert findings.counts()["warning"] == 1


def test_a_column_is_judged_once_it_has_cells() -> None:
    checker, blank = table(["NO", "金額（円）"], [["1", ""], ["2", " "]])
    checker.look(blank)
    checker.look(Batch([4, 5], [["3", "4"], ["1,234", "200"]]))
    assert [group.examples[0].row for group in checker.findings.groups()] == [4]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", " "], None),
        (["1", "2.5", "-3"], Kind.NUMBER),
        (["100円", "1,000", "3※"], Kind.NUMBER),
        (["2024-04-01", "2024/4/1", "2024年4月", "平成25年4月1日"], Kind.DATE),
        (["2024年に開館", "昭和54年に移転しました"], Kind.OTHER),
        (["公園", "1"], Kind.OTHER),
        (["03-1234-5678", "090-1234-5678"], Kind.OTHER),
    ],
)
def test_kinds_of_columns(cells: list[str], kind: Kind | None) -> None:
    assert kind_of(cells, None) is kind


@pytest.mark.parametrize(
    ("licence", "reason"),
    [
        (None, "descriptor.licence-missing"),
        ("https://licence.example/", "descriptor.licence-unknown"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "descriptor.licence-closed"),
    ],
)
def test_without_an_open_licence_there_is_no_star(licence: str | None, reason: str) -> None:
    package = Package("x", Path(), (), licence=licence, stated=True)
    judged = assess(package, "x.csv", FindingLog())
    assert (judged.level, judged.grade, judged.stars, judged.reasons) == (3, 2, 0, (reason,))


def test_a_file_that_is_no_table_is_level_0() -> None:
    findings = FindingLog()
    findings.add(Finding("table.html-page", "x.csv"))
    findings.add(Finding("table.title-lines", "other.csv"))
    licence = "https://creativecommons.org/licenses/by/4.0/"
    judged = assess(Package("x", Path(), (), licence=licence, stated=True), "x.csv", findings)
    assert (judged.level, judged.stars, judged.reasons) == (0, 1, ("table.html-page",))


def test_the_package_says_what_it_offers() -> None:
    assert check.__all__ == sorted(check.__all__)
    assert all(hasattr(check, name) for name in check.__all__)


REAL = {
    "02_municipal/takamatsu_372013/city_tax_settlement_status_r2.csv": {
        "check.era-year",
        "check.thousands-separator",
        "check.padding",
        "check.unit-missing",
    },
    "02_municipal/takamatsu_372013/population_202407.csv": {
        "check.thousands-separator",
        "check.padding",
    },
    "02_municipal/takamatsu_372013/licensed_food_business_facility_list.csv": {
        "text.private-use",
        "check.era-year",
        "check.header-width",
        "check.padding",
    },
    "02_municipal/saitama_111007_AED.csv": {
        "check.datum-missing",
        "text.half-width-kana",
    },
    "02_municipal/takamatsu_372013/evacuation_space.csv": {"check.datum-missing"},
    "03_statistics/volcano_disasters.csv": {"check.era-year"},
    "03_statistics/ma030000_vital_statistics_r2.csv": {
        "check.second-header",
        "check.totals-row",
        "check.header-blank",
        "check.decorative-space",
        "check.unit-missing",
    },
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
@pytest.mark.parametrize("name", REAL)
def test_findings_about_real_files(name: str) -> None:
    package = discover([SHARED / name]).packages[0]
    codes = {finding["code"] for finding in told(checked(package, package.resources[0]))}
    ours = {code for code in codes if code.startswith(("check.", "text."))}
    assert ours - {"check.level", "check.level-best"} == REAL[name]
