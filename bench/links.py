"""Counts the links between the real lists of two cities, and draws some to be read by hand.

docs/links.md has what was found. The files are in no package of ours: ``data`` is the folder in
which they lie, named as their cities publish them, with 国土地理院's lists of shelters beside.
"""

import argparse
import csv
import io
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TSUNAGU = (sys.executable, "-m", "loader.cli")
GSI = "05_geo/shelters_{}_pref{}.geojson"
KINDS = ("emergency", "evacuation")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class City:
    """Lists of a city; ``stated`` are those that tell no municipality, and the code of it."""

    folder: str
    prefecture: str
    lists: tuple[str, ...]
    stated: tuple[tuple[str, str], ...] = ()


CITIES = {
    "takamatsu": City(
        "02_municipal/takamatsu_372013",
        "37",
        (
            *("aed_location", "evacuation_space", "hospital", "nursery_school", "public_toilet"),
            *("public_wireless_lan", "licensed_food_business_facility_list", "reservoir_list"),
            *("tourist_facilities", "cultural_property", "exchange_center", "rural_park"),
        ),
    ),
    "sapporo": City(
        "02_municipal/sapporo_011002",
        "01",
        ("011002publicfacility", "011002hospital", "sapporobicycleparkingspace20180901"),
        (
            ("hinancyuuousiteihinan", "011011"),
            ("hinancyuuousiteikinkyuhinan", "011011"),
            ("hinantoyohirasiteihinan", "011053"),
            ("01tyuou", "011011"),
        ),
    ),
}


def lay_out(data: Path, city: City, folder: Path) -> None:
    """Put the lists of a city into a folder, with a descriptor for those that need one."""
    folder.mkdir(parents=True)
    for name in city.lists:
        shutil.copy(data / city.folder / f"{name}.csv", folder)
    for kind in KINDS:
        shutil.copy(data / GSI.format(kind, city.prefecture), folder)
    for name, code in city.stated:
        (folder / name).mkdir()
        shutil.copy(data / city.folder / f"{name}.csv", folder / name)
        descriptor = {"name": name, "spatial": code, "resources": [{"path": f"{name}.csv"}]}
        (folder / name / "datapackage.json").write_text(json.dumps(descriptor))


def links(folder: Path, home: Path) -> list[Row]:
    """Publish the lists and return their links, those between the lists of 国土地理院 apart."""
    options = ["--home", str(home), "--lang", "en"]
    publish = [*TSUNAGU, "publish", str(folder), "--allow", "violation", *options]
    subprocess.run(publish, check=False, capture_output=True)
    told = subprocess.run(
        [*TSUNAGU, "links", "--format", "csv", *options], check=True, capture_output=True
    )
    rows = csv.DictReader(io.StringIO(told.stdout.decode("utf-8-sig")))
    return [row for row in rows if row["status"] in ("published", "proposed")]


def is_gsi(row: Row) -> bool:
    """Whether both things are of the lists of 国土地理院."""
    return all("shelters_" in row[key] for key in ("first_dataset", "second_dataset"))


def main() -> None:
    """Print what was found; write the links that are drawn by chance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "data" / "links")
    parser.add_argument("--draw", type=int, default=50, help="links to be read by hand")
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    for name, city in CITIES.items():
        lay_out(options.data, city, options.work / name)
        found = links(options.work / name, options.work / f"{name}-home")
        mine = [row for row in found if not is_gsi(row)]
        published = [row for row in mine if row["status"] == "published"]
        rules = Counter(row["rule"] for row in published).most_common()
        theirs = sum(is_gsi(row) and row["status"] == "published" for row in found)
        print(
            f"{name}: {len(published)} published, {len(mine) - len(published)} proposed; "
            f"between the lists of GSI {theirs}"
        )
        print("  " + ", ".join(f"{rule} {count}" for rule, count in rules))
        drawn = random.Random(1).sample(published, min(options.draw, len(published)))
        with (options.work / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(found[0]))
            writer.writeheader()
            writer.writerows(drawn)


if __name__ == "__main__":
    main()
