"""Writes docs/checklists.md and docs/ja/checklists.md from the checklists as data.

    .venv/bin/python docs/make_checklists.py

A test compares the pages with what this gives, so run it after a change to
loader/check/checklists.toml.
"""

from collections.abc import Iterator
from pathlib import Path

from loader.check.checklists import WORDS, Item, checklist

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "checklists.md", "ja": DOCS / "ja" / "checklists.md"}

INTRODUCTIONS = {
    "en": """\
# The items of the checklists

The checklists of the open data guide (オープンデータガイド 第2版, 9.3.6), in words of our own, as
`tsunagu check` judges them ([check.md](check.md)). ◎ is needed for level 2, ○ for level 3 grade 1,
an item without a mark for grade 2, RDF for level 4, ★ for the stars. Behind an item stand the
findings that speak against it ([findings.md](findings.md)), or else the rule by which it is told.
""",
    "ja": """\
# チェックリストの項目

`tsunagu check` が判定する、オープンデータガイド第2版(9.3.6)のチェックリストです
([check.md](check.md))。
◎はレベル2、○はレベル3グレード1、印のない項目はグレード2、RDFはレベル4、★は星のために必要です。
項目ごとに、満たさないと判断する指摘([findings.md](findings.md))か、判定の規則の名前を示します。
""",
}
TITLES = {
    "9-3": {"en": "Tables (table 9-3)", "ja": "表形式データ(表9-3)"},
    "9-4": {"en": "Documents (table 9-4)", "ja": "文書データ(表9-4)"},
    "9-5": {"en": "Geographic data (table 9-5)", "ja": "地理空間情報(表9-5)"},
    "9-6": {"en": "Real-time data (table 9-6)", "ja": "リアルタイムデータ(表9-6)"},
    "star": {"en": "Stars", "ja": "★"},
}
COLUMNS = {
    "en": "| id | mark | item | what to do | told by |",
    "ja": "| 番号 | 印 | 項目 | 対処 | 判定 |",
}


def page(language: str) -> str:
    """Return the page in a language."""
    return INTRODUCTIONS[language] + "".join(
        f"\n## {title[language]}\n{COLUMNS[language]}\n|---|---|---|---|---|\n"
        + "".join(_lines(table, language))
        for table, title in TITLES.items()
    )


def _lines(table: str, language: str) -> Iterator[str]:
    for item in checklist(table):
        source = WORDS.entries[item.id].get("source")
        id_ = f"{item.id} ({source})" if source else item.id
        advice = item.advice(language).replace("<", "&lt;")
        yield (
            f"| {id_} | {item.mark.value} | {item.text(language)} | {advice} | {_told_by(item)} |\n"
        )


def _told_by(item: Item) -> str:
    names = sorted(item.codes) or [item.judge]
    return "<br>".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
