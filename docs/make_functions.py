"""Writes docs/functions.md and docs/ja/functions.md from the declarations of the value functions.

    .venv/bin/python docs/make_functions.py

A test compares the pages with what this gives, so run it after a change to loader/functions/.
"""

from itertools import groupby
from pathlib import Path

from loader.functions import FUNCTIONS, Example, Function
from loader.functions.sparql import sparql_functions

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "functions.md", "ja": DOCS / "ja" / "functions.md"}

MARK = "<!-- What follows is written by docs/make_functions.py -->\n"

HEADS = {
    "en": "| function | parameters | gives | examples |",
    "ja": "| 関数 | 引数 | 返すもの | 例 |",
}

GROUPS = {
    "addresses": {"en": "Addresses", "ja": "住所"},
    "authorities": {"en": "People and organisations", "ja": "人と団体"},
    "catalogues": {"en": "Catalogues", "ja": "カタログ"},
    "comparison": {"en": "Conditions and types", "ja": "条件と型"},
    "numbers": {"en": "Numbers and truth values", "ja": "数と真偽"},
    "quantities": {"en": "Quantities and missing values", "ja": "数量と欠測"},
    "dates": {"en": "Dates and times", "ja": "日付と時刻"},
    "periods": {"en": "Periods and mixed dates", "ja": "期間と、まちまちな日付"},
    "hours": {"en": "Opening hours and days of the week", "ja": "利用時間と曜日"},
    "moments": {"en": "Hours of a day and areas of a time", "ja": "ある日の時刻と、ある時の地域"},
    "identifiers": {"en": "Identifiers", "ja": "識別子"},
    "area_versions": {"en": "Municipalities through time", "ja": "市区町村の移り変わり"},
    "things": {"en": "Identifiers of things and books", "ja": "物と資料の識別子"},
    "keys": {"en": "IRIs of things", "ja": "事物の IRI"},
    "places": {"en": "Coordinates", "ja": "座標"},
    "surveys": {"en": "Geodetic datums and plane coordinates", "ja": "測地系と平面直角座標"},
    "text": {"en": "Text", "ja": "文字列"},
    "readings": {"en": "Readings", "ja": "読み"},
    "lists": {"en": "Lists and code lists", "ja": "複数の値とコード表"},
}


def page(language: str) -> str:
    """The page in a language: its introduction as it is, and the tables."""
    introduction = PAGES[language].read_text(encoding="utf-8").partition(MARK)[0]
    parts = [introduction, MARK]
    for group, functions in groupby(FUNCTIONS.values(), lambda function: function.group):
        parts.append(f"\n## {GROUPS[group][language]}\n\n{HEADS[language]}\n|---|---|---|---|\n")
        parts.extend(_row(function, language) + "\n" for function in functions)
    return "".join(parts)


def _row(function: Function, language: str) -> str:
    mark = " ◆" if function in sparql_functions() else ""
    parameters = ", ".join(f"`{parameter}`" for parameter in function.parameters)
    examples = "<br>".join(_example(function, example) for example in function.examples)
    return f"| `{function.name}` |{mark} {parameters} | {function.text(language)} | {examples} |"


def _example(function: Function, example: Example) -> str:
    arguments = [argument for argument in example.arguments if argument]
    if len(function.parameters) < 3:
        arguments = list(example.arguments)
    gives = example.gives if isinstance(example.gives, tuple) else (example.gives,)
    told = f" (`{example.problem}`)" if example.problem else ""
    given = ", ".join(map(_shown, arguments)) or "–"
    return f"{given} → {', '.join(map(_shown, gives)) or '–'}{told}"


def _shown(value: str) -> str:
    if not value:
        return "–"
    visible = value.replace(" ", "␣").replace("\u3000", "␣").replace("\r\n", "⏎")
    return f"`{visible.replace(chr(10), '⏎').replace('|', chr(92) + '|')}`"


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
