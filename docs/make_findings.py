"""Writes docs/findings.md and docs/ja/findings.md from the catalogue of findings.

    .venv/bin/python docs/make_findings.py

A test compares the pages with what this gives, so run it after a change to vocab/findings/.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

from loader.model import FINDINGS

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "findings.md", "ja": DOCS / "ja" / "findings.md"}

TITLES = {"ja": "見つかること(検査の一覧)", "en": "Findings"}

INTRODUCTIONS = {
    "en": """\
Every thing that Tsunagu finds in data has a code, which is the same in the report, in the
published validation report and here. Its severity decides what happens:

- **violation**: the dataset is held back; its last published version stays served.
- **warning**: it is published, but something should be mended.
- **info**: worth knowing.

Where a message names a place or a value, “…” stands here.

`check.level` tells the technical level of the open data guide (its table 8-1) and the stars of
[5stardata](https://5stardata.info/) that a table has as it came: level 2 is an open, structured
format; 3-1 one table and one header (its table 9-3, items 2 and 3); 3-2 the whole list. Without an
open licence there is no star.
""",
    "ja": """\
データの中に見つかったことには、それぞれ符号(コード)があります。報告書でも、公開される検証結果でも、
このページでも同じです。重大さによって、次のようになります。

- **違反 (violation)**: データセットの公開を見送ります。前回公開した版がそのまま残ります。
- **警告 (warning)**: 公開しますが、直したほうがよいところがあります。
- **情報 (info)**: 知っておくとよいことです。

場所や値が入るところは、ここでは「…」としています。

`check.level` は、公開前の表の技術レベル(オープンデータガイドの表8-1)と
[5つ星](https://5stardata.info/ja/)です。レベル2は構造化されたオープンな形式、3-1は1つの表と1行の見出し
(表9-3の2と3)、3-2は表9-3のすべてを満たすものです。オープンなライセンスがなければ★は付きません。
""",
}

AREAS = {
    "source": {"ja": "フォルダとファイル", "en": "Folders and files"},
    "descriptor": {"ja": "記述ファイル(datapackage)", "en": "Descriptors (datapackage)"},
    "table": {"ja": "表の形", "en": "The form of tables"},
    "geo": {
        "ja": "地理データのファイル(GeoJSON、KML、シェープファイルなど)",
        "en": "Geographic files (GeoJSON, KML, Shapefile and others)",
    },
    "graph": {"ja": "RDFファイル", "en": "RDF files"},
    "csvw": {"ja": "W3C CSVW のメタデータ(*-metadata.json)", "en": "W3C CSVW (*-metadata.json)"},
    "check": {
        "ja": "表の内容(オープンデータガイドの表9-3)",
        "en": "What is in tables (table 9-3 of the open data guide)",
    },
    "text": {"ja": "文字", "en": "Characters"},
    "mapping": {"ja": "RDFへの変換", "en": "Mapping to RDF"},
    "value": {"ja": "値の読み取り", "en": "Values"},
    "identifier": {"ja": "番号とコード", "en": "Identifiers"},
    "fix": {"ja": "tsunagu fix が残したもの", "en": "What tsunagu fix has left"},
    "personal": {"ja": "個人情報", "en": "Personal data"},
    "shacl": {"ja": "SHACLによる検証", "en": "Validation with SHACL"},
    "proof": {"ja": "公開版の証明", "en": "Proof of a release"},
}
"""The areas (first words of codes) in the order in which data meets them."""

WORDS = {
    "violation": {"ja": "違反", "en": "violation"},
    "warning": {"ja": "警告", "en": "warning"},
    "info": {"ja": "情報", "en": "info"},
}
TO_DO = {"ja": "直し方", "en": "What to do"}


def page(language: str) -> str:
    """Return the whole page in a language."""
    areas = [*AREAS, *sorted({_area(code) for code in FINDINGS.entries} - set(AREAS))]
    parts = [f"# {TITLES[language]}\n", INTRODUCTIONS[language]]
    parts += [section for area in areas if (section := _section(area, language))]
    return "\n".join(parts)


def _area(code: str) -> str:
    return code.split(".")[0]


def _section(area: str, language: str) -> str:
    entries = [_entry(code, language) for code in FINDINGS.entries if _area(code) == area]
    title = AREAS.get(area, {}).get(language, area)
    return "\n".join([f"## {title}\n", *entries]) if entries else ""


def _entry(code: str, language: str) -> str:
    entry: dict[str, Any] = FINDINGS.entries[code]
    stated = entry["severity"]
    severity = WORDS[stated][language] if stated in WORDS else stated
    says = _plain(entry[language])
    advice = _plain(entry[f"do_{language}"])
    return f"### `{code}`\n\n**{severity}** · {says}\n\n{TO_DO[language]}: {advice}\n"


def _plain(text: str) -> str:
    """Return a message without its placeholders."""
    return text.format_map(defaultdict(lambda: "…", advice=""))


def main() -> None:
    """Write the pages."""
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
