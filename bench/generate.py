"""Generates the benchmark's data package: a table of facilities of cities that do not exist.

The same number of rows gives the same bytes. About one row in fifty has what real tables have:
quoted cells with line breaks or quotes, full-width digits, blank coordinates, a missing telephone.
"""

import argparse
import csv
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "全国地方公共団体コード",
    "NO",
    "名称",
    "名称_カナ",
    "種別",
    "住所",
    "緯度",
    "経度",
    "電話番号",
    "開始時間",
    "終了時間",
    "備考",
)
MAPPING = Path(__file__).with_name("facility.yaml")
KINDS = (
    ("公民館", "コウミンカン"),
    ("図書館", "トショカン"),
    ("体育館", "タイイクカン"),
    ("児童館", "ジドウカン"),
    ("集会所", "シュウカイジョ"),
)
TOWNS = (
    ("桜台", "サクラダイ"),
    ("緑町", "ミドリチョウ"),
    ("港町", "ミナトマチ"),
    ("山手", "ヤマテ"),
    ("若葉", "ワカバ"),
    ("川辺", "カワベ"),
    ("旭町", "アサヒマチ"),
)
NOTES = ("", "", "", "駐車場あり", "第2・第4月曜日は休館", "車いすで利用できます")


def main() -> None:
    """Write a package with as many rows as asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--standard", action="store_true", help="leave the mapping to recognition")
    asked = options.parse_args()
    generate(asked.folder, asked.rows, standard=asked.standard)


def generate(folder: Path, rows: int, standard: bool = False, name: str = "facilities") -> Path:
    """Write the package into ``folder`` and return the path of its table.

    ``name`` is that of the dataset, within which the numbers of its rows are unique.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "facilities.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(_rows(rows))
    resource = {"name": "facilities", "path": table.name, "encoding": "utf-8"}
    if not standard:
        shutil.copyfile(MAPPING, folder / MAPPING.name)
        resource["mapping"] = MAPPING.name
    descriptor = {
        "name": name,
        "title": {"ja": "公共施設一覧（性能測定用の見本）", "en": "Facilities (benchmark sample)"},
        "description": {"ja": "実在しない市の見本データです。", "en": "Sample data, all invented."},
        "licenses": [{"name": "CC0-1.0"}],
        "publisher": {"name": {"ja": "見本市", "en": "City of Mihon"}},
        "sample": True,
        "identifierScope": name,
        "resources": [resource],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    return table


def check_digit(five: str) -> str:
    """Return the check digit of a 全国地方公共団体コード (総務省「全国地方公共団体コード仕様」)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def _rows(count: int) -> Iterator[list[str]]:
    """Give rows in the order of their number; all codes are of cities that do not exist."""
    chance = random.Random(20251121)
    cities = [f"{prefecture:02}99{city}" for prefecture in range(1, 48) for city in range(1, 6)]
    codes = [five + check_digit(five) for five in cities]
    for number in range(1, count + 1):
        yield _row(number, codes[(number - 1) * len(codes) // count], chance)


def _row(number: int, code: str, chance: random.Random) -> list[str]:
    kind, kind_kana = chance.choice(KINDS)
    town, town_kana = chance.choice(TOWNS)
    row = [
        code,
        f"{number:08}",
        f"見本市{town}{kind}{number % 97}",
        f"ミホンシ{town_kana}{kind_kana}{number % 97}",
        kind,
        f"見本県見本市{town}{chance.randint(1, 9)}丁目{chance.randint(1, 30)}番{number % 19 + 1}号",
        f"{30 + chance.random() * 12:.6f}",
        f"{130 + chance.random() * 12:.6f}",
        f"099-9{chance.randint(0, 99):02}-{chance.randint(0, 9999):04}",
        f"{chance.randint(6, 10):02}:00",
        f"{chance.randint(16, 22)}:30",
        chance.choice(NOTES),
    ]
    if number % 50 == 0:
        _as_people_write(row, number // 50 % 5)
    return row


def _as_people_write(row: list[str], way: int) -> None:
    if way == 0:
        row[11] = '玄関は"北側"です。\n裏口は使えません。'
    elif way == 1:
        row[9], row[8] = "９時", "０９９（９１２）３４５６"
    elif way == 2:
        row[6] = row[7] = ""
    elif way == 3:
        row[8] = ""
    else:
        row[2], row[3] = f"　{row[2]}（分館） ", "みほんし ぶんかん"


if __name__ == "__main__":
    main()
