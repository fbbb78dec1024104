"""Codes through time: single histories, and every change of the source, forwards and backwards."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from vocab.area_history import BEGINNING, Version, area_history

CODES = Path(__file__).parents[3] / "shared" / "data" / "01_codes"
NO_SHARED = "the real code tables lie beside the project and are not there"
CHANGES = CODES / "municipality_changes_1970-2024.csv"
REGROUPED = "郡の区域変更"
"""The source leads from every town of a district to every town of the new one."""


def _at(code: str, day: str) -> Version:
    found = area_history().at(code, day)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "day", "other", "expected"),
    [
        ("11205", "1990-01-01", "2020-01-01", ["埼玉県さいたま市"]),
        ("11100", "2020-01-01", "1975-01-01", ["浦和市", "大宮市", "与野市", "岩槻市"]),
        ("13101", "1971-01-01", "2020-01-01", ["千代田区"]),
        ("12304", "1970-06-30", "1970-07-01", ["我孫子市"]),
        ("40102", "1970-06-30", "1980-01-01", ["小倉北区", "小倉南区"]),
        ("01110", "2020-01-01", "1980-01-01", ["豊平区"]),
        ("08523", "2005-12-31", "2006-01-01", ["常総市"]),
        ("13340", "1970-11-02", "1970-11-03", []),
        ("47201", "2020-01-01", "1971-01-01", []),
    ],
)
def test_an_area_on_another_date(code: str, day: str, other: str, expected: list[str]) -> None:
    history = area_history()
    version = history.at(code, day)
    names = [found.full_name for found in history.on(version, other)] if version else []
    assert len(names) == len(expected)
    assert all(any(name.endswith(word) for name in names) for word in expected)


def test_a_code_that_was_used_again() -> None:
    assert _at("21486", "1970-04-19").name == "奥明方村"
    assert _at("21486", "1970-04-20").name == "明方村"
    assert [version.until for version in area_history().versions("21486")][-1] is not None
    assert area_history().at("21486", "2024-01-01") is None
    assert area_history().versions("99999") == ()


def test_a_version_tells_its_codes_and_its_iri() -> None:
    version = _at("11100", "2020-01-01")
    assert version.full_code == "111007"
    assert version.iri == "http://data.e-stat.go.jp/lod/sac/C11100-20050401"
    assert version.full_name == "埼玉県さいたま市"
    assert version.cause == "編入合併"


def test_versions_of_a_code_never_overlap_and_links_are_mutual() -> None:
    last: Version | None = None
    for version in area_history():
        if last is not None and last.code == version.code:
            assert last.until is not None and last.until <= version.since
        assert version.until is None or version.since < version.until
        assert all(version in new.predecessors for new in version.successors)
        assert all(version in old.successors for old in version.predecessors)
        assert all(new.since == version.until for new in version.successors)
        last = version


@pytest.mark.skipif(not CHANGES.is_file(), reason=NO_SHARED)
def test_every_change_of_the_source_forwards_and_backwards() -> None:
    history, followed = area_history(), 0
    with CHANGES.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["type"] == REGROUPED and row["from_city_name"] != row["to_city_name"]:
                continue
            day, before = row["date"], _day_before(row["date"])
            old = history.at(row["from_city_code"], before)
            new = history.at(row["to_city_code"], day)
            assert old is not None or not row["from_city_code"] or before < BEGINNING
            if not row["to_city_code"]:
                assert old is not None and old.until == day and not old.successors
            if old is None or not row["to_city_code"]:
                continue
            followed += 1
            later = history.on(old, day)
            # What became a town in the morning and part of a city at noon is found in the city.
            assert later and (new is None or new in later)
            assert all(old in history.on(found, before) for found in later)
    assert followed > 2400


@pytest.mark.skipif(not CODES.is_dir(), reason=NO_SHARED)
def test_replaying_all_changes_gives_the_codes_of_today() -> None:
    with (CODES / "areacode_end.csv").open(encoding="utf-8", newline="") as stream:
        expected = {
            row["city_code"]: (row["city_name"], row["date_absorption_separation"] or BEGINNING)
            for row in csv.DictReader(stream)
        }
    current = {
        version.code: (version.name, version.since)
        for version in area_history()
        if version.until is None and not version.code.endswith("000")
    }
    assert current == expected


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
