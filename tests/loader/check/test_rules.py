"""What cases of single tables cannot show: several batches, limits, two logs, bytes of lines."""

from pathlib import Path

import pytest

from loader.check import repeats
from loader.check.lines import has_line_ends, has_mixed_line_ends
from loader.check.repeats import RepeatWatch
from loader.check.subjects import Columns, Subject, subject_of
from loader.check.tables import TablesWatch
from loader.check.text import original_of
from loader.check.watches import untold
from loader.model import EXAMPLES_KEPT, Batch, Finding, FindingLog, Package, Resource
from vocab.area_points import area_points, distance_from


def test_rows_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "KEPT", 2)
    watch = RepeatWatch(Columns("x.csv", ["名称"]))
    found = [*watch.look(Batch([2, 3], [["甲", "乙"]])), *watch.look(Batch([4], [["甲"]]))]
    assert [(finding.code, finding.row) for finding in found] == [
        ("check.repeats-not-all-checked", 3)
    ]
    assert list(watch.finish()) == []


def test_repeated_rows_are_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "PART", 7)
    watch = RepeatWatch(Columns("x.csv", ["名称"]))
    names = [f"館{number}" for number in range(40)]
    list(watch.look(Batch(range(2, 42), [names])))
    list(watch.look(Batch(range(42, 44), [["館3", "館39"]])))
    assert [(finding.row, finding.details) for finding in watch.finish()] == [
        (42, {"earlier": 5}),
        (43, {"earlier": 41}),
    ]


def test_another_table_is_found_at_the_beginning_of_a_batch() -> None:
    columns = Columns("x.csv", ["地区", "世帯数", "人口"])
    watch = TablesWatch(columns)
    first = Batch([2, 3], [["甲", "乙"], ["1", "2"], ["3", "4"]])
    assert list(columns.judge(first)) == [1, 2]
    assert list(watch.look(first)) == []
    found = list(watch.look(Batch([5, 6], [["学校", "丙"], ["児童", "7"], ["教員", "8"]])))
    assert [(finding.row, finding.value) for finding in found] == [(5, "学校 / 児童 / 教員")]


def log(*findings: Finding) -> FindingLog:
    """A log of findings."""
    made = FindingLog()
    made.extend(findings)
    return made


def test_what_a_mapping_tells_is_not_told_twice() -> None:
    telephones = [Finding("value.not-a-telephone", "x.csv", row, "TEL") for row in range(2, 20)]
    shared = log(
        *telephones,
        Finding("value.not-a-date", "x.csv", 2, "日付"),
        Finding("value.coordinates-zero", "x.csv", 2, "緯度"),
        Finding("identifier.no-such-area", "x.csv", 2, "コード"),
    )
    told = log(
        Finding("value.not-a-date", "x.csv", 2, "日付"), Finding("value.coordinates-zero", "x.csv")
    )
    for sample, codes in ((False, 2), (True, 1)):
        left = list(untold(shared, told, Package("x", Path(), (), sample=sample)).groups())
        assert len(left) == codes
        assert left[0].count == len(telephones)
        assert len(left[0].examples) == EXAMPLES_KEPT


@pytest.mark.parametrize(
    ("content", "mixed"),
    [
        (b"a,b\r\n1,2\r\n", False),
        (b"a,b\n1,2\n", False),
        (b"a,b\r1,2\r", False),
        (b"a,b\r\n1,2\n", True),
        (b"a,b\r1,2\n", True),
        (b'a,b\r\n1,"x\ny"\r\n', False),
        (b'a,b\r\n1,"x\ny\r\n', False),
        (b'a,b\r\n1,"x ""y""\n"\r\n2,3\n', True),
    ],
)
@pytest.mark.parametrize("chunk", [1, 5, 1000])
def test_line_ends(
    content: bytes, mixed: bool, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.check.lines.CHUNK", chunk)
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert has_mixed_line_ends(path) is mixed


def test_of_an_open_quotation_mark_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.check.lines.LONGEST_CELL", 4)
    path = tmp_path / "x.csv"
    path.write_bytes(b'a\r\n"b\nccccccc\n')
    assert has_mixed_line_ends(path) is False


@pytest.mark.parametrize(
    ("content", "media_type", "told"),
    [
        ("名称\n".encode(), "text/csv", True),
        ("名称\n".encode("utf-16"), "text/csv", False),
        ("名称\n".encode("iso2022_jp"), "text/csv", False),
        (b"{}\n", "application/json", False),
    ],
)
def test_texts_with_line_ends(content: bytes, media_type: str, told: bool, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert has_line_ends(Resource("x", path, media_type=media_type)) is told


@pytest.mark.parametrize("text", ["高松", "公民館の住所", "カフェ・コーヒー", "施設"])
@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "cp932"), ("utf-8", "latin-1"), ("cp932", "latin-1")]
)
def test_garbled_text_is_made_readable(text: str, written: str, read: str) -> None:
    garbled = text.encode(written).decode(read, "ignore")
    found = original_of(garbled)
    assert found is not None and text.startswith(found[:2])


@pytest.mark.parametrize("text", ["café Ströme", "São Paulo", "縺", "繧く図書館", "東京都", "123"])
def test_text_that_is_not_garbled(text: str) -> None:
    assert original_of(text) is None


@pytest.mark.parametrize(
    ("header", "cells", "subject"),
    [
        ("緯度", ["34.1", "34.2"], Subject.LATITUDE),
        ("起点_経度（世界測地系）", ["134.1"], Subject.LONGITUDE),
        ("緯度", ["不明", "不明"], None),
        ("市区町村コード", ["372013", "372021"], Subject.AREA_CODE),
        ("市区町村コード", ["201", "202"], None),
        ("電話番号", ["有", "無"], None),
        ("電話番号", ["087-839-0001"], Subject.TELEPHONE),
        ("電話番号の有無", ["087-839-0001"], None),
        ("説明", ["緯度"], None),
    ],
)
def test_subjects_of_columns(header: str, cells: list[str], subject: Subject | None) -> None:
    assert subject_of(header, cells) is subject


def test_every_office_is_in_its_own_area() -> None:
    points = area_points()
    assert len(points) > 1900
    assert all(distance_from(code, *place) is None for code, place in points.items())


@pytest.mark.parametrize(
    ("code", "place", "far"),
    [
        ("13421", (24.2867, 153.9807), False),
        ("46304", (29.1436, 129.2036), False),
        ("22130", (35.2300, 137.8500), False),
        ("01000", (45.5200, 141.9300), False),
        ("37201", (35.6900, 139.6900), True),
        ("37301", (35.6900, 139.6900), True),
        ("99101", (35.6900, 139.6900), False),
    ],
)
def test_distances(code: str, place: tuple[float, float], far: bool) -> None:
    assert (distance_from(code, *place) is not None) is far
