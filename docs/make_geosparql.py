"""Writes docs/geosparql.md and docs/ja/geosparql.md from loader/functions/geosparql.

    .venv/bin/python docs/make_geosparql.py

A test compares the pages with what this gives, so run it after a change to functions.toml.
"""

from itertools import groupby
from pathlib import Path

from loader.functions.geosparql import GeoFunction, Kind, geo_functions

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "geosparql.md", "ja": DOCS / "ja" / "geosparql.md"}

MARK = "<!-- What follows is written by docs/make_geosparql.py -->\n"
HEADS = {
    "en": "| function | gives | datatype | examples |",
    "ja": "| 関数 | 返すもの | データ型 | 例 |",
}
KINDS = {
    Kind.RELATIONS: {"en": "Relations", "ja": "位置関係"},
    Kind.CONSTRUCTIONS: {"en": "Geometries made of geometries", "ja": "形から形を作る"},
    Kind.MEASURES: {"en": "Distances, lengths, areas", "ja": "距離・長さ・面積"},
    Kind.PROPERTIES: {"en": "Properties", "ja": "形の性質"},
    Kind.SERIALISATIONS: {"en": "Serialisations", "ja": "書き方"},
    Kind.AGGREGATES: {"en": "Aggregates", "ja": "集約"},
}
PARAMETERS = {
    "ja": {
        "geometry": "形",
        "unit": "単位",
        "crs": "座標参照系",
        "number": "数",
        "integer": "整数",
        "text": "文字列",
        "text?": "文字列?",
    }
}


def page(language: str) -> str:
    """The page in a language: its introduction as it is, and the tables."""
    introduction = PAGES[language].read_text(encoding="utf-8").partition(MARK)[0]
    parts = [introduction, MARK]
    for kind, functions in groupby(geo_functions(), lambda function: function.kind):
        parts.append(f"\n## {KINDS[kind][language]}\n\n{HEADS[language]}\n|---|---|---|---|\n")
        parts.extend(_row(function, language) + "\n" for function in functions)
    return "".join(parts)


def _row(function: GeoFunction, language: str) -> str:
    words = PARAMETERS.get(language, {})
    parameters = ", ".join(words.get(word, word) for word in function.parameters)
    call = f"`geof:{function.name}` ({parameters})"
    examples = "<br>".join(f"`{given}` → {_result(gives)}" for given, gives in function.examples)
    return f"| {call} | {function.text(language)} | `{function.gives}` | {examples} |"


def _result(term: str) -> str:
    return f"`{term}`" if term else "–"


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
