"""The checklists are whole, and files are judged by them as the guide says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loader.check import Assessment, assess_files
from loader.check.checklists import WORDS, Mark, checklist
from loader.check.judging import RULES
from loader.model import FINDINGS, Field, Finding, FindingLog, Package, Resource

OPEN = "https://creativecommons.org/licenses/by/4.0/"
STATED = Package("x", Path(), (), licence=OPEN, stated=True)
BARE = Package("x", Path(), ())
CSV = Resource("x", Path("x.csv"))

TABLES = {"9-3": 12, "9-4": 7, "9-5": 4, "9-6": 3, "star": 1}


def test_every_item_can_be_judged_and_said() -> None:
    assert {table: len(checklist(table)) for table in TABLES} == TABLES
    items = [item for table in TABLES for item in checklist(table)]
    assert {item.judge for item in items} == set(RULES)
    for item in items:
        assert item.codes <= set(FINDINGS.entries), item.id
        assert all(item.text(language) and item.advice(language) for language in ("ja", "en"))


def test_texts_are_there_in_both_languages() -> None:
    for code, entry in WORDS.entries.items():
        assert entry["ja"].strip() and entry["en"].strip(), code


def test_grade_1_asks_for_two_items_of_a_table() -> None:
    marked = [item for item in checklist("9-3") if item.mark is Mark.GRADE_1]
    assert [item.id for item in marked] == ["9-3.2", "9-3.3"]


def judged(package: Package, resource: Resource, *codes: str, others: Any = ()) -> Assessment:
    """The assessment of a file about which these findings are."""
    findings = FindingLog()
    for code in codes:
        findings.add(Finding(code, resource.label))
    whole = replace(package, resources=(resource, *others))
    return assess_files(whole, [resource], findings)[0]


def statuses(found: Assessment) -> dict[str, str]:
    """The status of each item."""
    return {one.item.id: one.status.value for one in found.items}


def of(media_type: str, name: str = "x") -> Resource:
    """A resource of a media type, whose file is not there."""
    return Resource("x", Path(name), media_type=media_type)


KML = "application/vnd.google-earth.kml+xml"
TIFF = "image/tiff; application=geotiff"
LEVELS = [
    (STATED, CSV, [], "3-2", 3),
    (STATED, CSV, ["check.padding"], "3-1", 3),
    (STATED, CSV, ["check.totals-row"], "2", 3),
    (STATED, CSV, ["table.html-page"], "0", 1),
    (BARE, CSV, [], "3-1", 0),
    (BARE, CSV, ["table.html-page"], "0", 0),
    (STATED, replace(CSV, encoding="Shift_JIS"), [], "3-1", 3),
    (STATED, of("application/vnd.ms-excel"), [], "1", 2),
    (STATED, of(KML), [], "3-2", 3),
    (STATED, of(KML), ["geo.crs-missing"], "2", 3),
    (STATED, of(KML), ["geo.unreadable"], "0", 1),
    (STATED, of("application/vnd.shp"), [], "1", 2),
    (STATED, of(TIFF), [], "3-1", 3),
    (STATED, of("application/pdf"), [], "0", 1),
    (STATED, of("image/png"), [], "0", 1),
    (STATED, of("application/msword"), [], "1", 2),
    (STATED, of("application/epub+zip"), [], "2", 3),
    (STATED, of("application/octet-stream"), [], "0", 1),
    (STATED, of("text/turtle"), [], "4", 4),
    (STATED, of("text/turtle"), ["graph.syntax"], "0", 1),
    (BARE, of("text/turtle"), [], "4", 0),
]


@pytest.mark.parametrize(("package", "resource", "codes", "step", "stars"), LEVELS)
def test_levels_and_stars(
    package: Package, resource: Resource, codes: list[str], step: str, stars: int
) -> None:
    found = judged(package, resource, *codes)
    assert (found.step, found.stars) == (step, stars)
    for language in ("ja", "en"):
        assert found.reason(language) and found.next_step(language)


def test_the_next_step_is_what_is_missing() -> None:
    found = judged(BARE, CSV, "check.era-year")
    assert found.reasons == ("check.era-year", "descriptor.absent", "descriptor.licence-missing")
    assert "Western year" in found.next_step("en")
    assert "open licence" in found.next_step("en")
    assert "Published" in judged(STATED, CSV).next_step("en")
    assert "links" in judged(STATED, of("text/turtle")).next_step("en").lower()
    assert "violations" in judged(STATED, CSV, "table.html-page").next_step("en")


def test_one_open_format_among_several_is_enough() -> None:
    xls = of("application/vnd.ms-excel", "data.xls")
    other = Resource("y", Path("data.csv"))
    assert judged(STATED, xls, others=[other]).step == "3-2"
    assert judged(STATED, xls, others=[Resource("y", Path("other.csv"))]).step == "1"


def test_the_encoding_of_a_file_without_descriptor_is_stated_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n", encoding="utf-8-sig")
    assert statuses(judged(BARE, Resource("x", path)))["9-3.9"] == "met"
    path.write_text("a,b\n", encoding="utf-8")
    assert statuses(judged(BARE, Resource("x", path)))["9-3.9"] == "not-met"
    found = statuses(judged(STATED, CSV, "table.encoding-inferred"))
    assert (found["9-3.9"], found["9-3.10"]) == ("not-met", "not-met")
    sheet = of("application/vnd.oasis.opendocument.spreadsheet")
    assert statuses(judged(STATED, sheet))["9-3.9"] == "not-applicable"


def test_documents(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text('<meta charset="utf-8"><h1>A</h1><p>B')
    page = Resource("x", path, media_type="text/html")
    found = judged(STATED, page)
    assert found.step == "3-2"
    assert statuses(found)["9-4.4"] == "not-applicable"
    path.write_text("<h1>A</h1><table><tr><td>1</table>")
    assert statuses(judged(STATED, page)) == {
        "9-4.1": "met",
        "9-4.2": "met",
        "9-4.3": "met",
        "9-4.4": "not-met",
        "9-4.5": "not-met",
        "9-4.6": "met",
        "9-4.7": "met",
        "star.1": "met",
    }
    attached = statuses(judged(STATED, replace(page, encoding="UTF-8"), others=[CSV]))
    assert (attached["9-4.4"], attached["9-4.5"]) == ("met", "met")
    xls = of("application/vnd.ms-excel", "y.xls")
    assert statuses(judged(STATED, page, others=[xls]))["9-4.4"] == "not-met"


def test_a_document_that_is_elsewhere_is_not_judged_by_its_content() -> None:
    far = Resource("x", Path("x.html"), media_type="text/html", url="https://city.example/x.html")
    found = statuses(judged(STATED, far))
    assert (found["9-4.1"], found["9-4.2"], found["9-4.5"]) == ("met", "not-judged", "not-judged")
    absent = statuses(judged(STATED, of("application/pdf")))
    assert (absent["9-4.3"], absent["9-4.5"], absent["9-4.6"]) == (
        "not-judged", "not-applicable", "not-applicable",
    )  # fmt: skip


REAL_TIME = replace(STATED, frequency="PT1H", homepage="https://city.example/bus")


@pytest.mark.parametrize(
    ("package", "resource", "codes", "expected"),
    [
        (REAL_TIME, replace(CSV, fields=(Field("a"),)), [], ["met", "met", "not-judged"]),
        (REAL_TIME, CSV, ["check.totals-row"], ["not-met", "not-met", "not-judged"]),
        (replace(REAL_TIME, homepage=None), of("text/turtle"), [],
         ["not-met", "not-applicable", "not-judged"]),
        (replace(STATED, frequency="R/P1Y"), CSV, [], []),
        (replace(STATED, frequency="?"), CSV, [], []),
    ],
)  # fmt: skip
def test_real_time_data(
    package: Package, resource: Resource, codes: list[str], expected: list[str]
) -> None:
    found = judged(package, resource, *codes)
    assert [one.status.value for one in found.items if one.item.id[:3] == "9-6"] == expected
    assert found.step in ("3-1", "2", "4", "3-2")
