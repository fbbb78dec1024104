"""A folder of GTFS tables is one package; other text files beside them are not part of it."""

from pathlib import Path

from loader.source import discover

CORE = ("stops", "routes", "trips", "stop_times")


def lay(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("stop_id,stop_name\n1,見本\n", encoding="utf-8")


def test_a_feed_is_one_package_and_the_rest_its_own(tmp_path: Path) -> None:
    lay(tmp_path / "Bus 2024", *(f"{name}.txt" for name in CORE), "agency.txt", "stations.csv")
    feed, other = discover([tmp_path]).packages
    assert feed.name == "bus-2024"
    assert [resource.name for resource in feed.resources] == [
        "agency",
        "routes",
        "stop_times",
        "stops",
        "trips",
    ]
    assert {resource.media_type for resource in feed.resources} == {"text/csv"}
    assert feed.identifier_scope == "bus-2024"
    assert other.name == "stations"


def test_a_folder_without_all_core_tables_is_no_feed(tmp_path: Path) -> None:
    lay(tmp_path, "stops.txt", "routes.txt", "trips.txt")
    assert [package.name for package in discover([tmp_path]).packages] == [
        "routes",
        "stops",
        "trips",
    ]
